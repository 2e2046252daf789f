"""Taking calls out of the database for good: rows, then the blocks in which they stood.

A content that is to be removed is marked first and stays marked when it is gone, so that a removal
that was killed goes on and a file that comes back is not processed again. States: `marked` (files
may be gone), `deleted` (no row speaks of it any more), `gone` (nor a published copy or free block).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby

import duckdb
import pyarrow as pa

from pipeline.files import as_written
from pipeline.store import loader
from pipeline.store.connection import rows_of, sql
from pipeline.store.loader import INCOMING, registered
from pipeline.store.master import Store
from pipeline.store.rows import CALL_TABLES

Row = dict[str, object]
BY_CONTENT = ("names", "old_scores", "old_findings")
WHOLE_COLUMNS = ("call_id", "customer_id", "content_sha256", "sha256")
ID_COLUMNS = (*WHOLE_COLUMNS, "path", "file")
LONG = 12  # characters from which on an id is looked for inside other text too


class Part(StrEnum):
    """What of a call is removed."""

    AUDIO = "audio"
    ORIGINAL = "original"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides how long a call is kept. `dated` is False where nobody said when it was held."""

    content_sha256: str
    call_id: str
    business_line: str
    channel: str
    agent_id: str | None
    customer_id: str | None
    held_at: datetime
    dated: bool


class Removals:
    """What an open store offers for removing calls."""

    def __init__(self, store: Store) -> None:
        self._file = store.file

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def candidates(self) -> list[Candidate]:
        """All calls, oldest first."""
        rows = rows_of(self._db, sql("list_for_removal"))
        return [Candidate(**row) for row in rows]  # type: ignore[arg-type]

    def names(self, contents: Iterable[str]) -> dict[str, list[str]]:
        """Every path under which these contents were seen."""
        with registered(self._db, _contents(contents)):
            query = f"SELECT content_sha256, path FROM names SEMI JOIN {INCOMING} USING (content_sha256)"  # noqa: S608, E501
            rows = rows_of(self._db, query)
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(str(row["content_sha256"]), []).append(str(row["path"]))
        return found

    def own_paths(self, contents: Iterable[str]) -> list[str]:
        """Paths under which these contents were seen and nothing else: a chat log may hold many."""
        with registered(self._db, _contents(contents)):
            query = (
                f"SELECT DISTINCT path FROM names SEMI JOIN {INCOMING} USING (content_sha256) "  # noqa: S608
                f"WHERE path NOT IN (SELECT path FROM names ANTI JOIN {INCOMING} "
                "USING (content_sha256))"
            )
            return [str(row["path"]) for row in rows_of(self._db, query)]

    def call_ids(self, contents: Iterable[str]) -> list[str]:
        """The ids of the stored calls of these contents."""
        with registered(self._db, _contents(contents)):
            query = f"SELECT call_id FROM calls SEMI JOIN {INCOMING} USING (content_sha256)"  # noqa: S608
            return [str(row["call_id"]) for row in rows_of(self._db, query)]

    def marked(self, *states: str) -> dict[str, str]:
        """Contents of which everything is removed, by `why`; of these states, or of any."""
        rows = rows_of(
            self._db, "SELECT content_sha256, why, state FROM removals WHERE part = 'everything'"
        )
        chosen = [row for row in rows if not states or row["state"] in states]
        return {str(row["content_sha256"]): str(row["why"]) for row in chosen}

    # ── removing ─────────────────────────────────────────────────────────────────────────────────

    def mark(self, contents: Sequence[str], part: Part, why: str) -> None:
        """Say what is going to be removed, before anything is."""
        state = "marked" if part is Part.EVERYTHING else "gone"
        now = datetime.now(UTC)
        rows: list[Row] = [
            {"content_sha256": content, "part": part.value, "why": why, "state": state, "at": now}
            for content in contents
        ]
        with self._file.transaction(), registered(self._db, _contents(contents)):
            self._db.execute(
                f"DELETE FROM removals WHERE part = '{part.value}' "  # noqa: S608
                f"AND content_sha256 IN (SELECT content_sha256 FROM {INCOMING})"
            )
            self._db.unregister(INCOMING)
            loader.insert(self._db, "removals", rows)

    def delete(self, contents: Sequence[str]) -> dict[str, int]:
        """Delete every row of these contents in one transaction; rows by table."""
        own = as_written(self.own_paths(contents))
        ids = self.call_ids(contents)
        counts: dict[str, int] = {}
        with self._file.transaction():
            for table in CALL_TABLES:
                counts[table] = loader.delete(self._db, table, "call_id", ids)
            for table in BY_CONTENT:
                counts[table] = loader.delete(self._db, table, "content_sha256", contents)
            counts["files"] = loader.delete(self._db, "files", "sha256", contents)
            counts["failures"] = loader.delete(self._db, "failures", "content_sha256", contents)
            counts["failures"] += loader.delete(self._db, "failures", "file", own)
            counts["runs"] = self._forget_in_runs(own)
            self._set_state(contents, "deleted")
        return {table: count for table, count in counts.items() if count}

    def settle(self) -> int:
        """Write the database anew without what was deleted, publish it, drop all older copies.

        Returns how many contents are gone now. What a dashboard still has open goes with it.
        """
        contents = sorted(self.marked("deleted"))
        if contents:
            self._file.compact()
            self._file.publish(keep=1)
            with self._file.transaction():
                self._set_state(contents, "gone")
        return len(contents)

    def _forget_in_runs(self, files: set[str]) -> int:
        """Leave these files out of the inputs and failures in the accounts of runs."""
        changed = 0
        for row in rows_of(self._db, "SELECT run_id, input, summary FROM runs"):
            inputs = str(row["input"]).split(", ")
            summary = json.loads(str(row["summary"] or "null"))
            failures = (summary or {}).get("failures", [])
            kept = [failure for failure in failures if failure.get("file") not in files]
            others = [name for name in inputs if name not in files]
            if (others, kept) != (inputs, failures):
                text = summary and json.dumps({**summary, "failures": kept}, ensure_ascii=True)
                values = {"input": ", ".join(others), "summary": text, "run_id": row["run_id"]}
                self._db.execute(
                    "UPDATE runs SET input = $input, summary = $summary WHERE run_id = $run_id",
                    values,
                )
                changed += 1
        return changed

    def _set_state(self, contents: Sequence[str], state: str) -> None:
        with registered(self._db, _contents(contents)):
            self._db.execute(
                f"UPDATE removals SET state = '{state}' WHERE part = 'everything' "  # noqa: S608
                f"AND content_sha256 IN (SELECT content_sha256 FROM {INCOMING})"
            )

    @property
    def _db(self) -> duckdb.DuckDBPyConnection:
        return self._file.connection  # another one after every publish


