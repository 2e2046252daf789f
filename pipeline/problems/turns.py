"""The turns of customers in some weeks: which ask, are discontent, ask again, were left waiting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.problems.content import (
    ASKS,
    asks_again,
    asks_besides,
    content,
    discontent_pattern,
    is_discontent,
)
from pipeline.problems.topics import Floats, Ints, Space
from pipeline.search import words
from pipeline.store import Passages

Bools = npt.NDArray[np.bool_]
WAITED = 8.0  # seconds of silence after a question
ALIKE = 0.3  # cosine of a question and the same one asked again
ALIKE_SAID = 0.12  # where the customer says that it is asked again
LOOK_BACK = 4  # turns of the same customer
ABOUT = 0.5  # weight of what the call was about, in a turn that is discontent


@dataclass(frozen=True)
class Turns:
    """Parallel columns, in order of call and segment; `own`: words that people accepted."""

    calls: Ints
    segments: Ints
    texts: list[str]
    asks: Bools
    discontent: Bools
    waited: Floats
    space: Space
    own: frozenset[str]

    @cached_property
    def asking(self) -> Ints:
        """Rows that ask."""
        return np.flatnonzero(self.asks)

    @cached_property
    def dissatisfied(self) -> Ints:
        """Rows that are discontent."""
        return np.flatnonzero(self.discontent)

    @cached_property
    def left_waiting(self) -> Ints:
        """Rows that ask and are followed by a long silence."""
        return np.flatnonzero(self.asks & (self.waited >= WAITED))

    @cached_property
    def again(self) -> Ints:
        """Rows that ask what was asked in the call before."""
        rows, vectors = self.asking, self.space.vectors
        found = np.zeros(len(self.calls), bool)
        said = np.array([asks_again(self.texts[row]) for row in rows], bool)
        for back in range(1, LOOK_BACK + 1):
            later, earlier = rows[back:], rows[:-back]
            same = (self.calls[later] == self.calls[earlier]) & (
                self.segments[later] - self.segments[earlier] > 1
            )
            later, earlier = later[same], earlier[same]
            alike = np.asarray(vectors[later].multiply(vectors[earlier]).sum(axis=1)).ravel()
            least = np.where(said[back:][same], ALIKE_SAID, ALIKE)
            found[later[alike >= least]] = True
        return np.flatnonzero(found)

    def with_what_about(self) -> Any:  # noqa: ANN401 - scipy
        """Vectors of all turns, with the first question of their call mixed in."""
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        if not len(self.calls):
            return self.space.vectors
        first = np.full(int(self.calls.max(initial=-1)) + 1, -1)
        first[self.calls[self.asking][::-1]] = self.asking[::-1]
        about = first[self.calls]
        rows = np.flatnonzero((about >= 0) & (about != np.arange(len(about))))
        picked = cast("Any", csr_matrix)(
            (np.full(len(rows), ABOUT), (rows, about[rows])), shape=(len(about), len(about))
        )
        if not self.texts:
            return self.space.vectors
        return normalize(self.space.vectors + picked @ self.space.vectors)


def turns_of(passages: Passages, numbers: dict[str, int], own: frozenset[str]) -> Turns:
    """What stands in the store; `numbers` of calls by id, `own` as `content` takes them."""
    table: pa.Table = passages.turns(ASKS, discontent_pattern())
    texts = [str(text) for text in table.column("text").to_pylist()]
    calls = np.array([numbers[str(one)] for one in table.column("call_id").to_pylist()], np.int64)
    said = zip(table.column("discontent").to_pylist(), texts, strict=True)
    discontent = np.array([one and is_discontent(words.fold(text)) for one, text in said], bool)
    asks = np.array(table.column("asks").to_pylist(), bool)
    for row in np.flatnonzero(asks & discontent):
        asks[row] = asks_besides(texts[row])
    waited = np.array([value or 0.0 for value in table.column("waited").to_pylist()], float)
    return Turns(
        calls,
        table.column("segment").to_numpy().astype(np.int64),
        texts,
        asks,
        discontent,
        waited,
        Space([content(text, own) for text in texts], calls),
        own,
    )  # fmt: skip
