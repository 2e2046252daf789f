"""A trained model: which reason, or which flags, how surely, and when it would rather not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.features import Reader, Vocabulary
from pipeline.learning.texts import Passage

Numbers = NDArray[np.float64]
REASONS, FLAGS = "reasons", "flags"
KINDS = (REASONS, FLAGS)


@dataclass(frozen=True)
class Model:
    """A linear model over `vocabulary`, plain numbers only.

    `labels`: reasons, of which one is true (softmax), or flags, each for itself (sigmoid).
    `scale` and `shift` make its scores probabilities; from `thresholds` on a label is said.
    """

    kind: str
    version: str
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Numbers  # features × labels
    bias: Numbers
    scale: Numbers
    shift: Numbers
    thresholds: Numbers

    @property
    def id(self) -> str:
        """Kind and version, as it is stored with what it read."""
        return f"{self.kind}@{self.version}"

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.vocabulary)

    def scores(self, passages: Sequence[Passage]) -> Numbers:
        """Passages × labels, before they are probabilities."""
        scores: Numbers = self._reader.rows(passages) @ self.weights + self.bias
        return scores

    def chances(self, passages: Sequence[Passage]) -> Numbers:
        """Passages × labels, calibrated probabilities; 0 where nothing of a passage is known."""
        rows = self._reader.rows(passages)
        found = probabilities(self.kind, rows @ self.weights + self.bias, self.scale, self.shift)
        known: Numbers = found * (np.diff(rows.indptr) > 0)[:, np.newaxis]
        return known


def probabilities(kind: str, scores: Numbers, scale: Numbers, shift: Numbers) -> Numbers:
    """Scores as probabilities: of reasons together, of flags each for itself."""
    scaled = scores * scale + shift
    if kind == FLAGS:
        sigmoid: Numbers = 1 / (1 + np.exp(-np.clip(scaled, -50, 50)))
        return sigmoid
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    softmax: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return softmax
