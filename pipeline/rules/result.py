"""What a condition found in one call: four outcomes, each with its reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from pipeline.domain import Seconds


class Outcome(StrEnum):
    """Whether a condition holds. `UNSURE`: the recording cannot tell; a person must."""

    HIT = "hit"
    NO = "no"
    UNSURE = "unsure"
    NOT_APPLICABLE = "not_applicable"


class Hit(NamedTuple):  # as Result: made some fifty times a call
    """Characters [start, end) of a raw segment, or a stretch of time there.

    `times` overrides the seconds of the characters (a silence lies behind its segment).
    `sounds_like`: the phrase that is not written there and only sounds so.
    """

    segment: int
    start: int
    end: int
    times: tuple[Seconds, Seconds] | None = None
    score: float = 1.0
    sounds_like: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """For sorting and for `before`."""
        return self.segment, self.start


class Result(NamedTuple):
    """A condition's answer. `reason` is one plain Chinese clause, without a full stop.

    `says` is the reason, or what makes it: most answers are never put into words.
    `doubt` is set when the answer stands on weak ground (low recogniser confidence, a phrase found
    by sound only): where it would make a rule fail, the rule says `unsure` instead. `excused` are
    hits that a guard took out, with the reason.
    """

    outcome: Outcome
    says: str | Callable[[], str]
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0
    doubt: str = ""
    excused: tuple[tuple[Hit, str], ...] = ()

    @property
    def reason(self) -> str:
        """Why, in words."""
        return self.says if isinstance(self.says, str) else self.says()


Lookup = Callable[[str], Result]


def hit(reason: str, hits: Iterable[Hit] = (), confidence: float = 1.0, doubt: str = "") -> Result:
    """The condition holds."""
    return Result(Outcome.HIT, reason, tuple(hits), confidence, doubt)


def no(reason: str, confidence: float = 1.0, doubt: str = "") -> Result:
    """The condition does not hold."""
    return Result(Outcome.NO, reason, (), confidence, doubt)


def unsure(reason: str, hits: Iterable[Hit] = ()) -> Result:
    """The recording cannot carry this check, or not here."""
    return Result(Outcome.UNSURE, reason, tuple(hits), 0.5)


def not_applicable(reason: str) -> Result:
    """The call gives no occasion for this check."""
    return Result(Outcome.NOT_APPLICABLE, reason)
