"""Passages as sparse rows: pairs and triples of characters, and longer words of the dictionary.

A pair or triple is an exact number (16 bits a character), so that counting and looking up are whole
arrays at once; words of up to three characters are pairs or triples already. Of longer words those
that jieba cut from the training texts are looked for. Both sides have numbers of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.texts import TURN, Passage

Ids = NDArray[np.int64]
Sparse = Any  # scipy.sparse.csr_matrix; scipy is untyped
AGENT, WORD = 1 << 49, 1 << 50
_PART = ord(TURN)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is counted: `ids`, sorted, with the weight of each; `words`, the long ones, sorted."""

    ids: Ids
    weights: NDArray[np.float64]
    words: tuple[str, ...]


class Reader:
    """Makes rows of passages by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._words = Finder(vocabulary.words)

    def rows(self, passages: Sequence[Passage]) -> Sparse:
        """A row per passage, of length one (L2); an empty row where nothing is known of it."""
        from scipy.sparse import csr_matrix

        known = self._vocabulary.ids
        rows, ids = pairs_of(passages, self._words)
        at = np.searchsorted(known, ids)
        at[at == len(known)] = 0
        there = known[at] == ids if len(known) else np.zeros(len(ids), bool)
        cells, counts = np.unique(rows[there] * len(known) + at[there], return_counts=True)
        row, column = np.divmod(cells, max(len(known), 1))
        values = (1 + np.log(counts)) * self._vocabulary.weights[column]
        length = np.sqrt(np.bincount(row, values**2, minlength=len(passages)))
        values = values / np.maximum(length[row], 1e-12)
        starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(passages)))))
        return csr_matrix((values, column, starts), shape=(len(passages), len(known)))


class Finder:
    """Finds words in texts, the longest first where they overlap."""

    def __init__(self, words: Sequence[str]) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        self._find = (
            AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest) if words else None
        )

    def __call__(self, text: str) -> list[int]:
        """Numbers of the words that are found, each as often as it is."""
        if self._find is None:
            return []
        return [match[0] for match in self._find.find_matches_as_indexes(text)]


def pairs_of(passages: Sequence[Passage], finder: Finder) -> tuple[Ids, Ids]:
    """Row and id of everything that is counted, in no order."""
    found = [_of_side([one.customer for one in passages], finder, 0)]
    if any(one.agent for one in passages):
        found.append(_of_side([one.agent for one in passages], finder, AGENT))
    return np.concatenate([rows for rows, _ in found]), np.concatenate([ids for _, ids in found])


def _of_side(texts: Sequence[str], finder: Finder, side: int) -> tuple[Ids, Ids]:
    joined = "".join(f"{text}{TURN}" for text in texts)
    codes = np.frombuffer(joined.encode("utf-16-le", "replace"), np.uint16).astype(np.int64)
    lengths = [len(text.encode("utf-16-le", "replace")) // 2 + 1 for text in texts]
    owner = np.repeat(np.arange(len(texts)), lengths)
    rows, ids = [], []
    for size in (2, 3):
        if len(codes) < size:
            continue
        count = len(codes) - size + 1
        grams, whole = np.zeros(count, np.int64), np.ones(count, bool)
        for place in range(size):
            part = codes[place : place + count]
            grams = (grams << 16) | part
            whole &= part != _PART
        rows.append(owner[:count][whole])
        ids.append(grams[whole] | side)
    words = [(row, word) for row, text in enumerate(texts) for word in finder(text)]
    pairs = np.array(words, np.int64).reshape(-1, 2)
    rows.append(pairs[:, 0])
    ids.append(pairs[:, 1] | WORD | side)
    return np.concatenate(rows), np.concatenate(ids)
