"""What tests in a real browser need: its flags, and the server as it is started for people."""

from __future__ import annotations

import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import dashboards
from dashboards import launch

ROOT = Path(dashboards.__file__).parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Remembers where the player was sent to, before playing on moves it.
WATCH_SEEKS = """audio => {
    audio.muted = true;
    window.seeks = [];
    audio.addEventListener("seeking", () => window.seeks.push(audio.currentTime));
}"""


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def served(
    db: Path, config: Path | None = None, port: int | None = None, folder: Path = ROOT
) -> Iterator[str]:
    """The server, started in `folder` by the same command as for people."""
    port = port or free_port()
    with subprocess.Popen(launch.command(db, port, config), cwd=folder) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(server, url)
            yield url
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health"):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within 30 s")


def is_outside(url: str) -> bool:
    return not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url)
