"""Start the dashboard's web server as a child process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from pipeline.access import Door
from pipeline.errors import BadInput
from pipeline.network import is_local
from pipeline.settings import load_settings

SERVER = Path(__file__).with_name("server.py")
ADDRESS = "127.0.0.1"


def command(db: Path, port: int, config: Path | None = None, address: str = ADDRESS) -> list[str]:
    """Build the command line of the web server; reachable from this machine only by default."""
    given = ["--db", str(db.absolute())]
    if config is not None:
        given += ["--config", str(config.absolute())]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(SERVER)),
        *("--server.address", address),
        *("--server.port", str(port)),
        *("--server.headless", "true"),
        *("--server.fileWatcherType", "none"),
        *("--server.enableStaticServing", "false"),
        *("--server.enableAgentApi", "false"),  # a second way in, which knows no cookies
        *("--browser.gatherUsageStats", "false"),
        *("--", *given),
    ]


def launch(db: Path, port: int, config: Path | None = None, address: str = ADDRESS) -> int:
    """Serve the dashboard of `db` until it is stopped; returns the server's exit code.

    BadInput for an address that others reach while nobody has to sign in.
    """
    if not is_local(address) and not Door(load_settings(config), db).needed:
        raise BadInput(
            f"--address {address}: others could open the dashboard without signing in. Add an "
            f"account first: callqa users add NAME --role supervisor --db {db}"
        )
    with subprocess.Popen(command(db, port, config, address)) as server:  # noqa: S603 - our own arguments
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # Ctrl-C reached the server too: let it finish
            server.wait()
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)
