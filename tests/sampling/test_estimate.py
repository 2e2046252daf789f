"""What drawn calls say of those that nobody heard."""

from __future__ import annotations

import random

import pytest

from pipeline.sampling import Stratum, estimate


def test_one_plan_is_wilsons_interval() -> None:
    found = estimate([Stratum(5000, 220, 4)])
    assert found is not None
    # R: prop.test(4, 220, correct = FALSE): 0.0182, 0.0071 to 0.0458
    assert (found.share, found.low, found.high) == pytest.approx(
        (0.01818, 0.00709, 0.04581), abs=1e-5
    )


def test_nothing_found_still_has_an_upper_end() -> None:
    found = estimate([Stratum(1000, 60, 0)])
    assert found is not None
    assert (found.share, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.0602, abs=1e-4)  # 3.84 / (60 + 3.84)


def test_plans_count_as_much_as_they_had_calls() -> None:
    found = estimate([Stratum(9000, 50, 0), Stratum(1000, 50, 50)])
    assert found is not None
    assert found.share == pytest.approx(0.1)
    assert (found.heard, found.violations, found.calls) == (100, 50, 10_000)


def test_nothing_heard_says_nothing_and_a_plan_that_was_not_heard_is_left_out() -> None:
    assert estimate([]) is None
    assert estimate([Stratum(100, 0, 0)]) is None
    assert estimate([Stratum(100, 0, 0), Stratum(100, 10, 1)]) == estimate([Stratum(100, 10, 1)])


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = random.Random(7)
    held = 0
    for _ in range(600):
        week = [(4000, 40, 0.03), (1000, 40, 0.12), (6000, 30, 0.05)]
        true = sum(n * rate for n, _, rate in week) / sum(n for n, _, _ in week)
        found = estimate(
            [Stratum(n, k, sum(rng.random() < rate for _ in range(k))) for n, k, rate in week]
        )
        held += found is not None and found.low <= true <= found.high
    assert held / 600 > 0.92
