"""Calls that people listen to by plan: who is drawn from what, by which seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DrawnAs(StrEnum):
    """Why a call was drawn: at random from all unflagged ones, or for its agent's quota."""

    UNFLAGGED = "unflagged"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored call that may be drawn; `started_at` is local, `duration` in seconds."""

    content_sha256: str
    call_id: str
    agent_id: str | None
    business_line: str
    started_at: datetime
    duration: float | None
    score: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class SampleWish:
    """What a plan shall hold: local days, both included; calls per agent; unflagged ones in all."""

    since: date
    until: date
    seed: str
    per_agent: int
    unflagged: int
    inspectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampledCall:
    """A drawn call; `place` counts the calls of a plan, `inspector` is who listens to it."""

    place: int
    content_sha256: str
    call_id: str
    agent_id: str | None
    drawn_as: DrawnAs
    inspector: str | None


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """A stored plan. `calls` and `calls_unflagged` were there to draw from; `digest` is of them."""

    id: int
    at: datetime
    who: str
    wish: SampleWish
    calls: int
    calls_unflagged: int
    digest: str
