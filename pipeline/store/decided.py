"""Calls that people decided something of, and how their decided results join every question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.domain import Appeal
from pipeline.store.connection import rows_of, sql, table_of
from pipeline.store.corrected_results import CorrectedResult, results_in_force
from pipeline.store.filters import Filters, conditions
from pipeline.store.levels import LevelChoice, Levels
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
_CALLS: list[tuple[str, pa.DataType]] = [
    ("call_id", pa.string()), ("score", pa.float64()), ("grade", pa.string()),
    ("vetoed", pa.bool_()), ("settled", pa.int64()),
]  # fmt: skip
_FINDINGS: list[tuple[str, pa.DataType]] = [
    ("call_id", pa.string()), ("finding", pa.int64()), ("rule", pa.string()),
    ("title", pa.string()), ("title_en", pa.string()), ("control_point", pa.string()),
    ("severity", pa.string()), ("veto", pa.bool_()), ("segment", pa.int64()),
    ("quote", pa.string()), ("machine_verdict", pa.string()), ("verdict", pa.string()),
    ("points", pa.float64()),
]  # fmt: skip
_LINES: list[tuple[str, pa.DataType]] = [
    ("call_id", pa.string()), ("number", pa.string()), ("worst", pa.string()),
    ("points", pa.float64()),
]  # fmt: skip
_LEVELS: list[tuple[str, pa.DataType]] = [
    ("call_id", pa.string()), ("item", pa.string()), ("title", pa.string()),
    ("title_en", pa.string()), ("number", pa.string()), ("level", pa.string()),
    ("points", pa.float64()), ("reviewer", pa.string()),
]  # fmt: skip
_APPEALED: list[tuple[str, pa.DataType]] = [
    ("content_sha256", pa.string()), ("rule", pa.string()), ("appeal", pa.int64()),
]  # fmt: skip
_PAIRS: list[tuple[str, pa.DataType]] = [("call_id", pa.string()), ("rule", pa.string())]
TABLES = {
    "corrected": pa.schema(_CALLS),
    "corrected_findings": pa.schema(_FINDINGS),
    "corrected_points": pa.schema(_LINES),
    "chosen_levels": pa.schema(_LEVELS),
    "appealed": pa.schema(_APPEALED),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What people changed in some calls: cards, findings, control points and levels that count.

    Rows as `TABLES` has them; what is not in them is as the machine found it. Where a pack was kept
    without its scorecard a call has no score here: the machine's stands.
    `appealed`: findings that somebody appealed against.
    """

    calls: Sequence[Row] = ()
    findings: Sequence[Row] = ()
    points: Sequence[Row] = ()
    levels: Sequence[Row] = ()
    appealed: Sequence[Row] = ()

    def with_appeals(self, appeals: Iterable[Appeal]) -> Decided:
        """The same, knowing these appeals."""
        rows = [
            {"content_sha256": a.content_sha256, "rule": a.rule, "appeal": a.id} for a in appeals
        ]
        return replace(self, appealed=rows)


def decided_calls(snapshot: Snapshot, filters: Filters) -> list[Row]:
    """Calls with decisions on findings, chosen levels or corrected turns.

    Rows of sql/list_decided.sql, with their `levels` and the number and findings of their
    `corrected` result, if there is one.
    """
    levels = Levels(snapshot.people).all()
    corrected = results_in_force(snapshot)
    contents = pa.array(sorted({*levels, *corrected}), pa.string())
    where, given = conditions(filters, snapshot.zone, snapshot.pass_score)
    query = sql("chosen_calls").replace("{conditions}", where) + sql("list_decided")
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        cursor.register("changed", pa.table({"content_sha256": contents}))
        rows = rows_of(cursor, query, given)
    return [_with(row, levels, corrected) for row in rows]


def _with(
    row: Row,
    levels: Mapping[str, list[LevelChoice]],
    corrected: Mapping[str, tuple[int, CorrectedResult]],
) -> Row:
    content = str(row["content_sha256"])
    number, result = corrected.get(content, (None, None))
    found = {one["rule"]: one for one in result.findings} if result else {}
    return {**row, "levels": levels.get(content, []), "correction": number, "corrected": found}


def findings_of(snapshot: Snapshot, calls: Sequence[Row]) -> dict[str, list[Row]]:
    """By call what scoring needs of its findings: sql/list_findings_of.sql."""
    ids = pa.array([call["call_id"] for call in calls], pa.string())
    pairs = [
        {"call_id": call["call_id"], "rule": said["rule"]}
        for call in calls
        for said in (*(call["decisions"] or ()), *call["corrected"].values())
    ]
    found: dict[str, list[Row]] = {}
    with closing(snapshot.cursor()) as cursor:
        cursor.register("incoming", pa.table({"call_id": ids}))
        cursor.register("decided", pa.Table.from_pylist(pairs, schema=pa.schema(_PAIRS)))
        for row in rows_of(cursor, sql("list_findings_of")):
            found.setdefault(str(row["call_id"]), []).append(row)
    return found


def ask_decided(
    snapshot: Snapshot, filters: Filters, decided: Decided, name: str, **values: object
) -> list[Row]:
    """Ask sql/`name`.sql of calls as they count (`counted` of sql/counted_calls.sql)."""
    where, given = conditions(filters, snapshot.zone, snapshot.pass_score)
    begin = sql("chosen_calls").replace("{conditions}", where)
    begin += sql("heard_calls") + sql("counted_calls")
    with closing(snapshot.cursor()) as cursor:
        snapshot.register_people(cursor)
        _register(cursor, decided)
        return table_of(cursor, begin + sql(name), {**given, **values}).to_pylist()


def _register(cursor: duckdb.DuckDBPyConnection, decided: Decided) -> None:
    parts = (
        decided.calls, decided.findings, decided.points, decided.levels, decided.appealed
    )  # fmt: skip
    for (name, schema), rows in zip(TABLES.items(), parts, strict=True):
        cursor.register(name, pa.Table.from_pylist(list(rows), schema=schema))
