"""One-time codes as files: only their hashes, what they open, and when codes did not fit.

::

    FILE.d/grants/<sha256 of the code>.json    content, entry, until; `.used` once it was redeemed
    FILE.d/grants/tries                        when codes did not fit; also the lock of redeeming

Whoever makes a grant and whoever redeems it may be two users: both need the folder, neither needs
to write a file of the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import TryAgain

TRIES_WITHIN = 600.0
KEPT = 86_400.0  # so long a code that was used or expired is still known as such


def hash_of(code: str) -> str:
    """The name of a code; how it is typed (spaces, dashes, small letters) does not matter."""
    letters = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()


class GrantFiles:
    """The folder of grants of one database."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, open to whom the one above is; TryAgain where it cannot be used."""
        self._folder = folder
        with self._explained():
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                folder.chmod(folder.parent.stat().st_mode & 0o2770)
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(13, os.strerror(13))

    def add(self, code: str, note: Mapping[str, Any]) -> None:
        """Keep what a code opens; forget codes that are long over."""
        with self._explained():
            for old in (*self._folder.glob("*.json"), *self._folder.glob("*.used")):
                if time.time() - old.stat().st_mtime > KEPT:
                    old.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            number = os.open(self._new(hash_of(code)), flags, 0o640)
            with os.fdopen(number, "wb") as file:
                file.write(json.dumps(note).encode())
                file.flush()
                os.fsync(file.fileno())

    def find(self, digest: str) -> tuple[dict[str, Any], bool]:
        """What was kept of a code (nothing: there is none), and whether it was used."""
        used = self._used(digest).exists()
        with self._explained():
            try:
                note = json.loads((self._used if used else self._new)(digest).read_bytes())
            except (FileNotFoundError, ValueError):  # cut off while written: nobody has the code
                note = {}
        return note if isinstance(note, dict) else {}, used

    @contextmanager
    def using(self, digest: str) -> Iterator[None]:
        """Mark a code as used; when what follows fails it can be used again."""
        with self._explained():
            self._new(digest).rename(self._used(digest))
        try:
            yield
        except BaseException:
            self._used(digest).rename(self._new(digest))
            raise

    @contextmanager
    def one_at_a_time(self) -> Iterator[Tries]:
        """The wrong tries, with every other process and thread kept out."""
        with self._explained():
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            number = os.open(self._folder / "tries", flags, 0o660)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield Tries(number)
        finally:
            os.close(number)  # and with it the lock

    def _new(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"

    def _used(self, digest: str) -> Path:
        return self._folder / f"{digest}.used"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TryAgain(
                f"grants cannot be kept in {self._folder} ({error.strerror}). Let the folder above "
                "belong to a group (chgrp, chmod 2770) of whoever runs `callqa hear` and the "
                "dashboard's user"
            ) from error


class Tries:
    """When codes did not fit: one moment a line, in a file that is open and locked."""

    def __init__(self, number: int) -> None:
        """`number`: the file's descriptor."""
        self._number = number

    def recent(self) -> list[float]:
        """Those of the last minutes."""
        words = os.pread(self._number, 1 << 16, 0).decode("ascii", "replace").split()
        moments = [float(word) for word in words if word.replace(".", "", 1).isdigit()]
        return [moment for moment in moments if time.time() - moment < TRIES_WITHIN]

    def count(self) -> None:
        """Add one, now."""
        lines = "".join(f"{moment:.3f}\n" for moment in (*self.recent(), time.time()))
        os.ftruncate(self._number, 0)
        os.pwrite(self._number, lines.encode(), 0)
