"""Topics: turns about the same by the words they share.

Turns are TF-IDF vectors of their content words. A turn near a topic that is known belongs to it; of
the others a sample is clustered (average linkage of cosines: it needs no number of clusters, and a
cluster holds together as a whole), and every turn goes to the nearest centre.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NEAR = 0.25  # cosine to a centre, from which a turn belongs to it
APART = 0.92  # mean cosine distance at which clusters are no longer joined
CLUSTERED = 4000  # turns, at most: their distances fill 128 MB
LEAST_CALLS = 5  # of a cluster, in all weeks
SHARED = 3  # calls that must have a word for it to be kept
MOST_TERMS = 40
MOST_WORDS = 30_000
ROWS_AT_ONCE = 50_000
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Centre:
    """A topic as a point: `id` empty where it is found now."""

    terms: Mapping[str, float]
    id: str = ""

    @property
    def made_id(self) -> str:
        """An id from what it is: the same words give the same."""
        words = sorted(self.terms, key=lambda word: (-self.terms[word], word))[:8]
        return hashlib.sha256("|".join(words).encode()).hexdigest()[:10]


@dataclass
class Space:
    """Turns as vectors. `words` are the content words of each, `calls` the number of its call."""

    words: Sequence[tuple[str, ...]]
    calls: Ints

    @cached_property
    def vectors(self) -> Any:  # noqa: ANN401 - scipy is untyped
        """One row per turn, of length 1 (0 without words)."""
        return self._fitted[1]

    @cached_property
    def names(self) -> list[str]:
        """The word of each column."""
        return [str(word) for word in self._fitted[0].get_feature_names_out()]

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each word."""
        return {word: at for at, word in enumerate(self.names)}

    @cached_property
    def _fitted(self) -> tuple[Any, Any]:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = cast("Any", TfidfVectorizer)
        maker = vectorizer(analyzer=list, sublinear_tf=True, min_df=2, max_features=MOST_WORDS)
        try:
            return maker, maker.fit_transform(self.words)
        except ValueError:  # no word is said twice, or nothing was said
            maker = vectorizer(analyzer=list, vocabulary=["-"])
            return maker, maker.fit_transform([*self.words, ()])[: len(self.words)]

    def rows_of(self, centres: Sequence[Centre]) -> Floats:
        """Centres as rows of length 1, in the words that are said in these weeks."""
        found = np.zeros((len(centres), len(self.names)))
        for row, centre in enumerate(centres):
            for word, weight in centre.terms.items():
                if word in self.columns:
                    found[row, self.columns[word]] = weight
            # a centre keeps its whole length: where its words are gone, little is near it
            found[row] /= max(float(np.sqrt(sum(w * w for w in centre.terms.values()))), 1e-9)
        return found

    def centre(self, rows: Ints, vectors: Any = None) -> Centre:  # noqa: ANN401 - scipy
        """The middle of some turns, by the words that several calls share."""
        chosen = (self.vectors if vectors is None else vectors)[rows]
        mean = np.asarray(chosen.mean(axis=0)).ravel()
        used = chosen.tocoo()
        pairs = np.unique(np.stack((used.col, self.calls[rows][used.row])), axis=1)[0]
        shared = np.bincount(pairs, minlength=len(self.names)) >= SHARED
        best = [at for at in np.argsort(-mean * shared, kind="stable")[:MOST_TERMS] if shared[at]]
        return Centre({self.names[at]: round(float(mean[at]), 5) for at in best if mean[at] > 0})


def nearest(vectors: Any, centres: Floats) -> tuple[Ints, Floats]:  # noqa: ANN401 - scipy
    """Of each row the nearest centre (NOWHERE below NEAR) and how near it is."""
    count = vectors.shape[0]
    place, near = np.full(count, NOWHERE), np.zeros(count)
    if not len(centres) or not count:
        return place, near
    for start in range(0, count, ROWS_AT_ONCE):
        cosines = np.asarray(vectors[start : start + ROWS_AT_ONCE] @ centres.T)
        part = slice(start, start + len(cosines))
        near[part] = cosines.max(axis=1)
        place[part] = np.where(near[part] >= NEAR, cosines.argmax(axis=1), NOWHERE)
    return place, near


def clusters(space: Space, rows: Ints, vectors: Any = None) -> list[Centre]:  # noqa: ANN401 - scipy
    """Centres of what is alike among some turns; largest first."""
    from sklearn.cluster import AgglomerativeClustering

    every = space.vectors if vectors is None else vectors
    rows = _sample(rows[np.asarray(every[rows].getnnz(axis=1)).ravel() > 0])
    if len(rows) < LEAST_CALLS:
        return []
    chosen = every[rows].astype(np.float32)
    distances = np.clip(1.0 - (chosen @ chosen.T).toarray(), 0.0, None)
    np.fill_diagonal(distances, 0.0)
    labels = cast("Any", AgglomerativeClustering)(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=APART
    ).fit_predict(distances)
    found = []
    for label in range(labels.max() + 1):
        own = rows[labels == label]
        calls = len(np.unique(space.calls[own]))
        centre = space.centre(own, every) if calls >= LEAST_CALLS else None
        if centre is not None and centre.terms:
            found.append((calls, centre))
    return [centre for _, centre in sorted(found, key=lambda one: (-one[0], one[1].made_id))]


def _sample(rows: Ints) -> Ints:
    """At most CLUSTERED of some turns, the same each time; spread over all weeks alike."""
    if len(rows) <= CLUSTERED:
        return rows
    return np.sort(np.random.default_rng(len(rows)).choice(rows, CLUSTERED, replace=False))
