"""The common problems of a week: found, known again, counted, compared, named and ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.domain import Problem, ProblemKind, Severity, Trend, WeekCount
from pipeline.problems import trend
from pipeline.problems.concerned import told
from pipeline.problems.edits import Edits, edits_of
from pipeline.problems.known import Grouped, group
from pipeline.problems.moments import Place, chosen, moment
from pipeline.problems.naming import words_of
from pipeline.problems.topics import Ints
from pipeline.problems.turns import Turns, turns_of
from pipeline.store import Passages, ProblemRegister, Snapshot, Span, Topic, said_at
from pipeline.weeks import Week

Row = dict[str, Any]
WEEKS = 4  # looked at: the week and those before
LEAST_CALLS = 3  # of the week
MOST = 60  # problems that are shown
GRAVE = {Severity.CRITICAL: 5.0, Severity.MAJOR: 3.0, Severity.MINOR: 1.0}
COSTS = {
    ProblemKind.ASKED: 1.0, ProblemKind.WAITED: 2.0, ProblemKind.REPEATED: 2.0,
    ProblemKind.DISSATISFIED: 3.0,
}  # fmt: skip
RISING = 1.5


@dataclass
class Found:
    """One problem before it is counted: where it stands (`places`), by call."""

    id: str
    kind: ProblemKind
    name: str
    places: list[Place]
    words: tuple[str, ...] = ()
    known: bool = False
    first_week: str = ""
    renamed: bool = False
    rule: Row = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """The calls of some weeks, with the rules that each failed, and what was found in them."""

    weeks: tuple[Week, ...]
    calls: list[Row]
    rules: list[tuple[str, ...]]
    found: list[Found]
    topics: list[Topic]

    @cached_property
    def sizes(self) -> Ints:
        """Calls by week."""
        return np.bincount([row["week"] for row in self.calls], minlength=len(self.weeks))


@dataclass(frozen=True)
class Weekly:
    """A week's problems, heaviest first; all topics that are met in it, by id.

    `calls`: ids of the calls of all weeks that have a problem, by its id.
    """

    problems: tuple[Problem, ...]
    topics: Mapping[str, Topic]
    calls: Mapping[str, frozenset[str]]


def weekly(snapshot: Snapshot, week: Week, team: str | None = None) -> tuple[Problem, ...]:
    """The problems of a week in the calls that this reader has, heaviest first; hidden ones not.

    The same data and register give the same; looking changes nothing.
    """
    return look(snapshot, week, team).problems


def look(snapshot: Snapshot, week: Week, team: str | None = None) -> Weekly:
    """`weekly`, with the topics behind it."""
    register = ProblemRegister(snapshot.people)
    edits = edits_of(register.acts())
    material = _material(snapshot, week, team, register.topics(), edits)
    problems = tuple(_problems(snapshot, material, edits))
    shown = {problem.id for problem in problems}
    calls = {
        one.id: frozenset(material.calls[number]["call_id"] for number in _calls(one))
        for one in material.found
        if one.id in shown
    }
    return Weekly(problems, {topic.id: topic for topic in material.topics}, calls)


def _material(
    snapshot: Snapshot, week: Week, team: str | None, topics: Sequence[Topic], edits: Edits
) -> Material:
    weeks = tuple(week.back(back) for back in reversed(range(WEEKS)))
    passages = Passages(snapshot, Span(weeks[0].monday, week.sunday, team))
    calls = passages.calls().to_pylist()
    numbers = {row["call_id"]: number for number, row in enumerate(calls)}
    rules, found = _broken(passages, numbers, edits)
    turns = turns_of(passages, numbers)
    heard = np.array([calls[number]["week"] for number in turns.calls], np.int64)
    grouped = group(turns, heard, weeks, topics, edits)
    found += _said(turns, grouped, edits)
    return Material(weeks, calls, rules, found, grouped.topics)


def _broken(
    passages: Passages, numbers: Mapping[str, int], edits: Edits
) -> tuple[list[tuple[str, ...]], list[Found]]:
    """Failed rules of each call, and one problem per rule."""
    by_rule: dict[str, Found] = {}
    failed: list[list[str]] = [[] for _ in numbers]
    for row in passages.findings().to_pylist():
        rule, number = row["rule"], numbers[row["call_id"]]
        failed[number].append(rule)
        name = edits.names.get(rule)
        one = by_rule.setdefault(
            rule,
            Found(f"{ProblemKind.RULE}-{rule}", ProblemKind.RULE, name or row["title"], [],
                  renamed=name is not None, rule=row),
        )  # fmt: skip
        place = Place(number, row["segment"] if row["segment"] is not None else 0,
                      row["confidence"] + (row["segment"] is not None))  # fmt: skip
        one.places.append(place)
    return [tuple(dict.fromkeys(rules)) for rules in failed], list(by_rule.values())


def _said(turns: Turns, grouped: Grouped, edits: Edits) -> Iterator[Found]:
    """One problem per topic and kind in which it is met."""
    kinds = (
        (ProblemKind.ASKED, turns.asking), (ProblemKind.DISSATISFIED, turns.dissatisfied),
        (ProblemKind.REPEATED, turns.again), (ProblemKind.WAITED, turns.left_waiting),
    )  # fmt: skip
    for kind, rows in kinds:
        places = grouped.discontent if kind is ProblemKind.DISSATISFIED else grouped.asked
        for number, topic in enumerate(grouped.topics):
            own = rows[places.topic[rows] == number]
            if not len(own):
                continue
            there = [
                Place(int(turns.calls[row]), int(turns.segments[row]), float(places.near[row]))
                for row in own
            ]
            yield Found(
                f"{kind}-{topic.id}", kind, edits.names.get(topic.id, topic.name), there,
                words_of(topic.terms), topic.id in grouped.known, str(topic.first_week),
                topic.id in edits.names,
            )  # fmt: skip


def _problems(snapshot: Snapshot, material: Material, edits: Edits) -> list[Problem]:
    counts = [_counts(material, one) for one in material.found]
    every = [n for n, weeks in enumerate(counts) if sum(w.calls for w in weeks) >= trend.TESTED]
    corrected: dict[int, float | None] = dict(
        zip(every, trend.chances([counts[n] for n in every]), strict=True)
    )
    shown: list[tuple[float, int, Trend]] = []
    for number, one in enumerate(material.found):
        change = trend.trend_of(counts[number], corrected.get(number), known=one.known)
        calls = counts[number][-1].calls
        if one.id not in edits.hidden and (
            calls >= LEAST_CALLS or (calls and change is Trend.DOWN)
        ):
            shown.append((_weight(one, calls, change), number, change))
    shown.sort(key=lambda item: (-item[0], material.found[item[1]].id))
    return _filled(snapshot, material, shown[:MOST], counts, corrected)


def _counts(material: Material, one: Found) -> tuple[WeekCount, ...]:
    weeks = np.array([material.calls[number]["week"] for number in _calls(one)], np.int64)
    counts = np.bincount(weeks, minlength=len(material.weeks))
    return tuple(
        WeekCount(str(week), int(calls), int(of))
        for week, calls, of in zip(material.weeks, counts, material.sizes, strict=True)
    )


def _calls(one: Found) -> list[int]:
    """Numbers of the calls that have it, each once."""
    return sorted({place.call for place in one.places})


def _weight(one: Found, calls: int, change: Trend) -> float:
    cost = GRAVE[Severity(one.rule["severity"])] if one.rule else COSTS[one.kind]
    return calls * cost * (RISING if change in (Trend.NEW, Trend.UP) else 1.0)


def _filled(
    snapshot: Snapshot,
    material: Material,
    shown: Sequence[tuple[float, int, Trend]],
    counts: Sequence[tuple[WeekCount, ...]],
    corrected: Mapping[int, float | None],
) -> list[Problem]:
    """The problems that are shown, with whom they concern and where they are heard."""
    last = len(material.weeks) - 1
    mine = {
        n: at
        for at, n in enumerate(n for n, row in enumerate(material.calls) if row["week"] == last)
    }
    rows = [material.calls[number] for number in mine]
    having = [
        frozenset(mine[c] for c in _calls(material.found[n]) if c in mine) for _, n, _ in shown
    ]
    rules = [material.rules[number] for number in mine]
    concerned = told(rows, rules, having)
    places = [
        chosen([p for p in material.found[n].places if p.call in mine], material.calls)
        for _, n, _ in shown
    ]
    wanted = [(material.calls[p.call]["call_id"], p.segment) for own in places for p in own]
    said = said_at(snapshot, wanted)
    found = []
    for (weight, n, change), whom, own in zip(shown, concerned, places, strict=True):
        one = material.found[n]
        moments = tuple(
            moment(
                p, material.calls[p.call], said.get((material.calls[p.call]["call_id"], p.segment))
            )
            for p in own
        )
        rule = one.rule
        first = one.first_week or next(w.week for w in counts[n] if w.calls)
        found.append(Problem(
            id=one.id, kind=one.kind, name=one.name, words=one.words, weeks=counts[n],
            trend=change, chance=corrected.get(n), weight=round(weight, 3), moments=moments,
            agents=whom.agents, teams=whom.teams, products=whom.products,
            hints=tuple(h for h in whom.hints if (h.what, h.value) != ("rule", rule.get("rule"))),
            rule=rule.get("rule"), control_point=rule.get("control_point"),
            severity=Severity(rule["severity"]) if rule else None,
            name_en="" if one.renamed else rule.get("title_en") or "",
            renamed=one.renamed, first_week=first,
        ))  # fmt: skip
    return found
