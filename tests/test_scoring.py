"""From findings to a score: caps, vetoes, one fact once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.domain import ControlPoint, Evidence, Finding, ScorePlan, Severity, Verdict
from pipeline.scoring import score

PLAN = ScorePlan(
    100,
    (
        ControlPoint("1", "规范", cap=10),
        ControlPoint("1.1", "开头", cap=4),
        ControlPoint("1.2", "结尾"),
        ControlPoint("2", "合规", key_point=True),
    ),
    (("优", 90), ("良", 80), ("中", 60), ("差", 0)),
)


@dataclass(frozen=True)
class Ref:
    name: str = "bank"
    version: str = "1"
    sha256: str = "abc"
    facts: dict[str, str] = field(default_factory=dict)


def a_finding(rule: str, point: str = "2", points: float = -5, **given: Any) -> Finding:
    given.setdefault("verdict", Verdict.FAIL)
    given.setdefault("severity", Severity.MAJOR)
    return Finding(
        rule, rule.upper(), (), point, points=points, why=f"{rule}。", confidence=1.0, **given
    )


def at(segment: int, start: float | None, end: float | None, quote: str = "保本") -> Evidence:
    return Evidence(segment, start, end, quote)


def test_nothing_failed_is_full_score() -> None:
    _, card = score(PLAN, Ref(), [a_finding("a", verdict=Verdict.PASS)])
    assert (card.score, card.grade, card.vetoed) == (100, "优", False)
    assert (card.pack, card.pack_version, card.pack_hash) == ("bank", "1", "abc")


@pytest.mark.parametrize("verdict", [Verdict.NOT_APPLICABLE, Verdict.UNSURE, Verdict.PASS])
def test_only_a_fail_costs(verdict: Verdict) -> None:
    findings, card = score(PLAN, Ref(), [a_finding("a", verdict=verdict, veto=True)])
    assert card.score == 100
    assert findings[0].points == 0
    assert card.items[3].worst is verdict


@pytest.mark.parametrize(
    ("points", "grade"), [(-10, "优"), (-11, "良"), (-20, "良"), (-40, "中"), (-41, "差")]
)
def test_grades(points: float, grade: str) -> None:
    assert score(PLAN, Ref(), [a_finding("a", points=points)])[1].grade == grade


def test_the_score_never_falls_below_zero() -> None:
    assert score(PLAN, Ref(), [a_finding("a", points=-300)])[1].score == 0


def test_a_veto_makes_it_zero() -> None:
    _, card = score(PLAN, Ref(), [a_finding("a", points=-1, veto=True)])
    assert (card.score, card.grade, card.vetoed) == (0, "差", True)


def test_a_cap_holds_for_the_point_and_all_below_it() -> None:
    """1.1 costs at most 4 of its 6; 1 with 4 + 9 at most 10."""
    found = [a_finding("a", "1.1", -3), a_finding("b", "1.1", -3), a_finding("c", "1.2", -9)]
    findings, card = score(PLAN, Ref(), found)
    assert card.score == 90
    assert [item.points for item in card.items] == [-10, -4, -9, 0]
    assert "最多扣 4 分" in card.items[1].why
    assert [f.points for f in findings] == [-3, -3, -9]


def test_items_name_their_rules_and_key_points() -> None:
    _, card = score(PLAN, Ref(), [a_finding("a", "1.2"), a_finding("b", "1.2", key_point=True)])
    assert card.items[2].rules == ("a", "b")
    assert card.items[2].key_point
    assert card.items[3].key_point
    assert card.items[2].why == "A；B"
    assert card.items[3].worst is Verdict.NOT_APPLICABLE


def test_one_fact_costs_once() -> None:
    found = [
        a_finding("light", points=-3, evidence=(at(4, 1.5, 3.0),)),
        a_finding("heavy", points=-9, evidence=(at(4, 1.0, 2.0), at(6, 8.0, 9.0))),
    ]
    findings, card = score(PLAN, Ref(facts={"light": "promise", "heavy": "promise"}), found)
    assert card.score == 91
    assert findings[0].points == 0
    assert findings[0].verdict is Verdict.FAIL
    assert "不重复扣分" in findings[0].why
    assert "HEAVY" in findings[0].why


@pytest.mark.parametrize(
    "evidence",
    [
        (at(4, 2.0, 3.0),),
        (at(5, 1.0, 2.0),),
        (at(4, 1.0, 2.0), at(7, 5.0, 6.0)),
        (at(4, None, None, "别的"),),
        (),
    ],
    ids=["later", "other segment", "more than that", "other words in a chat", "nowhere"],
)
def test_another_fact_costs_too(evidence: tuple[Evidence, ...]) -> None:
    found = [
        a_finding("light", points=-3, evidence=evidence),
        a_finding("heavy", points=-9, evidence=(at(4, 1.0, 2.0),)),
    ]
    assert score(PLAN, Ref(facts={"light": "x", "heavy": "x"}), found)[1].score == 88


def test_the_same_words_in_a_chat_are_one_fact() -> None:
    one, two = at(4, None, None, "保本"), at(4, None, None, "这个保本的")
    found = [a_finding("a", points=-3, evidence=(one,)), a_finding("b", evidence=(two,))]
    assert score(PLAN, Ref(facts={"a": "x", "b": "x"}), found)[1].score == 95


def test_two_things_missing_are_one_fact() -> None:
    found = [a_finding("a", points=-3), a_finding("b", points=-5)]
    assert score(PLAN, Ref(facts={"a": "x", "b": "x"}), found)[1].score == 95
    assert score(PLAN, Ref(), found)[1].score == 92


def test_an_unknown_control_point_is_named() -> None:
    with pytest.raises(ValueError, match=r"rule 'a': control point '9' .* known: 1, 1.1, 1.2, 2"):
        score(PLAN, Ref(), [a_finding("a", "9")])