def remains(db: duckdb.DuckDBPyConnection, needles: Iterable[str]) -> list[str]:
    """Where these ids, paths or hashes still stand: `table.column: rows`. Empty: nowhere.

    All are looked for in the columns that hold such things; those of at least 12 characters inside
    every other text, list and JSON of every table, and inside paths, but not as a part of a longer
    id. The hashes in `removals` are meant to stay.
    """
    words = sorted(set(needles))
    if not words:
        return []
    long = _inside(word for word in words if len(word) >= LONG)
    found: list[str] = []
    columns = rows_of(db, sql("list_text_columns"))
    for table, of_table in groupby(columns, lambda column: str(column["table_name"])):
        names = [str(column["column_name"]) for column in of_table]
        found += _remains_in(db, table, names, {"words": words, "long": long})
    return found


def _remains_in(
    db: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], sought: Row
) -> list[str]:
    """The columns of one table in which something is found; the table is read once."""
    told, counts, used = [], [], ""
    for name in names:
        tests = []
        if name in ID_COLUMNS:
            tests.append(f'CAST("{name}" AS VARCHAR) IN (SELECT unnest($words))')
        if name not in WHOLE_COLUMNS:
            tests.append(f'regexp_matches(CAST("{name}" AS VARCHAR), $long)')
        told.append(f'{" OR ".join(tests)} AS "{name}"')
        counts.append(f'count(*) FILTER (WHERE "{name}") AS "{name}"')
        used += told[-1]
    query = f"SELECT {', '.join(counts)} FROM (SELECT {', '.join(told)} FROM {table})"  # noqa: S608
    row = rows_of(db, query, {key: value for key, value in sought.items() if f"${key}" in used})[0]
    return [f"{table}.{name}: {row[name]}" for name in names if row[name]]


def _inside(words: Iterable[str]) -> str:
    r"""An expression for these words; in JSON \u1234 may be what stands before one."""
    forms = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    any_of = "|".join(map(re.escape, sorted(forms)))
    before, after = r"(?:^|[^0-9A-Za-z~]|\\u[0-9a-f]{4})", "(?:$|[^0-9A-Za-z~])"
    return f"{before}(?:{any_of}){after}" if forms else r"[^\s\S]"


def _contents(contents: Iterable[str]) -> pa.Table:
    return pa.table({"content_sha256": pa.array(sorted(set(contents)), pa.string())})
