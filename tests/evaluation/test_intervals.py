"""Intervals are of calls, and there is none where there are too few of them."""

from __future__ import annotations

import pytest

from pipeline.evaluation.intervals import FEWEST, _student, interval_of, interval_of_difference


def test_with_too_few_calls_there_is_no_interval() -> None:
    assert interval_of([(1, 10)] * (FEWEST - 1)) is None
    assert interval_of([(0, 0)] * 10) is None, "nothing was counted"
    assert interval_of_difference([(1, 10)] * 4, [(2, 10)] * 4) is None


def test_an_interval_holds_the_rate_and_is_the_same_every_time() -> None:
    calls = [(n % 7, 30 + n) for n in range(40)]
    found = interval_of(calls)
    assert found is not None
    rate = sum(a for a, _ in calls) / sum(b for _, b in calls)
    assert 0 < found.low < rate < found.high < 0.2
    assert found == interval_of(calls)


def test_it_never_reaches_below_nothing() -> None:
    found = interval_of([(0, 100)] * 9 + [(30, 100)])
    assert found is not None
    assert found.low == 0


def test_more_of_the_same_calls_make_it_narrower() -> None:
    calls = [(5, 100), (15, 100), (10, 80), (2, 60), (20, 90)]
    few, many = interval_of(calls), interval_of(calls * 10)
    assert few is not None
    assert many is not None
    assert (few.high - few.low) > 3 * (many.high - many.low), "sqrt(10), and Student's t"


def test_a_difference_is_paired() -> None:
    """Calls differ far more than models do: unpaired intervals would overlap."""
    base = [(10 * n, 100) for n in range(1, 9)]
    better = [(count - 2, size) for count, size in base]
    found = interval_of_difference(better, base)
    assert found is not None
    assert found.low == pytest.approx(-0.02)
    assert found.high == pytest.approx(-0.02)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(4, 2.776), (9, 2.262), (29, 2.045), (999, 1.962)]
)
def test_students_t_is_near_enough(freedom: int, quantile: float) -> None:
    assert _student(freedom) == pytest.approx(quantile, rel=0.004)
