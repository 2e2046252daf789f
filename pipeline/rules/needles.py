"""Many strings looked for in one text at once: which sets of them each turn holds something of.

Strings of one character are so frequent that a table finds them; an Aho-Corasick automaton finds
the others. What they have in common is worked out in numpy: a row of bits per set, bit k of it is
the turn with index k, 64 to a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from pipeline.rules.characters import Table

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]  # sets × words
WORD = 64
_ONE = np.uint64(1)


class Needles:
    """Strings and the sets that they are in; `seal` when all are there."""

    def __init__(self) -> None:
        self._many: dict[str, list[int]] = defaultdict(list)
        self._single: dict[int, set[str]] = defaultdict(set)

    def add(self, strings: Iterable[str], owner: int) -> None:
        """Strings of the set with this number."""
        for string in strings:
            if len(string) == 1:
                self._single[owner].add(string)
            else:
                self._many[string].append(owner)

    def seal(self) -> None:
        """Make what finds them."""
        self._automaton = (
            AhoCorasick(tuple(self._many), matchkind=MatchKind.Standard) if self._many else None
        )
        self._count = np.array([len(own) for own in self._many.values()], np.int64)
        self._first = np.cumsum(self._count) - self._count
        self._sets = np.fromiter(chain.from_iterable(self._many.values()), np.int64)
        chars = sorted(set().union(*self._single.values()))
        number = {char: k for k, char in enumerate(chars)}
        self._chars = len(chars)
        # from 1 on; all others share the last row
        self._table = Table(lambda char: number.get(char, len(chars)) + 1)
        self._having = np.array(sorted(self._single), np.int64)
        members = [sorted(number[char] for char in self._single[k]) for k in sorted(self._single)]
        self._members = np.fromiter(chain.from_iterable(members), np.int64)
        ends = np.cumsum([len(own) for own in members], dtype=np.int64)
        self._begins = np.concatenate((np.zeros(1, np.int64), ends))[:-1]

    def mark(self, text: str, turn_at: Ints, bits: Bits) -> None:
        """Set the bits of the turns that hold a string; `turn_at`: of every position its turn."""
        if self._automaton is not None:
            matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
            if matches:
                flat = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches))
                self._mark_many(flat[::3], turn_at[flat[1::3]], bits)
        if self._chars:
            self._mark_single(text, turn_at, bits)

    def _mark_many(self, found: Ints, turns: Ints, bits: Bits) -> None:
        """Every string that was found marks each of its sets."""
        count = self._count[found]
        behind = np.cumsum(count)
        step = np.arange(behind[-1])
        own = self._sets[np.repeat(self._first[found] - (behind - count), count) + step]
        _set_bits(bits, own, np.repeat(turns, count))

    def _mark_single(self, text: str, turn_at: Ints, bits: Bits) -> None:
        """The characters of every set together: they are many, and each is in many sets."""
        chars = self._table.codes(text).astype(np.int64) - 1
        held = np.zeros((self._chars + 1, bits.shape[1]), np.uint64)
        _set_bits(held, chars, turn_at)
        bits[self._having] |= np.bitwise_or.reduceat(held[self._members], self._begins)


def _set_bits(bits: Bits, rows: Ints, turns: Ints) -> None:
    masks = _ONE << (turns % WORD).astype(np.uint64)
    np.bitwise_or.at(bits.reshape(-1), rows * bits.shape[1] + turns // WORD, masks)


def as_ints(rows: Bits) -> list[int]:
    """Rows of bits as Python's integers."""
    if rows.shape[1] == 1:
        return rows[:, 0].tolist()  # type: ignore[no-any-return]  # of Python's integers
    size, raw = 8 * rows.shape[1], np.ascontiguousarray(rows, "<u8").tobytes()
    return [int.from_bytes(raw[k : k + size], "little") for k in range(0, len(raw), size)]


def as_bits(masks: Sequence[int], words: int) -> Bits:
    """The other way: Python's integers as rows of so many words."""
    raw = b"".join(mask.to_bytes(8 * words, "little") for mask in masks)
    return np.frombuffer(raw, "<u8").reshape(len(masks), words)
