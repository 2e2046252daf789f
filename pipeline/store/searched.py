"""What the search index is made from, and what it is checked against: calls as a reader has them.

`processed` is when a call's text was made (microseconds): an index that holds another text of the
call knows another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import pyarrow as pa

from pipeline.store.connection import rows_of, sql
from pipeline.store.filters import Filters, conditions
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
ROWS_AT_ONCE = 50_000


def days_with_text(snapshot: Snapshot) -> list[Row]:
    """Rows of day (`20261120`, or `none` for calls without a time), calls, mark."""
    with closing(snapshot.cursor()) as cursor:
        return rows_of(cursor, sql("search_days"))


def texts_of_day(snapshot: Snapshot, day: str) -> Iterator[Row]:
    """Every segment of a day in the order of `sql/search_texts.sql`."""
    with closing(snapshot.cursor()) as cursor:
        relation = cursor.sql(sql("search_texts"), params={"day": day})
        for batch in relation.to_arrow_reader(ROWS_AT_ONCE):
            yield from batch.to_pylist()


def chosen_calls(snapshot: Snapshot, filters: Filters, limit: int) -> dict[str, list[str]]:
    """Ids by day of at most `limit` calls that the reader has and filters leave."""
    rows = _chosen(snapshot, filters, sql("search_chosen"), limit=limit)
    return {str(row["day"]): row["calls"] for row in rows}


def found_calls(snapshot: Snapshot, filters: Filters, call_ids: Iterable[str]) -> dict[str, Row]:
    """Of these calls those that the reader has and filters leave; columns: sql/search_found.sql."""
    wanted = pa.table({"call_id": pa.array(sorted(set(call_ids)), pa.string())})
    rows = _chosen(snapshot, filters, sql("search_found"), wanted)
    return {str(row["call_id"]): row for row in rows}


def _chosen(
    snapshot: Snapshot,
    filters: Filters,
    text: str,
    wanted: pa.Table | None = None,
    **values: object,
) -> list[Row]:
    where, given = conditions(filters, snapshot.zone, snapshot.pass_score)
    query = sql("chosen_calls").replace("{conditions}", where) + text
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        if wanted is not None:
            cursor.register("candidates", wanted)
        return rows_of(cursor, query, {**given, **values})
