"""What only a person can judge of a call: levels of human items, append-only beside the reviews."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from pipeline.errors import BadInput, TryAgain
from pipeline.store.assignments import refuse_other, take
from pipeline.store.connection import sql
from pipeline.store.people import People
from pipeline.store.sqlitefile import latest_row

LATEST = """
SELECT * FROM item_levels WHERE content_sha256 = ? AND id IN
    (SELECT max(id) FROM item_levels WHERE content_sha256 = ? GROUP BY item) ORDER BY id
"""
ALL_LATEST = """
SELECT * FROM item_levels WHERE id IN
    (SELECT max(id) FROM item_levels GROUP BY content_sha256, item) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """A level that is not stored yet; `previous` is the id of the choice that the reviewer saw."""

    reviewer: str
    call_id: str
    content_sha256: str
    item: str
    level: str
    pack_version: str = ""
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A stored level; `at` is UTC."""

    id: int
    at: datetime
    reviewer: str
    call_id: str
    content_sha256: str
    item: str
    level: str
    pack_version: str
    previous: int | None


class Levels:
    """The levels of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def of(self, content_sha256: str) -> list[LevelChoice]:
        """The choice that counts of every item that somebody judged."""
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            rows = connection.execute(LATEST, (content_sha256, content_sha256)).fetchall()
        return [_choice(row) for row in rows]

    def all(self) -> dict[str, list[LevelChoice]]:
        """The same of every call that somebody judged, by content."""
        if not self._people.path.exists():
            return {}
        with self._people.connected() as connection:
            rows = connection.execute(ALL_LATEST).fetchall()
        found: dict[str, list[LevelChoice]] = {}
        for row in rows:
            found.setdefault(row["content_sha256"], []).append(_choice(row))
        return found

    def choose(self, draft: LevelDraft) -> LevelChoice:
        """Store a level; as a decision it takes a call that nobody has.

        TryAgain when somebody else chose since, or has the call.
        """
        who, subject = draft.reviewer.strip(), (draft.content_sha256, draft.call_id)
        if not who:
            raise BadInput("a level needs a reviewer: say who you are")
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._people.writing() as connection:
            latest = _latest(connection, draft)
            if (latest and latest.id) != draft.previous:
                told = f"{latest.reviewer} chose '{latest.level}'" if latest else "nobody chose"
                raise TryAgain(f"{told} for {draft.item} of call {draft.call_id} meanwhile")
            refuse_other(connection, who, subject)
            take(connection, who, subject)
            values = {**asdict(draft), "reviewer": who, "at": at}
            return _choice(connection.execute(sql("insert_level"), values).fetchone())


def _latest(connection: sqlite3.Connection, draft: LevelDraft) -> LevelChoice | None:
    row = latest_row(
        connection, "item_levels", content_sha256=draft.content_sha256, item=draft.item
    )
    return None if row is None else _choice(row)


def _choice(row: sqlite3.Row) -> LevelChoice:
    values = dict(row)
    values["at"] = datetime.fromisoformat(values["at"])
    return LevelChoice(**values)
