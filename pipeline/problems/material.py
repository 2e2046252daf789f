"""What is found in the calls of some weeks, before it is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.domain import ProblemKind
from pipeline.problems.edits import Edits
from pipeline.problems.known import Grouped, group
from pipeline.problems.moments import Place
from pipeline.problems.naming import words_of
from pipeline.problems.topics import Ints
from pipeline.problems.turns import Turns, turns_of
from pipeline.search import words
from pipeline.store import Passages, Snapshot, Span, Topic, Words
from pipeline.weeks import Week

Row = dict[str, Any]
WEEKS = 4  # looked at: the week and those before


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

    @cached_property
    def calls(self) -> list[int]:
        """Numbers of the calls that have it, each once."""
        return sorted({place.call for place in self.places})


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
class Said:
    """What is found in the words of some weeks' calls (`calls`: their ids, in order).

    It takes nearly all the time, and stays until calls, the register or accepted words change:
    no review changes it.
    """

    calls: tuple[str, ...]
    found: tuple[Found, ...]
    topics: tuple[Topic, ...]


def hear(
    snapshot: Snapshot, week: Week, team: str | None, topics: Sequence[Topic], edits: Edits
) -> Said:
    """What is said in the week and those before; `topics`: the register."""
    weeks, passages = _span(snapshot, week, team)
    return _heard(snapshot, passages, weeks, passages.calls().to_pylist(), topics, edits)


def gather(
    snapshot: Snapshot,
    week: Week,
    team: str | None,
    topics: Sequence[Topic],
    edits: Edits,
    said: Said | None = None,
) -> Material:
    """Everything that is found in the week and those before; `topics`: the register.

    `said` is what `hear` gave for the same week, if it is known; of other calls it is not used.
    """
    weeks, passages = _span(snapshot, week, team)
    calls = passages.calls().to_pylist()
    if not calls:
        return Material(weeks, calls, [], [], [])
    rules, found = _broken(passages, _numbers(calls), edits)
    if said is None or said.calls != tuple(row["call_id"] for row in calls):
        said = _heard(snapshot, passages, weeks, calls, topics, edits)
    return Material(weeks, calls, rules, [*found, *said.found], list(said.topics))


def _span(snapshot: Snapshot, week: Week, team: str | None) -> tuple[tuple[Week, ...], Passages]:
    weeks = tuple(week.back(back) for back in reversed(range(WEEKS)))
    return weeks, Passages(snapshot, Span(weeks[0].monday, week.sunday, team))


def _numbers(calls: Sequence[Row]) -> dict[str, int]:
    return {row["call_id"]: number for number, row in enumerate(calls)}


def _heard(
    snapshot: Snapshot,
    passages: Passages,
    weeks: tuple[Week, ...],
    calls: Sequence[Row],
    topics: Sequence[Topic],
    edits: Edits,
) -> Said:
    if not calls:
        return Said((), (), ())
    numbers = _numbers(calls)
    own = frozenset(map(words.fold, Words(snapshot.people).accepted()))
    turns = turns_of(passages, numbers, own)
    heard = np.array([calls[number]["week"] for number in turns.calls], np.int64)
    grouped = group(turns, heard, weeks, topics, edits)
    return Said(tuple(numbers), tuple(_said(turns, grouped, edits)), tuple(grouped.topics))


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
