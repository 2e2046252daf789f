"""Whatever is found: bounds and directions the score never leaves."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import (
    ControlPoint,
    Price,
    ScorePlan,
    Verdict,
)
from pipeline.scoring import score
from tests.scoring.findings import PLAN, Ref, at, priced

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
