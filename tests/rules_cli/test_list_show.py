"""`callqa rules list` and `show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rules_cli.packs import Capture, change
from tests.test_cli import callqa


def test_list_names_packs_with_their_versions_and_own_ones(mine: Path, capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "list")
    assert (code, err) == (0, "")
    assert "银行客服质检规则" in out
    assert "mine.yaml" in out
    code, out, _ = callqa(capsys, "rules", "list", "--json")
    packs = {pack["name"]: pack for pack in map(json.loads, out.splitlines())}
    assert packs["bank"]["extends"] == "general"
    assert packs["mine"]["rules"][0]["rule"] == "says_hello"


def test_list_of_all_goes_on_behind_a_broken_pack(mine: Path, capsys: Capture) -> None:
    change(mine, ("points: -1", "points: 1"))
    code, out, err = callqa(capsys, "rules", "list")
    assert code == 3
    assert "bank" in out
    assert "mine.yaml:15: rule says_hello: points: must be at most 0" in err


def test_list_of_one_pack_names_its_rules(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "list", "bank")
    assert code == 0
    assert "no_principal_guarantee" in out
    assert "已见原文" in out


def test_show_tells_everything_a_lead_wants_to_know(capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "show", "callback_has_time", "--examples")
    assert (code, err) == (0, "")
    for part in (
        "承诺回电须说明时间",
        "A promised call-back has a time",
        "没有时限的承诺无法跟踪",
        "5 投诉与风险预警 › 5.3 承诺跟进",
        "一般",
        "扣 2 分",
        "E4",
        "〔内部规范〕",
        "仅当      promise“承诺回电或回复”",
        "必须      time“回电时间”",
        "客服在其前后 2 轮内",
        "每一次命中",
        "不计      提问、转述或提醒",
        "匹配范围",
        "general.yaml:",
        "bank collection general insurance investment securities telesales wealth",
        "不应命中  客户: 年费多少？ / 客服: 一百元。",
    ):
        assert part in out, part


def test_show_in_english(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLQA_LANGUAGE", "en")
    _, out, _ = callqa(capsys, "rules", "show", "permitted_hours")
    assert "in force       always" in out
    assert "late“禁止外呼时段” and （not agreed" in out


def test_show_json_has_every_field_and_the_place(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "show", "risk_level_named", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert [rule["packs"] for rule in found] == [["investment", "securities", "wealth"]]
    assert found[0]["reference"]["status"] == "S"
    assert found[0]["file"].endswith("investment.yaml")
    assert "examples" not in found[0]
    assert found[0]["words"]["conditions"]["pitch"]["where"] == "客服全程"


def test_show_of_one_pack_only(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "show", "risk_level_named", "--pack", "wealth", "--json")
    assert len(out.splitlines()) == 1


def test_show_of_a_human_item(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "show", "service_attitude")
    assert code == 0
    assert "服务态度" in out


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("no_principle_guarantee", "no_principal_guarantee"), ("保本", "no_principal_guarantee")],
)
def test_show_of_an_unknown_rule_offers_close_ones(
    capsys: Capture, asked: str, offered: str
) -> None:
    code, out, err = callqa(capsys, "rules", "show", asked)
    assert (code, out) == (2, "")
    assert f"no rule '{asked}'; did you mean: {offered}" in err
