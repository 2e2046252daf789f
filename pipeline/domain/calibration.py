"""Inspectors who score the same calls blind: a round, what is asked in it, what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RoundWish:
    """What a round shall be; `due` is a local day, `seed` that of the draw and of the intervals."""

    title: str
    raters: tuple[str, ...]
    due: date
    seed: str


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call of a round and what is asked of it.

    `asked`: subject (number of a control point, or a human item) → rule → what the machine said
    when the round was made; items have no rules. Only a closed round gives it.
    """

    content_sha256: str
    call_id: str
    pack_hash: str
    asked: Mapping[str, Mapping[str, str]]
    machine_score: float


@dataclass(frozen=True, slots=True)
class RoundCall:
    """A call of a round as whoever scores it may know it: `rules` of each subject, in order."""

    content_sha256: str
    call_id: str
    pack_hash: str
    rules: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Round:
    """A stored round; moments are UTC. `submitted`: (rater, content) that are finished.

    `ended_by` is None also when it ended by itself, because everything was submitted.
    """

    id: int
    at: datetime
    who: str
    title: str
    due: date
    seed: str
    raters: tuple[str, ...]
    calls: tuple[RoundCall, ...]
    submitted: frozenset[tuple[str, str]]
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def closed(self) -> bool:
        """Whether answers may be seen, and none be given any more."""
        return self.ended_at is not None

    def done_by(self, rater: str) -> int:
        """How many calls somebody has submitted."""
        return sum(name == rater for name, _ in self.submitted)

    def left_for(self, rater: str) -> tuple[RoundCall, ...]:
        """The calls that somebody still has to score; none in a closed round or of others'."""
        if self.closed or rater not in self.raters:
            return ()
        return tuple(c for c in self.calls if (rater, c.content_sha256) not in self.submitted)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer that is not stored yet.

    `answer`: a verdict, or a level of a human item; `rules`: of a violated control point those that
    were broken; `previous`: the id of the answer that the rater saw, None when there was none.
    """

    subject: str
    answer: str
    rules: tuple[str, ...] = ()
    comment: str = ""
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer; `at` is UTC."""

    id: int
    at: datetime
    content_sha256: str
    rater: str
    subject: str
    answer: str
    rules: tuple[str, ...]
    comment: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was agreed of a subject of a call; `at` is UTC."""

    id: int
    at: datetime
    content_sha256: str
    subject: str
    who: str
    note: str
