"""Patterns that are (not) said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.literals import needed_by_each
from pipeline.rules.matcher import Needs
from pipeline.rules.operators.base import Found, TextOperator, Within
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
        hits, excused = self.unexcused(call, found)
        return Found(len(hits) >= self.times, tuple(hits), tuple(excused))

    def found_in(self, turn: Turn, wanted: re.Pattern[str]) -> list[tuple[int, int]]:
        """Where one of its alternatives is in a turn, guards left aside."""
        return list(self._matches(turn, [wanted]))

    def _matches(
        self,
        turn: Turn,
        wanted: Sequence[re.Pattern[str]],
        known: Sequence[Span] | None = None,
    ) -> Iterator[Span]:
        """`known`: where each of them is first in the turn, if that was looked for."""
        for start, end in turn.pieces(self.within):
            for first, last in _first_of(wanted, turn.text[start:end], known):
                here = start + first, start + last
                if self.unwanted is None or not self.unwanted.search(
                    turn.text[slice(*turn.sentence(*here))]
                ):
                    yield here


def _first_of(
    patterns: Sequence[re.Pattern[str]], text: str, known: Sequence[Span] | None = None
) -> Iterator[Span]:
    """What `a|b|c` would match one after the other, with the patterns apart.

    The leftmost match, of two at one place that of the earlier pattern; nothing empty. `known`:
    the first match of each.
    """
    firsts = map(_first, patterns, repeat(text)) if known is None else known
    waiting: list[Span | None] = list(firsts)
    while True:
        places = [(span[0], k) for k, span in enumerate(waiting) if span is not None]
        if not places:
            return
        start, chosen = min(places)
        span = waiting[chosen]
        assert span is not None  # for mypy: those that found nothing were left out
        end = span[1]
        if end > start:
            yield start, end
        beyond = max(end, start + 1)
        for k, other in enumerate(waiting):
            if other is not None and other[0] < beyond:
                waiting[k] = _first(patterns[k], text, beyond) if beyond < len(text) else None


def _first(pattern: re.Pattern[str], text: str, start: int = 0) -> Span | None:
    match = pattern.search(text, start)
    return match.span() if match else None
