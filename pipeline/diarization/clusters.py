"""How many voices, and which is which: k-means on the sphere, and when two are only one.

The number is decided by how alike the centroids are. Halves of one voice have a cosine of 0.84 to
0.94 where there is enough of it, two people less than 0.6 (human speech of the development data);
what lies between is not told apart, and how sure that is, is said. Two clusters of little speech
are less alike by chance, so the less there is, the more they must differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.diarization.embedding import Vectors
from pipeline.domain import Seconds

Labels = NDArray[np.int64]

MOST = 3  # a third voice: a prompt, or a supervisor
ROUNDS = 50
SHARES = (0.08, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92)
DIRECTIONS = 3
ENOUGH_VECTORS = 2_000  # more are thinned out: so much speech tells how people sound
LEAST: Seconds = 1.5  # less speech than this is no voice of its own
ENOUGH: Seconds = 5.0
ALIKE, ALIKE_BRIEF = 0.80, 0.55  # a cosine above is one voice: with enough speech, and with least
ALIKE_THREE = 0.08  # three voices must differ by so much more
SURE_BELOW = 0.10  # so much under the limit two voices are surely two
SURE_ABOVE = 0.10  # so much above it one voice is as surely one as can be said
MOST_SURE_OF_ONE = 0.45  # two alike voices sound like one


@dataclass(frozen=True, slots=True)
class Groups:
    """`labels` (n,) of the vectors, unit `centroids` (count, 192), and how sure the number is."""

    labels: Labels
    centroids: Vectors
    confidence: float

    @property
    def count(self) -> int:
        """How many voices."""
        return len(self.centroids)


def group(vectors: Vectors, hop: Seconds, count: int | None = None) -> Groups:
    """Voices among unit vectors (n, 192), each of which stands for `hop` seconds of speech.

    At most three; `labels` are of the vectors that were used. With `count` the number is taken as
    told, and the confidence is that of so many voices being different. Deterministic.
    """
    thin = len(vectors) // ENOUGH_VECTORS + 1
    vectors, hop = vectors[::thin], hop * thin
    if not len(vectors):
        return Groups(np.zeros(0, np.int64), vectors, 0.0)
    together = np.zeros(len(vectors), np.int64)
    best = Groups(together, _centroids(vectors, together, 1), 0.0)
    gap, doubt = np.inf, np.inf
    while best.count < (count or MOST):
        found = _divided(vectors, best)
        if found is None:
            break
        room = _room(found, hop)
        if count is None and room <= 0:
            doubt = -room
            break
        best, gap = found, room
    if best.count == 1:
        enough = len(vectors) * hop / (2 * ENOUGH)
        sure = MOST_SURE_OF_ONE * min(doubt / SURE_ABOVE, enough, 1.0)
    else:
        sure = max(min(gap / SURE_BELOW, doubt / SURE_ABOVE, 1.0), 0.0)
    return Groups(best.labels, best.centroids, round(sure, 2))


def _room(found: Groups, hop: Seconds) -> float:
    """How far the two most alike voices lie under the limit for so much speech."""
    seconds = np.bincount(found.labels, minlength=found.count) * hop
    cosines = found.centroids @ found.centroids.T
    extra = ALIKE_THREE if found.count == MOST else 0.0
    rooms = []
    for first in range(found.count):
        for second in range(first):
            least = min(seconds[first], seconds[second])
            known = min(max((least - LEAST) / (ENOUGH - LEAST), 0.0), 1.0)
            limit = ALIKE_BRIEF + known * (ALIKE - ALIKE_BRIEF) if least >= LEAST else -1.0
            rooms.append(limit - extra - float(cosines[first, second]))
    return min(rooms)


def _divided(vectors: Vectors, found: Groups) -> Groups | None:
    """The best grouping with one voice more: each voice is split in many ways, all settle anew."""
    best, best_score = None, -np.inf
    for label in range(found.count):
        inside = np.flatnonzero(found.labels == label)
        for part in _splits(vectors[inside]):
            start = found.labels.copy()
            start[inside[part]] = found.count
            settled = _settle(vectors, start, found.count + 1)
            if settled is None:
                continue
            score = float(np.einsum("ij,ij->", vectors, settled.centroids[settled.labels]))
            if score > best_score + 1e-4:
                best, best_score = settled, score
    return best


def _splits(vectors: Vectors) -> Iterator[NDArray[np.bool_]]:
    """Ways to cut a cloud of vectors in two, across the directions in which it is widest."""
    if len(vectors) < 2:
        return
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    for direction in axes.T[::-1][:DIRECTIONS]:
        places = centred @ direction
        for share in SHARES:
            yield places > np.quantile(places, share)


def _settle(vectors: Vectors, labels: Labels, count: int) -> Groups | None:
    """K-means by cosine from a first grouping; None when a group dies out."""
    for _ in range(ROUNDS):
        if np.bincount(labels, minlength=count).min() == 0:
            return None
        centroids = _centroids(vectors, labels, count)
        better = (vectors @ centroids.T).argmax(axis=1)
        if np.array_equal(better, labels):
            break
        labels = better
    return Groups(labels, centroids, 0.0)


def _centroids(vectors: Vectors, labels: Labels, count: int) -> Vectors:
    """The mean direction of each group; (count, 192)."""
    member = (labels == np.arange(count)[:, None]).astype(np.float32)
    sums = member @ vectors
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)
