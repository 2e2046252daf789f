"""A detector's hit, what a detector is, and which of two overlapping hits stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.cues import Cue


class Hit(NamedTuple):
    """Characters [start, end) of a passage that a detector claims.

    `valid`: the check digit or the pattern is right. `checked`: a check digit confirmed it.
    `context`: a label or a question named it.
    """

    start: int
    end: int
    valid: bool
    confidence: float
    checked: bool = False
    context: bool = False

    @property
    def strength(self) -> tuple[bool, bool, int, bool]:
        """The stated order: right check digit, then context, then length, then pattern."""
        return self.checked, self.context, self.end - self.start, self.valid


class Detector(Protocol):
    """Finds one kind of private data."""

    @property
    def kind(self) -> str:
        """The outer format's name of the kind."""
        ...

    @property
    def data_class(self) -> DataClass:
        """How sensitive it is."""
        ...

    @property
    def cue(self) -> Cue | None:
        """What calls `find` on a turn without a run of digits; or None."""
        ...

    @property
    def wordy(self) -> bool:
        """Whether every letter and Han character of a hit carries it, not only digits."""
        ...

    def find(self, passage: Passage) -> Iterable[Hit]:
        """Give the hits in one passage."""
        ...

    def keep(self, number: str) -> tuple[int, int]:
        """How many characters stay readable at the beginning and at the end.

        `number` has one character per cell (`pipeline.text.cells`), digits in ASCII.
        """
        ...


def hit(
    number: Number, first: int, last: int, *, context: bool, valid: bool, checked: bool = False
) -> Hit:
    """Give the hit for the digits [first, last) of a number, with the house's confidences."""
    start, end = number.run.span(first, last)
    confidence = 0.6 + 0.2 * (valid or checked) + 0.15 * context + 0.04 * checked
    return Hit(start, end, valid, round(confidence, 2), checked, context)


def whole_or_each(number: Number, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """Give the whole number when its length fits, else every group when all fit (said twice)."""
    whole = list(number.run.slices(shortest, longest))
    if (0, len(number.run)) in whole:
        yield 0, len(number.run)
        return
    groups = list(number.run.groups())
    if len(groups) > 1 and all(shortest <= last - first <= longest for first, last in groups):
        yield from groups
    else:
        inner = [(first, last) for first, last in whole if _only_guesses_left(number, first, last)]
        yield from inner[:1]


def _only_guesses_left(number: Number, first: int, last: int) -> bool:
    """Whether a slice leaves out nothing but guessed digits."""
    left = {*range(first), *range(last, len(number.run))}
    return left <= number.run.guessed


def resolve(claims: list[tuple[Detector, Hit]]) -> list[tuple[Detector, Hit]]:
    """Give the claims that stay, in order of text: of two that overlap the stronger one.

    Equal strength: the detector that stands first in DETECTORS (claims come in that order).
    """
    if len(claims) < 2:
        return claims
    kept: list[tuple[Detector, Hit]] = []
    for claim in sorted(claims, key=lambda claim: claim[1].strength, reverse=True):
        if all(claim[1].end <= other.start or claim[1].start >= other.end for _, other in kept):
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim[1].start)
