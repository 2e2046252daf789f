"""All phrases of a pack in one pass over a call: which turns each condition need look at.

Every text condition says what it needs (`TextOperator.needs`): the phrases themselves, strings that
a regular expression cannot match without, the sounds of phrases. Three Aho-Corasick automata (what
is written, sounds with tones, loose sounds) find all of them at once; a condition is then only
tried on the turns that hold something of it. Where an alternative is a regular expression, it is
then searched for in these turns, once for all that ask. Without a matcher a condition tries every
turn, with the same result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick, MatchKind

Strings = frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a turn must hold for a condition to find anything there.

    `written`: of any of these alternatives one string of each set, and a match of the expression of
    the same number in `patterns` where there is one. `toned`, `loose`: or one of these sounds.
    `role`: in a turn that may be of this speaker.
    """

    written: tuple[tuple[Strings, ...], ...] = ()
    patterns: tuple[re.Pattern[str] | None, ...] = ()
    toned: Strings = frozenset()
    loose: Strings = frozenset()
    role: str | None = None


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


class Speech(Protocol):
    """A turn: who speaks, and what, folded."""

    @property
    def role(self) -> str:
        """`agent`, `customer` or `unknown`."""

    @property
    def text(self) -> str:
        """What is said."""


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
        known = turns.get
        for number, start, _ in self.automaton.find_matches_as_indexes(text, overlapping=True):
            turns[number] = known(number, 0) | bits[start]
        marked, needed_by = masks.get, self.needed_by
        for number, mask in turns.items():
            for owner in needed_by[number]:
                masks[owner] = marked(owner, 0) | mask


Key = tuple[int, str]  # id of a condition, name of its part


class _Use(NamedTuple):
    """A set of strings begins an alternative of a part; `also`: a set that must be met too."""

    key: Key
    alternative: int
    role: str | None
    also: int | None = None


class Matcher:
    """Made once for a pack; `scan` is the pass over one call."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._kept = tuple(conditions)  # their ids are keys: they must live as long as this
        self._patterns: dict[Key, Sequence[re.Pattern[str] | None]] = {}
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
        self._patterns[key] = needs.patterns

        def number(kind: str, strings: Strings) -> int:
            known = self._sets.get((kind, strings))
            if known is None:
                known = self._sets[kind, strings] = len(self._sets)
                needles[kind].add(strings, known)
            return known

        for alternative, together in enumerate(needs.written):
            first, *others = (number("written", strings) for strings in together)
            also = others[0] if others else None
            self._uses[first].append(_Use(key, alternative, needs.role, also))
        for kind, strings in (("toned", needs.toned), ("loose", needs.loose)):
            if strings:
                self._uses[number(kind, strings)].append(_Use(key, len(needs.written), needs.role))

    def scan(
        self, spelled: Spelled, starts: Sequence[int], turns: Sequence[Speech], *, by_sound: bool
    ) -> Scan:
        """Look once; `starts`: where each of the turns begins in the joined text."""
        masks: dict[int, int] = {}
        bits = _bits(starts, len(spelled.text))
        self._written.mark(spelled.text, bits, masks)
        if by_sound:
            self._toned.mark(spelled.toned, bits, masks)
            self._loose.mark(spelled.loose, bits, masks)
        of_role = _by_role(turns)
        near: dict[Key, list[tuple[int, int]]] = {}
        for number, mask in masks.items():
            for key, alternative, role, also in self._uses.get(number, ()):
                both = mask & of_role[role]
                if also is not None:
                    both &= masks.get(also, 0)
                if both:
                    near.setdefault(key, []).append((alternative, both))
        return Scan(self._patterns, tuple(turn.text for turn in turns), near)


def _bits(starts: Sequence[int], size: int) -> list[int]:
    """By position in the joined text the bit of the turn there."""
    bits: list[int] = []
    for number, (start, end) in enumerate(pairwise((*starts, size + 1))):
        bits += [1 << number] * (end - start)
    return bits


def _by_role(turns: Sequence[Speech]) -> Mapping[str | None, int]:
    """The turns that may be of a role, those of unknown speakers among them; None: all."""
    masks = {None: 0, "agent": 0, "customer": 0, "unknown": 0}
    for number, turn in enumerate(turns):
        masks[turn.role] |= 1 << number
    unknown = masks.pop("unknown")
    masks = {role: mask | unknown for role, mask in masks.items()}
    return {**masks, None: (1 << len(turns)) - 1}


@dataclass(frozen=True, slots=True)
class Scan:
    """Where in one call something of each condition is: bit k is the turn with index k.

    `texts`: what is said in each turn. `near`: of every part the alternatives whose strings are
    there, with their turns. `found`: the same where the expressions were searched for too, when
    somebody first asked.
    """

    patterns: Mapping[Key, Sequence[re.Pattern[str] | None]]
    texts: Sequence[str]
    near: Mapping[Key, list[tuple[int, int]]]
    found: dict[Key, list[tuple[int, int]]] = field(default_factory=dict)

    def knows(self, condition: object, part: str = "") -> bool:
        """Whether this part was looked for at all."""
        return (id(condition), part) in self.patterns

    def places(self, condition: object, part: str = "") -> int | None:
        """The turns that may hold this part of a condition; None when all must be looked at."""
        key = (id(condition), part)
        if key not in self.near:
            return 0 if key in self.patterns else None
        turns = 0
        for _, mask in self._alternatives(key):
            turns |= mask
        return turns

    def alternatives(self, condition: object) -> list[tuple[int, int]] | None:
        """The alternatives of what is written that may match, in order, with their turns."""
        return self._alternatives((id(condition), "")) if self.knows(condition) else None

    def silent(self, parts: Iterable[Key]) -> bool:
        """Whether nothing that these parts need is said, or sounds so, anywhere."""
        return not any(self._alternatives(key) for key in parts if key in self.near)

    def _alternatives(self, key: Key) -> list[tuple[int, int]]:
        known = self.found.get(key)
        if known is None:
            near = sorted(self.near[key]) if key in self.near else []
            sought = self.patterns[key]
            known = self.found[key] = self._matching(near, sought) if sought and near else near
        return known

    def _matching(
        self, near: Iterable[tuple[int, int]], patterns: Sequence[re.Pattern[str] | None]
    ) -> list[tuple[int, int]]:
        """Of the alternatives those whose expression matches, with the turns in which it does."""
        found: list[tuple[int, int]] = []
        texts, size = self.texts, len(patterns)
        for alternative, mask in near:
            pattern = patterns[alternative] if alternative < size else None
            if pattern is None:
                found.append((alternative, mask))
                continue
            search, matching, left = pattern.search, 0, mask
            while left:
                bit = left & -left
                if search(texts[bit.bit_length() - 1]):
                    matching |= bit
                left ^= bit
            if matching:
                found.append((alternative, matching))
        return found
