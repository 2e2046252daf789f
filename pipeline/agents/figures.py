"""Every agent of a month: how many calls, how good, compared fairly and with the month before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.agents.months import month_before
from pipeline.effective import decided_results
from pipeline.means import Moments, beyond_chance
from pipeline.store import Filters, Snapshot, ask_decided
from pipeline.store.filters import midnight

ENOUGH_CALLS = 20  # fewer are shown, but neither ranked nor compared
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LostPoint:
    """The control point that an agent lost in most calls."""

    pack: str
    number: str
    title: str
    calls: int


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """An agent over the calls of a month, with the results that count.

    `expected`: the mean of everybody's calls of the same business lines, in the agent's own mix.
    `rank`: by the distance from it, 1 is the best; None with fewer than `ENOUGH_CALLS`. `stands`:
    1 above what chance explains, -1 below, else 0; `change` likewise against the month before.
    `heard_total`: of the scores of the calls that people listened to.
    """

    agent_id: str
    agent_name: str | None
    team: str | None
    calls: int
    heard: int
    vetoed: int
    scores: Moments
    before: Moments
    expected: float | None = None
    rank: int | None = None
    stands: int = 0
    change: int = 0
    lost: LostPoint | None = None
    passed: int = 0
    heard_total: float = 0.0

    @property
    def heard_mean(self) -> float | None:
        """Of the calls that people listened to."""
        return self.heard_total / self.heard if self.heard else None

    @property
    def mean(self) -> float | None:
        """Of the effective scores."""
        return self.scores.mean

    @property
    def ranked(self) -> bool:
        """Whether there are calls enough to compare."""
        return self.calls >= ENOUGH_CALLS

    @property
    def ahead(self) -> float | None:
        """How far above the expected mean."""
        return None if self.mean is None or self.expected is None else self.mean - self.expected


def agents_of_month(snapshot: Snapshot, month: Filters) -> list[AgentFigures]:
    """Every agent with calls in a month (`since` to `until`); ranked ones first, best first."""
    assert month.since is not None
    both = replace(month, since=month_before(month.since))
    decided = decided_results(snapshot, both)
    middle = midnight(month.since, snapshot.zone)
    rows = ask_decided(
        snapshot, both, decided, "sum_agents", middle=middle, pass_score=snapshot.pass_score
    )
    lost = {
        row["agent_id"]: LostPoint(row["pack"], row["number"], row["title"] or "", row["calls"])
        for row in ask_decided(snapshot, month, decided, "top_lost_points")
    }
    found = [replace(one, lost=lost.get(one.agent_id)) for one in _figures(rows)]
    return _ranked(found)


@dataclass(slots=True)
class _Sums:
    row: Row | None = None
    calls: int = 0
    heard: int = 0
    vetoed: int = 0
    passed: int = 0
    heard_total: float = 0.0
    before: Moments = field(default_factory=Moments)
    lines: dict[str, Moments] = field(default_factory=dict)


def _figures(rows: Iterable[Row]) -> list[AgentFigures]:
    agents: dict[str, _Sums] = defaultdict(_Sums)
    lines: dict[str, Moments] = defaultdict(Moments)
    for row in rows:
        one, scores = agents[row["agent_id"]], moments_of(row)
        if not row["now"]:
            one.before += scores
            continue
        one.row = row
        one.calls += row["calls"]
        one.heard += row["heard"]
        one.vetoed += row["vetoed"]
        one.passed += row["passed"]
        one.heard_total += row["heard_total"]
        one.lines[row["business_line"]] = scores
        lines[row["business_line"]] += scores
    return [_one(sums.row, sums, lines) for sums in agents.values() if sums.row is not None]


def moments_of(row: Row) -> Moments:
    """From columns calls, total, squares."""
    return Moments(row["calls"], row["total"], row["squares"])


def _one(row: Row, sums: _Sums, lines: Mapping[str, Moments]) -> AgentFigures:
    scores = sum(sums.lines.values(), Moments())
    expected = sum((lines[line].mean or 0.0) * own.count for line, own in sums.lines.items())
    found = AgentFigures(
        row["agent_id"], row["agent_name"], row["team"], sums.calls, sums.heard, sums.vetoed,
        scores, sums.before, expected / scores.count, passed=sums.passed,
        heard_total=sums.heard_total,
    )  # fmt: skip
    if not found.ranked:
        return found
    stands = beyond_chance(found.ahead or 0.0, scores.error)
    change = 0
    if sums.before.count >= ENOUGH_CALLS and sums.before.mean is not None:
        change = beyond_chance(
            (found.mean or 0.0) - sums.before.mean, scores.error, sums.before.error
        )
    return replace(found, stands=stands, change=change)


def _ranked(found: Iterable[AgentFigures]) -> list[AgentFigures]:
    """Those that can be ranked, best first, equal ones with one rank; then the others by number."""
    ordered = sorted(found, key=lambda one: (not one.ranked, -(one.ahead or 0.0), one.agent_id))
    ahead = [round(one.ahead or 0.0, 6) for one in ordered if one.ranked]
    rest = sorted((one for one in ordered if not one.ranked), key=lambda one: one.agent_id)
    best = [
        replace(one, rank=ahead.index(round(one.ahead or 0.0, 6)) + 1)
        for one in ordered
        if one.ranked
    ]
    return [*best, *rest]
