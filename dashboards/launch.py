"""Start the dashboard's web server as a child process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).with_name("app.py")
ADDRESS = "127.0.0.1"


def command(db: Path, port: int, config: Path | None = None, address: str = ADDRESS) -> list[str]:
    """Build the command line of the web server; reachable from this machine only by default."""
    given = ["--db", str(db.absolute())]
    if config is not None:
        given += ["--config", str(config.absolute())]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.address", address),
        *("--server.port", str(port)),
        *("--server.headless", "true"),
        *("--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false"),
        *("--", *given),
    ]


def launch(db: Path, port: int, config: Path | None = None) -> int:
    """Serve the dashboard of `db` until it is stopped; returns the server's exit code."""
    with subprocess.Popen(command(db, port, config)) as server:  # noqa: S603 - our own arguments
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # Ctrl-C reached the server too: let it finish
            server.wait()
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)
