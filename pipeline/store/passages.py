"""What common problems are found in: calls of some weeks, turns of customers, failed rules."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pipeline.store.connection import rows_of, sql, table_of
from pipeline.store.filters import midnight
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
MOST_CALLS = 400_000  # of a span; beyond, so many of them by the hash of their id


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both included, of one team or (None) of all that the reader has."""

    first: date
    last: date
    team: str | None = None


class Passages:
    """What one reader has of a span; with more than MOST_CALLS calls a sample of them."""

    def __init__(self, snapshot: Snapshot, span: Span) -> None:
        self._snapshot, self._first = snapshot, span.first
        self._where = "c.started_at >= $since AND c.started_at < $until"
        self._given: dict[str, object] = {
            "since": midnight(span.first, snapshot.zone),
            "until": midnight(span.last + timedelta(days=1), snapshot.zone),
        }
        if span.team is not None:
            self._where += " AND c.team = $team"
            self._given["team"] = span.team
        count = int(self._table(f"SELECT count(*) AS n FROM calls AS c WHERE {self._where}")  # noqa: S608
                    .column("n")[0].as_py())  # fmt: skip
        if count > MOST_CALLS:
            self._where += " AND md5(c.call_id) < $below"
            self._given["below"] = f"{int(16**8 * MOST_CALLS / count):08x}"

    def calls(self) -> pa.Table:
        """One row per call, by id; columns: sql/problem_calls.sql."""
        return self._table(self._sql("problem_calls"), first=self._first)

    def turns(self, asks: str, discontent: str) -> pa.Table:
        """Turns of customers that match one of two RE2 patterns; sql/problem_turns.sql."""
        return self._table(self._sql("problem_turns"), asks=asks, discontent=discontent)

    def findings(self) -> pa.Table:
        """Failed rules that nobody rejected; columns: sql/problem_findings.sql."""
        return self._table(self._sql("problem_findings"))

    def _sql(self, name: str) -> str:
        return sql(name).replace("{conditions}", self._where)

    def _table(self, query: str, **more: object) -> pa.Table:
        with closing(self._snapshot.cursor()) as cursor:
            self._snapshot.register_people(cursor)
            return table_of(cursor, query, {**self._given, **more})


def said_at(snapshot: Snapshot, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Row]:
    """Role, start, end and masked text of turns, by call and segment."""
    calls, segments = (
        zip(*sorted(set(places)), strict=True) if (places := list(places)) else ((), ())
    )
    wanted = pa.table({
        "call_id": pa.array(calls, pa.string()), "segment": pa.array(segments, pa.int32())
    })  # fmt: skip
    with closing(snapshot.cursor()) as cursor:
        cursor.register("wanted", wanted)
        found = rows_of(cursor, sql("problem_moments"))
    return {(str(row["call_id"]), int(str(row["segment"]))): row for row in found}
