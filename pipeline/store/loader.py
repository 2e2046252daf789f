"""One batch of finished calls into the database: delete and insert by content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.domain import Failure, Rescored
from pipeline.errors import TryAgain
from pipeline.files import storable
from pipeline.store.connection import rows_of, sql, table_of
from pipeline.store.packs import UsedPack, row_of_pack
from pipeline.store.rows import CALL_TABLES, Row, arrow_table, rows_of_call, rows_of_result
from pipeline.store.spool import Spooled

Connection = duckdb.DuckDBPyConnection
INCOMING = "incoming"
# What one call with an impossible value raises (a number too big for its column, say).
UNLOADABLE = (
    pa.ArrowException,
    OverflowError,
    duckdb.DataError,
    duckdb.InvalidInputException,
    duckdb.ConstraintException,
)


@contextmanager
def transaction(connection: Connection, db: Path) -> Iterator[None]:
    """All or nothing; a full disk is said in words."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException as error:
        _roll_back(connection)
        if isinstance(error, duckdb.IOException):
            raise TryAgain(
                f"{db} cannot be written (is the disk full?); nothing of this batch was stored, "
                f"its calls stay in the spool. DuckDB says: {error}"
            ) from error
        raise


def _roll_back(connection: Connection) -> None:
    with suppress(duckdb.Error):  # DuckDB may have ended it; the first error is the one to show
        connection.rollback()


def load_batch(
    connection: Connection, entries: Iterable[Spooled], zone: tzinfo, run_id: str | None
) -> int:
    """Write a batch inside the caller's transaction; returns the number of calls."""
    by_hash = {e.report.provenance.content_sha256: e for e in sorted(entries, key=_written)}
    if not by_hash:
        return 0
    call_ids = _call_ids(connection, by_hash)
    tables: dict[str, list[Row]] = {name: [] for name in CALL_TABLES}
    for content, entry in by_hash.items():
        for name, rows in rows_of_call(entry, call_ids[content], zone).items():
            tables[name].extend(rows)
    replaced = _delete_calls(connection, by_hash)
    for name, rows in tables.items():
        insert(connection, name, rows)
    sources = [(c, path) for c, e in by_hash.items() for path in e.report.sources]
    insert_names(connection, sources)
    clear_failures(connection, by_hash, (path for _, path in sources))
    insert(connection, "batches", [_ledger(by_hash, replaced, run_id)])
    return len(by_hash)


def insert(connection: Connection, table: str, rows: list[Row]) -> None:
    """Append rows through Arrow; the table itself says the types."""
    if not rows:
        return
    schema = table_of(connection, f"SELECT * FROM {table} LIMIT 0").schema  # noqa: S608
    with registered(connection, arrow_table(rows, schema)):
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {INCOMING}")  # noqa: S608


def replace_rows(connection: Connection, table: str, rows: list[Row], key: str) -> None:
    """Append rows in place of those with the same key."""
    delete(connection, table, key, [str(row[key]) for row in rows])
    insert(connection, table, rows)


def delete(connection: Connection, table: str, key: str, values: Iterable[str]) -> int:
    """Delete the rows whose `key` is one of `values`; returns how many."""
    wanted = pa.array(list(values), pa.string())
    if not wanted:
        return 0
    query = f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM {INCOMING})"  # noqa: S608
    with registered(connection, pa.table({"value": wanted})):
        deleted = connection.execute(query).fetchone()
    return int(deleted[0]) if deleted else 0


@contextmanager
def registered(connection: Connection, table: pa.Table) -> Iterator[None]:
    """Show queries an Arrow table as `incoming`."""
    connection.register(INCOMING, table)
    try:
        yield
    finally:
        connection.unregister(INCOMING)


def insert_names(connection: Connection, pairs: Iterable[tuple[str, str]]) -> int:
    """Remember paths of contents; those that are known keep the time they were first seen.

    Returns how many were new.
    """
    unique = sorted({(content, storable(path)) for content, path in pairs})
    columns = {
        "content_sha256": pa.array([content for content, _ in unique], pa.string()),
        "path": pa.array([path for _, path in unique], pa.string()),
    }
    with registered(connection, pa.table(columns)):
        inserted = connection.execute(sql("insert_names")).fetchone()
    return int(inserted[0]) if inserted else 0


def insert_packs(connection: Connection, packs: Iterable[UsedPack]) -> int:
    """Keep packs that are not there yet; returns how many were new."""
    given = {pack.sha256: pack for pack in packs}
    known = {str(row["pack_hash"]) for row in rows_of(connection, "SELECT pack_hash FROM packs")}
    rows = [row_of_pack(pack) for sha256, pack in given.items() if sha256 not in known]
    insert(connection, "packs", rows)
    return len(rows)


def clear_failures(connection: Connection, contents: Iterable[str], files: Iterable[str]) -> None:
    """Forget failures of what has succeeded, under whatever name."""
    delete(connection, "failures", "content_sha256", contents)
    delete(connection, "failures", "file", (storable(file) for file in files))


def insert_failures(
    connection: Connection,
    failures: Iterable[Failure],
    contents: Mapping[str, str],
    run_id: str | None,
) -> None:
    """Store failures in place of earlier ones of the same file, counting the attempts."""
    failed = {storable(failure.file): failure for failure in failures}
    if not failed:
        return
    known = rows_of(connection, "SELECT file, attempts FROM failures")
    attempts = {str(row["file"]): int(str(row["attempts"])) for row in known}
    rows: list[Row] = [
        {
            "file": file,
            "stage": failure.stage,
            "error": failure.error,
            "message": storable(failure.message),
            "content_sha256": contents.get(failure.file),
            "run_id": run_id,
            "at": datetime.now(UTC),
            "attempts": attempts.get(file, 0) + 1,
        }
        for file, failure in failed.items()
    ]
    replace_rows(connection, "failures", rows, "file")


