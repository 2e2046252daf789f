"""Training: features that tell, a linear model, chances calibrated on what it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.cutting import NO_WORDS, cut_words
from pipeline.learning.features import AGENT, WORD, Finder, Reader, Vocabulary, pairs_of
from pipeline.learning.model import REASONS, Model, Numbers, probabilities
from pipeline.learning.texts import TURN, Passage

FEATURES = 12_000  # at most; a model of 23 reasons is then about 700 kB
LEAST = 3  # passages of different groups in which a feature must stand: nothing of one call alone
FOLDS = 5
LONG = 4  # characters from which on a word is no pair or triple
UNSURE_BELOW = 0.5  # a reason that is less likely than not is not said
RAISED_FROM = 0.5
SEED = 20261129
NEVER = -20.0  # score of what a fold has no example of


@dataclass(frozen=True, slots=True)
class Examples:
    """Passages with what is true of each: 1, 0, or -1 where nobody knows (flags only).

    `groups`: what belongs to one call, agent or template; a fold holds all of a group or nothing.
    """

    passages: Sequence[Passage]
    truth: NDArray[np.int8]  # passages × labels
    groups: NDArray[np.int64]

    def part(self, chosen: NDArray[np.bool_]) -> Examples:
        """Some of them."""
        own = [one for one, wanted in zip(self.passages, chosen, strict=True) if wanted]
        return Examples(own, self.truth[chosen], self.groups[chosen])


def fit(
    kind: str, version: str, labels: Sequence[str], examples: Examples,
    words: frozenset[str] = NO_WORDS, least: int = LEAST,
) -> Model:  # fmt: skip
    """A model of all examples, calibrated by folds of them.

    Every label needs examples for it and against it. `words`: accepted ones for jieba. `least`:
    groups in which a feature must stand.
    """
    taught = _Taught(kind, tuple(labels), words, least)
    folds = folds_of(examples.groups)
    scores = np.zeros(examples.truth.shape)
    for fold in range(FOLDS):
        model = _plain(taught, examples.part(folds != fold))
        out = folds == fold
        if out.any():
            scores[out] = model.scores(examples.part(out).passages)
    scale, shift = _calibrate(kind, scores, examples.truth)
    model = _plain(taught, examples)
    return replace(model, version=version, scale=scale, shift=shift)


def folds_of(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which fold each group is in, by chance but always the same."""
    own, place = np.unique(groups, return_inverse=True)
    return np.random.default_rng(SEED).permutation(len(own))[place] % FOLDS


@dataclass(frozen=True, slots=True)
class _Taught:
    """What is trained."""

    kind: str
    labels: tuple[str, ...]
    words: frozenset[str]
    least: int


def _plain(taught: _Taught, examples: Examples) -> Model:
    """A model whose scores are not probabilities yet."""
    kind, labels = taught.kind, taught.labels
    vocabulary = _vocabulary(examples, taught)
    rows = Reader(vocabulary).rows(examples.passages)
    ones = np.ones(len(labels))
    weights, bias = (
        _one_of(rows, examples.truth) if kind == REASONS else _each(rows, examples.truth)
    )
    least = UNSURE_BELOW if kind == REASONS else RAISED_FROM
    return Model(
        kind, "", labels, vocabulary, weights.astype(np.float16).astype(np.float64),
        bias, ones, np.zeros(len(labels)), ones * least,
    )  # fmt: skip


def _one_of(rows: object, truth: NDArray[np.int8]) -> tuple[Numbers, Numbers]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200, tol=1e-3)
    wanted, size = truth.argmax(axis=1), truth.shape[1]
    weights, bias = np.zeros((rows.shape[1], size)), np.full(size, NEVER)  # type: ignore[attr-defined]
    if not len(weights) or len(np.unique(wanted)) < 2:  # a fold may hold one reason alone
        bias[wanted] = 0.0
        return weights, bias
    model.fit(rows, wanted)
    coefficients = (
        model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_])
    )
    own = (
        model.intercept_ if len(model.classes_) > 2 else np.r_[-model.intercept_, model.intercept_]
    )
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = own
    return weights, bias


