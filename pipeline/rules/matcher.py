"""All phrases of a pack in one pass over a call: which turns each condition need look at.

Every text condition says what it needs (`TextOperator.needs`): the phrases themselves, strings that
a regular expression cannot match without, the sounds of phrases. Three Aho-Corasick automata (what
is written, sounds with tones, loose sounds) find all of them at once; a condition is then only
tried on the turns that hold something of it. Without a matcher a condition tries every turn, with
the same result.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ahocorasick_rs import AhoCorasick, MatchKind

Strings = frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """Strings of which a turn must hold one for a condition to find anything there."""

    written: Strings = frozenset()
    toned: Strings = frozenset()
    loose: Strings = frozenset()


class Condition(Protocol):
    """What a matcher must know of a condition."""

    def needs(self) -> Mapping[str, Needs]:
        """By part of the condition; empty when that cannot be told."""


class Spelled(Protocol):
    """A text as it is written and as it sounds, turns joined by line ends."""

    @property
    def text(self) -> str:
        """What is written."""

    @property
    def toned(self) -> str:
        """Sounds with tones, one symbol a character."""

    @property
    def loose(self) -> str:
        """Sounds without tones."""


@dataclass(slots=True)
class _Needles:
    """Strings and who needs them, as one automaton."""

    owners: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    strings: Sequence[str] = ()
    automaton: AhoCorasick | None = None

    def add(self, strings: Iterable[str], owner: int) -> None:
        for string in strings:
            self.owners[string].append(owner)

    def build(self) -> None:
        self.strings = tuple(self.owners)
        if self.strings:
            self.automaton = AhoCorasick(self.strings, matchkind=MatchKind.Standard)

    def mark(self, text: str, starts: Sequence[int], masks: list[int]) -> None:
        """Set the bit of every turn that holds a string, for all that need it."""
        if self.automaton is None:
            return
        turns: dict[int, int] = defaultdict(int)
        for number, start, _ in self.automaton.find_matches_as_indexes(text, overlapping=True):
            turns[number] |= 1 << (bisect_right(starts, start) - 1)
        for number, mask in turns.items():
            for owner in self.owners[self.strings[number]]:
                masks[owner] |= mask


class Matcher:
    """Made once for a pack; `scan` is the pass over one call."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._kept = tuple(conditions)  # their ids are keys: they must live as long as this
        self._numbers: dict[tuple[int, str], int] = {}
        self._written, self._toned, self._loose = _Needles(), _Needles(), _Needles()
        for condition in self._kept:
            for part, needs in condition.needs().items():
                number = self._numbers[id(condition), part] = len(self._numbers)
                self._written.add(needs.written, number)
                self._toned.add(needs.toned, number)
                self._loose.add(needs.loose, number)
        for needles in (self._written, self._toned, self._loose):
            needles.build()

    def scan(self, spelled: Spelled, starts: Sequence[int], *, by_sound: bool) -> Scan:
        """Look once; `starts`: where each turn begins in the joined text."""
        masks = [0] * len(self._numbers)
        self._written.mark(spelled.text, starts, masks)
        written = masks
        if by_sound:
            masks = list(written)
            self._toned.mark(spelled.toned, starts, masks)
            self._loose.mark(spelled.loose, starts, masks)
        return Scan(self._numbers, written, masks)


@dataclass(frozen=True, slots=True)
class Scan:
    """Bit masks of turns by condition: bit k is the turn with index k."""

    numbers: Mapping[tuple[int, str], int]
    written: Sequence[int]
    sounding: Sequence[int]

    def turns(self, condition: object, part: str, *, by_sound: bool = False) -> int | None:
        """The turns that may hold this part of a condition; None when all must be looked at."""
        number = self.numbers.get((id(condition), part))
        if number is None:
            return None
        return self.sounding[number] if by_sound else self.written[number]

    def silent(self, conditions: Iterable[tuple[int, str]]) -> bool:
        """Whether nothing that these (id, part) need is said, or sounds so, anywhere."""
        return not any(self.sounding[self.numbers[key]] for key in conditions)
