"""From findings to a score: caps, vetoes, grades, one fact once, bonuses, places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain import (
    ControlPoint,
    Evidence,
    Price,
    Verdict,
)
from pipeline.scoring import score
from tests.scoring.findings import PLAN, Ref, a_finding, at, priced


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


def test_the_heaviest_is_what_costs_the_call_most() -> None:
    """9 points under a cap of 4 are less than 5 without one; so are 9 in a section of no weight."""
    facts = {"capped": "x", "open": "x"}
    found = [a_finding("capped", "1.1", -9), a_finding("open", "2", -5)]
    assert score(PLAN, Ref(facts=facts), found)[1].score == 95
    points = (ControlPoint("1", "规范", weight=1), ControlPoint("2", "合规", weight=99))
    moved = [replace(found[0], control_point="1"), found[1]]
    plan = replace(PLAN, control_points=points)
    findings, card = score(plan, Ref(facts=facts), moved)
    assert (card.score, findings[0].points) == (95.05, 0)


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


def test_a_bonus_makes_up_for_what_was_lost_but_no_more() -> None:
    bonus = priced("good", Verdict.PASS, Price(bonus=8))
    findings, card = score(PLAN, Ref(), [a_finding("bad", points=-5), bonus])
    assert (card.score, findings[1].points) == (100, 8)
    assert card.items[3].points == 3
    assert card.items[3].why == "BAD；加分：GOOD"
    more = replace(PLAN, most=102)
    assert score(more, Ref(), [a_finding("bad", points=-5), bonus])[1].score == 102
    assert score(PLAN, Ref(), [a_finding("bad", points=-20), bonus])[1].score == 88


def test_a_bonus_has_a_cap_of_its_own() -> None:
    plan = replace(PLAN, control_points=(ControlPoint("2", "合规", cap=4, bonus_cap=3),))
    found = [a_finding("bad", points=-9), priced("good", Verdict.PASS, Price(bonus=8))]
    _, card = score(plan, Ref(), found)
    assert (card.score, card.items[0].points) == (99, -1)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNSURE, Verdict.NOT_APPLICABLE])
def test_only_a_pass_gives(verdict: Verdict) -> None:
    assert priced("a", verdict, Price(bonus=8)).points == 0


def test_one_fact_gives_once() -> None:
    found = [
        priced("small", Verdict.PASS, Price(bonus=2)),
        priced("big", Verdict.PASS, Price(bonus=5)),
        a_finding("bad", points=-20),
    ]
    findings, card = score(PLAN, Ref(facts={"small": "x", "big": "x", "bad": "x"}), found)
    assert card.score == 85
    assert "已在“BIG”加分，不重复加分" in findings[0].why


def test_a_rule_may_count_every_place_up_to_its_most() -> None:
    each = Price(-2, each=True, most=5)
    assert [each.of(Verdict.FAIL, n) for n in (1, 2, 3, 9)] == [-2, -4, -5, -5]
    assert Price(-2).of(Verdict.FAIL, 9) == -2
    assert Price(-2, each=True).of(Verdict.FAIL, 9) == -18


def test_places_that_count_elsewhere_are_left_out() -> None:
    each = Price(-2, each=True)
    spots = tuple(at(n, 1.0, 2.0) for n in range(3))
    found = [
        priced("each", Verdict.FAIL, each, 3, evidence=spots),
        a_finding("heavy", points=-9, evidence=(at(1, 1.5, 3.0),)),
    ]
    plan = replace(PLAN, prices={"each": each, "heavy": Price(-9)})
    findings, card = score(plan, Ref(facts={"each": "x", "heavy": "x"}), found)
    assert (card.score, findings[0].points) == (87, -4)
    assert findings[0].why.endswith("（同一事实有 1 处已在“HEAVY”扣分，只计其余 2 处）")
