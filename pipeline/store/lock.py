"""One writing process per database, enforced by the operating system.

A POSIX record lock dies with its process, also after `kill -9`, and is not inherited by worker
processes, so an orphaned worker cannot keep a database locked. It does not exclude a second holder
in the same process; the set `_held` does that.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from pipeline.errors import TryAgain

_held: set[Path] = set()
_guard = threading.Lock()


class WriterLock:
    """Held from construction to `release`."""

    def __init__(self, path: Path, db: Path) -> None:
        self._path = path.resolve()
        with _guard:
            if self._path in _held:
                raise TryAgain(_message(db, os.getpid()))
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
                os.close(self._descriptor)
                raise TryAgain(_message(db, holder or "unknown")) from error
            _held.add(self._path)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode("ascii"), 0)

    def release(self) -> None:
        """Give the lock back; the file stays, an unlinked lock file could be locked twice."""
        with _guard:
            if self._path in _held:
                _held.discard(self._path)
                os.close(self._descriptor)


def _message(db: Path, pid: int | str) -> str:
    return (
        f"another run is loading into {db} (pid {pid}); wait until it has ended, "
        "or give this run another --db"
    )
