"""How many voices, and which is which: k-means on the sphere, and when two are only one.

The number is decided by how alike the centroids are. Halves of one voice have a cosine of 0.84 to
0.94 where there is enough of it, two people less than 0.6 (human speech of the development data);
what lies between is not told apart, and how sure that is, is said. Two clusters of little speech are
less alike by chance, so the less there is, the more they must differ.
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
LEAST: Seconds = 2.0  # less speech than this is no voice of its own
ENOUGH: Seconds = 6.0
ALIKE, ALIKE_BRIEF = 0.80, 0.60  # a cosine above is one voice: with enough speech, and with least
SURE_BELOW = 0.20  # so much under the limit two voices are surely two
SURE_ABOVE = 0.12  # so much above it one voice is as surely one as can be said
MOST_SURE_OF_ONE = 0.5  # two alike voices sound like one


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

    At most three. With `count` the number is taken as told, and the confidence is that of two (or
    three) voices being different. Deterministic.
    """
    if not len(vectors):
        return Groups(np.zeros(0, np.int64), vectors, 0.0)
    one = Groups(
        np.zeros(len(vectors), np.int64), _centroids(vectors, [np.arange(len(vectors))]), 0
    )
    best, gap = one, -SURE_ABOVE
    for wanted in range(2, (count or MOST) + 1):
        found = _divided(vectors, best)
        if found is None:
            break
        room = _room(found, hop)
        if count is None and room <= 0:
            gap = room if best is one else gap
            break
        best, gap = found, room
    if best is one:
        seconds = len(vectors) * hop
        sure = min(max(-gap, 0.0) / SURE_ABOVE, 1.0) * min(seconds / (2 * ENOUGH), 1.0)
        return Groups(one.labels, one.centroids, round(MOST_SURE_OF_ONE * sure, 2))
    return Groups(best.labels, best.centroids, round(min(max(gap / SURE_BELOW, 0.0), 1.0), 2))


def _room(found: Groups, hop: Seconds) -> float:
    """How far the two most alike voices lie under the limit for so much speech."""
    seconds = np.bincount(found.labels, minlength=found.count) * hop
    cosines = found.centroids @ found.centroids.T
    rooms = []
    for first in range(found.count):
        for second in range(first):
            least = min(seconds[first], seconds[second])
            known = min(max((least - LEAST) / (ENOUGH - LEAST), 0.0), 1.0)
            limit = ALIKE_BRIEF + known * (ALIKE - ALIKE_BRIEF) if least >= LEAST else -1.0
            rooms.append(limit - float(cosines[first, second]))
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
        members = [np.flatnonzero(labels == label) for label in range(count)]
        if any(not len(group) for group in members):
            return None
        centroids = _centroids(vectors, members)
        better = (vectors @ centroids.T).argmax(axis=1)
        if np.array_equal(better, labels):
            break
        labels = better
    return Groups(labels, centroids, 0.0)


def _centroids(vectors: Vectors, members: list[Labels]) -> Vectors:
    sums = np.stack([vectors[group].sum(axis=0) for group in members])
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)
