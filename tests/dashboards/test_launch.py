"""How the web server is started."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dashboards import launch


def test_the_server_listens_on_this_machine_only() -> None:
    command = launch.command(Path("calls.duckdb"), 8600, Path("callqa.yaml"))
    assert command[command.index("--server.address") + 1] == "127.0.0.1"
    given = command[command.index("--") + 1 :]
    assert given == [
        *("--db", str(Path("calls.duckdb").absolute())),
        *("--config", str(Path("callqa.yaml").absolute())),
    ]


def test_the_exit_code_is_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [sys.executable, "-c", "raise SystemExit(7)"]
    monkeypatch.setattr(launch, "command", lambda *_: ends)
    assert launch.launch(Path("calls.duckdb"), 8600) == 7
