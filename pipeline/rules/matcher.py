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
from typing import NamedTuple, Protocol

import numpy as np

from pipeline.rules.needles import WORD, Needles, as_bits, as_ints

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


Key = tuple[int, str]  # id of a condition, name of its part
_ROLES = (None, "agent", "customer")


class _Use(NamedTuple):
    """An alternative of a part: a turn must hold something of each of the sets."""

    key: Key
    alternative: int
    role: str | None
    sets: tuple[int, ...]


class Matcher:
    """Made once for a pack; `scan` is the pass over one call."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._kept = tuple(conditions)  # their ids are keys: they must live as long as this
        self._patterns: dict[Key, Sequence[re.Pattern[str] | None]] = {}
        self._written, self._toned, self._loose = Needles(), Needles(), Needles()
        sets: dict[tuple[int, Strings], int] = {}
        uses: list[_Use] = []

        def number(needles: Needles, strings: Strings) -> int:
            known = sets.get((id(needles), strings))
            if known is None:
                known = sets[id(needles), strings] = len(sets)
                needles.add(strings, known)
            return known

        for condition in self._kept:
            for part, needs in condition.needs().items():
                key = id(condition), part
                self._patterns[key] = needs.patterns
                for alternative, together in enumerate(needs.written):
                    own = tuple(number(self._written, strings) for strings in together)
                    uses.append(_Use(key, alternative, needs.role, own))
                for needles, strings in ((self._toned, needs.toned), (self._loose, needs.loose)):
                    if strings:
                        own = (number(needles, strings),)
                        uses.append(_Use(key, len(needs.written), needs.role, own))
        for needles in (self._written, self._toned, self._loose):
            needles.seal()
        self._sets = len(sets)
        self._uses = tuple((use.key, use.alternative) for use in uses)
        self._roles = np.array([_ROLES.index(use.role) for use in uses], np.int64)
        most = max((len(use.sets) for use in uses), default=0)
        # the row behind those of the sets has every bit: nothing more is needed
        self._needed = [
            np.array([(*use.sets, *[len(sets)] * most)[k] for use in uses], np.int64)
            for k in range(most)
        ]

    def scan(
        self, spelled: Spelled, starts: Sequence[int], turns: Sequence[Speech], *, by_sound: bool
    ) -> Scan:
        """Look once; `starts`: where each of the turns begins in the joined text."""
        words = max(-(-len(turns) // WORD), 1)
        bits = np.zeros((self._sets + 1, words), np.uint64)
        bits[-1] = ~bits[-1]
        begins = np.array((*starts, len(spelled.text)), np.int64)
        turn_at = np.repeat(np.arange(len(turns)), begins[1:] - begins[:-1])
        self._written.mark(spelled.text, turn_at, bits)
        if by_sound:
            self._toned.mark(spelled.toned, turn_at, bits)
            self._loose.mark(spelled.loose, turn_at, bits)
        met = as_bits(_by_role(turns), words)[self._roles]
        for row in self._needed:
            met &= bits[row]
        alive = np.flatnonzero(met.any(axis=1))
        near: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for number, mask in zip(alive.tolist(), as_ints(met[alive]), strict=True):
            key, alternative = self._uses[number]
            near[key].append((alternative, mask))
        return Scan(self._patterns, tuple(turn.text for turn in turns), dict(near))


def _by_role(turns: Sequence[Speech]) -> list[int]:
    """By role of `_ROLES` the turns that may be of it, those of unknown speakers among them."""
    masks = {"agent": 0, "customer": 0, "unknown": 0}
    for number, turn in enumerate(turns):
        masks[turn.role] |= 1 << number
    every = (1 << len(turns)) - 1
    return [every if role is None else masks[role] | masks["unknown"] for role in _ROLES]


Matches = Mapping[int, Sequence[tuple[int, re.Match[str] | None]]]


@dataclass(frozen=True, slots=True)
class Scan:
    """Where in one call something of each condition is: bit k is the turn with index k.

    `texts`: what is said in each turn. `near`: of every part the alternatives whose strings are
    there, in order, with their turns. `found`: where the expressions were searched for too, when
    somebody first asked: the turns, and in each of them the alternatives with their first match
    (None where there is no expression, or it was not searched for).
    """

    patterns: Mapping[Key, Sequence[re.Pattern[str] | None]]
    texts: Sequence[str]
    near: Mapping[Key, Sequence[tuple[int, int]]]
    found: dict[Key, tuple[int, Matches]] = field(default_factory=dict)

    def places(self, condition: object, part: str = "") -> int | None:
        """The turns that may hold this part of a condition; None when all must be looked at."""
        key = (id(condition), part)
        if key not in self.near:
            return 0 if key in self.patterns else None
        return self._found(key)[0]

    def matches(self, condition: object) -> Matches | None:
        """By turn the alternatives of what is written that may match there, in order."""
        key = (id(condition), "")
        if key not in self.near:
            return {} if key in self.patterns else None
        return self._found(key)[1]

    def silent(self, parts: Iterable[Key]) -> bool:
        """Whether nothing that these parts need is said, or sounds so, anywhere."""
        for key in parts:  # noqa: SIM110 - asked a hundred times a call
            if key in self.near and self._found(key)[0]:
                return False
        return True

    def _found(self, key: Key) -> tuple[int, Matches]:
        known = self.found.get(key)
        if known is None:
            known = self.found[key] = self._matching(self.near[key], self.patterns[key])
        return known

    def _matching(
        self, near: Iterable[tuple[int, int]], patterns: Sequence[re.Pattern[str] | None]
    ) -> tuple[int, Matches]:
        """The turns in which an alternative matches, and with which of them."""
        turns, found = 0, dict[int, list[tuple[int, re.Match[str] | None]]]()
        texts, size = self.texts, len(patterns)
        for alternative, mask in near:
            pattern, left = patterns[alternative] if alternative < size else None, mask
            while left:
                bit = left & -left
                left ^= bit
                turn = bit.bit_length() - 1
                match = None if pattern is None else pattern.search(texts[turn])
                if match is not None or pattern is None:
                    turns |= bit
                    found.setdefault(turn, []).append((alternative, match))
        return turns, found
