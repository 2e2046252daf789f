"""Corrections of misheard turns in `people.sqlite`, append-only beside the reviews."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.domain import Correction, DataClass, PrivateSpan, Role
from pipeline.errors import BadInput, TryAgain
from pipeline.store.assignments import refuse_other, take
from pipeline.store.people import People
from pipeline.store.sqlitefile import latest_row

INSERT = """
INSERT INTO corrections (at, who, call_id, content_sha256, segment, heard, text, spans, previous)
VALUES (:at, :who, :call_id, :content_sha256, :segment, :heard, :text, :spans, :previous)
RETURNING *
"""
LATEST = "id IN (SELECT max(id) FROM corrections GROUP BY content_sha256, segment)"


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correction that is not stored yet, masked already (`pipeline.corrected.masked`).

    `previous` is the id of the correction of this turn that was shown, None where there was none.
    """

    who: str
    call_id: str
    content_sha256: str
    segment: int
    heard: str
    text: str | None
    spans: tuple[PrivateSpan, ...] = ()
    previous: int | None = None


class Corrections:
    """The corrections of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def of(self, content_sha256: str) -> list[Correction]:
        """The latest correction of every turn of a call, also those taken back."""
        return self._read(f"content_sha256 = ? AND {LATEST} ORDER BY segment", content_sha256)

    def history(self, content_sha256: str) -> list[Correction]:
        """All corrections of a call, oldest first."""
        return self._read("content_sha256 = ? ORDER BY id", content_sha256)

    def all(self) -> Iterator[Correction]:
        """The latest correction of every turn that has one, call by call."""
        yield from self._read(f"{LATEST} ORDER BY content_sha256, segment")

    def add(self, draft: CorrectionDraft) -> Correction:
        """Store a correction; as a decision it takes a call that nobody has.

        TryAgain when somebody else corrected this turn since, or has the call.
        """
        who, subject = draft.who.strip(), (draft.content_sha256, draft.call_id)
        if not who:
            raise BadInput("a correction needs a name: say who you are")
        if draft.text is not None and not draft.text.strip():
            raise BadInput("a correction says what was said; take it back to have the old text")
        values = {
            **asdict(draft),
            "who": who,
            "spans": json.dumps([asdict(span) for span in draft.spans]),
        }
        values["at"] = datetime.now(UTC).isoformat(timespec="microseconds")
        try:
            with self._people.writing() as connection:
                _refuse_outdated(connection, draft)
                refuse_other(connection, who, subject)
                take(connection, who, subject)
                return _correction(connection.execute(INSERT, values).fetchone())
        except sqlite3.IntegrityError as error:
            raise BadInput(str(error)) from error

    def _read(self, condition: str, *values: object) -> list[Correction]:
        if not self._people.path.exists():
            return []
        query = f"SELECT * FROM corrections WHERE {condition}"  # noqa: S608 - our own conditions
        with self._people.connected() as connection:
            return [_correction(row) for row in connection.execute(query, values).fetchall()]


def _refuse_outdated(connection: sqlite3.Connection, draft: CorrectionDraft) -> None:
    row = latest_row(
        connection, "corrections", content_sha256=draft.content_sha256, segment=draft.segment
    )
    if (row and row["id"]) != draft.previous:
        told = f"{row['who']} corrected" if row else "nobody corrected"
        raise TryAgain(f"{told} turn {draft.segment + 1} of call {draft.call_id} meanwhile")


def _correction(row: sqlite3.Row) -> Correction:
    values = dict(row)
    values["at"] = datetime.fromisoformat(values["at"])
    values["spans"] = tuple(_span(span) for span in json.loads(values["spans"]))
    return Correction(**values)


def _span(span: dict[str, Any]) -> PrivateSpan:
    nouns = {"role": Role(span["role"]), "data_class": DataClass(span["data_class"])}
    return PrivateSpan(**{**span, **nouns})
