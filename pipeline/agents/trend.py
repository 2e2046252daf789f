"""An agent by week or month beside the middle of the team, without naming a colleague."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from pipeline.agents.figures import ENOUGH_CALLS, moments_of
from pipeline.agents.months import months_back
from pipeline.effective import decided_results
from pipeline.means import Moments
from pipeline.shares import differ
from pipeline.store import Decided, Filters, Snapshot, ask_decided

FEWEST_PEERS = 5  # else the middle would tell what a single colleague has
FEWEST_CALLS = 5
SPAN_MONTHS, SPAN_WEEKS = 12, 12
Row = Mapping[str, Any]


class Grain(StrEnum):
    """Of what the trend has a point."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Step:
    """A week (from its Monday) or month; `middle`: the median of the team's means, None of few."""

    begins: date
    own: Moments
    vetoed: int
    middle: float | None


@dataclass(frozen=True, slots=True)
class PointRecord:
    """A control point of an agent: calls to which it applies, in which it was lost, points.

    `others`: the share of calls in which the rest of the team lost it, None of few; `stands`: -1
    lost less often than they by more than chance, 1 more often, else 0.
    """

    pack: str
    number: str
    title: str
    key_point: bool
    calls: int
    fails: int
    points: float
    others: float | None = None
    stands: int = 0

    @property
    def rate(self) -> float | None:
        """The share of calls in which it was lost."""
        return self.fails / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Peers:
    """The reader that knows the whole team, of which only figures without names are given out."""

    snapshot: Snapshot
    team: str | None


def trend(reader: Snapshot, peers: Peers, agent: str, last: date, grain: Grain) -> list[Step]:
    """The last twelve weeks or months up to `last`, those without calls left out."""
    own = Filters(since=_since(last, grain), until=last, agent=agent)
    rows = _asked(reader, own, grain)
    middles = _middles(peers, own, grain)
    return [
        Step(row["begins"], moments_of(row), row["vetoed"], middles.get(row["begins"]))
        for row in rows
    ]


def _since(last: date, grain: Grain) -> date:
    if grain is Grain.WEEK:
        return last - timedelta(days=last.weekday() + 7 * (SPAN_WEEKS - 1))
    return months_back(last.replace(day=1), SPAN_MONTHS - 1)


def _asked(reader: Snapshot, filters: Filters, grain: Grain) -> list[dict[str, Any]]:
    decided = decided_results(reader, filters)
    return ask_decided(reader, filters, decided, "trend_of_agents", grain=str(grain))


def _middles(peers: Peers, own: Filters, grain: Grain) -> dict[date, float]:
    if peers.team is None:
        return {}
    means: dict[date, list[float]] = defaultdict(list)
    for row in _asked(peers.snapshot, replace(own, agent=None, team=peers.team), grain):
        if row["calls"] >= FEWEST_CALLS:
            means[row["begins"]].append(row["total"] / row["calls"])
    return {begins: median(found) for begins, found in means.items() if len(found) >= FEWEST_PEERS}


# ── control points ───────────────────────────────────────────────────────────────────────────────


def point_records(reader: Snapshot, peers: Peers, month: Filters) -> list[PointRecord]:
    """The lowest control points of the agent `month.agent`, lost most often first."""
    own = lowest(points_of(reader, month, decided_results(reader, month)))
    others = _others(peers, month)
    found = [_record(row, others.get((row["pack"], row["number"]))) for row in own]
    return sorted(found, key=lambda one: (-one.fails, one.points, one.pack, numbers(one.number)))


def points_of(reader: Snapshot, month: Filters, decided: Decided) -> list[dict[str, Any]]:
    """Every control point of every agent, as numbered; columns: sql/points_of_agents.sql."""
    rows = ask_decided(reader, month, decided, "points_of_agents")
    return sorted(rows, key=lambda row: (row["agent_id"], row["pack"], numbers(row["number"])))


def numbers(number: str) -> tuple[int, ...]:
    """`1.10` after `1.9`."""
    return tuple(int(part) for part in number.split(".") if part.isdecimal())


def lowest(rows: Iterable[Row]) -> list[Row]:
    """Points that rules check themselves; above them the same figures would come once more."""
    found = list(rows)
    above = {(row["pack"], row["number"].rpartition(".")[0]) for row in found}
    return [row for row in found if row["own"] or (row["pack"], row["number"]) not in above]


def _others(peers: Peers, month: Filters) -> dict[tuple[str, str], tuple[int, int]]:
    """Lost, and applies, per point, of the rest of the team; nothing of a team of few."""
    if peers.team is None:
        return {}
    team = replace(month, agent=None, team=peers.team)
    rows = points_of(peers.snapshot, team, decided_results(peers.snapshot, team))
    rest = [row for row in rows if row["agent_id"] != month.agent]
    if len({row["agent_id"] for row in rest}) < FEWEST_PEERS:
        return {}
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rest:
        key = row["pack"], row["number"]
        fails, calls = sums.get(key, (0, 0))
        sums[key] = fails + row["fails"], calls + row["calls"]
    return sums


def _record(row: Row, others: tuple[int, int] | None) -> PointRecord:
    found = PointRecord(
        row["pack"], row["number"], row["title"], row["key_point"], row["calls"], row["fails"],
        row["points"],
    )  # fmt: skip
    if others is None or not others[1]:
        return found
    enough = row["calls"] >= ENOUGH_CALLS
    stands = differ(row["fails"], row["calls"], *others) if enough else 0
    return replace(found, others=others[0] / others[1], stands=stands)
