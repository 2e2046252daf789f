"""Whether a week differs from the weeks before by more than noise.

Fisher's exact test of the calls with a problem, this week against the weeks before together.
Calls of one cause come in clusters (an outage, a campaign), so weeks differ by more than
independent calls would: how much more is measured over all problems in the weeks before. Where
that is more than chance all counts are divided by it. The p-values are corrected for how many
problems were looked at (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.domain import Trend, WeekCount

LEVEL = 0.05  # of changes that are called more than noise, so many are expected not to be
TESTED = 5  # calls in all weeks: with fewer, nothing is tested
ENOUGH = 10  # calls in all weeks, for saying that nothing changed
LEAST_EXPECTED = 5.0  # calls a week, to measure how much weeks differ anyway
STEADY = 0.8  # of the problems, at least, did not change in the weeks before
HARDLY = 0.1  # so much rarer before: a stray call does not make a new problem an old one


def chances(problems: Sequence[Sequence[WeekCount]]) -> list[float | None]:
    """The corrected p-value of each problem's last week; None where there is nothing before it."""
    spread = dispersion(problems)
    raw = [_chance(weeks, spread) for weeks in problems]
    known = [value for value in raw if value is not None]
    corrected = iter(benjamini_hochberg(known))
    return [None if value is None else next(corrected) for value in raw]


def trend_of(weeks: Sequence[WeekCount], chance: float | None, *, known: bool) -> Trend:
    """What a corrected p-value says; `known`: the problem was there before these weeks."""
    now, before, of = weeks[-1], *_before(weeks)
    if chance is None:
        return Trend.UNKNOWN
    if chance > LEVEL:
        return Trend.SAME if now.calls + before >= ENOUGH else Trend.UNKNOWN
    was, is_now = before / of, now.calls / now.of
    if not known and was <= HARDLY * is_now:
        return Trend.NEW
    return Trend.UP if is_now > was else Trend.DOWN


def dispersion(problems: Sequence[Sequence[WeekCount]]) -> float:
    """How much more the weeks before differ than independent calls would; 1 or more.

    1 as long as they do not differ by more than chance. The median over problems, and the fifth
    that differs most left out of the test: those that did change must not hide that others do not.
    """
    from scipy.special import chdtri

    found = sorted(_differing(problems))
    steady = found[: max(1, int(len(found) * STEADY))]
    degrees = sum(degree for _, degree in steady)
    if sum(ratio * degree for ratio, degree in steady) <= chdtri(max(degrees, 1), LEVEL):
        return 1.0
    return max(
        1.0, float(np.median([ratio * degree / chdtri(degree, 0.5) for ratio, degree in found]))
    )


def _differing(problems: Sequence[Sequence[WeekCount]]) -> Iterator[tuple[float, int]]:
    """Of each problem with enough calls: chi-square of the weeks before per degree, and degrees."""
    for weeks in problems:
        past = [week for week in weeks[:-1] if week.of]
        if len(past) < 2:
            continue
        calls = np.array([week.calls for week in past], float)
        of = np.array([week.of for week in past], float)
        share = calls.sum() / of.sum()
        expected = of * share
        if expected.min() >= LEAST_EXPECTED and share < 1:
            squares = ((calls - expected) ** 2 / (expected * (1 - share))).sum()
            yield float(squares) / (len(past) - 1), len(past) - 1


def benjamini_hochberg(values: Sequence[float]) -> list[float]:
    """P-values corrected so that among those below a level at most that share is chance."""
    order = np.argsort(values)
    ranked = np.asarray(values)[order] * len(values) / np.arange(1, len(values) + 1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum.accumulate(ranked[::-1])[::-1] if len(values) else ranked
    return [float(min(value, 1.0)) for value in corrected]


def _before(weeks: Sequence[WeekCount]) -> tuple[int, int]:
    return sum(week.calls for week in weeks[:-1]), sum(week.of for week in weeks[:-1])


def _chance(weeks: Sequence[WeekCount], spread: float) -> float | None:
    from scipy import stats

    now, before, of = weeks[-1], *_before(weeks)
    if not of or not now.of:
        return None
    table = [[now.calls, now.of - now.calls], [before, of - before]]
    return float(stats.fisher_exact(np.rint(np.array(table) / spread).astype(int)).pvalue)
