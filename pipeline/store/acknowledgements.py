"""Who took note of which alert, in `people.sqlite`, append-only."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from pipeline.domain import Acknowledgement
from pipeline.errors import BadInput
from pipeline.store.people import People

INSERT = """
INSERT INTO acknowledgements (at, who, alert, content_sha256, comment)
VALUES (?, ?, ?, ?, ?) RETURNING id, at, who, alert, comment
"""


class Acknowledgements:
    """The acknowledgements of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def add(
        self, who: str, alert: str, content_sha256: str | None, comment: str
    ) -> Acknowledgement:
        """Take note of an alert; BadInput when nobody says who they are."""
        if not who.strip():
            raise BadInput("an acknowledgement needs a name: say who you are")
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        values = (now, who.strip(), alert, content_sha256, comment.strip())
        with self._people.writing() as connection:
            return _acknowledgement(connection.execute(INSERT, values).fetchone())

    def all(self) -> dict[str, list[Acknowledgement]]:
        """Every acknowledgement by its alert, oldest first."""
        if not self._people.path.exists():
            return {}
        with self._people.connected() as connection:
            rows = connection.execute(
                "SELECT id, at, who, alert, comment FROM acknowledgements ORDER BY id"
            ).fetchall()
        found: dict[str, list[Acknowledgement]] = {}
        for row in rows:
            found.setdefault(row["alert"], []).append(_acknowledgement(row))
        return found


def _acknowledgement(row: sqlite3.Row) -> Acknowledgement:
    values = dict(row)
    return Acknowledgement(**{**values, "at": datetime.fromisoformat(values["at"])})
