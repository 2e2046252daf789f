"""What models read in a call: why somebody called, and what else is to be known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Flag(StrEnum):
    """What a customer's words show. CHURN: wants to leave. Never a verdict about the agent."""

    COMPLAINT = "complaint"
    DISSATISFACTION = "dissatisfaction"
    ABUSE = "abuse"
    CHURN = "churn"


@dataclass(frozen=True, slots=True)
class FlagMoment:
    """The turn that raises a flag most; `segment` is its index in the call."""

    flag: Flag
    chance: float
    segment: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What the models in force read in one call.

    `reason` None: unsure; `likely` is the likeliest all the same, `chance` (0-1) its probability;
    both None where nothing was said. `chances`: of every flag, `flags`: those raised.
    """

    call_id: str
    reasons_model: str
    reason: str | None
    likely: str | None
    chance: float | None
    flags_model: str
    flags: tuple[Flag, ...]
    chances: Mapping[Flag, float]
    moments: tuple[FlagMoment, ...] = ()


REASON = "reason"  # what a label is about, when not about a flag
NONE_OF_THE_LIST = "none"  # a reason that only people say
SUBJECTS = (REASON, *Flag)
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of what models read in a call; `at` is UTC.

    `subject`: `reason` or a flag. `value`: a reason or `none` (of the list), of a flag `yes` or
    `no`; None: taken back. `segment`: the turn that shows a flag, None where nobody said which;
    `quote` its masked text: where the call has another text by now, only the call is meant.
    `machine`: what a model said then, None when none had looked.
    """

    id: int
    at: datetime
    who: str
    call_id: str
    content_sha256: str
    subject: str
    value: str | None
    segment: int | None = None
    quote: str | None = None
    machine: str | None = None
    previous: int | None = None
