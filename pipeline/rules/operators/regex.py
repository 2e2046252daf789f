"""Patterns that are (not) said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.literals import needed_by_each
from pipeline.rules.matcher import Needs
from pipeline.rules.operators.base import NOTHING, Found, TextOperator, Within
from pipeline.rules.patterns import Pattern, alternatives, any_of, compiled, in_parts
from pipeline.rules.turns import Turn

Span = tuple[int, int]


class Regex(TextOperator):
    """Looks for regular expressions in text without punctuation, half width, lower case.

    A match lies inside one turn, or one clause or sentence if `within` says so. A match does not
    count when an `unless` pattern is found in the same sentence. `times`: least number of matches.
    """

    EXAMPLE: ClassVar[str] = """
operator: regex
label: 索要密码
role: agent
patterns: ['密码.{0,4}(告诉|报给|发给)(我|一下)']
unless: ['(不要|请勿).{0,6}密码']
"""
    operator: Literal["regex"]
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    unless: tuple[Pattern, ...] = ()
    within: Within = "turn"
    times: Annotated[int, Field(ge=1)] = 1

    @cached_property
    def wanted(self) -> tuple[re.Pattern[str], ...]:
        """All alternatives of all patterns, in order."""
        return tuple(map(compiled, self._branches))

    @cached_property
    def _branches(self) -> tuple[str, ...]:
        return tuple(branch for pattern in self.patterns for branch in alternatives(pattern))

    @cached_property
    def unwanted(self) -> re.Pattern[str] | None:
        """All exceptions as one."""
        return any_of(self.unless) if self.unless else None

    @model_validator(mode="after")
    def _compile_now(self) -> Self:
        """Compile when the pack is loaded, not on the first call."""
        _ = self.wanted, self.unwanted
        return self

    def needs(self) -> Mapping[str, Needs]:
        """Strings without which an alternative does not match, and the alternatives."""
        strings = needed_by_each(self._branches)
        whole = self.within == "turn"
        patterns = self.wanted if whole else tuple(map(in_parts, self._branches))
        return {"": Needs(strings, patterns, role=self.role)} if strings else {}

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """All matches that no exception and no guard takes out."""
        told = call.matches(self)
        whole = self.within == "turn"
        found: list[tuple[Turn, int, int, float]] = []
        for turn in turns:
            if told is None:
                places = self._matches(turn, self.wanted)
            else:
                near = told.get(turn.index, ())
                wanted = [self.wanted[k] for k, _ in near]
                known = [match.span() for _, match in near if match] if whole else None
                places = self._matches(turn, wanted, known)
            found += [(turn, a, b, 1.0) for a, b in places]
        if not found:
            return NOTHING
        hits, excused = self.unexcused(call, found)
        return Found(len(hits) >= self.times, tuple(hits), tuple(excused))

    def found_in(self, turn: Turn, wanted: re.Pattern[str]) -> list[tuple[int, int]]:
        """Where one of its alternatives is in a turn, guards left aside."""
        return self._matches(turn, [wanted])

    def _matches(
        self,
        turn: Turn,
        wanted: Sequence[re.Pattern[str]],
        known: Sequence[Span] | None = None,
    ) -> list[Span]:
        """`known`: where each of them is first in the turn, if that was looked for."""
        pieces = turn.pieces(self.within) if self.within != "turn" else [(0, len(turn.text))]
        return [
            (start + first, start + last)
            for start, end in pieces
            for first, last in _first_of(wanted, turn.text[start:end], known)
            if not self._excepted(turn, start + first, start + last)
        ]

    def _excepted(self, turn: Turn, start: int, end: int) -> bool:
        """Whether an exception stands in the sentence of a match."""
        if self.unwanted is None:
            return False
        return self.unwanted.search(turn.text[slice(*turn.sentence(start, end))]) is not None


def _first_of(
    patterns: Sequence[re.Pattern[str]], text: str, known: Sequence[Span] | None = None
) -> list[Span]:
    """What `a|b|c` would match one after the other, with the patterns apart.

    The leftmost match, of two at one place that of the earlier pattern; nothing empty. `known`:
    the first match of each.
    """
    found: list[Span] = []
    firsts = [_first(pattern, text, 0) for pattern in patterns] if known is None else known
    waiting = [(span, k) for k, span in enumerate(firsts) if span is not None]
    while waiting:
        (start, end), _ = min(waiting, key=_start)
        if end > start:
            found.append((start, end))
        beyond = max(end, start + 1)
        waiting = [
            (span, k)
            for other, k in waiting
            if (span := other if other[0] >= beyond else _first(patterns[k], text, beyond))
        ]
    return found


def _start(place: tuple[Span, int]) -> tuple[int, int]:
    span, number = place
    return span[0], number


def _first(pattern: re.Pattern[str], text: str, start: int) -> Span | None:
    match = pattern.search(text, start) if start < len(text) else None
    return match.span() if match else None
