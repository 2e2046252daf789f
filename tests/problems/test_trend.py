"""Whether a change is called more than noise, on counts whose answer is known."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from scipy.stats import fisher_exact

from pipeline.domain import Trend, WeekCount
from pipeline.problems.trend import benjamini_hochberg, chances, dispersion, trend_of
from pipeline.weeks import Week

LAST = Week.parse("2026-W47")


def weeks(*calls: int, of: int = 100) -> tuple[WeekCount, ...]:
    count = len(calls)
    return tuple(WeekCount(str(LAST.back(count - 1 - n)), c, of) for n, c in enumerate(calls))


def trends(problems: Sequence[tuple[WeekCount, ...]]) -> list[Trend]:
    found = zip(problems, chances(problems), strict=True)
    return [trend_of(one, chance, known=False) for one, chance in found]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((4, 5, 3, 20), Trend.UP),
        ((20, 22, 18, 3), Trend.DOWN),
        ((10, 12, 9, 11), Trend.SAME),
        ((0, 0, 0, 9), Trend.NEW),
        ((1, 0, 0, 2), Trend.UNKNOWN),
    ],
)
def test_what_a_change_is_called(calls: tuple[int, ...], expected: Trend) -> None:
    assert trends([weeks(*calls)]) == [expected]


def test_the_chance_is_fishers_against_the_weeks_before_together() -> None:
    (chance,) = chances([weeks(4, 5, 3, 14)])
    assert chance == pytest.approx(fisher_exact([[14, 86], [12, 288]]).pvalue)


def test_nothing_is_said_without_weeks_before() -> None:
    first = (WeekCount("2026-W46", 0, 0), WeekCount("2026-W47", 30, 100))
    assert chances([first]) == [None]
    assert trends([first]) == [Trend.UNKNOWN]


def test_a_problem_that_was_known_before_is_not_new() -> None:
    problem = weeks(0, 0, 0, 9)
    assert trend_of(problem, chances([problem])[0], known=True) is Trend.UP


def test_values_are_corrected_for_how_many_were_looked_at() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx(
        [0.04, 0.16 / 3, 0.16 / 3, 0.5]
    )
    one = weeks(5, 6, 4, 12)
    assert trends([one]) == [Trend.UP]
    assert trends([one, *[weeks(10, 10, 10, 10)] * 40])[0] is Trend.SAME


def test_chance_alone_fires_rarely() -> None:
    """40 constant problems in each of 15 weeks: hardly a week holds a false alarm."""
    rng, alarms = random.Random(7), 0
    for _ in range(15):
        drawn = [
            weeks(*(sum(rng.random() < 0.06 for _ in range(120)) for _ in range(4)), of=120)
            for _ in range(40)
        ]
        alarms += any(one in (Trend.UP, Trend.DOWN, Trend.NEW) for one in trends(drawn))
    assert alarms <= 2


def test_weeks_that_differ_anyway_are_no_change() -> None:
    """Outages and campaigns: counts jump from week to week, also before."""
    jumping = ((40, 90, 60, 95), (80, 30, 70, 35), (55, 100, 45, 90), (95, 40, 60, 50))
    restless = [weeks(*calls, of=1000) for calls in jumping]
    assert dispersion(restless) > 5
    assert set(trends(restless)) == {Trend.SAME}
    assert dispersion([weeks(60, 63, 58, 120, of=1000)] * 4) == 1.0
