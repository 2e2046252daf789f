"""What a rule costs and gives: once or for each place, and a bonus for a pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.domain import Verdict
from pipeline.rules import Rule, evaluate_rule
from tests.rules.calls import a_call, prepared
from tests.rules.packs import says


def a_rule(**given: Any) -> Rule:
    """It must not be said that something is 保本, 2 points each, 5 at most."""
    given = {"must_not": True, "points": -2, "counting": "each", "most_points": 5, **given}
    return Rule.model_validate(says("no_promise", "保本", **given))


def keyword(label: str, *phrases: str, **given: Any) -> dict[str, Any]:
    return {"operator": "keyword", "label": label, "role": "agent", "phrases": phrases, **given}


@pytest.mark.parametrize(
    ("lines", "places", "points"),
    [
        (["客服: 您好。"], 1, 0),
        (["客服: 这个保本。"], 1, -2),
        (["客服: 这个保本。", "客户: 真的？", "客服: 真的保本。"], 2, -4),
        (["客服: 这个保本。", "客户: 嗯。"] * 7, 7, -5),
        (["客服: 保本保本。"], 1, -2),
    ],
)
def test_every_place_costs_up_to_the_most(lines: list[str], places: int, points: float) -> None:
    """Twice in one clause is one place."""
    found = evaluate_rule(a_rule(), a_call(*lines))
    assert (found.places, found.points) == (places, points)


def test_places_are_counted_before_the_evidence_is_cut_short() -> None:
    found = evaluate_rule(a_rule(most_points=100), a_call(*["客服: 这个保本。", "客户: 嗯。"] * 14))
    assert (len(found.evidence), found.places, found.points) == (10, 14, -28)
    assert found.why.endswith("（共 14 处，每处扣 2 分，最多扣 100 分）。")


def test_once_is_once_however_often() -> None:
    rule = a_rule(counting="once", most_points=None)
    found = evaluate_rule(rule, a_call("客服: 这个保本。", "客户: 嗯。", "客服: 保本的。"))
    assert (found.places, found.points) == (2, -2)


def test_a_place_that_was_hardly_heard_is_not_counted() -> None:
    """A fail stands on the one that was heard well; the other accuses nobody."""
    call = a_call("客服: 这个保本。", "客户: 嗯。", "客服: 保本的。")
    first, *rest = call.transcript.segments
    faint = replace(call.transcript, segments=(replace(first, confidence=0.2), *rest))
    found = evaluate_rule(a_rule(), prepared(faint))
    assert (found.verdict, len(found.evidence), found.places) == (Verdict.FAIL, 2, 1)


def test_places_of_conditions_joined() -> None:
    """`or` adds up, of `and` the rarer one counts, `not` has no place."""
    conditions = {
        "said": keyword("保本", "保本"),
        "sure": keyword("稳赚", "稳赚"),
        "warned": keyword("风险", "有风险"),
    }
    call = a_call("客服: 这个保本。", "客户: 嗯。", "客服: 稳赚，保本。", "客户: 好。")

    def places(forbid: str, **others: Any) -> int:
        used = {name: c for name, c in conditions.items() if name in forbid}
        return evaluate_rule(a_rule(conditions=used, forbid=forbid, **others), call).places

    assert places("said or sure") == 3
    assert places("said and sure") == 1
    assert places("said and not warned") == 2
    assert places("(said and sure) or sure") == 1


def test_what_is_missing_is_missing_once() -> None:
    rule = Rule.model_validate(says("greets", "您好"))
    found = evaluate_rule(rule, a_call("客服: 喂。", "客户: 嗯。", "客服: 好。"))
    assert (found.verdict, found.places, found.points) == (Verdict.FAIL, 1, -3)


def test_a_pass_gives_its_bonus() -> None:
    rule = Rule.model_validate(says("warns", "有风险", points=0, bonus=2))
    assert evaluate_rule(rule, a_call("客服: 投资有风险。")).points == 2
    assert evaluate_rule(rule, a_call("客服: 您好。")).points == 0
    assert evaluate_rule(rule, a_call("未知: 投资有风险。")).points == 0
