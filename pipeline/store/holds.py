"""Legal holds: who or what must not be removed, until somebody releases it. Append-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.errors import BadInput
from pipeline.store.people import People
from pipeline.store.sqlitefile import transaction


class Held(StrEnum):
    """What a hold is about."""

    CUSTOMER = "customer"
    AGENT = "agent"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that is in force; `content_sha256` is that of a held call."""

    id: int
    at: datetime
    who: str
    reason: str
    kind: Held
    subject: str
    content_sha256: str | None = None


class Holds:
    """The holds of one database, in `people.sqlite`."""

    def __init__(self, people: People) -> None:
        self._people = people

    def add(self, who: str, reason: str, kind: Held, subject: str, content: str | None) -> Hold:
        """Hold all calls of a customer or agent, also those to come, or one call."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._people.connected() as connection:
            row = connection.execute(
                "INSERT INTO holds (at, who, reason, kind, subject, content_sha256) "
                "VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
                (now, who, reason, kind.value, subject, content),
            ).fetchone()
        return _hold(row)

    def release(self, who: str, reason: str, number: int) -> None:
        """End a hold; BadInput when there is no such hold in force."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        self.get(number)
        try:
            with self._people.connected() as connection:
                connection.execute(
                    "INSERT INTO holds (at, who, reason, releases) VALUES (?, ?, ?, ?)",
                    (now, who, reason, number),
                )
        except sqlite3.IntegrityError:  # somebody else was quicker
            raise BadInput(
                f"hold {number} is not in force; `callqa hold list` names those"
            ) from None

    def get(self, number: int) -> Hold:
        """A hold in force; BadInput for another number."""
        for hold in self.in_force():
            if hold.id == number:
                return hold
        raise BadInput(f"hold {number} is not in force; `callqa hold list` names those that are")

    def in_force(self) -> list[Hold]:
        """All holds that nobody has released, oldest first."""
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            rows = connection.execute(
                "SELECT * FROM holds AS h WHERE h.releases IS NULL "
                "AND NOT EXISTS (SELECT 1 FROM holds AS r WHERE r.releases = h.id) ORDER BY h.id"
            ).fetchall()
        return [_hold(row) for row in rows]


def forget(people: People, contents: Collection[str], customer: str | None = None) -> int:
    """Delete reviews and all else that people's file has of contents, a customer's old holds.

    Append-only is for people; this is what a removal may do. Returns how many reviews went.
    """
    if not people.path.exists():
        return 0
    with people.connected() as connection:
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            reviews = _delete(connection, contents, customer)
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return reviews


def _delete(connection: sqlite3.Connection, contents: Collection[str], customer: str | None) -> int:
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("CREATE TEMP TABLE going (content TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO going VALUES (?)", [(content,) for content in contents])
    going = "content_sha256 IN (SELECT content FROM going)"
    held = f"(kind = 'customer' AND subject = ? OR kind = 'call' AND {going})"
    ended = connection.execute(
        f"SELECT id FROM holds WHERE {held} AND id IN (SELECT releases FROM holds)",  # noqa: S608
        (customer,),
    ).fetchall()
    numbers = [(row["id"],) for row in ended]
    connection.executemany("DELETE FROM holds WHERE releases = ?", numbers)
    connection.executemany("DELETE FROM holds WHERE id = ?", numbers)
    connection.execute(f"DELETE FROM copies WHERE {going}")  # noqa: S608
    connection.execute(
        f"DELETE FROM appeal_steps WHERE appeal IN (SELECT id FROM appeals WHERE {going})"  # noqa: S608
    )
    calibration = ("answers", "submissions", "outcomes", "calls")
    plain = (
        "corrections", "corrected_results", "case_versions", "cases", "appeals", "sample_calls",
        "labels", "assignments", "acknowledgements", "item_levels",
    )  # fmt: skip
    for table in (*plain, *(f"calibration_{part}" for part in calibration)):
        connection.execute(f"DELETE FROM {table} WHERE {going}")  # noqa: S608
    reviews = connection.execute(f"DELETE FROM reviews WHERE {going}").rowcount  # noqa: S608
    connection.execute("DROP TABLE going")
    for _, script in triggers:
        connection.execute(script)
    return reviews


class HeldCalls:
    """Which calls are held, looked up quickly."""

    def __init__(self, holds: Iterable[Hold]) -> None:
        self._by: dict[tuple[Held, str], Hold] = {}
        for hold in holds:
            key = hold.content_sha256 if hold.kind is Held.CALL else hold.subject
            self._by.setdefault((hold.kind, key or hold.subject), hold)

    def of(self, customer: str | None, agent: str | None, content: str) -> Hold | None:
        """A hold on a call of this customer and agent, if there is one."""
        keys = ((Held.CUSTOMER, customer), (Held.AGENT, agent), (Held.CALL, content))
        found = (self._by.get((kind, key)) for kind, key in keys if key is not None)
        return next((hold for hold in found if hold is not None), None)


def _hold(row: sqlite3.Row) -> Hold:
    values = {name: row[name] for name in row.keys() if name != "releases"}  # noqa: SIM118 - a Row
    values["at"] = datetime.fromisoformat(values["at"])
    values["kind"] = Held(values["kind"])
    return Hold(**values)
