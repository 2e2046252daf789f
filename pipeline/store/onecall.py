"""Everything that is stored of one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipeline.domain import Correction
from pipeline.store.connection import rows_of, sql
from pipeline.store.corrections import Corrections
from pipeline.store.people import People, Review

Row = dict[str, Any]
PARTS = {
    "segments": "segment",
    "findings": "finding",
    "control_points": "item",
    "private_spans": "segment, start_char",
    "removed": '"start"',
    "sounds": '"start"',
}


@dataclass(frozen=True, slots=True)
class StoredCall:
    """Everything that is stored of one call; rows are dicts with the columns of the table.

    `audio_removed`: when the recording was purged, its time being over. `corrections`: the latest
    of every turn. `pipeline.corrected` lays them over it: then `heard` are the segments as they
    were recognised, and `machine` is the call's row as it was, if its findings were made anew.
    `learned`: what models read in it; None: none has looked.
    """

    call: Row
    names: list[str]
    metrics: Row
    segments: list[Row]
    findings: list[Row]
    control_points: list[Row]
    private_spans: list[Row]
    removed: list[Row]
    reviews: list[Review]  # of this content, also those written while it had another call_id
    audio_removed: datetime | None = None
    sounds: Sequence[Row] = ()
    corrections: Sequence[Correction] = ()
    heard: Sequence[Row] = ()
    machine: Row | None = None
    learned: Row | None = None


def read_call(cursor: duckdb.DuckDBPyConnection, call_id: str, people: People) -> StoredCall | None:
    """A call as a cursor has it, with what people said of it; None for an id that it has not."""
    key: Row = {"call_id": call_id}
    found = rows_of(cursor, "SELECT * FROM calls WHERE call_id = $call_id", key)
    if not found:
        return None
    content = str(found[0]["content_sha256"])
    about: Row = {"content_sha256": content}
    parts: dict[str, Any] = {
        part: rows_of(
            cursor,
            f"SELECT * FROM {part} WHERE call_id = $call_id ORDER BY {order}",  # noqa: S608 - our own names
            key,
        )
        for part, order in PARTS.items()
    }
    metrics = rows_of(cursor, "SELECT * FROM metrics WHERE call_id = $call_id", key)
    learned = rows_of(cursor, "SELECT * FROM learned WHERE call_id = $call_id", key)
    names = rows_of(cursor, sql("list_names"), about)
    removed = rows_of(cursor, sql("select_audio_removed"), about)
    return StoredCall(
        call=found[0],
        names=[str(row["path"]) for row in names],
        metrics=metrics[0],
        reviews=people.reviews_of(content),
        corrections=Corrections(people).of(content),
        audio_removed=removed[0]["at"],  # type: ignore[arg-type]
        learned=learned[0] if learned else None,
        **parts,
    )
