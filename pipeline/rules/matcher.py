"""All phrases of a pack in one pass over a call: which turns each condition need look at.

Every text condition says what it needs (`TextOperator.needs`): the phrases themselves, strings that
a regular expression cannot match without, the sounds of phrases. Three Aho-Corasick automata (what
is written, sounds with tones, loose sounds) find all of them at once; a condition is then only
tried on the turns that hold something of it. Without a matcher a condition tries every turn, with
the same result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from ahocorasick_rs import AhoCorasick, MatchKind

Strings = frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a turn must hold for a condition to find anything there.

    `written`: of any of these alternatives one string of each set. `toned`, `loose`: or one of
    these sounds.
    """

    written: tuple[tuple[Strings, ...], ...] = ()
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
    needed_by: Sequence[Sequence[int]] = ()
    automaton: AhoCorasick | None = None

    def add(self, strings: Iterable[str], owner: int) -> None:
        for string in strings:
            self.owners[string].append(owner)

    def build(self) -> None:
        self.needed_by = tuple(map(tuple, self.owners.values()))
        if self.owners:
            self.automaton = AhoCorasick(tuple(self.owners), matchkind=MatchKind.Standard)

    def mark(self, text: str, bits: Sequence[int], masks: dict[int, int]) -> None:
        """Set the bit of every turn that holds a string, for all that need it."""
        if self.automaton is None:
            return
        turns: dict[int, int] = {}
        for number, start, _ in self.automaton.find_matches_as_indexes(text, overlapping=True):
            turns[number] = turns.get(number, 0) | bits[start]
        for number, mask in turns.items():
            for owner in self.needed_by[number]:
                masks[owner] = masks.get(owner, 0) | mask


Key = tuple[int, str]  # id of a condition, name of its part


@dataclass(frozen=True, slots=True)
class _Use:
    """A set of strings begins an alternative of a part; `also`: a set that must be met too."""

    key: Key
    alternative: int
    also: int | None = None


class Matcher:
    """Made once for a pack; `scan` is the pass over one call."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._kept = tuple(conditions)  # their ids are keys: they must live as long as this
        self._known: set[Key] = set()
        self._sets: dict[tuple[str, Strings], int] = {}
        self._uses: dict[int, list[_Use]] = defaultdict(list)
        needles = {"written": _Needles(), "toned": _Needles(), "loose": _Needles()}
        for condition in self._kept:
            for part, needs in condition.needs().items():
                self._add((id(condition), part), needs, needles)
        for kind in needles.values():
            kind.build()
        self._written, self._toned, self._loose = needles.values()

    def _add(self, key: Key, needs: Needs, needles: Mapping[str, _Needles]) -> None:
        self._known.add(key)

        def number(kind: str, strings: Strings) -> int:
            known = self._sets.get((kind, strings))
            if known is None:
                known = self._sets[kind, strings] = len(self._sets)
                needles[kind].add(strings, known)
            return known

        for alternative, together in enumerate(needs.written):
            first, *others = (number("written", strings) for strings in together)
            self._uses[first].append(_Use(key, alternative, others[0] if others else None))
        for kind, strings in (("toned", needs.toned), ("loose", needs.loose)):
            if strings:
                self._uses[number(kind, strings)].append(_Use(key, len(needs.written)))

    def scan(self, spelled: Spelled, starts: Sequence[int], *, by_sound: bool) -> Scan:
        """Look once; `starts`: where each turn begins in the joined text."""
        masks: dict[int, int] = {}
        bits = _bits(starts, len(spelled.text))
        self._written.mark(spelled.text, bits, masks)
        if by_sound:
            self._toned.mark(spelled.toned, bits, masks)
            self._loose.mark(spelled.loose, bits, masks)
        active: dict[Key, list[tuple[int, int]]] = {}
        for number, mask in masks.items():
            for use in self._uses.get(number, ()):
                both = mask if use.also is None else mask & masks.get(use.also, 0)
                if both:
                    active.setdefault(use.key, []).append((use.alternative, both))
        return Scan(self._known, active)


def _bits(starts: Sequence[int], size: int) -> list[int]:
    """By position in the joined text the bit of the turn there."""
    bits: list[int] = []
    for number, (start, end) in enumerate(pairwise((*starts, size + 1))):
        bits += [1 << number] * (end - start)
    return bits


@dataclass(frozen=True, slots=True)
class Scan:
    """Where in one call something of each condition is: bit k is the turn with index k.

    `active`: of every part of which anything is said, the alternatives with their turns.
    """

    known: Set[Key]
    active: Mapping[Key, list[tuple[int, int]]]

    def turns(self, condition: object, part: str = "") -> int | None:
        """The turns that may hold this part of a condition; None when all must be looked at."""
        key = (id(condition), part)
        if key not in self.known:
            return None
        turns = 0
        for _, mask in self.active.get(key, ()):
            turns |= mask
        return turns

    def alternatives(self, condition: object) -> list[tuple[int, int]] | None:
        """The alternatives of what is written that may match, in order, with their turns."""
        key = (id(condition), "")
        return sorted(self.active.get(key, ())) if key in self.known else None

    def silent(self, parts: Iterable[Key]) -> bool:
        """Whether nothing that these parts need is said, or sounds so, anywhere."""
        return not any(key in self.active for key in parts)
