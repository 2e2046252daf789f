"""How many of the unflagged calls held a violation, from those that were drawn and heard.

Several plans of one month are strata: each counts as much as there were calls to draw from. The
interval is Wilson's, 95 %, for several strata with the number of calls that a simple random sample
would have needed to be as exact (Korn and Graubard 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.shares import wilson


@dataclass(frozen=True, slots=True)
class Stratum:
    """One plan: unflagged calls to draw from, those heard, and those that held a violation."""

    calls: int
    heard: int
    violations: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Share of unflagged calls with a violation, `low` to `high`; `heard` calls stand behind it."""

    share: float
    low: float
    high: float
    heard: int
    violations: int
    calls: int


def estimate(strata: Sequence[Stratum]) -> Estimate | None:
    """None while nothing was heard. Plans of which nothing was heard yet say nothing."""
    used = [stratum for stratum in strata if stratum.heard]
    if not used:
        return None
    total = sum(stratum.calls for stratum in used)
    heard = sum(stratum.heard for stratum in used)
    weighted = [(s.calls / total, s.violations / s.heard, s.heard) for s in used]
    share = sum(weight * rate for weight, rate, _ in weighted)
    variance = sum(weight**2 * rate * (1 - rate) / n for weight, rate, n in weighted)
    size = min(share * (1 - share) / variance, heard) if variance else _smallest(used, total)
    low, high = wilson(share, size)
    return Estimate(share, low, high, heard, sum(s.violations for s in used), total)


def _smallest(used: Sequence[Stratum], total: int) -> float:
    """Without any variation: as exact as the weights allow."""
    return 1 / sum((s.calls / total) ** 2 / s.heard for s in used)
