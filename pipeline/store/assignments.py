"""Who works on which call: claimed by an inspector, assigned by a supervisor, given back, done.

Of two people only one can have a call. Whoever decides something of a call that nobody has gets it
with that decision; whoever decides of a call that somebody else has is told who. A claim ends by
itself after `CLAIM`, so that a call is not lost with somebody who went home; what a supervisor
assigned does not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.errors import BadInput, TryAgain
from pipeline.store.connection import sql
from pipeline.store.sqlitefile import latest_row

if TYPE_CHECKING:
    from pipeline.store.people import People

CLAIM = timedelta(hours=12)
_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("content_sha256", pa.string()),
    ("holder", pa.string()),
    ("holder_since", pa.timestamp("us", tz="UTC")),
]
ASSIGNED = pa.schema(_COLUMNS)
Subject = tuple[str, str]  # content_sha256, call_id


class Assigned(StrEnum):
    """What was done: taken by oneself, given by somebody else, given back, finished."""

    CLAIM = "claim"
    ASSIGN = "assign"
    RETURN = "return"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A stored act; `at` and `ends` are UTC, `holder` None: nobody has the call from then on."""

    id: int
    at: datetime
    who: str
    content_sha256: str
    call_id: str
    act: Assigned
    holder: str | None
    ends: datetime | None
    previous: int | None

    def held_by(self, now: datetime) -> str | None:
        """Who has the call at this moment."""
        return None if self.ends is not None and self.ends <= now else self.holder


class Assignments:
    """Who has which call of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def of(self, content_sha256: str) -> Assignment | None:
        """Who has a call now, None when nobody has."""
        now = datetime.now(UTC)
        with self._reading() as connection:
            latest = None if connection is None else newest(connection, content_sha256)
        return latest if latest is not None and latest.held_by(now) else None

    def history(self, content_sha256: str) -> list[Assignment]:
        """All acts on a call, oldest first."""
        query = "SELECT * FROM assignments WHERE content_sha256 = ? ORDER BY id"
        with self._reading() as connection:
            if connection is None:
                return []
            return [_assignment(row) for row in connection.execute(query, (content_sha256,))]

    def held(self) -> pa.Table:
        """All calls that somebody has now: content_sha256, holder, holder_since."""
        now = {"now": datetime.now(UTC).isoformat(timespec="microseconds")}
        with self._reading() as connection:
            found = [] if connection is None else connection.execute(sql("list_assigned"), now)
            rows = [
                {"content_sha256": one.content_sha256, "holder": one.holder, "holder_since": one.at}
                for one in map(_assignment, found)
            ]
        return pa.Table.from_pylist(rows, schema=ASSIGNED)

    def claim(self, who: str, subject: Subject) -> Assignment:
        """Take a call that nobody has; taken again by its holder it is theirs for longer.

        TryAgain when somebody else has it.
        """
        with self._people.writing() as connection:
            refuse_other(connection, who, subject)
            return take(connection, who, subject)

    def claim_first(self, who: str, subjects: Iterable[Subject]) -> Subject | None:
        """Take the first of these calls that nobody has; None when all are taken."""
        now = datetime.now(UTC)
        with self._people.writing() as connection:
            for subject in subjects:
                latest = newest(connection, subject[0])
                if latest is None or latest.held_by(now) is None:
                    take(connection, who, subject)
                    return subject
        return None

    def assign(
        self, by: str, holder: str, subjects: Iterable[Subject], *, take_over: bool = False
    ) -> int:
        """Give calls to somebody, without an end; returns how many.

        Those that somebody else has are left to them, unless `take_over`.
        """
        if not holder.strip():
            raise BadInput("say who gets the calls")
        now, given = datetime.now(UTC), 0
        with self._people.writing() as connection:
            for subject in subjects:
                latest = newest(connection, subject[0])
                other = latest.held_by(now) if latest else None
                if other in (None, holder) or take_over:
                    _add(connection, by, subject, Assigned.ASSIGN, holder.strip(), None)
                    given += 1
        return given

    def give_back(self, who: str, subject: Subject) -> None:
        """Let go of a call, one's own or, for whoever may assign, anybody's."""
        with self._people.writing() as connection:
            latest = newest(connection, subject[0])
            if latest is not None and latest.held_by(datetime.now(UTC)) is not None:
                _add(connection, who, subject, Assigned.RETURN, None, None)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self._people.path.exists():
            yield None
            return
        with self._people.connected() as connection:
            yield connection


# ── inside a transaction of the file ─────────────────────────────────────────────────────────────


def newest(connection: sqlite3.Connection, content_sha256: str) -> Assignment | None:
    """The last act on a call."""
    row = latest_row(connection, "assignments", content_sha256=content_sha256)
    return None if row is None else _assignment(row)


def refuse_other(connection: sqlite3.Connection, who: str, subject: Subject) -> None:
    """TryAgain when somebody else has the call."""
    latest = newest(connection, subject[0])
    holder = latest.held_by(datetime.now(UTC)) if latest else None
    if latest is not None and holder not in (None, who):
        since = latest.at.isoformat(timespec="minutes")
        raise TryAgain(f"{holder} has call {subject[1]} since {since}; leave it to them")


def take(connection: sqlite3.Connection, who: str, subject: Subject) -> Assignment:
    """The call is theirs; what was assigned to them stays without an end."""
    now = datetime.now(UTC)
    latest = newest(connection, subject[0])
    if latest is not None and latest.held_by(now) == who and latest.act is Assigned.ASSIGN:
        return latest
    return _add(connection, who, subject, Assigned.CLAIM, who, now + CLAIM)


def finish(connection: sqlite3.Connection, who: str, subject: Subject) -> None:
    """Nobody needs to have the call any more."""
    _add(connection, who, subject, Assigned.DONE, None, None)


def _add(
    connection: sqlite3.Connection, who: str, subject: Subject, act: Assigned,
    holder: str | None, ends: datetime | None,
) -> Assignment:  # fmt: skip
    latest = newest(connection, subject[0])
    values: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "who": who,
        "content_sha256": subject[0],
        "call_id": subject[1],
        "act": act.value,
        "holder": holder,
        "ends": ends and ends.isoformat(timespec="microseconds"),
        "previous": latest and latest.id,
    }
    return _assignment(connection.execute(sql("insert_assignment"), values).fetchone())


def _assignment(row: sqlite3.Row) -> Assignment:
    values = dict(row)
    values["at"] = datetime.fromisoformat(values["at"])
    values["ends"] = values["ends"] and datetime.fromisoformat(values["ends"])
    values["act"] = Assigned(values["act"])
    return Assignment(**values)
