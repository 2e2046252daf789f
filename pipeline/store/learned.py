"""What models read in calls: written where calls are loaded, read per call of some filters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.domain import Learned
from pipeline.store import loader
from pipeline.store.connection import rows_of, sql, table_of
from pipeline.store.filters import Filters, conditions
from pipeline.store.master import Store
from pipeline.store.snapshot import EVERYTHING, Snapshot

Row = dict[str, Any]
Said = tuple[int, str, str]  # segment, role, masked text


def learned_calls(snapshot: Snapshot, filters: Filters = EVERYTHING) -> pa.Table:
    """Reason and flags of each call, nulls where no model looked; columns: sql/list_learned.sql."""
    return _asked(snapshot, filters, "list_learned")


def count_reasons(snapshot: Snapshot, filters: Filters = EVERYTHING) -> list[Row]:
    """Rows of reason (`unsure` where the model was) and calls, most first."""
    found: list[Row] = _asked(snapshot, filters, "count_reasons").to_pylist()
    return found


def count_flags(snapshot: Snapshot, filters: Filters = EVERYTHING) -> list[Row]:
    """Rows of flag, calls that raise it, and `of` how many calls that a model looked at."""
    found: list[Row] = _asked(snapshot, filters, "count_flags").to_pylist()
    return found


def said_in(snapshot: Snapshot, call_ids: Sequence[str]) -> dict[str, list[Said]]:
    """What was said in these calls, turn by turn."""
    with closing(snapshot.cursor()) as cursor:
        return _said(cursor, call_ids)


def material(snapshot: Snapshot, most: int) -> list[Row]:
    """At most so many calls, those that people labelled and others, drawn the same way each time.

    Columns: sql/list_material.sql.
    """
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        return rows_of(cursor, sql("list_material"), {"most": most})


def decided_turns(snapshot: Snapshot) -> list[Row]:
    """Turns that confirmed and rejected findings stand on: call_id, rule, decision, segment."""
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        return rows_of(cursor, sql("list_evidence"))


def pack_contents(snapshot: Snapshot) -> list[Row]:
    """What was in every rule pack that calls were scored with."""
    with closing(snapshot.cursor()) as cursor:
        return [
            json.loads(str(row["content"])) for row in rows_of(cursor, "SELECT content FROM packs")
        ]


class LearnedCalls:
    """What an open store offers for models that read calls."""

    def __init__(self, store: Store) -> None:
        self._file = store.file

    def missing(self, reasons_model: str, flags_model: str) -> list[str]:
        """Ids of calls that these models have not looked at."""
        given: Row = {"reasons": reasons_model, "flags": flags_model}
        rows = rows_of(self._file.connection, sql("list_unlearned"), given)
        return [str(row["call_id"]) for row in rows]

    def said(self, call_ids: Sequence[str]) -> dict[str, list[Said]]:
        """What was said in these calls, turn by turn."""
        return _said(self._file.connection, call_ids)

    def write(self, found: Iterable[Learned]) -> None:
        """Store what was read, in place of what other models read, in one transaction."""
        now = datetime.now(UTC)
        rows = [_row(one, now) for one in found]
        with self._file.transaction():
            loader.replace_rows(self._file.connection, "learned", rows, "call_id")


def _row(one: Learned, now: datetime) -> dict[str, object]:
    row = {**asdict(one), "flags": list(one.flags), "learned_at": now}
    chances = row.pop("chances")
    return {**row, **{str(flag): chance for flag, chance in chances.items()}}


def _said(connection: duckdb.DuckDBPyConnection, call_ids: Sequence[str]) -> dict[str, list[Said]]:
    asked = pa.table({"call_id": pa.array(list(call_ids), pa.string())})
    with loader.registered(connection, asked):
        table = table_of(connection, sql("list_said"))
    columns = (table.column(name).to_pylist() for name in ("call_id", "segment", "role", "text"))
    rows = zip(*columns, strict=True)
    return {
        call_id: [(segment, role, text) for _, segment, role, text in own]
        for call_id, own in groupby(rows, key=lambda row: str(row[0]))
    }


def _asked(snapshot: Snapshot, filters: Filters, name: str) -> pa.Table:
    where, given = conditions(filters, snapshot.zone, snapshot.pass_score)
    query = sql("chosen_calls").replace("{conditions}", where) + sql(name)
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        return table_of(cursor, query, given)
