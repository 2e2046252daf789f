"""From findings to a score: caps, vetoes, one fact once, sections, and what a person decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import (
    CardKind,
    ControlPoint,
    Decision,
    Decisions,
    Evidence,
    Finding,
    HumanItem,
    Price,
    Scorecard,
    ScorePlan,
    Severity,
    Verdict,
)
from pipeline.errors import BadInput
from pipeline.rules.parts import JudgedItem, Point
from pipeline.scoring import score, with_decisions
from tests.conftest import ROOT

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
    point = given.pop("control_point", point)
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


# ── bonuses and places ───────────────────────────────────────────────────────────────────────────


def priced(rule: str, verdict: Verdict, price: Price, places: int = 1, **given: Any) -> Finding:
    """A finding as the rules make it: with the points of its price."""
    return a_finding(
        rule, points=price.of(verdict, places), verdict=verdict, places=places, **given
    )


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


# ── sections ─────────────────────────────────────────────────────────────────────────────────────

SECTIONS = replace(
    PLAN,
    control_points=(
        ControlPoint("1", "规范", weight=30),
        ControlPoint("1.1", "开头", cap=10),
        ControlPoint("2", "合规", weight=70, full=50),
        ControlPoint("3", "能力", weight=100, earned=True),
    ),
)


def test_the_score_is_the_mean_of_the_sections_by_weight() -> None:
    found = [a_finding("a", "1.1", -30), a_finding("b", "2", -10)]
    _, card = score(SECTIONS, Ref(), found)
    assert card.score == 0.3 * 90 + 0.7 * 80
    assert [item.score for item in card.items] == [90, None, 80, None]
    assert [item.weight for item in card.items] == [30, None, 70, 100]
    assert card.items[0].why == "本部分 90 分，权重 30"


def test_a_section_in_which_nothing_applies_leaves_its_weight_to_the_others() -> None:
    found = [
        a_finding("a", "1", -20),
        a_finding("b", "2", -50, verdict=Verdict.NOT_APPLICABLE),
        a_finding("c", "3", -50, verdict=Verdict.NOT_APPLICABLE),
    ]
    _, card = score(SECTIONS, Ref(), found)
    assert card.score == 80
    assert card.items[2].score is None
    assert "没有适用的项目，不计入总分" in card.items[2].why


def test_a_call_to_which_nothing_applies_has_lost_nothing() -> None:
    found = [a_finding("a", "1", verdict=Verdict.NOT_APPLICABLE)]
    assert score(SECTIONS, Ref(), found)[1].score == 100


def earned(*verdicts: Verdict) -> float:
    """The score of a call with one rule worth 10 points per verdict, where points are earned."""
    rules = {f"r{n}": verdict for n, verdict in enumerate(verdicts)}
    plan = replace(SECTIONS, prices={rule: Price(-10) for rule in rules})
    found = [priced(rule, v, Price(-10), control_point="3") for rule, v in rules.items()]
    return score(plan, Ref(), found)[1].score


def test_where_points_are_earned_what_does_not_apply_is_in_no_part_of_the_fraction() -> None:
    ok, bad, none, open_ = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNSURE
    assert earned(ok, bad) == earned(ok, bad, none, none) == 50
    assert earned(ok, ok, bad, bad, bad) == 40
    assert earned(ok, bad, open_) == pytest.approx(66.67), "unsure never costs"


def test_a_fact_that_counts_elsewhere_is_not_earned_again() -> None:
    plan = replace(SECTIONS, prices={"a": Price(-10), "b": Price(-5), "c": Price(-10)})
    found = [
        priced("a", Verdict.FAIL, Price(-10), control_point="3"),
        priced("b", Verdict.FAIL, Price(-5), control_point="3"),
        priced("c", Verdict.PASS, Price(-10), control_point="3"),
    ]
    assert score(plan, Ref(facts={"a": "x", "b": "x"}), found)[1].score == 50


def test_a_veto_counts_whatever_the_weights() -> None:
    plan = replace(
        SECTIONS,
        control_points=(ControlPoint("1", "规范", weight=1), ControlPoint("2", "合规", weight=0)),
    )
    found = [a_finding("a", "2", -1, veto=True), a_finding("b", "1", verdict=Verdict.PASS)]
    assert score(plan, Ref(), found)[1].score == 0
    assert score(plan, Ref(), [replace(found[0], veto=False), found[1]])[1].score == 100


# ── the person's result ──────────────────────────────────────────────────────────────────────────

ATTITUDE = HumanItem(
    "attitude", "态度", "Attitude", "1.2", (("优", 0), ("良", -2), ("差", -5)), "…"
)
PRICES = {"a": Price(-10, bonus=3), "b": Price(-4), "c": Price(-6)}
JUDGED = replace(PLAN, prices=PRICES, human_items=(ATTITUDE,))
FOUND = (
    priced("a", Verdict.FAIL, PRICES["a"]),
    priced("b", Verdict.UNSURE, PRICES["b"]),
    priced("c", Verdict.PASS, PRICES["c"]),
)


def human(**given: Any) -> tuple[tuple[Finding, ...], Scorecard]:
    machine, _ = score(JUDGED, Ref(facts=given.pop("facts", {})), given.pop("found", FOUND))
    return with_decisions(JUDGED, Ref(), machine, Decisions(**given))


def test_the_machine_leaves_human_items_open() -> None:
    _, card = score(JUDGED, Ref(), FOUND)
    assert (card.kind, card.score, card.human_items) == (CardKind.MACHINE, 90, (ATTITUDE,))
    assert card.items[2].why == "待人工评定：态度"


def test_nothing_decided_is_the_machines_score() -> None:
    findings, card = human()
    assert (card.kind, card.score, card.human_items[0].level) == (CardKind.HUMAN, 90, None)
    assert findings == FOUND


@pytest.mark.parametrize(
    ("rule", "decision", "points"),
    [
        ("a", Decision.CONFIRM, 90),
        ("a", Decision.REJECT, 100),
        ("a", Decision.NOT_APPLICABLE, 100),
        ("a", Decision.COMMENT, 90),
        ("b", Decision.CONFIRM, 86),
        ("b", Decision.REJECT, 90),
        ("c", Decision.ADD, 84),
        ("gone", Decision.CONFIRM, 90),
    ],
)
def test_a_decision_counts(rule: str, decision: Decision, points: float) -> None:
    assert human(rules={rule: decision})[1].score == points


def test_a_changed_verdict_says_that_a_person_changed_it() -> None:
    findings, card = human(rules={"a": Decision.REJECT, "b": Decision.CONFIRM})
    assert [f.verdict for f in findings] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert [f.points for f in findings] == [3, -4, 0]
    assert findings[0].why == "a。（人工复核：通过）"
    assert card.score == 99
    assert [f.verdict for f in FOUND] == [Verdict.FAIL, Verdict.UNSURE, Verdict.PASS]


def test_a_level_costs_its_points() -> None:
    _, card = human(levels={"attitude": "差"})
    assert (card.score, card.human_items[0].level, card.human_items[0].points) == (85, "差", -5)
    assert card.items[2].why == "态度：差"
    assert card.items[0].points == -5


def test_a_level_counts_against_the_cap() -> None:
    found = (*FOUND, a_finding("d", "1.2", -9))
    _, card = human(found=found, levels={"attitude": "差"})
    assert (card.score, card.items[0].points) == (80, -10)
    assert "最多扣 10 分，原为 14 分" in card.items[0].why


def test_an_added_finding_counts() -> None:
    extra = a_finding("free_text", "1.1", -3)
    findings, card = human(added=(extra,))
    assert (card.score, findings[-1]) == (87, extra)


def test_where_the_heavier_rule_was_wrong_the_lighter_one_counts() -> None:
    facts = {"a": "x", "c": "x"}
    found = (FOUND[0], priced("c", Verdict.FAIL, PRICES["c"]))
    machine, card = score(JUDGED, Ref(facts=facts), found)
    assert (card.score, machine[1].points) == (90, 0)
    decisions = Decisions({"a": Decision.REJECT})
    findings, card = with_decisions(
        replace(JUDGED, most=None), Ref(facts=facts), machine, decisions
    )
    assert [f.points for f in findings] == [3, -6]
    assert findings[1].why == "c。"
    assert card.score == 97


def test_unknown_items_and_levels_are_named() -> None:
    with pytest.raises(BadInput, match="no human item 'mood'; known: attitude"):
        human(levels={"mood": "优"})
    with pytest.raises(BadInput, match="'attitude' has no level '中'; known: 优, 良, 差"):
        human(levels={"attitude": "中"})


def test_the_worked_example_of_the_docs() -> None:
    text = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    example = yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])
    rows = example["findings"]
    prices = {
        row["rule"]: Price(
            row["points"],
            row.get("bonus", 0),
            row.get("counting") == "each",
            row.get("most_points"),
        )
        for row in rows
    }
    plan = ScorePlan(
        example["base"],
        tuple(Point.model_validate(point).noun for point in example["control_points"]),
        PLAN.grades,
        example["most"],
        prices,
        tuple(JudgedItem.model_validate(item).noun for item in example["human"]),
    )
    ref = Ref(facts={row["rule"]: row["fact"] for row in rows if "fact" in row})
    found = [
        priced(
            row["rule"],
            Verdict(row["verdict"]),
            prices[row["rule"]],
            row.get("places", 1),
            control_point=row["control_point"],
        )
        for row in rows
    ]
    findings, machine = score(plan, ref, found)
    decided = Decisions(
        {rule: Decision(text) for rule, text in example["decisions"]["rules"].items()},
        levels=example["decisions"]["levels"],
    )
    _, person = with_decisions(plan, ref, findings, decided)
    for card, expected in ((machine, example["machine"]), (person, example["human_result"])):
        assert {i.number: i.score for i in card.items} == expected["sections"]
        assert (card.score, card.grade) == (expected["score"], expected["grade"])


# ── whatever is found ────────────────────────────────────────────────────────────────────────────

NUMBERS = st.sampled_from(["1", "1.1", "1.2", "2", "3"])
PLANS = st.builds(
    lambda weights, most, cap: ScorePlan(
        100,
        (
            ControlPoint("1", "一", cap=cap, weight=weights and weights[0]),
            ControlPoint("1.1", "一一", cap=4, bonus_cap=3),
            ControlPoint("1.2", "一二"),
            ControlPoint("2", "二", weight=weights and weights[1], full=weights and 40.0),
            ControlPoint("3", "三", weight=weights and weights[2], earned=weights is not None),
        ),
        PLAN.grades,
        most,
    ),
    st.none() | st.tuples(*[st.integers(1, 9).map(float)] * 3),
    st.sampled_from([None, 105.0]),
    st.sampled_from([None, 15.0]),
)
MADE = st.builds(
    lambda number, verdict, points, bonus, fact, segment: (
        number, verdict, Price(-points, bonus), fact, segment,
    ),
    NUMBERS,
    st.sampled_from(list(Verdict)),
    st.integers(0, 60).map(float),
    st.integers(0, 10).map(float),
    st.sampled_from([None, "x", "y"]),
    st.integers(0, 2),
)  # fmt: skip
PLAIN = ScorePlan(
    100, tuple(ControlPoint(n, n) for n in ("1", "1.1", "1.2", "2", "3")), PLAN.grades
)
Made = tuple[str, Verdict, Price, str | None, int]


def apart(made: list[Made]) -> list[Made]:
    """The same, with facts that are shared under one control point only."""
    return [(n, v, price, fact and f"{fact}_{n}", segment) for n, v, price, fact, segment in made]


def total(plan: ScorePlan, made: list[Made]) -> float:
    """The score of what was found, each by a rule of its own."""
    rules = {f"r{n}": one for n, one in enumerate(made)}
    plan = replace(plan, prices={rule: price for rule, (_, _, price, _, _) in rules.items()})
    facts = {rule: fact for rule, (_, _, _, fact, _) in rules.items() if fact is not None}
    found = [
        priced(rule, verdict, price, control_point=number, evidence=(at(segment, 1.0, 2.0),))
        for rule, (number, verdict, price, _, segment) in rules.items()
    ]
    return score(plan, Ref(facts=facts), found)[1].score


@given(PLANS, st.lists(MADE, max_size=8))
def test_the_score_stays_in_its_bounds(plan: ScorePlan, made: list[Made]) -> None:
    assert 0 <= total(plan, made) <= plan.highest


@given(PLANS, st.lists(MADE, min_size=1, max_size=8), st.data())
def test_a_pass_that_becomes_a_fail_never_raises_the_score(
    plan: ScorePlan, made: list[Made], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(made) - 1))
    number, _, price, fact, segment = made[n]
    scores = [
        total(plan, apart([*made[:n], (number, verdict, price, fact, segment), *made[n + 1 :]]))
        for verdict in (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS)
    ]
    assert scores == sorted(scores)


@given(PLANS, st.lists(MADE, max_size=8), MADE)
def test_one_more_fail_never_raises_the_score_of_a_section_that_counts(
    plan: ScorePlan, made: list[Made], extra: Made
) -> None:
    number, _, price, fact, segment = extra
    section = number.partition(".")[0]
    anchor: Made = (section, Verdict.PASS, Price(-1.0), None, 0)
    failed = (number, Verdict.FAIL, price, fact, segment)
    before = [*made, anchor]
    assert total(plan, apart([*before, failed])) <= total(plan, apart(before))


@given(PLANS, st.lists(MADE, max_size=8), MADE)
def test_what_does_not_apply_changes_nothing(
    plan: ScorePlan, made: list[Made], extra: Made
) -> None:
    number, _, price, fact, segment = extra
    nothing = (number, Verdict.NOT_APPLICABLE, price, fact, segment)
    assert total(plan, [*made, nothing]) == total(plan, made)


@given(st.lists(MADE, max_size=8), MADE)
def test_without_weights_a_fail_that_does_not_apply_never_lowers_the_score(
    made: list[Made], extra: Made
) -> None:
    number, _, price, fact, segment = extra
    failed = (number, Verdict.FAIL, price, fact, segment)
    nothing = (number, Verdict.NOT_APPLICABLE, price, fact, segment)
    assert total(PLAIN, [*made, nothing]) >= total(PLAIN, [*made, failed])


@given(PLANS, st.lists(MADE, max_size=6), MADE, st.floats(0, 1))
def test_the_same_fact_twice_never_costs_twice(
    plan: ScorePlan, made: list[Made], one: Made, share: float
) -> None:
    """A lighter rule at the same place, under the same control point, changes nothing."""
    number, _, price, _, segment = one
    heavy: Made = (number, Verdict.FAIL, price, "z", segment)
    light: Made = (number, Verdict.FAIL, Price(price.points * share), "z", segment)
    assert total(plan, [*made, heavy, light]) == total(plan, [*made, heavy])
