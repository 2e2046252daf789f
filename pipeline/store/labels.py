"""What people say of what models read in a call: labels in `people.sqlite`, append-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import pyarrow as pa

from pipeline.domain import SUBJECTS, Label
from pipeline.errors import BadInput, TryAgain
from pipeline.store.connection import sql
from pipeline.store.people import People
from pipeline.store.sqlitefile import latest_row

INSERT = """
INSERT INTO labels
    (at, who, call_id, content_sha256, subject, value, segment, quote, machine, previous)
VALUES
    (:at, :who, :call_id, :content_sha256, :subject, :value, :segment, :quote, :machine, :previous)
RETURNING *
"""
LATEST = "id IN (SELECT max(id) FROM labels GROUP BY content_sha256, subject)"
NOW = pa.schema([(name, pa.string()) for name in ("content_sha256", *map(str, SUBJECTS))])


@dataclass(frozen=True, slots=True)
class LabelDraft:
    """A label that is not stored yet; its fields are those of `Label`.

    `previous` is the id of the label of this subject that was shown, None where there was none.
    """

    who: str
    call_id: str
    content_sha256: str
    subject: str
    value: str | None
    segment: int | None = None
    quote: str | None = None
    machine: str | None = None
    previous: int | None = None


class Labels:
    """The labels of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def of(self, content_sha256: str) -> dict[str, Label]:
        """The latest label of every subject of a call, also those taken back."""
        found = self._read(f"content_sha256 = ? AND {LATEST}", content_sha256)
        return {one.subject: one for one in found}

    def history(self, content_sha256: str) -> list[Label]:
        """All labels of a call, oldest first."""
        return self._read("content_sha256 = ?", content_sha256)

    def in_force(self) -> Iterator[Label]:
        """The labels that count, of all calls."""
        yield from self._read(f"value IS NOT NULL AND {LATEST}")

    def now(self) -> pa.Table:
        """The same, a row per content and a column per subject: `labels_now` of the questions."""
        rows: list[sqlite3.Row] = []
        if self._people.path.exists():
            with self._people.connected() as connection:
                rows = connection.execute(sql("list_labels_now")).fetchall()
        return pa.Table.from_pylist([dict(row) for row in rows], schema=NOW)

    def say(self, draft: LabelDraft) -> Label:
        """Store a label. It takes no call, as it decides nothing of the score.

        TryAgain when somebody else said something of this subject since.
        """
        who = draft.who.strip()
        if not who:
            raise BadInput("a label needs a name: say who you are")
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        try:
            with self._people.writing() as connection:
                _refuse_outdated(connection, draft)
                values = {**asdict(draft), "who": who, "at": at}
                return _label(connection.execute(INSERT, values).fetchone())
        except sqlite3.IntegrityError as error:
            raise BadInput(str(error)) from error

    def _read(self, condition: str, *values: object) -> list[Label]:
        if not self._people.path.exists():
            return []
        query = f"SELECT * FROM labels WHERE {condition} ORDER BY id"  # noqa: S608 - our own
        with self._people.connected() as connection:
            return [_label(row) for row in connection.execute(query, values).fetchall()]


def _refuse_outdated(connection: sqlite3.Connection, draft: LabelDraft) -> None:
    row = latest_row(
        connection, "labels", content_sha256=draft.content_sha256, subject=draft.subject
    )
    if (row and row["id"]) != draft.previous:
        told = f"{row['who']} labelled" if row else "nobody labelled"
        raise TryAgain(f"{told} call {draft.call_id} meanwhile")


def _label(row: sqlite3.Row) -> Label:
    values = dict(row)
    values["at"] = datetime.fromisoformat(values["at"])
    return Label(**values)
