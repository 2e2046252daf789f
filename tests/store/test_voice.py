"""What was measured of the voices is kept, read back for scoring, and exported."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pytest

from pipeline.domain import CallReport, Medium, Overlap, Role, Silence
from pipeline.store import Snapshot, Store
from pipeline.store.export import export
from pipeline.store.migrations import FOLDER, known
from tests.store.reports import a_report

BEFORE = [step.name for step in known() if not step.name.endswith("_voice")][:6]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "calls.duckdb"


def saved(db: Path, *reports: CallReport) -> Path:
    with Store.open(db) as store:
        store.save(reports)
        store.publish()
    return db


def test_voices_and_measures_come_back_as_they_were(db: Path) -> None:
    report = a_report()
    with Snapshot.open(saved(db, report)) as snapshot:
        (stored,) = snapshot.texts(["c-one"])
    assert stored.metrics == report.metrics
    assert [s.voice for s in stored.transcript.segments] == [
        s.voice for s in report.transcript.segments
    ]


def test_a_chat_has_no_voice(db: Path) -> None:
    with Snapshot.open(saved(db, a_report("chat", medium=Medium.CHAT))) as snapshot:
        (stored,) = snapshot.texts(["c-chat"])
    assert [s.voice for s in stored.transcript.segments] == [None, None]
    assert (stored.metrics.agent, stored.metrics.holds) == (None, ())


def test_a_call_that_was_measured_before_keeps_what_it_has(db: Path, tmp_path: Path) -> None:
    older = tmp_path / "migrations"
    older.mkdir()
    for name in BEFORE:
        shutil.copy(FOLDER / f"{name}.sql", older)
    Store.open(db, migrations_folder=older).close()
    with duckdb.connect(str(db)) as connection:
        connection.execute(
            "INSERT INTO metrics VALUES ('c-one', 2, 40, 8, 240, 200, 0.6, 1, 1, 0.5, "
            "[{'start': 3.5, 'end': 4.5, 'after': 0}], "
            "[{'start': 4, 'end': 4.2, 'by': 1, 'over': 0}])"
        )
    without = replace(a_report().metrics, turns=7)
    with Store.open(db) as store:
        store.save([a_report("two", metrics=without)])
    with duckdb.connect(str(db)) as connection:
        # only the measures of the old call are there: give it the rest of a new one
        connection.execute(
            "INSERT INTO calls BY NAME SELECT * REPLACE ('c-one' AS call_id) FROM calls"
        )
        connection.execute(
            "INSERT INTO segments BY NAME SELECT * REPLACE ('c-one' AS call_id, NULL AS voice) "
            "FROM segments"
        )
    with Store.open(db) as store:
        store.publish()
    with Snapshot.open(db) as snapshot:
        (stored,) = snapshot.texts(["c-one"])
    assert stored.metrics.silences == (Silence(3.5, 4.5, 0, Role.UNKNOWN),)
    assert stored.metrics.overlaps == (Overlap(4, 4.2, 1, 0),)
    assert (stored.metrics.agent, stored.metrics.tones) == (None, ())
    assert {s.voice for s in stored.transcript.segments} == {None}


@pytest.mark.parametrize("table", ["segments", "metrics"])
def test_exports_hold_the_voices(db: Path, tmp_path: Path, table: str) -> None:
    report = a_report()
    export(table, saved(db, report), tmp_path / "out.jsonl", "jsonl")
    first = json.loads((tmp_path / "out.jsonl").read_text("utf-8").splitlines()[0])
    if table == "segments":
        voice = report.transcript.segments[0].voice
        assert voice is not None
        assert first["voice"] == asdict(voice)
    else:
        assert report.metrics.agent is not None
        assert first["agent"] == asdict(report.metrics.agent)
        assert first["tones"] == [asdict(mark) for mark in report.metrics.tones]
        assert first["silences"][0]["left_by"] == "customer"
    for form in ("csv", "parquet"):
        assert export(table, db, tmp_path / f"out.{form}", form) > 0
