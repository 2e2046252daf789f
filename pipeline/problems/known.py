"""Topics of some weeks: those of earlier weeks again, with their ids and names, and new ones.

Topics noted in earlier weeks, and what trainers split off, take the turns near them first; only
what is left over is clustered. A topic that was noted in this very week is found anew and
recognised, so that a week reads the same before and after it was noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

import numpy as np

from pipeline.problems.content import content
from pipeline.problems.edits import Edits
from pipeline.problems.naming import name_of
from pipeline.problems.topics import LEAST_CALLS, NOWHERE, Centre, Floats, Ints, clusters, nearest
from pipeline.problems.turns import Turns
from pipeline.store import Topic
from pipeline.weeks import Week

ASKED, DISSATISFIED = "asked", "dissatisfied"
SAME = 0.6  # cosine of two centres that are the same topic
ROUNDS = 4  # of clustering what is left over: smaller topics come to light when large ones are gone


@dataclass
class Placed:
    """Of every turn its topic (a number, or NOWHERE) and how near it is to the middle."""

    topic: Ints
    near: Floats


@dataclass
class Grouped:
    """Topics, which of them (by id) were known before, and the turns of each."""

    topics: list[Topic]
    known: set[str]
    asked: Placed
    discontent: Placed


def group(
    turns: Turns, heard: Ints, weeks: tuple[Week, ...], noted: Sequence[Topic], edits: Edits
) -> Grouped:
    """Topics of what is asked and of what customers are discontent with.

    `heard`: the number of the week of every turn; `noted`: the register; `edits` hold on top.
    """
    noted = [replace(one, terms=cut_now(one.terms, turns.own)) for one in noted]
    grouping = _Grouping(turns, heard, weeks, noted, edits)
    asked = grouping.place(turns.asking, turns.space.vectors, ASKED)
    discontent = grouping.place(turns.dissatisfied, turns.with_what_about(), DISSATISFIED)
    known = {topic.id for topic in grouping.topics if topic.noted_week < weeks[-1]}
    grouping.refresh(asked, turns.space.vectors)
    return Grouped(grouping.topics, known, asked, discontent)


@dataclass
class _Grouping:
    """Topics as they come together; `of_centre`: the number of each centre's topic."""

    turns: Turns
    heard: Ints
    weeks: tuple[Week, ...]
    noted: Sequence[Topic]
    edits: Edits
    topics: list[Topic] = field(default_factory=list)
    centres: list[Centre] = field(default_factory=list)
    of_centre: list[int] = field(default_factory=list)

    def place(self, rows: Ints, vectors: Any, source: str) -> Placed:  # noqa: ANN401 - scipy
        """Give rows to the topics that are there, and to new ones, which are added."""
        placed = Placed(np.full(len(self.heard), NOWHERE), np.zeros(len(self.heard)))
        for topic in self._seeds(source):
            self._add(Centre(topic.terms, topic.id), topic)
        self._give(placed, rows, vectors, first=0)
        for _ in range(ROUNDS):
            left = rows[placed.topic[rows] == NOWHERE]
            before, found = len(self.centres), clusters(self.turns.space, left, vectors)
            if not found:
                break
            where, _near = nearest(vectors[left], self.turns.space.rows_of(found))
            for number, centre in enumerate(found):
                own = left[where == number]
                self._add(centre, self._topic(centre, own, source))
            self._give(placed, left, vectors, first=before)
        return placed

    def _seeds(self, source: str) -> list[Topic]:
        """Topics that are known before this week is looked at, as they were noted last."""
        week, found = self.weeks[-1], dict[str, Topic]()
        parted = {*self.edits.split, *self.edits.split.values()}
        for topic in self.noted:
            before = topic.noted_week < week or (topic.noted_week == week and topic.id in parted)
            holds = not topic.who or topic.id in self.edits.split
            if topic.source == source and before and holds:
                first = found.get(topic.id, topic)
                found[topic.id] = replace(first, terms=topic.terms)
        return list(found.values())

    def refresh(self, placed: Placed, vectors: Any) -> None:  # noqa: ANN401 - scipy
        """Topics as people put them now; what people split off keeps its word."""
        for number, topic in enumerate(self.topics):
            rows = np.flatnonzero(placed.topic == number)
            if topic.who or len(np.unique(self.turns.calls[rows])) < LEAST_CALLS:
                continue
            terms = self.turns.space.centre(rows, vectors).terms
            self.topics[number] = replace(topic, terms=terms or topic.terms)

    def _add(self, centre: Centre, topic: Topic) -> None:
        """A centre of a topic, or of the one into which that was merged."""
        remaining = self.edits.remaining(topic.id)
        topic = next((one for one in self.noted if one.id == remaining), topic)
        number = next((n for n, one in enumerate(self.topics) if one.id == topic.id), None)
        if number is None:
            number = len(self.topics)
            self.topics.append(topic)
        self.centres.append(centre)
        self.of_centre.append(number)

    def _give(self, placed: Placed, rows: Ints, vectors: Any, first: int) -> None:  # noqa: ANN401
        """Rows to the centres from number `first` on."""
        centres = self.turns.space.rows_of(self.centres[first:])
        where, near = nearest(vectors[rows], centres)
        got = where != NOWHERE
        topics = np.array(self.of_centre[first:], np.int64)
        placed.topic[rows[got]] = topics[where[got]]
        placed.near[rows[got]] = near[got]

    def _topic(self, centre: Centre, rows: Ints, source: str) -> Topic:
        """A new topic, or the one of this week's register that it is."""
        week, number = self.weeks[-1], centre.made_id
        taken = {topic.id for topic in self.topics}
        among = [
            one for one in self.noted
            if one.noted_week == week and one.source == source and not one.who
            and one.id not in taken
        ]  # fmt: skip
        best = max(
            among, key=lambda one: (one.id == number, _alike(one.terms, centre.terms)), default=None
        )
        if best and (best.id == number or _alike(best.terms, centre.terms) >= SAME):
            return best
        own = self.turns.own
        texts = [(int(self.turns.calls[row]), self.turns.texts[row]) for row in rows]
        first = self.weeks[int(self.heard[rows].min())] if len(rows) else week
        return Topic(number, source, name_of(texts, centre.terms, own), centre.terms, week, first)


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two centres."""
    both = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    return both / max(hypot(*one.values()) * hypot(*other.values()), 1e-9)


def cut_now(terms: Mapping[str, float], own: frozenset[str]) -> dict[str, float]:
    """A centre in words as they are cut now: what became one word meanwhile is one.

    So a topic is known again after a person accepted a word that it was in.
    """
    found = dict(terms)
    for word in sorted(own - terms.keys()):
        parts = set(content(word))
        if parts and parts <= terms.keys():
            found[word] = round(hypot(*(terms[part] for part in parts)), 5)
            for part in parts:
                found.pop(part, None)
    return found
