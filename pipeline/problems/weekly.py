"""The common problems of a week: found, counted, compared with the weeks before, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.domain import Gone, Problem, ProblemKind, Severity, Trend, WeekCount
from pipeline.problems import trend
from pipeline.problems.edits import Edits, edits_of
from pipeline.problems.filled import Ranked, filled, gone_of
from pipeline.problems.material import Found, Material, Said, gather
from pipeline.problems.material import hear as hear_all
from pipeline.store import ProblemRegister, Snapshot, Topic
from pipeline.weeks import Week

LEAST_CALLS = 3  # of the week
MOST = 60  # problems that are shown
MOST_GONE = 8
GRAVE = {Severity.CRITICAL: 5.0, Severity.MAJOR: 3.0, Severity.MINOR: 1.0}
COSTS = {
    ProblemKind.ASKED: 1.0,
    ProblemKind.WAITED: 2.0,
    ProblemKind.REPEATED: 2.0,
    ProblemKind.DISSATISFIED: 3.0,
}
RISING = 1.5


@dataclass(frozen=True)
class Weekly:
    """A week's problems, heaviest first; all topics that are met in it, by id.

    `calls`: ids of the calls of all weeks that have a problem, by its id. `gone`: what was a
    problem in the weeks before and is in no call of this one. `size`: calls of the week.
    """

    problems: tuple[Problem, ...]
    topics: Mapping[str, Topic]
    calls: Mapping[str, frozenset[str]]
    gone: tuple[Gone, ...] = ()
    size: int = 0


def weekly(snapshot: Snapshot, week: Week, team: str | None = None) -> tuple[Problem, ...]:
    """The problems of a week in the calls that this reader has, heaviest first; hidden ones not.

    The same data and register give the same; looking changes nothing.
    """
    return look(snapshot, week, team).problems


def hear(snapshot: Snapshot, week: Week, team: str | None = None) -> Said:
    """What is said in a week and those before, for whoever looks often."""
    register = ProblemRegister(snapshot.people)
    return hear_all(snapshot, week, team, register.topics(), edits_of(register.acts()))


def look(
    snapshot: Snapshot, week: Week, team: str | None = None, said: Said | None = None
) -> Weekly:
    """`weekly`, with the topics behind it; `said` as `hear` gave it, if it is known."""
    register = ProblemRegister(snapshot.people)
    edits = edits_of(register.acts())
    material = gather(snapshot, week, team, register.topics(), edits, said)
    judged = _judged(material, edits)
    problems = tuple(filled(snapshot, material, _ranked(judged)))
    shown = {problem.id for problem in problems}
    calls = {
        one.id: frozenset(material.calls[number]["call_id"] for number in one.calls)
        for one in material.found
        if one.id in shown
    }
    topics = {topic.id: topic for topic in material.topics}
    size = int(material.sizes[-1]) if material.calls else 0
    return Weekly(problems, topics, calls, _gone(judged) if size else (), size)


def _judged(material: Material, edits: Edits) -> list[Ranked]:
    """Everything that was found in some week, with its trend; hidden problems not."""
    counts = [_counts(material, one) for one in material.found]
    tested = [n for n, weeks in enumerate(counts) if sum(w.calls for w in weeks) >= trend.TESTED]
    corrected = dict(zip(tested, trend.chances([counts[n] for n in tested]), strict=True))
    found = []
    for number, one in enumerate(material.found):
        chance, calls = corrected.get(number), counts[number][-1].calls
        change = trend.trend_of(counts[number], chance, known=one.known)
        if one.id not in edits.hidden:
            found.append(Ranked(one, counts[number], change, chance, _weight(one, calls, change)))
    return found


def _ranked(judged: Iterable[Ranked]) -> list[Ranked]:
    """What is shown, heaviest first; rare ones only where they fell."""
    often = [
        one
        for one in judged
        if one.weeks[-1].calls >= LEAST_CALLS or (one.weeks[-1].calls and one.trend is Trend.DOWN)
    ]
    return sorted(often, key=lambda one: (-one.weight, one.found.id))[:MOST]


def _gone(judged: Iterable[Ranked]) -> tuple[Gone, ...]:
    """Problems of the weeks before that no call of the week has; those beyond chance first."""
    found = [
        one
        for one in judged
        if not one.weeks[-1].calls and max(week.calls for week in one.weeks) >= LEAST_CALLS
    ]
    found.sort(key=lambda one: (
        one.trend is not Trend.DOWN, -sum(week.calls for week in one.weeks), one.found.id
    ))  # fmt: skip
    return tuple(gone_of(one) for one in found[:MOST_GONE])


def _counts(material: Material, one: Found) -> tuple[WeekCount, ...]:
    weeks = np.array([material.calls[number]["week"] for number in one.calls], np.int64)
    counts = np.bincount(weeks, minlength=len(material.weeks))
    return tuple(
        WeekCount(str(week), int(calls), int(of))
        for week, calls, of in zip(material.weeks, counts, material.sizes, strict=True)
    )


def _weight(one: Found, calls: int, change: Trend) -> float:
    cost = GRAVE[Severity(one.rule["severity"])] if one.rule else COSTS[one.kind]
    return calls * cost * (RISING if change in (Trend.NEW, Trend.UP) else 1.0)
