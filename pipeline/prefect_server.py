"""A Prefect server on this machine for as long as this process lives.

Prefect's own temporary server survives when its run is killed; this one asks the kernel to be ended
with its parent (Linux), so a killed run leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import TryAgain

PORT = 4200
PR_SET_PDEATHSIG = 1


@contextmanager
def own_server(*, services: bool) -> Iterator[str]:
    """Start `prefect server` on 127.0.0.1 and give the URL of its API.

    With `services` it schedules deployments and shows its pages; without, it only keeps states.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "ERROR"]
    command += [] if services else ["--no-services", "--no-ui"]
    server = subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdout=subprocess.DEVNULL,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - one libc call, before any thread of ours
    )
    try:
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_port() -> int:
    for port in (PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise TryAgain("no free port for the Prefect server on this machine")


def _wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.2)
    raise TryAgain(f"the Prefect server did not start at {url}; run `prefect server start` to see")
