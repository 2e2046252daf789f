"""Files that were written out of the store: listed, so that calls can be taken out of them too."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Self
from xml.sax.saxutils import unescape
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files import as_written, sync_folder
from pipeline.modelfiles import sha256
from pipeline.store.people import People

AUDIO = "audio"
_TEXT_PARTS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml")
_CELL = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
FORMS = "forms"  # workbooks and reports, which people fill in or edit afterwards


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was written. `what`: the table, `forms`, or `audio` of `content_sha256`."""

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


@dataclass(frozen=True, slots=True)
class Gone:
    """Whose rows go: ids of calls, hashes of contents, files as runs name them."""

    calls: frozenset[str]
    contents: frozenset[str]
    files: frozenset[str]

    @classmethod
    def of(cls, calls: Iterable[str], contents: Iterable[str], paths: Iterable[str]) -> Self:
        """With absolute paths."""
        return cls(frozenset(calls), frozenset(contents), frozenset(as_written(paths)))


def take_out_of(copy: Copy, gone: Gone) -> int:
    """Write an exported file anew without the rows of these calls; returns how many went.

    OSError when it cannot be written, ValueError when it is no longer what was exported.
    """
    path = Path(copy.path).resolve()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    keep = _Keep(copy.what, gone)
    try:
        temporary.touch(mode=path.stat().st_mode & 0o777)
        rows = WRITERS[copy.format](path, temporary, keep)
        if rows:
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    except (pa.ArrowException, csv.Error) as error:
        raise ValueError(str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return rows


@dataclass(frozen=True, slots=True)
class _Keep:
    """Whether a row stays."""

    table: str
    gone: Gone

    def columns(self, names: Collection[str]) -> list[str]:
        """Those that say whose a row is; ValueError when there are none any more."""
        wanted = {"runs": ("input", "summary"), "packs": ()}.get(
            self.table, ("call_id", "content_sha256")
        )
        found = [name for name in wanted if name in names]
        if wanted and not found:
            raise ValueError(f"has none of the columns {', '.join(wanted)}")
        return found

    def __call__(self, row: object) -> bool:
        if not isinstance(row, Mapping):
            raise ValueError("has lines that are no rows of an export")
        columns = self.columns(row)
        if self.table == "runs":
            return not (set(files_of_run(row)) & self.gone.files)
        values = {str(row[name]) for name in columns}
        values |= {value.removeprefix("'") for value in values}  # csv has it before a formula
        return not (values & self.gone.calls or values & self.gone.contents)


def names_any(copy: Copy, gone: Gone) -> bool:
    """Whether a form or a report names one of these calls.

    OSError when it cannot be read, ValueError when it is no such file any more.
    """
    try:
        data = Path(copy.path).read_bytes()
        return any(_names(text, ending, gone) for text, ending in _texts(data, copy.format))
    except (BadZipFile, UnicodeDecodeError) as error:
        raise ValueError(f"is no {copy.format} any more ({error})") from error


def _names(text: str, ending: str, gone: Gone) -> bool:
    """In a sentence, a list, or a cell of its own."""
    if ending == "xlsx":
        text = "\n".join(unescape(cell) for cell in _CELL.findall(text))
    return any(
        call in text and re.search(rf"(?<![\w-]){re.escape(call)}(?![\w-])", text)
        for call in gone.calls
    )


def _texts(data: bytes, ending: str) -> Iterator[tuple[str, str]]:
    """What may be read in a file, and in the files of a bundle, each with how the file ends."""
    if ending in ("html", "md"):
        yield unescape(data.decode("utf-8")).replace("\\", ""), ending
    elif ending in ("xlsx", "docx", "pptx", "zip"):
        with ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                if ending == "zip":
                    yield from _texts(archive.read(name), Path(name).suffix[1:])
                elif name.endswith(".xml") and (ending != "xlsx" or _TEXT_PARTS.fullmatch(name)):
                    text = archive.read(name).decode("utf-8")
                    yield text if ending == "xlsx" else unescape(text), ending


def files_of_run(row: Mapping[str, object]) -> Iterator[str]:
    """The files that an account of a run names."""
    yield from str(row.get("input")).split(", ")
    summary = row.get("summary")
    summary = json.loads(summary or "null") if isinstance(summary, str) else summary
    failures = summary.get("failures", []) if isinstance(summary, Mapping) else []
    yield from (str(failure.get("file")) for failure in failures)


def _jsonl(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    with path.open("rb") as lines, target.open("wb") as file:
        for line in lines:
            if keep(json.loads(line)):
                file.write(line)
            else:
                gone += 1
    return gone


def _csv(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    csv.field_size_limit(2**31 - 1)  # the words of a segment, the account of a run
    with (
        path.open(encoding="utf-8-sig", newline="") as lines,
        target.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        reader, writer = csv.reader(lines), csv.writer(file)
        names = next(reader, [])
        writer.writerow(names)
        for row in reader:
            if keep(dict(zip(names, row, strict=True))):
                writer.writerow(row)
            else:
                gone += 1
    return gone


def _parquet(path: Path, target: Path, keep: _Keep) -> int:
    gone = 0
    with pq.ParquetFile(path) as source:
        schema = source.schema_arrow
        columns = keep.columns(schema.names)
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in source.iter_batches():
                mask = [keep(row) for row in batch.select(columns).to_pylist()]
                gone += mask.count(False)
                writer.write_batch(batch.filter(pa.array(mask, pa.bool_())))
    return gone


WRITERS: dict[str, Callable[[Path, Path, _Keep], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}
