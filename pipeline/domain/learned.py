"""What models read in a call: why somebody called, and what else is to be known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
