"""The register of common problems in `people.sqlite`: what is known again, what people changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import BadInput, TryAgain
from pipeline.store.people import People
from pipeline.weeks import Week

INSERT_TOPIC = """
INSERT OR IGNORE INTO problem_topics (id, at, who, source, name, terms, noted_week, first_week)
VALUES (:id, :at, :who, :source, :name, :terms, :noted_week, :first_week)
"""
INSERT_ACT = """
INSERT INTO problem_acts (at, who, act, problem, value, undoes)
VALUES (:at, :who, :act, :problem, :value, :undoes)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """What customers ask (or are discontent with) in many calls, as it was in a week.

    `terms` are its words with weights; they follow how people put it, the name stays. `source`:
    `asked`, or `dissatisfied` where nobody asks about it. `who`: the person who split it off, empty
    for the machine.
    """

    id: str
    source: str
    name: str
    terms: Mapping[str, float]
    noted_week: Week
    first_week: Week
    who: str = ""


@dataclass(frozen=True, slots=True)
class ProblemAct:
    """What a person did: rename, merge, split, hide, or undo (`undoes`: of which act)."""

    id: int
    at: datetime
    who: str
    act: str
    problem: str
    value: str
    undoes: int | None = None


class ProblemRegister:
    """Topics and acts of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def topics(self) -> list[Topic]:
        """All as they were noted, week by week, and split off; oldest first."""
        query = "SELECT * FROM problem_topics ORDER BY noted_week, id"
        return [_topic(row) for row in self._read(query)]

    def acts(self) -> list[ProblemAct]:
        """Everything that people did, oldest first."""
        return [_act(row) for row in self._read("SELECT * FROM problem_acts ORDER BY id")]

    def newest_week(self) -> Week | None:
        """The latest week that was noted; None before the first."""
        rows = self._read("SELECT week FROM problem_weeks ORDER BY week DESC LIMIT 1")
        return Week.parse(rows[0]["week"]) if rows else None

    def refuse_old(self, week: Week) -> None:
        """BadInput for a week that may not be noted any more."""
        newest = self.newest_week()
        if newest is not None and newest >= week:
            raise BadInput(
                f"problems are noted up to {newest}: week {week} is only looked at, so that later "
                "weeks stay as they were read"
            )

    def note(self, week: Week, topics: Iterable[Topic]) -> None:
        """Keep the topics of a week; BadInput for a week that is not later than those noted."""
        self.refuse_old(week)
        with self._people.writing() as connection:
            now = _now()
            connection.execute(
                "INSERT INTO problem_weeks (week, at) VALUES (?, ?)", (str(week), now)
            )
            for topic in topics:
                connection.execute(INSERT_TOPIC, _values(topic, now))

    def add(self, who: str, act: tuple[str, str, str], topics: Iterable[Topic] = ()) -> int:
        """Store (act, problem, value) and the topics that it needs; returns the act's number."""
        name = _named(who)
        with self._people.writing() as connection:
            for topic in topics:
                connection.execute(INSERT_TOPIC, _values(topic, _now()))
            kind, problem, value = act
            values = {"at": _now(), "who": name, "act": kind, "problem": problem, "value": value}
            number: int = connection.execute(INSERT_ACT, {**values, "undoes": None}).fetchone()[
                "id"
            ]
        return number

    def undo(self, who: str, number: int) -> int:
        """Take an act back; BadInput for one that is none, TryAgain when it was taken back."""
        name = _named(who)
        known = next((act for act in self.acts() if act.id == number and act.act != "undo"), None)
        if known is None:
            raise BadInput(f"there is no act {number} on problems to undo")
        values = {"at": _now(), "who": name, "act": "undo", "problem": known.problem, "value": ""}
        try:
            with self._people.writing() as connection:
                row = connection.execute(INSERT_ACT, {**values, "undoes": number}).fetchone()
        except sqlite3.IntegrityError as error:
            raise TryAgain(f"somebody else undid act {number} meanwhile") from error
        return int(row["id"])

    def stamp(self) -> tuple[int, int]:
        """How many topics and acts there are: a key for caches, as both only grow."""
        query = (
            "SELECT (SELECT count(*) FROM problem_topics) AS topics,"
            " (SELECT count(*) FROM problem_acts) AS acts"
        )
        rows = self._read(query)
        return (int(rows[0]["topics"]), int(rows[0]["acts"])) if rows else (0, 0)

    def _read(self, query: str) -> list[sqlite3.Row]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            return connection.execute(query).fetchall()


def _named(who: str) -> str:
    if not who.strip():
        raise BadInput("a change of problems needs a name: say who you are")
    return who.strip()


def _values(topic: Topic, now: str) -> dict[str, object]:
    return {
        "id": topic.id, "at": now, "who": topic.who, "source": topic.source, "name": topic.name,
        "terms": json.dumps(topic.terms, ensure_ascii=False),
        "noted_week": str(topic.noted_week), "first_week": str(topic.first_week),
    }  # fmt: skip


def _topic(row: sqlite3.Row) -> Topic:
    weeks = (Week.parse(row["noted_week"]), Week.parse(row["first_week"]))
    terms = {str(word): float(weight) for word, weight in json.loads(row["terms"]).items()}
    return Topic(row["id"], row["source"], row["name"], terms, *weeks, row["who"])


def _act(row: sqlite3.Row) -> ProblemAct:
    values = {**dict(row), "at": datetime.fromisoformat(row["at"])}
    return ProblemAct(**values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
