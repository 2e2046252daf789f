"""How far people agree: share, Cohen's or Fleiss' kappa, Krippendorff's alpha with an interval.

The coefficients are those of NLTK, which is imported when they are needed. Answers are names
without an order (nominal). A coefficient that the answers do not define is None, never 0 or 1:
where everybody gave the same answer throughout, there is nothing that chance could be told from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import combinations
from typing import Any

import numpy as np

FEW = 5  # calls: below this there is no interval
RESAMPLES = 2_000
LEVEL = 0.95
DEFINED = 0.9  # of the resamples must have a value, else there is no interval


class Coefficient(StrEnum):
    """Which kappa it is."""

    COHEN = "cohen"
    FLEISS = "fleiss"


class Gap(StrEnum):
    """Why there is no value: nothing was answered twice, or always the same was answered."""

    NOTHING = "nothing"
    NO_VARIATION = "no_variation"


@dataclass(frozen=True, slots=True)
class Unit:
    """What several people answered of the same thing; `call` is what is drawn anew."""

    call: str
    subject: str
    answers: Mapping[str, str]  # by person


@dataclass(frozen=True, slots=True)
class Agreement:
    """`units` answered by two people or more; `complete`: by all, from which `kappa` is.

    `gap` says why alpha is None, `low` and `high` are its 95 % interval; None for few calls.
    """

    units: int
    calls: int
    complete: int
    share: float | None
    kappa: float | None
    coefficient: Coefficient
    alpha: float | None
    gap: Gap | None
    low: float | None = None
    high: float | None = None


def agreement(units: Iterable[Unit], people: int, seed: str) -> Agreement:
    """Measure; `people` take part, `seed` makes the interval the same again."""
    paired = [unit for unit in units if len(unit.answers) > 1]
    complete = [unit for unit in paired if len(unit.answers) == people]
    alpha = _alpha(paired)
    low, high = (None, None) if alpha is None else interval(paired, seed)
    return Agreement(
        units=len(paired),
        calls=len({unit.call for unit in paired}),
        complete=len(complete),
        share=_mean([agreeing(list(unit.answers.values())) for unit in paired]),
        kappa=_kappa(complete, people),
        coefficient=Coefficient.COHEN if people == 2 else Coefficient.FLEISS,
        alpha=alpha,
        gap=_gap(paired),
        low=low,
        high=high,
    )


def agreeing(answers: Sequence[str]) -> float:
    """The share of pairs of these answers that are the same."""
    return _mean([float(one == other) for one, other in combinations(answers, 2)]) or 0.0


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _gap(units: Sequence[Unit]) -> Gap | None:
    if not units:
        return Gap.NOTHING
    said = {answer for unit in units for answer in unit.answers.values()}
    return Gap.NO_VARIATION if len(said) == 1 else None


def _kappa(units: Sequence[Unit], people: int) -> float | None:
    if _gap(units) is not None:
        return None
    task = _task(units)
    return float(task.kappa() if people == 2 else task.pi())


def _alpha(units: Sequence[Unit]) -> float | None:
    return None if _gap(units) is not None else float(_task(units).alpha())


def _task(units: Sequence[Unit]) -> Any:  # noqa: ANN401 - NLTK is untyped
    from nltk.metrics.agreement import AnnotationTask

    return AnnotationTask(  # type: ignore[no-untyped-call]
        [
            (person, number, answer)
            for number, unit in enumerate(units)
            for person, answer in unit.answers.items()
        ]
    )


# ── the interval ─────────────────────────────────────────────────────────────────────────────────


def interval(units: Sequence[Unit], seed: str) -> tuple[float | None, float | None]:
    """The 95 % interval of alpha over calls drawn anew with replacement, by a kept seed."""
    calls = sorted({unit.call for unit in units})
    if len(calls) < FEW:
        return None, None
    number = int(sha256(seed.encode()).hexdigest()[:16], 16)
    weights = np.random.default_rng(number).multinomial(
        len(calls), [1 / len(calls)] * len(calls), RESAMPLES
    )
    found = alphas(units, weights)
    found = found[~np.isnan(found)]
    if len(found) < DEFINED * RESAMPLES:
        return None, None
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def alphas(units: Sequence[Unit], weights: np.ndarray) -> np.ndarray:
    """Alpha with every call (in the order of their names) counted so many times; NaN: undefined.

    Of a call with its units: how often each answer was given, and how many pairs disagree.
    """
    calls = sorted({unit.call for unit in units})
    names = sorted({answer for unit in units for answer in unit.answers.values()})
    given = np.zeros((len(calls), len(names)))
    apart = np.zeros(len(calls))
    for unit in units:
        at, said = calls.index(unit.call), list(unit.answers.values())
        counts = np.array([said.count(name) for name in names], float)
        given[at] += counts
        apart[at] += (len(said) ** 2 - (counts**2).sum()) / (len(said) - 1)
    totals = weights @ given
    size = totals.sum(axis=1)
    expected = size**2 - (totals**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(
            expected > 0, 1 - (size - 1) * (weights @ apart) / expected, np.nan
        )
    return found
