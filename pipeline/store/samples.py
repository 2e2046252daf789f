"""Sampling plans in `people.sqlite`, and what they are drawn from and turn into in the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipeline.domain import Candidate, DrawnAs, SampledCall, SamplePlan, SampleWish
from pipeline.errors import BadInput
from pipeline.store.connection import rows_of, sql
from pipeline.store.filters import midnight
from pipeline.store.people import People
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
INSERT_PLAN = """
INSERT INTO sample_plans (at, who, since, until, seed, per_agent, unflagged, inspectors,
    calls, calls_unflagged, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
"""
INSERT_CALL = "INSERT INTO sample_calls VALUES (?, ?, ?, ?, ?, ?, ?)"
OVERLAPPING = "SELECT id, since, until FROM sample_plans WHERE since <= ? AND until >= ? LIMIT 1"


class Samples:
    """The sampling plans of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def add(
        self, who: str, wish: SampleWish, population: Sequence[Candidate], digest: str,
        drawn: Iterable[SampledCall],
    ) -> SamplePlan:  # fmt: skip
        """Store a plan with its calls; BadInput when a plan has some of its days already."""
        unflagged = sum(not call.flagged for call in population)
        values = (
            datetime.now(UTC).isoformat(timespec="microseconds"), who, wish.since.isoformat(),
            wish.until.isoformat(), wish.seed, wish.per_agent, wish.unflagged,
            json.dumps(wish.inspectors, ensure_ascii=False), len(population), unflagged, digest,
        )  # fmt: skip
        with self._people.writing() as connection:
            ends = wish.until.isoformat(), wish.since.isoformat()
            _refuse(connection.execute(OVERLAPPING, ends).fetchall())
            row = connection.execute(INSERT_PLAN, values).fetchone()
            rows = [(row["id"], *astuple(call)) for call in drawn]
            connection.executemany(INSERT_CALL, rows)
        return _plan(row)

    def refuse_overlap(self, wish: SampleWish) -> None:
        """BadInput when a plan has drawn from some of these days already."""
        ends = wish.until.isoformat(), wish.since.isoformat()
        _refuse(self._rows(OVERLAPPING, *ends))

    def plans(self, since: date, until: date) -> list[SamplePlan]:
        """Plans of these days, oldest first."""
        query = "SELECT * FROM sample_plans WHERE since <= ? AND until >= ? ORDER BY since"
        return [_plan(row) for row in self._rows(query, until.isoformat(), since.isoformat())]

    def plan(self, number: int) -> SamplePlan:
        """One plan; BadInput for a number that none has."""
        found = self._rows("SELECT * FROM sample_plans WHERE id = ?", number)
        if not found:
            raise BadInput(f"there is no sampling plan {number}; `callqa sample show` lists them")
        return _plan(found[0])

    def calls(self, plan: int) -> list[SampledCall]:
        """The calls of a plan in their order, without those that were erased since."""
        query = "SELECT * FROM sample_calls WHERE plan = ? ORDER BY place"
        return [
            SampledCall(
                row["place"], row["content_sha256"], row["call_id"], row["agent_id"],
                DrawnAs(row["drawn_as"]), row["inspector"],
            )
            for row in self._rows(query, plan)
        ]  # fmt: skip

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            return connection.execute(query, values).fetchall()


# ── what the database knows ──────────────────────────────────────────────────────────────────────


def candidates(snapshot: Snapshot, since: date, until: date) -> list[Candidate]:
    """All calls of these local days, in the order of their content."""
    with closing(snapshot.cursor()) as cursor:
        rows = rows_of(cursor, sql("list_candidates"), _days(snapshot, since, until))
    return [
        Candidate(**{**row, "started_at": row["started_at"].astimezone(snapshot.zone)})  # type: ignore[attr-defined]
        for row in rows
    ]


def agents_calls(snapshot: Snapshot, since: date, until: date) -> list[Row]:
    """agent_id, agent_name, team and the number of calls of each agent in these days."""
    with closing(snapshot.cursor()) as cursor:
        return rows_of(cursor, sql("list_agents_calls"), _days(snapshot, since, until))


def sampled(snapshot: Snapshot, contents: Iterable[str]) -> dict[str, Row]:
    """What is known of these calls now, by content; columns: sql/list_sampled.sql."""
    wanted = pa.array(sorted(set(contents)), pa.string())
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        cursor.register("sampled", pa.table({"content_sha256": wanted}))
        begin = sql("chosen_calls").replace("{conditions}", "true") + sql("heard_calls")
        rows = rows_of(cursor, begin + sql("list_sampled"))
    return {str(row["content_sha256"]): row for row in rows}


def _days(snapshot: Snapshot, since: date, until: date) -> Row:
    after = until + timedelta(days=1)
    return {"since": midnight(since, snapshot.zone), "until": midnight(after, snapshot.zone)}


def _refuse(found: Sequence[sqlite3.Row]) -> None:
    for row in found:
        raise BadInput(
            f"plan {row['id']} has drawn from {row['since']} to {row['until']} already; "
            f"draw from the day after {row['until']} on"
        )


def _plan(row: sqlite3.Row) -> SamplePlan:
    wish = SampleWish(
        date.fromisoformat(row["since"]), date.fromisoformat(row["until"]), row["seed"],
        row["per_agent"], row["unflagged"], tuple(json.loads(row["inspectors"])),
    )  # fmt: skip
    return SamplePlan(
        row["id"], datetime.fromisoformat(row["at"]), row["who"], wish, row["calls"],
        row["calls_unflagged"], row["digest"],
    )  # fmt: skip
