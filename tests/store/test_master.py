"""The master database: what is stored, once, under which id, and what is refused."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any

import duckdb
import pytest

from pipeline.domain import Failure, Medium, Removed, Severity, Verdict
from pipeline.errors import BadInput, BadSettings, TryAgain
from pipeline.store import FileStamp, Snapshot, Store, write_spool
from pipeline.store.migrations import FOLDER, known
from pipeline.store.rows import CALL_TABLES
from tests.store.reports import a_finding, a_hash, a_pack, a_report


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "calls.duckdb"


def counts(db: Path) -> dict[str, int]:
    """Rows per table, read after the store was closed."""
    with duckdb.connect(str(db), read_only=True) as connection:
        return {
            table: connection.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in (*CALL_TABLES, "names", "failures", "files", "runs")
        }


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(db), read_only=True) as connection:
        return connection.sql(query).fetchall()


def in_another_process(code: str, db: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(db)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_same_spool_twice_gives_the_same_rows(db: Path) -> None:
    reports = [a_report(name) for name in ("one", "two", "three")]
    with Store.open(db) as store:
        assert store.save(reports) == 3
    first = counts(db)
    with Store.open(db) as store:
        assert store.save(reports) == 3
        assert list(store.layout.spool.rglob("*.json")) == []
    assert counts(db) == first
    assert first["calls"] == 3
    assert first["segments"] == first["findings"] == first["control_points"] == 6


def test_a_better_result_replaces_the_old_one(db: Path) -> None:
    with Store.open(db) as store:
        store.save([a_report(score=82.0), a_report("two")])
        store.save([a_report(score=91.0, code_version="0.2.0", findings=())])
        assert store.done()[a_hash("one")].code_version == "0.2.0"
        assert store.done()[a_hash("two")] == a_report("two").provenance
    assert rows(db, "SELECT score FROM calls WHERE call_id = 'c-one'") == [(91.0,)]
    assert counts(db)["findings"] == 2


def test_two_contents_with_one_call_id_are_both_kept(db: Path) -> None:
    same = [a_report(name, call_id="c-7") for name in ("one", "two", "three")]
    with Store.open(db) as store:
        store.save(same)
        store.save(same)
    ids = rows(db, "SELECT call_id, content_sha256 FROM calls ORDER BY length(call_id)")
    assert len(ids) == 3
    assert ids[0][0] == "c-7"
    assert all(call_id == f"c-7~{content[:8]}" for call_id, content in ids[1:])
    assert len(rows(db, "SELECT DISTINCT call_id FROM segments")) == 3


def test_the_worst_finding_and_the_counts_are_on_the_call(db: Path) -> None:
    findings = (
        a_finding("a", severity=Severity.MINOR),
        a_finding("b", severity=Severity.CRITICAL, points=-5.0),
        a_finding("c", severity=Severity.CRITICAL, points=-20.0),
        a_finding("d", verdict=Verdict.UNSURE, severity=Severity.CRITICAL),
    )
    with Store.open(db) as store:
        store.save([a_report(findings=findings)])
    query = "SELECT worst_severity, top_rule, fails, fails_critical, fails_minor, unsure FROM calls"
    assert rows(db, query) == [("critical", "c", 3, 2, 1, 1)]


def test_a_start_time_without_offset_is_local(db: Path) -> None:
    with Store.open(db) as store:
        store.save([a_report(started_at=datetime(2026, 11, 20, 0, 30))])
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert str(snapshot.by_day().column("day")[0]) == "2026-11-20"
        assert snapshot.call("c-one").call["started_at"].isoformat() == "2026-11-20T00:30:00+08:00"


def test_a_chat_has_no_audio_and_no_times(db: Path) -> None:
    with Store.open(db) as store:
        store.save([a_report(medium=Medium.CHAT)])
    assert rows(db, "SELECT channel, duration, audio_codec FROM calls") == [("chat", None, None)]
    assert rows(db, 'SELECT DISTINCT "start" FROM segments') == [(None,)]


def test_a_damaged_spool_file_is_set_aside_and_named(db: Path) -> None:
    with Store.open(db) as store:
        store.start_run("in")
        good = write_spool(a_report("good"), store.layout.spool)
        bad = write_spool(a_report("bad"), store.layout.spool)
        bad.write_bytes(bad.read_bytes()[:100])
        assert store.load_spool() == 1
        assert not good.exists()
        assert [p.name for p in store.layout.bad.iterdir()] == [bad.name]
    ((file, stage, error, content),) = rows(
        db, "SELECT file, stage, error, content_sha256 FROM failures"
    )
    assert (stage, error, content) == ("store", "SpoolDamageError", a_hash("bad"))
    assert file.endswith(f"bad/{bad.name}")
    with Store.open(db) as store:
        store.save([a_report("bad")])
    assert counts(db)["failures"] == 0


def test_one_call_with_an_impossible_value_does_not_block_the_others(db: Path) -> None:
    poisoned = a_report("poisoned", removed=(Removed("loop", 0.0, 1.0, 0, 2**40),))
    with Store.open(db) as store:
        assert store.save([*(a_report(str(number)) for number in range(7)), poisoned]) == 7
        assert [p.stem for p in store.layout.bad.iterdir()] == [a_hash("poisoned")]
        assert a_hash("poisoned") not in store.done()
    assert counts(db)["calls"] == 7
    assert rows(db, "SELECT content_sha256 FROM failures") == [(a_hash("poisoned"),)]


def test_an_attribute_that_is_not_a_number_becomes_null(db: Path) -> None:
    report = a_report()
    info = replace(report.info, attributes={"rate": math.nan, "age": 67})
    transcript = replace(report.transcript, info=info)
    with Store.open(db) as store:
        store.save([replace(report, transcript=transcript)])
    assert rows(db, "SELECT attributes->>'age', attributes->>'rate' FROM calls") == [("67", None)]


def test_a_failure_counts_attempts_and_goes_when_the_file_succeeds(db: Path) -> None:
    failure = Failure("/recordings/one.wav", "decode", "BadRecording", "one.wav holds no sound")
    with Store.open(db) as store:
        run_id = store.start_run("in")
        store.record_failures([failure], {failure.file: a_hash("one")})
        store.record_failures([failure, Failure("/x.wav", "asr", "E", "x")])
    query = "SELECT attempts, run_id FROM failures WHERE stage = 'decode'"
    assert rows(db, query) == [(2, run_id)]
    with Store.open(db) as store:
        store.save([a_report()])
    assert rows(db, "SELECT file FROM failures") == [("/x.wav",)]


def test_names_of_a_content_add_up(db: Path) -> None:
    with Store.open(db) as store:
        store.save([a_report()])
        store.record_failures([Failure("/copy.wav", "decode", "E", "x")])
        store.add_names([(a_hash("one"), "/copy.wav"), (a_hash("one"), "/copy.wav")])
        store.save([a_report()])
    assert counts(db)["names"] == 2
    assert counts(db)["failures"] == 0


def test_the_hash_cache_keeps_the_latest_stamp(db: Path) -> None:
    with Store.open(db) as store:
        store.remember_files([FileStamp("/a", 1, 10, "x"), FileStamp("/b", 2, 20, "y")])
        store.remember_files([FileStamp("/a", 3, 30, "z")])
        store.remember_files([])
    with Store.open(db) as store:
        assert store.file_hashes() == {
            "/a": FileStamp("/a", 3, 30, "z"),
            "/b": FileStamp("/b", 2, 20, "y"),
        }


def test_a_run_is_noted_from_start_to_end(db: Path) -> None:
    with Store.open(db) as store:
        run_id = store.start_run("recordings/", {"callqa": "0.1.0"})
        store.save([a_report()])
        store.finish_run({"recordings": 1, "failures": [{"file": "坏.wav"}]}, exit_code=3)
        store.publish()
    with Snapshot.open(db) as snapshot:
        last = snapshot.last_run()
        assert snapshot.call("c-one").call["run_id"] == run_id
    assert last is not None
    assert (last["run_id"], last["exit_code"]) == (run_id, 3)
    assert "坏.wav".encode("unicode_escape").decode() in str(last["summary"]) or "坏.wav" in str(
        last["summary"]
    )


def test_a_second_writer_is_told_who_is_writing(db: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.store import Store\n"
        "from pipeline.errors import TryAgain\n"
        "for _ in sys.stdin:\n"
        "    try:\n"
        "        Store.open(Path(sys.argv[1])).close()\n"
        "        print('opened', flush=True)\n"
        "    except TryAgain as error:\n"
        "        print(error, flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(db)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:

        def tries() -> str:
            assert other.stdin
            assert other.stdout
            other.stdin.write("\n")
            other.stdin.flush()
            return other.stdout.readline()

        with Store.open(db) as store:
            store.save([a_report()])
            assert f"another run is loading into {db} (pid " in tries()
            store.publish()  # must not lose the lock
            assert "another run" in tries()
            with pytest.raises(TryAgain, match="another run"):
                Store.open(db)
            store.save([a_report("two")])
        assert tries() == "opened\n"
        other.communicate()
    assert counts(db)["calls"] == 2


def test_a_file_that_another_program_holds_is_named(db: Path, tmp_path: Path) -> None:
    Store.open(db).close()
    code = (
        "import sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        with pytest.raises(TryAgain, match=r"calls\.duckdb is open in another program"):
            Store.open(db)
        other.communicate(timeout=30)
    Store.open(db).close()


def test_files_that_are_not_ours_are_refused(db: Path, tmp_path: Path) -> None:
    db.write_text("not a database" * 1000)
    with pytest.raises(BadInput, match="is not a DuckDB file"):
        Store.open(db)
    assert db.read_text().startswith("not a database")
    empty = tmp_path / "empty.duckdb"
    empty.touch()
    with pytest.raises(BadInput, match="is not a DuckDB file"):
        Store.open(empty)
    foreign = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(foreign)) as connection:
        connection.execute("CREATE TABLE sales (x INTEGER)")
    with pytest.raises(BadInput, match=r"another program \(tables: sales\)"):
        Store.open(foreign)
    with pytest.raises(BadInput, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(BadSettings, match="unknown time zone 'Mars/Olympus'"):
        Store.open(tmp_path / "x.duckdb", "Mars/Olympus")


def test_an_older_database_is_brought_up_to_date(db: Path, tmp_path: Path) -> None:
    older = tmp_path / "migrations"
    older.mkdir()
    shutil.copy(FOLDER / "001_calls.sql", older)
    Store.open(db, migrations_folder=older).close()
    with duckdb.connect(str(db)) as connection:
        assert connection.sql("FROM duckdb_tables() WHERE table_name = 'runs'").fetchall() == []
    with Store.open(db) as store:
        store.start_run("in")
        store.save([a_report()])
    assert rows(db, "SELECT version, name FROM schema_version ORDER BY version") == [
        (step.version, step.name) for step in known()
    ]
    assert counts(db)["calls"] == 1


def test_calls_of_a_database_without_levels_stay_and_have_none(db: Path, tmp_path: Path) -> None:
    older = tmp_path / "migrations"
    older.mkdir()
    for name in ("001_calls.sql", "002_runs.sql"):
        shutil.copy(FOLDER / name, older)
    Store.open(db, migrations_folder=older).close()
    with duckdb.connect(str(db)) as connection:
        connection.execute(
            "INSERT INTO segments VALUES ('c-old', 0, 'agent', 0, 0.5, 3.5, '您好', 0.8, [])"
        )
    with Store.open(db) as store:
        store.save([a_report()])
    assert rows(db, "SELECT call_id, level FROM segments ORDER BY call_id, segment") == [
        ("c-old", None), ("c-one", -22.5), ("c-one", -22.5),
    ]  # fmt: skip


def test_a_newer_database_is_refused(db: Path, tmp_path: Path) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(FOLDER, newer)
    last = len(known())
    (newer / f"{last + 1:03}_tomorrow.sql").write_text("CREATE TABLE tomorrow (x INTEGER)")
    with Store.open(db, migrations_folder=newer) as store:
        store.publish()
    with pytest.raises(BadInput, match=rf"newer callqa \(schema {last + 1}; .* up to {last}\)"):
        Store.open(db)
    with pytest.raises(BadInput, match="newer callqa"):
        Snapshot.open(db)


def test_results_from_before_scorecards_had_places_stay(db: Path, tmp_path: Path) -> None:
    """Findings of an older database count as one place; new ones stand beside them."""
    older = tmp_path / "migrations"
    older.mkdir()
    for step in known():
        if "scorecard" not in step.name and step.version <= 2:
            shutil.copy(FOLDER / f"{step.name}.sql", older)
    Store.open(db, migrations_folder=older).close()
    with duckdb.connect(str(db)) as connection:
        connection.execute(
            "INSERT INTO findings VALUES ('c-0', 0, 'r', [], '', '', '1', 'fail', 'minor', -1, "
            "'', 1, [], '', '', false, false)"
        )
    with Store.open(db) as store:
        store.save([a_report(findings=(a_finding(places=3),))])
    assert rows(db, "SELECT call_id, places FROM findings ORDER BY call_id") == [
        ("c-0", 1), ("c-one", 3),
    ]  # fmt: skip


def test_a_pack_is_remembered_once(db: Path) -> None:
    with Store.open(db) as store:
        assert store.remember_packs([a_pack(), a_pack()]) == 1
        assert store.remember_packs([a_pack(), a_pack("2", "q" * 64)]) == 1
        assert store.remember_packs([]) == 0
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert snapshot.pack_content("q" * 64) == a_pack("2").content()
        assert snapshot.pack_content("nobody's") is None


def test_a_failed_migration_leaves_the_database_as_it_was(db: Path, tmp_path: Path) -> None:
    Store.open(db).close()
    broken = tmp_path / "migrations"
    shutil.copytree(FOLDER, broken)
    last = len(known())
    script = "CREATE TABLE half (x INTEGER); SELECT * FROM nowhere"
    (broken / f"{last + 1:03}_broken.sql").write_text(script)
    with pytest.raises(duckdb.Error):
        Store.open(db, migrations_folder=broken)
    assert rows(db, "SELECT max(version) FROM schema_version") == [(last,)]
    assert rows(db, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'half'") == []


def test_a_file_can_be_read_by_older_duckdb(db: Path) -> None:
    Store.open(db).close()
    tags = rows(db, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal")
    assert str(tags[0][0]).startswith("v1.5.0")
