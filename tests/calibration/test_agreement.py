"""Coefficients against the values that their authors published."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from pipeline.calibration.agreement import (
    Coefficient,
    Gap,
    Unit,
    agreement,
    alphas,
    interval,
)

# Fleiss, J. L. (1971): Measuring nominal scale agreement among many raters. Psychological Bulletin
# 76(5), 378-382, table 1: 30 patients, six psychiatrists, five diagnoses; kappa 0.430.
FLEISS = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050
02031 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
# Krippendorff, K. (2011): Computing Krippendorff's Alpha-Reliability. University of Pennsylvania,
# section B (two observers, nominal; 0.692) and C (four observers, answers missing; 0.743).
TWO = ("aabbdcccedda", "babbbccceddd")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# Cohen, J. (1960): A coefficient of agreement for nominal scales. Educational and Psychological
# Measurement 20(1), 37-46, table 2: 200 cases, two judges; kappa 0.492.
COHEN = ((88, 14, 18), (10, 40, 10), (2, 6, 12))


def of_counts(table: str) -> list[Unit]:
    """Subjects with the number of raters for each category."""
    units = []
    for n, row in enumerate(table.split()):
        labels = [str(k) for k, count in enumerate(map(int, row)) for _ in range(count)]
        units.append(Unit(str(n), "1", {f"r{r}": label for r, label in enumerate(labels)}))
    return units


def of_rows(*rows: str) -> list[Unit]:
    """One text per person, one character per unit, a dot where nothing was answered."""
    return [
        Unit(f"{n:02}", "1", {str(p): said for p, said in enumerate(column) if said != "."})
        for n, column in enumerate(zip(*rows, strict=True))
    ]


def test_fleiss_diagnoses() -> None:
    found = agreement(of_counts(FLEISS), 6, "s")
    assert found.kappa == pytest.approx(0.430, abs=0.0005)
    assert (found.coefficient, found.units, found.complete) == (Coefficient.FLEISS, 30, 30)


def test_cohens_two_judges() -> None:
    cells = [(a, b) for a, row in enumerate(COHEN) for b, n in enumerate(row) for _ in range(n)]
    units = [Unit(str(n), "1", {"x": str(a), "y": str(b)}) for n, (a, b) in enumerate(cells)]
    found = agreement(units, 2, "s")
    assert found.kappa == pytest.approx(0.492, abs=0.0005)
    assert found.share == pytest.approx(0.70)
    assert found.coefficient is Coefficient.COHEN


def test_krippendorffs_examples() -> None:
    assert agreement(of_rows(*TWO), 2, "s").alpha == pytest.approx(0.692, abs=0.0005)
    found = agreement(of_rows(*FOUR), 4, "s")
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert (found.units, found.complete) == (11, 8), "of unit 12 there is one answer"


def test_what_the_answers_do_not_define_is_none_and_says_why() -> None:
    same = agreement(of_rows("aaaaaa", "aaaaaa"), 2, "s")
    assert (same.share, same.kappa, same.alpha, same.gap) == (1.0, None, None, Gap.NO_VARIATION)
    alone = agreement(of_rows("ab", ".."), 2, "s")
    assert (alone.units, alone.share, alone.alpha, alone.gap) == (0, None, None, Gap.NOTHING)
    never = agreement(of_rows("ab.", ".aa", "b.a"), 3, "s")
    assert (never.kappa, never.complete) == (None, 0)
    assert never.alpha is not None, "alpha does with what there is"


def test_the_interval_is_of_the_same_alpha_and_the_same_for_a_seed() -> None:
    """What is drawn anew is what NLTK measures: with every call once both are the same."""
    for units in (of_counts(FLEISS), of_rows(*FOUR), of_rows(*TWO)):
        paired = [unit for unit in units if len(unit.answers) > 1]
        calls = len({unit.call for unit in paired})
        once = alphas(paired, np.ones((1, calls)))[0]
        assert once == pytest.approx(agreement(units, 6, "s").alpha)
    units = of_counts(FLEISS)
    low, high = interval(units, "s")
    assert low is not None
    assert high is not None
    assert low < 0.43 < high
    assert interval(units, "s") == (low, high) != interval(units, "t")
    assert interval(units[:4], "s") == (None, None), "few calls"


def test_few_answers_that_vary_seldom_get_no_interval() -> None:
    found = agreement(of_rows("aaaaab", "aaaaaa"), 2, "s")
    assert found.alpha == pytest.approx(0.0)
    assert (found.low, found.high) == (None, None)


def test_pages_and_runs_do_not_wait_for_nltk() -> None:
    code = "import sys, pipeline.nightly, pipeline.calibration; sys.exit('nltk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
