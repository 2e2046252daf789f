"""The chance that a finding will be confirmed, as the order of the queue joins it.

What it is learned from are people's latest decisions of findings that still stand; the numbers
come from pipeline/chance. Without them the queue goes by the rule's record alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from pipeline.store.connection import sql, table_of

if TYPE_CHECKING:
    from pipeline.store.snapshot import Snapshot

Row = Mapping[str, Any]
KINDS = ("unsure", "badly_heard", "fairly_heard", "heard", "sure")
BANDS = (0.6, 0.8, 0.95)  # confidence: below the first is badly heard
# not by what the reason says: to read it of every finding would take too long
KIND = (
    "CASE WHEN f.verdict = 'unsure' THEN 0"
    f" WHEN f.confidence < {BANDS[0]} THEN 1 WHEN f.confidence < {BANDS[1]} THEN 2"
    f" WHEN f.confidence < {BANDS[2]} THEN 3 ELSE 4 END"
)
PLAIN = (
    "CASE f.verdict WHEN 'unsure' THEN 0.5 ELSE f.confidence END"
    " * (coalesce(j.confirmed, 0) + 4) / (coalesce(j.decided, 0) + 5)"
)
PLAIN_JOIN = "LEFT JOIN judged AS j ON j.rule = f.rule"
JOIN = (
    f"LEFT JOIN chances AS j ON j.rule = f.rule AND j.kind = {KIND}"
    " LEFT JOIN chance_shifts AS s"
    " ON s.business_line = c.business_line AND s.team = coalesce(c.team, '')"
)
_CHANCES: list[tuple[str, pa.DataType]] = [
    ("rule", pa.string()), ("kind", pa.int32()), ("logit", pa.float64()),
]  # fmt: skip
_SHIFTS: list[tuple[str, pa.DataType]] = [
    ("business_line", pa.string()), ("team", pa.string()), ("logit", pa.float64()),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChanceTable:
    """Log odds per rule and kind (`KINDS`), and per kind of a rule that nobody judged (`others`).

    `shifts` are added to them, per line and team; a place that is not there adds nothing.
    """

    chances: Sequence[Row]
    others: tuple[float, ...]
    shifts: Sequence[Row]


def kind_of(finding: Row) -> int:
    """The kind of a finding, as `KIND` has it."""
    if finding["verdict"] == "unsure":
        return 0
    confidence = float(finding["confidence"])
    return 1 + sum(confidence >= band for band in BANDS)


def chance_sql(table: ChanceTable | None) -> tuple[str, str]:
    """What stands for the chance of a finding in SQL, and the join that it needs."""
    if table is None:
        return PLAIN, PLAIN_JOIN
    others = ", ".join(f"{value:.6f}" for value in table.others)
    logit = f"coalesce(j.logit, [{others}][{KIND} + 1]) + coalesce(s.logit, 0)"
    return f"1 / (1 + exp(-({logit})))", JOIN


def register_chances(cursor: duckdb.DuckDBPyConnection, table: ChanceTable) -> None:
    """Give a cursor the tables that the join needs."""
    chances = pa.Table.from_pylist(list(table.chances), schema=pa.schema(_CHANCES))
    cursor.register("chances", chances)
    shifts = pa.Table.from_pylist(list(table.shifts), schema=pa.schema(_SHIFTS))
    cursor.register("chance_shifts", shifts)


def decided_findings(snapshot: Snapshot, until: int) -> list[dict[str, Any]]:
    """Findings that people confirmed or rejected, oldest decision first, up to review `until`.

    Columns: sql/list_decided_findings.sql.
    """
    text = sql("list_decided_findings").replace("{kind}", KIND)
    with closing(snapshot.cursor()) as cursor:
        cursor.register("review_states", snapshot.people.latest_states())
        return table_of(cursor, text, {"until": until}).to_pylist()
