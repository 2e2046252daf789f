"""Where something is missing is kept as evidence that says so; older evidence stays what it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.domain import Evidence
from pipeline.effective import finding_of
from pipeline.store import Snapshot, Store
from pipeline.store.export import export
from pipeline.store.migrations import FOLDER, known
from tests.store.reports import a_finding, a_report

GONE = a_finding("greeting", evidence=(Evidence(0, 0.5, 3.0, "喂", sought=True),))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "calls.duckdb"
    with Store.open(path) as store:
        store.save([a_report(findings=(a_finding(), GONE))])
        store.publish()
    return path


def test_it_comes_back_from_the_store(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        stored = snapshot.call("c-one")
    assert stored is not None
    there, gone = (finding_of(row) for row in stored.findings)
    assert gone == GONE
    assert (gone.found, there.found) == ((), a_finding().evidence)


def test_exports_tell_them_apart(db: Path, tmp_path: Path) -> None:
    export("findings", db, tmp_path / "out.jsonl", "jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["evidence"][0]["sought"] for row in rows] == [False, True]


def test_evidence_of_before_was_all_found(db: Path, tmp_path: Path) -> None:
    older = tmp_path / "migrations"
    older.mkdir()
    for step in known()[:10]:
        shutil.copy(FOLDER / f"{step.name}.sql", older)
    old = tmp_path / "old.duckdb"
    Store.open(old, migrations_folder=older).close()
    with duckdb.connect(str(old)) as connection:
        connection.execute(f"ATTACH '{db}' AS now (READ_ONLY)")
        for table in ("calls", "segments", "metrics"):
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM now.{table}")
        connection.execute(
            "INSERT INTO findings BY NAME SELECT * REPLACE (list_transform(evidence, lambda e: "
            "{'segment': e.segment, 'start': e.start, 'end': e.\"end\", 'quote': e.quote}) "
            "AS evidence) FROM now.findings WHERE rule <> 'greeting'"
        )
    with Store.open(old) as store:
        store.publish()
    with Snapshot.open(old) as snapshot:
        stored = snapshot.call("c-one")
    assert stored is not None
    (row,) = stored.findings
    assert finding_of(row).found == a_finding().evidence
