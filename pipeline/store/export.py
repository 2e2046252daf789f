"""Tables as files for other programs: masked, streamed, from the published copy."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import BadInput, TryAgain
from pipeline.store.calibrations import Calibrations
from pipeline.store.connection import TIMEZONE
from pipeline.store.copies import note_copy
from pipeline.store.people import People
from pipeline.store.snapshot import Row, Snapshot

Batches = Iterator[pa.RecordBatch]
Change = Callable[[list[Row]], list[Row]]
TABLES = ("calls", "segments", "findings", "private_spans", "metrics", "sounds", "learned",
          "reviews", "calibrations", "runs", "packs")  # fmt: skip
FORMATS = ("jsonl", "csv", "parquet")
BATCH_ROWS = 5_000
JSON_COLUMNS = ("attributes", "summary", "versions", "content")  # JSON text in the database
# A spreadsheet would run a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("id", pa.int64()),
    ("at", pa.timestamp("us", tz="UTC")),
    ("reviewer", pa.string()),
    ("call_id", pa.string()),
    ("content_sha256", pa.string()),
    ("rule", pa.string()),
    ("segment", pa.int64()),
    ("decision", pa.string()),
    ("comment", pa.string()),
    ("pack_version", pa.string()),
    ("machine_verdict", pa.string()),
    ("previous", pa.int64()),
]
REVIEWS = pa.schema(_COLUMNS)
_ANSWERS: list[tuple[str, pa.DataType]] = [
    ("round", pa.int64()),
    ("title", pa.string()),
    ("at", pa.timestamp("us", tz="UTC")),
    ("call_id", pa.string()),
    ("content_sha256", pa.string()),
    ("rater", pa.string()),
    ("subject", pa.string()),
    ("answer", pa.string()),
    ("rules", pa.list_(pa.string())),
    ("comment", pa.string()),
    ("machine", pa.list_(pa.string())),  # rule=verdict, of the rules of the subject
    ("agreed", pa.list_(pa.string())),
]
CALIBRATIONS = pa.schema(_ANSWERS)


def export(
    table: str,
    db: Path,
    out: Path | TextIO,
    format: str = "jsonl",
    timezone: str = TIMEZONE,
    change: Change | None = None,
) -> int:
    """Write one table; returns the number of rows. Memory does not grow with the table.

    A `Path` is replaced when everything is written; its csv begins with a byte-order mark, because
    spreadsheets read Chinese only with one. A stream gets none. In csv, nested columns are JSON
    text and what a spreadsheet would take for a formula gets a `'` before it; jsonl and parquet
    hold every text as it is. Parquet into a stream goes to its underlying bytes. A file is noted in
    the list of copies, so that calls can be removed from it later. `change` gives other rows in
    place of some; such a file is for its owner alone (0600).
    """
    _check("table", table, TABLES)
    _check("format", format, FORMATS)
    with _opened(table, db, timezone) as (schema, stored):
        batches = stored if change is None else _changed(stored, schema, change)
        if not isinstance(out, Path):
            return _write(schema, batches, out, format)
        temporary = out.with_name(f".{out.name}.tmp")
        try:
            encoding = "utf-8-sig" if format == "csv" else "utf-8"
            temporary.unlink(missing_ok=True)
            temporary.touch(mode=0o666 if change is None else 0o600)
            with temporary.open("w", encoding=encoding, newline="") as file:
                rows = _write(schema, batches, file, format)
            note_copy(People.open(db), temporary, out, what=table, format=format)
            temporary.replace(out)
        except OSError as error:
            raise TryAgain(f"cannot write {out}: {error.strerror}; check the path") from error
        finally:
            temporary.unlink(missing_ok=True)
    return rows


def _check(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadInput(f"unknown {name} '{value}'; choose one of: {', '.join(choices)}")


@contextmanager
def _opened(table: str, db: Path, timezone: str) -> Iterator[tuple[pa.Schema, Batches]]:
    if table == "reviews":  # people may write before anything is published
        yield REVIEWS, _review_batches(People.open(db))
        return
    if table == "calibrations":
        yield CALIBRATIONS, _answer_batches(Calibrations(People.open(db)))
        return
    with Snapshot.open(db, timezone) as snapshot, closing(snapshot.cursor()) as cursor:
        if table == "learned":  # with what people said of it
            snapshot.register_people(cursor)
            table = "learned_now"
        reader = cursor.table(table).to_arrow_reader(BATCH_ROWS)
        yield reader.schema, iter(reader)


def _review_batches(people: People) -> Batches:
    for reviews in people.all_reviews():
        yield pa.RecordBatch.from_pylist([asdict(review) for review in reviews], schema=REVIEWS)


def _answer_batches(calibrations: Calibrations) -> Batches:
    """What was submitted in rounds that are closed; nothing of the others."""
    for found in reversed(calibrations.all()):
        if not found.closed:
            continue
        calls = {call.content_sha256: call for call in calibrations.asked(found.id)}
        notes = calibrations.outcomes(found.id)
        rows = [
            {
                "round": found.id,
                "title": found.title,
                **asdict(answer),
                "call_id": calls[answer.content_sha256].call_id,
                "machine": [
                    f"{rule}={verdict}"
                    for rule, verdict in calls[answer.content_sha256].asked[answer.subject].items()
                ],
                "agreed": [
                    note.note
                    for note in notes
                    if (note.content_sha256, note.subject)
                    == (answer.content_sha256, answer.subject)
                ],
            }
            for answer in calibrations.answers(found.id)
        ]
        yield pa.RecordBatch.from_pylist(rows, schema=CALIBRATIONS)


def _changed(batches: Batches, schema: pa.Schema, change: Change) -> Batches:
    for batch in batches:
        yield pa.RecordBatch.from_pylist(change(batch.to_pylist()), schema=schema)


def _write(schema: pa.Schema, batches: Batches, out: TextIO, format: str) -> int:
    if format == "parquet":
        return _write_parquet(schema, batches, out)
    if format == "csv":
        return _write_csv(schema, batches, out)
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        out.writelines(_json(_unpacked(row)) + "\n" for row in batch.to_pylist())
    return rows


def _write_parquet(schema: pa.Schema, batches: Batches, out: TextIO) -> int:
    raw = getattr(out, "buffer", None)
    if raw is None:
        raise BadInput("parquet is not text: give a file, or a stream with an underlying buffer")
    out.flush()
    rows = 0
    with pq.ParquetWriter(pa.PythonFile(raw, mode="w"), schema, compression="zstd") as writer:
        for batch in batches:
            rows += batch.num_rows
            writer.write_batch(batch)
    raw.flush()
    return rows


def _write_csv(schema: pa.Schema, batches: Batches, out: TextIO) -> int:
    writer = csv.writer(out)
    writer.writerow(schema.names)
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        writer.writerows([_cell(value) for value in row.values()] for row in batch.to_pylist())
    return rows


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return _json(value)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _unpacked(row: Row) -> Row:
    """JSON columns as what they hold."""
    texts = {name: row[name] for name in JSON_COLUMNS if isinstance(row.get(name), str)}
    return {**row, **{name: json.loads(str(text)) for name, text in texts.items()}}


def _json(value: object) -> str:
    """One line of strict JSON; what is not a number becomes null."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_iso, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_iso, allow_nan=False)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
