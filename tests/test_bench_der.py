"""The scorer gives the numbers of another one, and those that can be counted by hand."""

from __future__ import annotations

import pytest

from bench.der import Der, Turn, der, read_rttm, read_uem
from tests.shared_data import shared


def test_the_rate_of_a_public_scorer_is_met() -> None:
    folder = shared("peer_dscore_tests")
    truth, heard = (read_rttm(folder / name)["FILE1"] for name in ("ref.rttm", "sys.rttm"))
    assert 100 * der(truth, heard).rate == pytest.approx(26.3931, abs=5e-4)


def test_only_scored_stretches_count() -> None:
    folder = shared("peer_dscore_tests")
    truth, heard = (read_rttm(folder / name)["FILE1"] for name in ("ref.rttm", "sys.rttm"))
    scored = read_uem(folder / "test_load.uem")
    assert scored == {"FILE1": [(0.0, 15.0), (25.0, 30.4)], "FILE2": [(4.5, 13.24)]}
    inside, whole = der(truth, heard, scored=scored["FILE1"]), der(truth, heard)
    assert 0 < inside.speech < whole.speech
    assert der(truth, truth, scored=scored["FILE1"]).rate == 0


def test_every_kind_of_error_is_counted_and_names_do_not_matter() -> None:
    truth = [Turn(0, 10, "agent"), Turn(10, 20, "customer")]
    heard = [Turn(1, 12, "x"), Turn(12, 20, "y"), Turn(22, 23, "y")]
    assert der(truth, heard) == Der(miss=1, false_alarm=1, confusion=2, speech=20)
    assert der(truth, heard).rate == pytest.approx(0.2)


def test_who_speaks_at_the_same_time_counts_twice() -> None:
    truth = [Turn(0, 10, "agent"), Turn(8, 12, "customer")]
    assert der(truth, [Turn(0, 10, "x"), Turn(10, 12, "y")]) == Der(2, 0, 0, 14)


def test_a_collar_forgives_what_lies_at_a_boundary() -> None:
    truth = [Turn(0, 10, "agent"), Turn(10, 20, "customer")]
    late = [Turn(0, 10.25, "x"), Turn(10.25, 20.25, "y")]
    assert der(truth, late, collar=0.25) == Der(0, 0, 0, 19)
    assert der(truth, late).confusion == pytest.approx(0.25)


def test_silence_is_no_error_and_nothing_heard_is_all_missed() -> None:
    assert der([], []).rate == 0
    assert der([Turn(0, 1, "a")], []).rate == 1
    assert der([], [Turn(0, 1, "x")]).rate == float("inf")
