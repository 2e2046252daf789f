"""How good a model is on examples that it was not trained on: per label, with 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.fitting import FOLDS, LEAST, Examples, fit, folds_of
from pipeline.learning.model import REASONS, Model, Numbers
from pipeline.shares import wilson

DRAWS = 400  # of the bootstrap
BINS = (0.0, 0.5, 0.7, 0.9, 1.0001)
Said = NDArray[np.bool_]  # passages × labels: what a model says
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of counts with its interval; None of nothing."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Part of the whole."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> Interval | None:
        """95 %, Wilson's."""
        return wilson(self.part / self.whole, self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Of those said the right ones, of the true ones those said."""

    label: str
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class Bin:
    """Of the labels with a chance in [low, high): how sure on average, how many are true."""

    low: float
    high: float
    mean_chance: float
    true: Share


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of one model. `right`: passages with the true reason said, of all; of flags None.

    `unsure`: passages of which a model of reasons says none. `macro_f1`: mean over labels, with
    its interval by drawing groups.
    """

    examples: int
    groups: int
    labels: tuple[LabelFigures, ...]
    bins: tuple[Bin, ...]
    macro_f1: float
    interval: Interval
    right: Share | None
    unsure: Share | None

    def summary(self) -> str:
        """One line."""
        low, high = self.interval
        text = f"macro F1 {self.macro_f1:.3f} ({low:.3f}–{high:.3f}), {self.examples} examples"
        if self.right is not None and self.unsure is not None:
            text += f", right {self.right.value:.3f}, unsure {self.unsure.value:.3f}"
        return text


def said_by(model: Model, chances: Numbers) -> Said:
    """What a model says: the likeliest reason or none, every flag that is likely enough."""
    enough = chances >= model.thresholds
    if model.kind == REASONS:
        best = np.zeros_like(enough)
        best[np.arange(len(chances)), chances.argmax(axis=1)] = True
        enough &= best
    return enough


def measure(model: Model, examples: Examples) -> Measured:
    """A model on examples that it does not know."""
    chances = model.chances(examples.passages)
    return figures(model.kind, model.labels, said_by(model, chances), chances, examples)


def out_of_fold(
    kind: str, labels: Sequence[str], examples: Examples, least: int = LEAST
) -> Measured:
    """Models made of four fifths of the groups, each on the fifth that it does not know."""
    folds = folds_of(examples.groups)
    chances, said = np.zeros(examples.truth.shape), np.zeros(examples.truth.shape, bool)
    for fold in range(FOLDS):
        out = folds == fold
        model = fit(kind, "", labels, examples.part(~out), least=least)
        chances[out] = model.chances(examples.part(out).passages)
        said[out] = said_by(model, chances[out])
    return figures(kind, labels, said, chances, examples)


def figures(
    kind: str, labels: Sequence[str], said: Said, chances: Numbers, examples: Examples
) -> Measured:
    """What somebody said, a model or not, against what is true."""
    told, true = examples.truth >= 0, examples.truth == 1
    each = tuple(
        LabelFigures(
            label,
            Share(int((said & true)[:, k].sum()), int((said & told)[:, k].sum())),
            Share(int((said & true)[:, k].sum()), int(true[:, k].sum())),
        )
        for k, label in enumerate(labels)
    )
    truth = examples.truth
    value, interval = bootstrap(
        lambda chosen: macro_f1(said[chosen], truth[chosen]), examples.groups
    )
    one = kind == REASONS
    size = len(examples.passages)
    return Measured(
        size,
        len(np.unique(examples.groups)),
        each,
        _bins(chances, examples, one=one),
        value,
        interval,
        Share(int((said & true).any(axis=1).sum()), size) if one else None,
        Share(int((~said.any(axis=1)).sum()), size) if one else None,
    )


def macro_f1(said: Said, truth: NDArray[np.int8]) -> float:
    """Mean of the labels' F1; labels that are neither true nor said are left out."""
    told, true = truth >= 0, truth == 1
    hits, claims = (said & true).sum(axis=0), (said & told).sum(axis=0)
    both = claims + true.sum(axis=0)
    return float((2 * hits[both > 0] / both[both > 0]).mean()) if (both > 0).any() else 0.0


def bootstrap(
    figure: Callable[[NDArray[np.int64]], float], groups: NDArray[np.int64]
) -> tuple[float, Interval]:
    """A figure of all examples, and its 95 % interval by drawing their groups with replacement."""
    own, place = np.unique(groups, return_inverse=True)
    order = np.argsort(place, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(place))[:-1])
    draw = np.random.default_rng(len(own))
    values = [
        figure(np.concatenate([rows[k] for k in draw.integers(len(own), size=len(own))]))
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(values, (0.025, 0.975))
    return figure(np.arange(len(place))), (float(low), float(high))


def _bins(chances: Numbers, examples: Examples, *, one: bool) -> tuple[Bin, ...]:
    """How far chances can be believed: of the likeliest reason, or of every flag."""
    told = examples.truth >= 0
    if one:
        told = chances == chances.max(axis=1, keepdims=True)
    values, true = chances[told], (examples.truth == 1)[told]
    found = []
    for low, high in pairwise(BINS):
        inside = (values >= low) & (values < high)
        mean = float(values[inside].mean()) if inside.any() else 0.0
        found.append(Bin(low, high, mean, Share(int(true[inside].sum()), int(inside.sum()))))
    return tuple(found)
