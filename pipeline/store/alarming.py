"""What alerts and drift alarms are made of: grave findings, and figures day by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipeline.store.connection import rows_of, sql
from pipeline.store.filters import midnight
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
DAILY = ("daily_rules", "daily_calls", "daily_confidence")


def alarming(snapshot: Snapshot, complaint_rules: Sequence[str], since: datetime) -> list[Row]:
    """Findings with a veto or of these rules in calls held since then: sql/list_alarming.sql."""
    rules = pa.table({"rule": pa.array(list(complaint_rules), pa.string())})
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        cursor.register("complaint_rules", rules)
        return rows_of(cursor, sql("list_alarming"), {"since": since})


def alerted(snapshot: Snapshot, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """What this reader knows of findings, by content and rule: sql/list_alerted.sql.

    Those of calls out of its scope, or that are not there any more, are not in it.
    """
    pairs = sorted(set(wanted))
    table = pa.table(
        {
            "content_sha256": pa.array([content for content, _ in pairs], pa.string()),
            "rule": pa.array([rule for _, rule in pairs], pa.string()),
        }
    )
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        cursor.register("wanted", table)
        rows = rows_of(cursor, sql("list_alerted"))
    return {(str(row["content_sha256"]), str(row["rule"])): row for row in rows}


def daily(snapshot: Snapshot, question: str, first: date, last: date) -> list[Row]:
    """Figures per local day, both days included: one of `DAILY`; columns in its SQL."""
    given: Row = {
        "since": midnight(first, snapshot.zone),
        "until": midnight(last + timedelta(days=1), snapshot.zone),
    }
    with closing(snapshot.cursor()) as cursor:
        return rows_of(cursor, sql(question), given)


def daily_runs(snapshot: Snapshot, first: date) -> list[Row]:
    """Per local day of finished runs since then: processed, failed; sql/daily_runs.sql."""
    with closing(snapshot.cursor()) as cursor:
        return rows_of(cursor, sql("daily_runs"), {"since": midnight(first, snapshot.zone)})
