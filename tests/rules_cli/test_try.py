"""`callqa rules try`: which rules a text hits and why."""

from __future__ import annotations

import io
import json
import sys

import pytest

from pipeline.rules import Library
from pipeline.rules.catalogue import whole_packs
from tests.rules_cli.packs import Capture
from tests.test_cli import callqa


def test_try_of_a_bare_sentence_of_the_agent(capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "try", "这款产品保本")
    assert (code, err) == (0, "")
    assert out.startswith("✗ 不通过  承诺保本、无风险  no_principal_guarantee  -30")
    assert "第 1 句“这款产品保本”" in out
    assert "缺少的内容（" in out


def test_try_tells_what_hit_but_does_not_count(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "try", "客户: 保本吗\\n客服: 我们不能保本")
    assert code == 0
    assert "不通过  承诺保本" not in out
    assert "有相应的话，但不计" in out
    assert "“我们不能保本”是否定或劝阻的说法，不计" in out


def test_try_of_one_rule_shows_each_condition(capsys: Capture) -> None:
    _, out, _ = callqa(
        capsys, "rules", "try", "我会给您回电", "--rule", "callback_has_time", "--pack", "bank"
    )
    assert "仅当  promise“承诺回电或回复”" in out
    assert "· promise“承诺回电或回复”：成立" in out
    assert "· time“回电时间”：不成立" in out


def test_try_reads_dialogues_from_arguments_and_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["坐席：您好", "customer: 我要投诉", "+8 客服: 好的"]
    _, from_arguments, _ = callqa(capsys, "rules", "try", *lines, "--json")
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    _, from_stdin, _ = callqa(capsys, "rules", "try", "-", "--json")
    assert from_arguments == from_stdin
    found = json.loads(from_stdin)
    assert found["lines"] == ["客服: 您好", "客户: 我要投诉", "+8 客服: 好的"]
    alert = next(rule for rule in found["rules"] if rule["rule"] == "complaint_alert")
    assert alert["verdict"] == "fail"
    assert alert["evidence"][0]["segment"] == 1
    assert {c["condition"]: c["outcome"] for c in alert["conditions"]}


def test_try_chooses_the_pack_and_takes_fields_of_the_call(capsys: Capture) -> None:
    late = ("--info", "started_at=2026-11-18T22:12:00+08:00", "--info", "direction=outbound")
    line = ("--info", "business_line=collection")
    _, out, _ = callqa(capsys, "rules", "try", "您的贷款逾期了", *late, *line, "--json")
    found = json.loads(out)
    assert found["pack"] == "collection"
    verdicts = {rule["rule"]: rule["verdict"] for rule in found["rules"]}
    assert verdicts["permitted_hours"] == "fail"


def test_try_all_shows_every_rule(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "try", "您好", "--all", "--pack", "general")
    rules = whole_packs(Library(), "general")[0].pack.rules
    assert all(rule.id in out for rule in rules)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("",), "there is no text to try"),
        (("您好", "--info", "channel"), "--info channel: write name=value"),
        (("您好", "--info", "channel=fax"), "channel is one of voice, chat"),
        (("您好", "--info", "started_at=soon"), "--info: Invalid isoformat string: 'soon'"),
        (("您好", "--rule", "greets"), "pack 'general' has no rule 'greets'; known: names_inst"),
        (("您好", "--pack", "mine"), "no rule pack 'mine'; known: bank"),
    ],
)
def test_try_of_nonsense_is_wrong_use(
    capsys: Capture, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = callqa(capsys, "rules", "try", *arguments)
    assert (code, out) == (2, "")
    assert says in err