def _each(rows: object, truth: NDArray[np.int8]) -> tuple[Numbers, Numbers]:
    from sklearn.linear_model import LogisticRegression

    weights, bias = [], []
    for column in truth.T:
        told = column >= 0
        if not rows.shape[1] or len(np.unique(column[told])) < 2:  # type: ignore[attr-defined]
            weights.append(np.zeros(rows.shape[1]))  # type: ignore[attr-defined]
            bias.append(-NEVER if (column[told] == 1).any() else NEVER)
            continue
        model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200, tol=1e-3)
        model.fit(rows[told], column[told])  # type: ignore[index]
        weights.append(model.coef_[0])
        bias.append(model.intercept_[0])
    return np.array(weights).T, np.array(bias)


def _calibrate(kind: str, scores: Numbers, truth: NDArray[np.int8]) -> tuple[Numbers, Numbers]:
    """One temperature for all reasons; a scale and a shift for each flag (Platt)."""
    size = truth.shape[1]
    if kind == REASONS:
        return np.full(size, _temperature(scores, truth.argmax(axis=1))), np.zeros(size)
    from sklearn.linear_model import LogisticRegression

    scale, shift = np.ones(size), np.zeros(size)
    for place, column in enumerate(truth.T):
        told = column >= 0
        if len(np.unique(column[told])) < 2:
            continue
        model = LogisticRegression(C=1.0).fit(scores[told, place : place + 1], column[told])
        scale[place], shift[place] = model.coef_[0, 0], model.intercept_[0]
    return scale, shift


def _temperature(scores: Numbers, wanted: NDArray[np.int64]) -> float:
    """The factor under which the true reasons are likeliest."""
    from scipy.optimize import minimize_scalar

    size, rows = scores.shape[1], np.arange(len(wanted))

    def loss(power: float) -> float:
        chances = probabilities(REASONS, scores, np.full(size, np.exp(power)), np.zeros(size))
        return float(-np.log(np.maximum(chances[rows, wanted], 1e-9)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def _vocabulary(examples: Examples, taught: _Taught) -> Vocabulary:
    """The features that tell the labels apart best, of those that stand in enough groups."""
    long = _long_words(examples.passages, taught.words)
    rows, ids = pairs_of(examples.passages, Finder(long))
    cells = np.unique(np.stack([ids, examples.groups[rows]]), axis=1)
    known, groups = np.unique(cells[0], return_counts=True)
    known = known[groups >= taught.least]
    if not len(known):
        return Vocabulary(known, np.zeros(0), ())
    total = len(np.unique(examples.groups))
    weights = np.log((1 + total) / (1 + groups[groups >= taught.least])) + 1
    chosen = _telling(Reader(Vocabulary(known, weights, long)).rows(examples.passages), examples)
    return _trimmed(Vocabulary(known[chosen], weights[chosen], long))


def _telling(rows: object, examples: Examples) -> NDArray[np.int64]:
    """The columns that differ most between labels (chi square), sorted."""
    from sklearn.feature_selection import chi2

    best = np.zeros(rows.shape[1])  # type: ignore[attr-defined]
    for column in examples.truth.T:
        told = column >= 0
        if len(np.unique(column[told])) == 2:
            found = np.nan_to_num(chi2(rows[told], column[told])[0])  # type: ignore[index]
            best = np.maximum(best, found)
    return np.sort(np.argsort(-best, kind="stable")[:FEATURES])


def _trimmed(vocabulary: Vocabulary) -> Vocabulary:
    """Without the long words that no feature is about; numbers of words follow."""
    is_word = (vocabulary.ids & WORD) > 0
    number = vocabulary.ids & ~(WORD | AGENT)
    used = np.unique(number[is_word])
    ids = vocabulary.ids.copy()
    ids[is_word] += np.searchsorted(used, number[is_word]) - number[is_word]
    order = np.argsort(ids)
    kept = tuple(vocabulary.words[place] for place in used)
    return Vocabulary(ids[order], vocabulary.weights[order], kept)


def _long_words(passages: Iterable[Passage], own: frozenset[str]) -> tuple[str, ...]:
    """Words of four and more characters that jieba cuts from the texts."""
    turns = {
        turn for one in passages for side in (one.customer, one.agent) for turn in side.split(TURN)
    }
    found = {word for turn in turns for word in cut_words(turn, own) if len(word) >= LONG}
    return tuple(sorted(found))