def _written(entry: Spooled) -> datetime:
    return entry.written_at


def _call_ids(connection: Connection, by_hash: Mapping[str, Spooled]) -> dict[str, str]:
    """Choose a call_id per content: its own, or `<id>~<hash>` when another content has it."""
    wanted = {content: entry.report.info.call_id for content, entry in by_hash.items()}
    candidates = {c for content, base in wanted.items() for c in (base, _suffixed(base, content))}
    with registered(connection, pa.table({"call_id": pa.array(sorted(candidates), pa.string())})):
        found = rows_of(connection, sql("select_taken"))
    owner = {str(row["call_id"]): str(row["content_sha256"]) for row in found}
    result = {}
    for content, base in wanted.items():
        call_id = base
        if owner.get(base, content) != content:
            call_id = _suffixed(base, content)
            if owner.get(call_id, content) != content:  # a metadata id that looks like ours
                call_id = f"{base}~{content}"
        owner[call_id] = content
        result[content] = call_id
    return result


def _suffixed(base: str, content: str) -> str:
    return f"{base}~{content[:8]}"


def _delete_calls(connection: Connection, entries: Mapping[str, Spooled]) -> int:
    """Delete what was stored of these contents, keeping its result; most batches are new."""
    columns = {
        "content_sha256": pa.array(list(entries), pa.string()),
        "pack_hash": pa.array([e.report.provenance.pack_hash for e in entries.values()]),
        "scored_at": pa.array(
            [e.written_at for e in entries.values()], pa.timestamp("us", tz="UTC")
        ),
    }
    with registered(connection, pa.table(columns)):
        old = rows_of(connection, sql("select_stored"))
    if old:
        keep = {str(row["call_id"]): bool(row["keep"]) for row in old}
        keep_results(connection, keep, datetime.now(UTC))
        for table in CALL_TABLES:
            delete(connection, table, "call_id", [str(row["call_id"]) for row in old])
    return len(old)


def keep_results(connection: Connection, calls: Mapping[str, bool], now: datetime) -> None:
    """Copy the results of calls to the old ones, where True says that it is worth it."""
    columns = {
        "call_id": pa.array(list(calls), pa.string()),
        "keep": pa.array(list(calls.values()), pa.bool_()),
    }
    with registered(connection, pa.table(columns)):
        for name in ("keep_old_scores", "keep_old_findings"):
            connection.execute(sql(name), {"now": now})


@dataclass(frozen=True, slots=True)
class ResultTables:
    """New results of some calls as Arrow tables, ready to be written; made by any process."""

    calls: pa.Table
    findings: pa.Table
    control_points: pa.Table

    @classmethod
    def joined(cls, parts: Sequence[ResultTables]) -> ResultTables:
        """Several as one."""
        names = [field.name for field in fields(cls)]
        return cls(*(pa.concat_tables([getattr(part, n) for part in parts]) for n in names))


def result_tables(connection: Connection, results: Sequence[Rescored]) -> ResultTables:
    """Results as tables of the schema that the connection knows."""
    rows = [(result, rows_of_result(result)) for result in results]
    calls = [
        {**own["calls"][0], "call_id": result.call_id, "code_version": result.code_version}
        for result, own in rows
    ]

    def table(name: str) -> pa.Table:
        schema = table_of(connection, f"SELECT * FROM {name} LIMIT 0").schema  # noqa: S608
        below = [{**row, "call_id": r.call_id} for r, own in rows for row in own[name]]
        return arrow_table(below, schema)

    updates = pa.Table.from_pylist(calls, schema=_UPDATES)
    return ResultTables(updates, table("findings"), table("control_points"))


def replace_results(connection: Connection, tables: ResultTables) -> None:
    """Put new results in place of old ones; those made by another pack are kept as old."""
    now = datetime.now(UTC)
    with registered(connection, tables.calls):
        before = rows_of(connection, sql("select_replaced"))
    keep_results(connection, {str(row["call_id"]): bool(row["keep"]) for row in before}, now)
    with registered(connection, tables.calls):
        connection.execute(sql("update_results"), {"now": now})
    for name in ("findings", "control_points"):
        delete(connection, name, "call_id", map(str, tables.calls.column("call_id").to_pylist()))
        with registered(connection, getattr(tables, name)):
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM {INCOMING}")  # noqa: S608


_TEXTS = (
    "call_id", "pack", "pack_version", "pack_hash", "code_version", "grade", "worst_severity",
    "top_rule", "top_title", "top_title_en",
)  # fmt: skip
_COUNTS = ("fails", "fails_critical", "fails_major", "fails_minor", "unsure")
_FIELDS: dict[str, pa.DataType] = {
    **dict.fromkeys(_TEXTS, pa.string()),
    **dict.fromkeys(_COUNTS, pa.int32()),
    "score": pa.float64(),
    "vetoed": pa.bool_(),
}
_UPDATES = pa.schema(list(_FIELDS.items()))


def _ledger(by_hash: Mapping[str, Spooled], replaced: int, run_id: str | None) -> Row:
    return {
        "batch_id": hashlib.sha256("\n".join(sorted(by_hash)).encode("utf-8")).hexdigest(),
        "run_id": run_id,
        "calls": len(by_hash),
        "replaced": replaced,
        "loaded_at": datetime.now(UTC),
    }
