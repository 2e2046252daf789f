"""The command `callqa run` as an operator uses it: real processes, real model, real Prefect."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Snapshot, export
from tests.bad_files import make_bad_files
from tests.clips import a_clip, some_clips

pytestmark = pytest.mark.model
CHANGES = ("run_id", "processed_at", "scored_at", "compared_at")  # from run to run
CALLQA = [sys.executable, "-m", "pipeline.cli"]


@pytest.fixture
def shared_server(prefect_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of this test leave their states with a server that is there already."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> tuple[Path, Path]:
    """A folder with a run over one call that is done, and where it is kept as it was then."""
    site = tmp_path_factory.mktemp("site") / "site"
    a_clip(site / "calls" / "one.wav", "bank_card_loss.wav", seconds=4.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_API_URL", prefect_server)
        first, code, log = finish(start(site / "calls", site / "c.duckdb"))
    assert (first["processed"], code) == (1, 0), log
    kept = site.with_name("kept")
    shutil.copytree(site, kept)
    return site, kept


@pytest.fixture
def night(first_night: tuple[Path, Path], shared_server: None) -> tuple[Path, Path]:
    """The recordings and the database of a night that is over."""
    site, kept = first_night
    shutil.rmtree(site)
    shutil.copytree(kept, site)
    return site / "calls", site / "c.duckdb"


def start(folder: Path, db: Path, **settings: str) -> subprocess.Popen[str]:
    command = [*CALLQA, "run", str(folder), "--db", str(db), "--json"]
    environment = os.environ | {
        "CALLQA_INTAKE__SETTLE_SECONDS": "0",
        "CALLQA_RUN__BATCH_CALLS": "2",
        "CALLQA_ASR__BEAM_SIZE": "1",
    }
    environment |= {f"CALLQA_{name}": value for name, value in settings.items()}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def finish(process: subprocess.Popen[str]) -> tuple[dict[str, Any], int, str]:
    out, err = process.communicate(timeout=280)
    assert out.strip(), err
    assert "leaked" not in err, "a binding complains at the end"
    return json.loads(out.splitlines()[-1]), process.returncode, err


def results(db: Path) -> dict[str, list[str]]:
    """Every table of results, line by line, without what differs from run to run."""
    tables = {}
    for table in ("calls", "segments", "findings", "private_spans", "metrics"):
        out = io.StringIO()
        export(table, db, out, "jsonl")
        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        tables[table] = sorted(
            json.dumps({k: v for k, v in row.items() if k not in CHANGES}) for row in rows
        )
    return tables


def test_fifty_kinds_of_bad_files_leave_three_good_calls_and_a_reason_each(tmp_path: Path) -> None:
    folder = tmp_path / "昨夜 录音"
    some_clips(folder, 3, seconds=5.0)
    expected = make_bad_files(folder)
    assert len(expected) >= 50
    summary, code, _ = finish(start(folder, tmp_path / "c.duckdb"))
    reasons = {Path(f["file"]).name: f for f in summary["failures"]}
    silent = [name for name in expected if not _named(name, expected[name], summary["failures"])]
    assert silent == []
    assert (summary["processed"], summary["failed"], code) == (3, len(expected), 3)
    assert all(f["stage"] and f["error"] and "\n" not in f["message"] for f in reasons.values())
    assert all(f["stage"] != "run" for f in reasons.values()), "none is our bug"
    with Snapshot.open(tmp_path / "c.duckdb") as snapshot:
        assert snapshot.failures().num_rows == len(expected)


def _named(name: str, says: str, failures: list[dict[str, str]]) -> bool:
    """Whether one failure speaks of this file and says what it must."""
    stem = Path(name).name
    return any(
        says in f["message"]
        and (f["file"].endswith(stem) or stem in f["message"] or "calls." in stem)
        for f in failures
    )


@pytest.mark.usefixtures("shared_server")
def test_killed_twice_and_run_again_equals_an_undisturbed_run(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    some_clips(folder, 8, seconds=4.0)
    undisturbed, killed = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    whole, code, _ = finish(start(folder, undisturbed))
    assert (whole["processed"], code) == (8, 0)

    done: set[str] = set()
    for _ in range(2):
        process = start(folder, killed)
        before = len(done)
        while len(done) == before and process.poll() is None:
            done |= _spooled(killed)
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        done |= _spooled(killed)
    rest, code, log = finish(start(folder, killed))
    assert code == 0, log
    assert 0 < rest["processed"] <= 8 - len(done), "finished calls are not done twice"
    assert rest["processed"] + rest["skipped"] == 8
    tables = results(undisturbed)
    assert len(tables["calls"]) == 8
    assert results(killed) == tables


def _spooled(db: Path) -> set[str]:
    folder = Path(f"{db}.d")
    return {p.stem for sub in ("spool", "spool/loading") for p in (folder / sub).glob("*.json")}


def test_a_second_run_does_nothing_and_a_new_name_is_remembered(
    night: tuple[Path, Path],
) -> None:
    folder, db = night
    (folder / "again.wav").write_bytes((folder / "one.wav").read_bytes())
    second, code, _ = finish(start(folder, db))
    assert (second["processed"], second["skipped"], code) == (0, 1, 0)
    with Snapshot.open(db) as snapshot:
        names = [Path(name).name for name in snapshot.call("one").names]
    assert sorted(names) == ["again.wav", "one.wav"]


def test_another_pack_scores_stored_calls_without_hearing_them_again(
    night: tuple[Path, Path],
) -> None:
    folder, db = night
    folder.joinpath("one.wav").touch()  # looked at again, but not transcribed
    second, code, _ = finish(start(folder, db, PACK="bank", ASR__DEVICE="cpu"))
    assert (second["processed"], second["rescored"], code) == (0, 1, 0)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call("one").call
        (old,) = snapshot.old_scores(str(call["content_sha256"]))
    assert (old["pack"], call["pack"]) == ("general", "bank")
    third, _, _ = finish(start(folder, db, PACK="bank"))
    assert (third["processed"], third["skipped"], third["rescored"]) == (0, 1, 0)


def test_wrong_use_is_exit_code_2_in_one_line(tmp_path: Path) -> None:
    process = start(tmp_path / "nowhere", tmp_path / "c.duckdb")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("callqa: ")
    assert len(err.splitlines()) == 1
