"""How likely it is that a figure stands out so far by chance; one-sided, uncorrected."""

from __future__ import annotations

import math
from collections.abc import Sequence

Counts = tuple[int, int]  # so many of so many


def risen(now: Counts, before: Sequence[Counts]) -> float:
    """The chance of at least so many hits in a day, when its share is that of the days before.

    Exact for Poisson counts: given all hits, those of the day are binomial. Where the days before
    lie further apart than that explains, hits count for as much less (quasi-Poisson).
    """
    from scipy.special import bdtrc

    hits, calls = sum(k for k, _ in before), sum(n for _, n in before)
    if not now[0] or not now[1] or not calls:
        return 1.0
    spread = _spread(before)
    few, more = math.floor(now[0] / spread), math.ceil(hits / spread)
    if not few:
        return 1.0
    return float(bdtrc(few - 1, few + more, now[1] / (now[1] + calls)))


def _spread(days: Sequence[Counts]) -> float:
    """How much further days lie apart than binomial counts do; at least 1."""
    hits, calls = sum(k for k, _ in days), sum(n for _, n in days)
    share = hits / calls
    if len(days) < 2 or not 0 < share < 1:
        return 1.0
    off = sum((k - n * share) ** 2 / (n * share * (1 - share)) for k, n in days if n)
    return max(off / (len(days) - 1), 1.0)


def fallen(now: float, noise: float, before: Sequence[float]) -> float:
    """The chance of a day's mean so low; `noise` is the variance of that mean by its calls alone.

    The days' own variance counts where it is larger; Student's t, for a day that is yet to come.
    """
    from scipy.special import stdtr

    days = len(before)
    usual = sum(before) / days
    between = sum((mean - usual) ** 2 for mean in before) / (days - 1)
    scale = math.sqrt(max(between, noise) * (1 + 1 / days))
    return float(stdtr(days - 1, (now - usual) / scale)) if scale else float(now >= usual)


def stopped(now: int, before: Sequence[int]) -> float:
    """The chance of so few calls a day: Poisson, or wider (negative binomial) as days lie apart."""
    from scipy.special import betainc, pdtr

    days = len(before)
    mean = sum(before) / days
    variance = sum((count - mean) ** 2 for count in before) / (days - 1) * (1 + 1 / days)
    if variance <= mean:
        return float(pdtr(now, mean))
    size = mean**2 / (variance - mean)
    return float(betainc(size, now + 1, size / (size + mean)))


def silent(days: int, present: int, absent: int) -> float:
    """The chance of so many days without a call in a row, after so many days with and without one.

    How often somebody is there is estimated (uniform prior), so few days prove little.
    """
    chance = 1.0
    for more in range(days):
        chance *= (absent + 1 + more) / (present + absent + 2 + more)
    return chance
