"""A logistic model of "people will confirm this finding", with as much trust as the figures carry.

The log odds are a sum: of all findings, of the rule, of the kind (unsure, or how well it was
heard), of the rule where it is unsure, of the business line, of the team. Each part is drawn to 0,
the mean of its family, the stronger the fewer decisions it has; how far the parts of a family lie
apart is learned from the decisions too (empirical Bayes, the variances by EM around Laplace's
approximation). So a rule that nobody has judged has the chance of an average rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ROUNDS, STEPS, LONGEST_STEP = 12, 25, 4.0
BASE_VARIANCE, FIRST_VARIANCE, LEAST_VARIANCE = 100.0, 0.5, 1e-3
UNSURE = 0  # the kind of an unsure finding


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a finding before anybody looks; never who spoke.

    With the agent among the traits, those who were confirmed before would be heard more often and
    so be confirmed more often: the queue would confirm itself.
    """

    rule: str
    kind: int
    line: str
    team: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Names of the terms of its sum, by family."""
        unsure = f"{self.rule}:{self.kind == UNSURE}"
        return (
            ("", ""), ("rule", self.rule), ("kind", str(self.kind)), ("rule_unsure", unsure),
            ("line", self.line), ("team", self.team),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """Log odds by part; a part that was never seen adds nothing."""

    terms: Mapping[tuple[str, str], float]

    def logit(self, parts: Iterable[tuple[str, str]]) -> float:
        """The sum of these parts."""
        return sum(self.terms.get(part, 0.0) for part in parts)

    def values(self, family: str) -> list[str]:
        """What was seen of a family, such as the names of teams."""
        return [value for known, value in self.terms if known == family]

    def chance(self, traits: Traits) -> float:
        """Between 0 and 1."""
        return 1 / (1 + exp(-self.logit(traits.parts)))


def fit(examples: Sequence[tuple[Traits, bool]]) -> Model:
    """The model of decided findings, each with whether it was confirmed; any number of them."""
    counted: dict[Traits, list[int]] = {}
    for traits, confirmed in examples:
        count = counted.setdefault(traits, [0, 0])
        count[0] += 1
        count[1] += confirmed
    names = list(dict.fromkeys(part for traits in counted for part in traits.parts))
    place = {part: index for index, part in enumerate(names)}
    cells = np.array([[place[part] for part in traits.parts] for traits in counted], np.int64)
    counts = np.array(list(counted.values()), np.float64)
    families = np.array([family for family, _ in names])
    return Model(dict(zip(names, _solve(cells, counts, families).tolist(), strict=True)))


def _solve(cells: Ints, counts: Floats, families: npt.NDArray[np.str_]) -> Floats:
    """The terms and, in turn with them, the variance of every family."""
    variance = np.where(families == "", BASE_VARIANCE, FIRST_VARIANCE)
    terms = np.zeros(len(families))
    for _ in range(ROUNDS):
        terms, spread = _newton(cells, counts, 1 / variance, terms)
        for family in set(families.tolist()) - {""}:
            own = families == family
            # as if half a term of the first variance had been seen besides
            seen = float(np.sum(terms[own] ** 2 + spread[own])) + FIRST_VARIANCE / 2
            variance[own] = max(seen / (own.sum() + 0.5), LEAST_VARIANCE)
    return terms


def _newton(cells: Ints, counts: Floats, precision: Floats, terms: Floats) -> tuple[Floats, Floats]:
    """The likeliest terms, and the variance that is left of each."""
    width, many = len(terms), cells.shape[1]
    pairs = (cells[:, :, None] * width + cells[:, None, :]).ravel()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(terms[cells].sum(axis=1), -30, 30)))
        missed = np.repeat(counts[:, 1] - counts[:, 0] * chance, many)
        slope = np.bincount(cells.ravel(), missed, width) - precision * terms
        weight = np.repeat(counts[:, 0] * chance * (1 - chance), many * many)
        bend = np.bincount(pairs, weight, width * width).reshape(width, width) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        largest = float(np.abs(step).max())
        terms = terms + step * min(1.0, LONGEST_STEP / max(largest, 1e-12))
        if largest < 1e-4:
            break
    return terms, np.diag(np.linalg.inv(bend)).copy()


# ── how good chances were ────────────────────────────────────────────────────────────────────────


def brier(chance: float, came: bool) -> float:
    """The squared error of a chance; 0 is perfect, 0.25 is a coin."""
    return (chance - came) ** 2


def log_loss(chance: float, came: bool) -> float:
    """The log loss; a chance is taken to be between 0.1 % and 99.9 %."""
    kept = min(max(chance, 0.001), 0.999)
    return -log(kept if came else 1 - kept)
