"""Rules that wait for the verdict of another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Finding, Verdict
from pipeline.errors import BadPack
from pipeline.rules import RulePack, evaluate, evaluate_rule, load_pack, run_examples
from tests.rules.calls import a_call, prepared
from tests.rules.packs import says, write_pack


def after(rule: str, *verdicts: str) -> dict[str, Any]:
    return {"prerequisite": {"rule": rule, "verdict": list(verdicts)}}


@pytest.fixture
def pack(tmp_path: Path) -> RulePack:
    """`sums_up` stands before what it waits for: whoever greets and asks must sum up."""
    path = write_pack(
        tmp_path,
        "mine",
        says("sums_up", "总结", **after("asks", "pass")),
        says("asks", "请问", **after("greets", "pass", "unsure")),
        says("greets", "您好"),
        says("says_sorry", "抱歉", **after("greets", "fail")),
    )
    return load_pack(path)


def found(pack: RulePack, *lines: str) -> dict[str, Finding]:
    return {f.rule: f for f in evaluate(pack, a_call(*lines))}


def test_a_rule_applies_by_the_verdict_of_another(pack: RulePack) -> None:
    findings = found(pack, "客服: 您好，请问？")
    assert list(findings) == ["sums_up", "asks", "greets", "says_sorry"], "the order of the pack"
    assert [f.verdict for f in findings.values()] == [
        Verdict.FAIL, Verdict.PASS, Verdict.PASS, Verdict.NOT_APPLICABLE,
    ]  # fmt: skip
    assert findings["says_sorry"].why == "前提规则“说您好”须不通过，实为通过。"


def test_what_does_not_apply_passes_that_on(pack: RulePack) -> None:
    findings = found(pack, "客服: 喂，请问？")
    assert [f.verdict for f in findings.values()] == [
        Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE, Verdict.FAIL, Verdict.FAIL,
    ]  # fmt: skip
    assert findings["sums_up"].why == "前提规则“说请问”须通过，实为不适用。"


def test_an_unsure_prerequisite_leaves_it_open(pack: RulePack) -> None:
    """Unsure only where it would fail, as with everything that leaves open whether it applies."""
    findings = found(pack, "未知: 您好，请问？")
    assert findings["greets"].verdict is Verdict.UNSURE
    sorry = findings["says_sorry"]
    assert (sorry.verdict, sorry.points) == (Verdict.UNSURE, 0)
    assert sorry.why.startswith("前提规则“说您好”须不通过，实为存疑；")
    assert findings["asks"].verdict is Verdict.UNSURE
    passed = found(pack, "未知: 您好。", "客服: 抱歉。")["says_sorry"]
    assert passed.verdict is Verdict.PASS


def test_one_rule_alone_looks_at_its_prerequisite(pack: RulePack) -> None:
    rule = pack.rule("says_sorry")
    assert evaluate_rule(rule, a_call("客服: 您好。"), pack).verdict is Verdict.NOT_APPLICABLE
    assert evaluate_rule(rule, a_call("客服: 喂。"), pack).verdict is Verdict.FAIL
    with pytest.raises(ValueError, match="'says_sorry' has a prerequisite: give the pack"):
        evaluate_rule(rule, a_call("客服: 喂。"))


def test_examples_look_at_the_prerequisite(pack: RulePack) -> None:
    results = {(r.rule, r.kind, r.number): r for r in run_examples(pack, prepared)}
    assert results["says_sorry", "hit", 1].verdict is Verdict.FAIL
    assert results["sums_up", "hit", 1].verdict is Verdict.NOT_APPLICABLE


def test_a_prerequisite_that_is_not_in_force_does_not_apply(tmp_path: Path) -> None:
    path = write_pack(
        tmp_path,
        "mine",
        says("greets", "您好", effective={"from": "2027-01-01"}),
        says("asks", "请问", **after("greets", "pass")),
        says("thanks", "谢谢", **after("greets", "pass", "not_applicable")),
    )
    call = a_call("客服: 喂。", info={"started_at": "2026-06-01T10:00:00+08:00"})
    asks, thanks = evaluate(load_pack(path), call)
    assert (asks.verdict, thanks.verdict) == (Verdict.NOT_APPLICABLE, Verdict.FAIL)
    assert asks.why == "前提规则“greets”须通过，通话当日未生效。"


def test_the_line_of_a_rule_that_waits_for_nobody(tmp_path: Path) -> None:
    path = write_pack(tmp_path, "mine", says("asks", "请问", **after("greets", "pass")))
    with pytest.raises(BadPack) as error:
        load_pack(path)
    (line,) = [n for n, text in enumerate(path.read_text().splitlines(), 1) if ": greets" in text]
    assert str(error.value) == (
        f"{path}:{line}: rule asks: prerequisite.rule: 'greets' is not a rule; known: asks"
    )


@pytest.mark.parametrize(
    ("before", "circle"),
    [
        ({"a": "a"}, "a → a"),
        ({"a": "b", "b": "c", "c": "b"}, "b → c → b"),
        ({"a": "b", "b": "a"}, "a → b → a"),
    ],
)
def test_rules_that_wait_for_each_other(
    tmp_path: Path, before: dict[str, str], circle: str
) -> None:
    rules = [says(rule, "好", **after(other, "pass")) for rule, other in before.items()]
    with pytest.raises(BadPack, match=f"wait for each other in a circle: {circle}") as error:
        load_pack(write_pack(tmp_path, "mine", *rules))
    assert "mine.yaml:" in str(error.value)


def test_a_withdrawn_prerequisite_is_named(tmp_path: Path) -> None:
    write_pack(
        tmp_path, "house", says("greets", "您好"), says("asks", "请问", **after("greets", "pass"))
    )
    child = {"extends": "house", "control_points": []}
    path = write_pack(tmp_path, "mine", withdraw=["greets"], **child)
    with pytest.raises(BadPack) as error:
        load_pack(path)
    told = str(error.value).replace(str(tmp_path), "")
    assert told.startswith("/house.yaml:")
    assert "rule asks: prerequisite.rule: 'greets' is withdrawn in /mine.yaml:" in told
    assert told.endswith("withdraw 'asks' too, or replace it")
    write_pack(tmp_path, "mine", withdraw=["greets", "asks"], **child)
    assert load_pack(path).rules == ()
    write_pack(tmp_path, "mine", says("greets", "你好"), withdraw=["greets"], **child)
    assert [rule.id for rule in load_pack(path).rules] == ["asks", "greets"]


def test_examples_of_a_rule_that_has_ended_are_tried_too(tmp_path: Path) -> None:
    path = write_pack(
        tmp_path,
        "mine",
        says("greets", "您好"),
        says("asks", "请问", effective={"to": "2026-12-31"}, **after("greets", "fail")),
    )
    results = [r for r in run_examples(load_pack(path), prepared) if r.rule == "asks"]
    assert [r.verdict for r in results[:3]] == [Verdict.FAIL] * 3
