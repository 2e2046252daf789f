"""What the machine finds in corrected calls, kept in `people.sqlite` for questions about many."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from pipeline.domain import Finding
from pipeline.store.connection import rows_of, sql
from pipeline.store.corrections import Corrections
from pipeline.store.people import People
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
INSERT = """
INSERT INTO corrected_results (at, call_id, content_sha256, pack_hash, corrections, findings)
VALUES (:at, :call_id, :content_sha256, :pack_hash, :corrections, :findings)
"""
LATEST = """
SELECT * FROM corrected_results
WHERE id IN (SELECT max(id) FROM corrected_results GROUP BY content_sha256)
"""
_PLACES: list[tuple[str, pa.DataType]] = [("content_sha256", pa.string()), ("segment", pa.int64())]
PLACES = pa.schema(_PLACES)


@dataclass(frozen=True, slots=True)
class CorrectedResult:
    """Findings that corrections change, under the pack that scored the call.

    `corrections`: the ids of those in force then, ascending. `findings`: fields of `Finding`.
    """

    call_id: str
    content_sha256: str
    pack_hash: str
    corrections: tuple[int, ...]
    findings: tuple[Row, ...]

    @classmethod
    def of(
        cls, call: Mapping[str, Any], corrections: Collection[int], findings: Sequence[Finding]
    ) -> CorrectedResult:
        """What is to be kept of a call, by its row."""
        plain = json.loads(json.dumps([asdict(finding) for finding in findings]))
        return cls(
            call["call_id"], call["content_sha256"], call["pack_hash"],
            tuple(sorted(corrections)), tuple(plain),
        )  # fmt: skip


class CorrectedResults:
    """Those of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def latest(self) -> dict[str, tuple[int, CorrectedResult]]:
        """By content the last one that was kept, and its number."""
        if not self._people.path.exists():
            return {}
        with self._people.connected() as connection:
            rows = connection.execute(LATEST).fetchall()
        return {row["content_sha256"]: (row["id"], _result(row)) for row in rows}

    def keep(self, result: CorrectedResult) -> bool:
        """Add it, unless the last one of its call says the same; whether it was added."""
        known = self.latest().get(result.content_sha256)
        if known is not None and known[1] == result:
            return False
        values = {
            **asdict(result),
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "corrections": json.dumps(result.corrections),
            "findings": json.dumps(result.findings, ensure_ascii=False),
        }
        with self._people.writing() as connection:
            connection.execute(INSERT, values)
        return True


def results_in_force(snapshot: Snapshot) -> dict[str, tuple[int, CorrectedResult]]:
    """By content the results that rest on exactly the corrections in force now.

    A correction is in force while the recogniser's text of its turn is the one that was corrected.
    """
    kept = CorrectedResults(snapshot.people).latest()
    if not kept:
        return {}
    latest = [one for one in Corrections(snapshot.people).all() if one.text is not None]
    places = [{"content_sha256": one.content_sha256, "segment": one.segment} for one in latest]
    with closing(snapshot.cursor()) as cursor:
        cursor.register("corrected_turns", pa.Table.from_pylist(places, schema=PLACES))
        rows = rows_of(cursor, sql("list_heard_turns"))
    heard = {(row["content_sha256"], row["segment"]): row["text"] for row in rows}
    packs = {str(row["content_sha256"]): row["pack_hash"] for row in rows}
    valid: dict[str, list[int]] = {}
    for one in latest:
        if heard.get((one.content_sha256, one.segment)) == one.heard:
            valid.setdefault(one.content_sha256, []).append(one.id)
    return {
        content: (number, result)
        for content, (number, result) in kept.items()
        if tuple(sorted(valid.get(content, ()))) == result.corrections != ()
        and packs.get(content) == result.pack_hash
    }


def _result(row: sqlite3.Row) -> CorrectedResult:
    return CorrectedResult(
        row["call_id"], row["content_sha256"], row["pack_hash"],
        tuple(json.loads(row["corrections"])), tuple(json.loads(row["findings"])),
    )  # fmt: skip
