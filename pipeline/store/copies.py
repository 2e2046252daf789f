"""Files that were written out of the store: listed, so that calls can be taken out of them too."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files import sync_folder
from pipeline.modelfiles import sha256
from pipeline.store.people import People

AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was written. `what`: the exported table, or `audio` made of `content_sha256`."""

    path: str
    at: str
    what: str
    format: str
    sha256: str
    content_sha256: str | None = None


class Copies:
    """The list of copies of one database, in `people.sqlite`."""

    def __init__(self, people: People) -> None:
        self._people = people

    def note(self, copy: Copy) -> None:
        """Remember a copy, in place of an earlier one of the same path."""
        with self._people.connected() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO copies (path, at, what, format, sha256, content_sha256) "
                "VALUES (:path, :at, :what, :format, :sha256, :content_sha256)",
                asdict(copy),
            )

    def forget(self, path: str) -> None:
        """The file is no longer there."""
        with self._people.connected() as connection:
            connection.execute("DELETE FROM copies WHERE path = ?", (path,))

    def all(self) -> list[Copy]:
        """Every copy that is known, by path."""
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            rows: list[sqlite3.Row] = connection.execute(
                "SELECT * FROM copies ORDER BY path"
            ).fetchall()
        return [Copy(**dict(row)) for row in rows]


def note_copy(people: People, file: Path, target: Path, **facts: str) -> None:
    """Remember `file`, which is going to be named `target`; facts: what, format, content_sha256.

    Done before the file gets its name, so that no copy is without its entry.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    Copies(people).note(Copy(str(target.absolute()), now, sha256=sha256(file), **facts))


# ── taking calls out of one ──────────────────────────────────────────────────────────────────────


def take_out_of(copy: Copy, calls: Collection[str], contents: Collection[str]) -> int:
    """Write an exported file anew without the rows of these calls; returns how many went.

    OSError when it cannot be written, ValueError when it is no longer what was exported.
    """
    path = Path(copy.path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    keep = _Keep(frozenset(calls), frozenset(contents))
    try:
        temporary.touch(mode=path.stat().st_mode & 0o777)
        gone = WRITERS[copy.format](path, temporary, keep)
        if gone:
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    except (pa.ArrowException, csv.Error) as error:
        raise ValueError(str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return gone


@dataclass(frozen=True, slots=True)
class _Keep:
    calls: frozenset[str]
    contents: frozenset[str]

    def __call__(self, call: object, content: object) -> bool:
        """Whether a row with these ids stays; csv puts a mark before what looks like a formula."""
        own = {str(call), str(call).removeprefix("'")}
        return not (own & self.calls or content in self.contents)


def _jsonl(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    with path.open("rb") as lines, target.open("wb") as file:
        for line in lines:
            row = json.loads(line)
            if keep(row.get("call_id"), row.get("content_sha256")):
                file.write(line)
            else:
                gone += 1
    return gone


def _csv(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    with (
        path.open(encoding="utf-8-sig", newline="") as lines,
        target.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        reader, writer = csv.reader(lines), csv.writer(file)
        names = next(reader)
        writer.writerow(names)
        for row in reader:
            values = dict(zip(names, row, strict=True))
            if keep(values.get("call_id"), values.get("content_sha256")):
                writer.writerow(row)
            else:
                gone += 1
    return gone


def _parquet(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    with pq.ParquetFile(path) as source:
        schema = source.schema_arrow
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in source.iter_batches():
                mask = _mask(batch, keep)
                gone += batch.num_rows - mask.true_count
                writer.write_batch(batch.filter(mask))
    return gone


def _mask(batch: pa.RecordBatch, keep: _Keep) -> pa.BooleanArray:
    nothing = [None] * batch.num_rows
    columns = [
        batch.column(name).to_pylist() if name in batch.schema.names else nothing
        for name in ("call_id", "content_sha256")
    ]
    return pa.array([keep(*ids) for ids in zip(*columns, strict=True)], pa.bool_())


WRITERS: dict[str, Callable[[Path, Path, _Keep], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}
