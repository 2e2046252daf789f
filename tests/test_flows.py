"""Prefect for real: a flow run that retries, and a cron deployment that gets scheduled runs."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import nightly
from pipeline.errors import TryAgain
from pipeline.store import Snapshot
from tests.conftest import ROOT

CHAT = ROOT / "sample_audio" / "chat_card_fee.json"


def test_a_run_over_a_chat_leaves_a_result_a_summary_and_no_call_in_prefect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import flows

    tries: list[int] = []
    process = nightly.process_batch

    def busy_once(*arguments: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise TryAgain("the disk is busy")
        return process(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(nightly, "process_batch", busy_once)
    monkeypatch.setattr(flows, "RETRY_DELAYS", [0.1, 0.1])
    folder, db = tmp_path / "chats", tmp_path / "c.duckdb"
    folder.mkdir()
    (folder / "13912345678 chat.json").write_bytes(CHAT.read_bytes())
    summary = flows.run([folder], db)
    assert (summary["processed"], summary["failed"], len(tries)) == (1, 0, 2)
    with Snapshot.open(db) as snapshot:
        assert snapshot.totals()["calls"] == 1
        run = snapshot.last_run()
    assert run is not None
    assert run["exit_code"] == 0
    kept = Path(os.environ["PREFECT_HOME"]) / "prefect.db"
    dump = "\n".join(sqlite3.connect(kept).iterdump()) if kept.exists() else ""
    assert "callqa nightly run" in dump, "the summary artifact is there"
    assert "13912345678" not in dump, "names of calls stay out of Prefect"


def test_serving_by_cron_schedules_runs(tmp_path: Path) -> None:
    environment = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect")}
    environment.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-m", "pipeline.cli", "serve", str(tmp_path), "--db"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "c.duckdb")],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    database, scheduled = tmp_path / "prefect" / "prefect.db", 0
    deadline = time.monotonic() + 120
    try:
        while not scheduled and time.monotonic() < deadline and process.poll() is None:
            time.sleep(1)
            scheduled = _scheduled(database)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            log, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            log, _ = process.communicate()
    assert scheduled > 0, log


def _scheduled(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        (count,) = connection.execute(
            "SELECT count(*) FROM flow_run WHERE state_type = 'SCHEDULED'"
        ).fetchone()
        return int(count)
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()
