"""Real processes: killed loaders, and readers beside a writer."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from pipeline.store import Layout, People, Snapshot, Store, write_spool
from pipeline.store.rows import CALL_TABLES
from tests.store.loader_process import LEAST
from tests.store.reports import a_report

ROOT = Path(__file__).parents[2]
CALLS = 120


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.loader_process", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def counts(db: Path) -> dict[str, int]:
    with duckdb.connect(str(db), read_only=True) as connection:
        return {
            table: connection.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in (*CALL_TABLES, "names", "failures")
        }


def fill_spool(db: Path) -> None:
    for number in range(CALLS):
        write_spool(a_report(str(number), call_id=f"c-{number // 2}"), Layout(db).spool)


def test_a_loader_that_is_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm.duckdb", tmp_path / "killed.duckdb"
    for db in (calm, killed):
        fill_spool(db)
    with Store.open(calm) as store:
        assert store.load_spool() == CALLS
    kills, luck = 0, random.Random(7)
    for _ in range(6):
        process = start("load", killed)
        assert process.stdout
        process.stdout.readline()  # the database is open, loading begins
        time.sleep(luck.uniform(0.02, 0.25))
        process.kill()
        process.communicate(timeout=30)
        kills += process.returncode == -9
    with Store.open(killed) as store:
        store.load_spool()
        assert list(store.layout.spool.rglob("*.json")) == []
    assert kills >= 2
    assert counts(killed) == counts(calm)
    assert counts(killed)["calls"] == CALLS
    with duckdb.connect(str(killed), read_only=True) as connection:
        ids = connection.sql("SELECT count(DISTINCT call_id) FROM calls").fetchall()
    assert ids == [(CALLS,)]


def test_readers_and_reviewers_beside_a_writer(tmp_path: Path) -> None:
    db, seconds = tmp_path / "calls.duckdb", 2.0
    with Store.open(db) as store:
        store.save([a_report("0")])
        store.publish()
    writer = start("publish", db, seconds)
    readers = [start("read", db, seconds, name) for name in ("li", "zhao")]
    results = []
    for process in (writer, *readers):
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        results.append(json.loads(out))
    wrote, *read = results
    assert wrote["published"] >= LEAST
    for reader in read:
        assert reader["counts"] == sorted(reader["counts"])
        assert reader["counts"][-1] > reader["counts"][0]
        assert reader["versions"] >= 2
    assert len(People.open(db).reviews("c-0")) == sum(reader["reviews"] for reader in read)
    with Snapshot.open(db) as snapshot:
        assert snapshot.totals()["calls"] == wrote["calls"]
        assert snapshot.version == f"v{wrote['published'] + 1:06d}"


def test_many_processes_may_write_one_spool(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.store import write_spool\n"
        "from tests.store.reports import a_report\n"
        "for i in range(60): write_spool(a_report(str(i % 40)), Path(sys.argv[1]))\n"
    )
    db = tmp_path / "calls.duckdb"
    command = [sys.executable, "-c", code, str(Layout(db).spool)]
    with Store.open(db) as store:
        workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
        while any(worker.poll() is None for worker in workers):
            store.load_spool()
        assert [worker.wait() for worker in workers] == [0, 0, 0]
        store.load_spool()
    assert counts(db)["calls"] == 40
    assert counts(db)["segments"] == 80
    assert counts(db)["failures"] == 0
