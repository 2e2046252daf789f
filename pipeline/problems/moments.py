"""Where a problem can be heard: central moments of different agents and days, without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.casebook import nameless
from pipeline.domain import Moment, Role

Row = Mapping[str, Any]
MOST = 5
KEYS = ("call_id", "agent_id", "day")


@dataclass(frozen=True, slots=True)
class Place:
    """A turn of a call (its number among the calls); `near`: how well it stands for the problem."""

    call: int
    segment: int
    near: float


def chosen(places: Iterable[Place], calls: Sequence[Row]) -> list[Place]:
    """The best places, of different agents and days as far as there are."""
    ordered = sorted(places, key=lambda place: (-place.near, calls[place.call]["call_id"]))
    found: list[Place] = []
    for apart in (True, False):
        for place in ordered:
            row, others = calls[place.call], [calls[one.call] for one in found]
            shared = {key for other in others for key in KEYS if row[key] == other[key]}
            if len(found) < MOST and not shared & ({*KEYS} if apart else {"call_id"}):
                found.append(place)
    return found


def moment(place: Place, call: Row, said: Row | None) -> Moment:
    """What is heard there; `said` has the columns of sql/problem_moments.sql."""
    names = {"agent_name": call["agent_name"], "agent_id": call["agent_id"]}
    return Moment(
        call_id=call["call_id"],
        content_sha256=call["content_sha256"],
        segment=place.segment,
        start=said["start"] if said else None,
        end=said["end"] if said else None,
        role=Role(said["role"]) if said else Role.AGENT,
        quote=nameless(said["text"], names) if said else "",
        agent_id=call["agent_id"] or "",
        agent_name=call["agent_name"] or "",
        team=call["team"] or "",
    )
