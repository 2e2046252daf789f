"""Calls that stopped arriving: of an agent while the team has some, of a team, a line, of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline.domain import Drift, DriftKind
from pipeline.drift import chances
from pipeline.drift.days import WEEKS, Figure, Since

Row = Mapping[str, Any]
Days = Mapping[date, int]

FEWEST_WEEKS = 4
STEADY = 20  # calls a day of a team or line that is missed when they stop
LITTLE = 0.1  # of the usual number: stopped
BACK = 0.5  # of the usual number: arriving again
FEWEST_GAP = 2  # days without calls of an agent who is missed
RARE = 0.05  # share of the absences of all agents that last as long: leave, not a fault
FEWEST_PRESENT = 10  # days with calls of an agent who is missed


def arrivals(rows: Sequence[Row], day: date, since: Since) -> list[Figure]:
    """What stopped; where everything did, only that is said."""
    if not rows:
        return []
    whole = _stopped(Drift(DriftKind.ALL, "", day, 0, 0, 0, 1), _days(rows), since)
    found = [whole] if whole else []
    if whole is not None and (whole.far or (whole.still and whole.key in since.going)):
        return found
    for kind, name in ((DriftKind.TEAM, "team"), (DriftKind.LINE, "business_line")):
        for subject, own in _by(rows, name).items():
            team, line = (subject, None) if kind is DriftKind.TEAM else (None, subject)
            drift = Drift(kind, subject, day, 0, 0, 0, 1, team=team, business_line=line)
            figure = _stopped(drift, _days(own), since)
            found += [figure] if figure else []
    return [*found, *_silent_agents(rows, day)]


def _days(rows: Sequence[Row]) -> Days:
    counts: dict[date, int] = defaultdict(int)
    for row in rows:
        counts[row["day"]] += row["calls"]
    return counts


def _by(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[name] is not None:
            found[str(row[name])].append(row)
    return found


def _stopped(drift: Drift, counts: Days, since: Since) -> Figure | None:
    """The number of calls of a day beside those of the same weekday before."""
    first = min(since.of(drift), drift.day)
    weeks = range(1, WEEKS + 1)
    same = [drift.day - timedelta(weeks=n) for n in weeks]
    before = [counts.get(d, 0) for d in same if d < first and min(counts) <= d]
    now = counts.get(drift.day, 0)
    if len(before) < FEWEST_WEEKS or sum(before) < STEADY * len(before):
        return None
    was = sum(before) / len(before)
    far = now < LITTLE * was and now < min(before)
    known = Drift(
        drift.kind, drift.subject, drift.day, now, was, now, chances.stopped(now, before),
        team=drift.team, business_line=drift.business_line,
    )  # fmt: skip
    return Figure(known, far=far, still=now < BACK * was)


def _silent_agents(rows: Sequence[Row], day: date) -> Iterator[Figure]:
    """Agents without a call on days on which others of their team had some."""
    teams = {team: _days(own) for team, own in _by(rows, "team").items()}
    whole = _days(rows)
    known: dict[tuple[str, str | None], tuple[Days, list[date]]] = {}
    for agent, own in _by(rows, "agent_id").items():
        calls, team = _days(own), own[-1]["team"]
        others = whole if team is None else teams[str(team)]
        days = [d for d in sorted(others) if min(calls) <= d <= day and others[d] > calls.get(d, 0)]
        known[agent, team] = calls, _habitual(days, calls)
    absences = [gap for calls, days in known.values() for gap in _gaps(days, calls)]
    for who, (calls, days) in known.items():
        figure = _silent(who, calls, days, day)
        if figure is not None:
            rare = sum(gap >= figure.drift.of for gap in absences) <= RARE * len(absences)
            yield replace(figure, far=figure.far and rare)


def _habitual(days: Sequence[date], calls: Days) -> list[date]:
    """Without the weekdays on which the agent mostly has no calls."""
    until = [d for d in days if d <= max(calls)]
    usual = {
        weekday
        for weekday in range(7)
        if (same := [d for d in until if d.weekday() == weekday])
        and 2 * sum(d in calls for d in same) >= len(same)
    }
    return [d for d in days if d.weekday() in usual]


def _silent(
    who: tuple[str, str | None], calls: Days, days: Sequence[date], day: date
) -> Figure | None:
    """How long an agent has had no calls, in days on which the team had some; None if it had none.

    How that compares with other absences is for whoever knows them.
    """
    agent, team = who
    last = max(calls)
    present = sum(d in calls for d in days)
    if day not in days or present < FEWEST_PRESENT:
        return None
    gap = sum(d > last for d in days)
    chance = chances.silent(gap, present, len(days) - gap - present)
    usual = sum(calls.values()) / len(calls)
    drift = Drift(DriftKind.AGENT, agent, day, calls.get(day, 0), usual, gap, chance, team=team)
    return Figure(drift, far=gap >= FEWEST_GAP, still=gap > 0)


def _gaps(days: Sequence[date], calls: Days) -> list[int]:
    """How long the agent was away before, in days on which they usually have calls."""
    gaps, gap = [], 0
    for one in (d for d in days if d <= max(calls)):
        if one in calls and gap >= FEWEST_GAP:
            gaps.append(gap)
        gap = 0 if one in calls else gap + 1
    return gaps
