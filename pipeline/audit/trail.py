"""Appending to the trail from many processes, and reading it whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any, Self

from pydantic import ValidationError

from pipeline.audit.entry import (
    GENESIS,
    Doubt,
    Entry,
    Head,
    Signing,
    Torn,
    canonical,
    storable_json,
)
from pipeline.errors import TryAgain
from pipeline.files import sync_folder, write_atomically

PATIENCE = 30.0  # seconds to wait for others who append
REACH = 1 << 16  # bytes read from the end of the trail before more are


def operating_user() -> str:
    """The name of the operating-system user; from the process itself, not from the environment."""
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid:{user}"


@dataclass(frozen=True, slots=True)
class Contents:
    """Both files as they are at one moment; `head` None: gone or broken."""

    data: bytes
    head: Head | None

    def entries(self) -> list[Entry]:
        """Every line that is an entry, in the order of the file."""
        parsed = (Entry.parsed(line) for line in self.data.split(b"\n"))
        return [entry for entry in parsed if entry is not None]


class Trail:
    """The trail of one database. Holds nothing open: use it from any thread or process."""

    def __init__(self, path: Path, signing: Signing | None = None) -> None:
        """`path` ends in `.audit.jsonl`; without `signing` entries are chained, but not signed."""
        self.path = path
        self.head_path = path.with_suffix(".head.json")
        self._signing = signing

    @classmethod
    def beside(cls, db: Path, signing: Signing | None = None) -> Self:
        """The trail of the database `db`: `NAME.audit.jsonl` for `NAME.duckdb`."""
        db = db.absolute()
        name = db.name.removesuffix(".duckdb")
        return cls(db.with_name(f"{name}.audit.jsonl"), signing)

    def append(
        self,
        action: str,
        *,
        subject: str | None = None,
        reason: str | None = None,
        role: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Write an entry of this process's user; it is on the disk when this returns.

        Raises TryAgain when it cannot be written: then do not do what it would have permitted.
        """
        body = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": operating_user(),
            "role": role,
            "action": action,
            "subject": subject,
            "reason": reason,
            "details": dict(details or {}),
        }
        try:
            with self._locked(os.O_RDWR | os.O_APPEND | os.O_CREAT, fcntl.LOCK_EX) as file:
                return self._append(file, storable_json(body))
        except OSError as error:
            raise TryAgain(
                f"the audit trail {self.path} cannot be written ({error.strerror}), so nothing was "
                f"done. Allow user {operating_user()} to write it and its folder; is the disk full?"
            ) from error

    def read(self) -> Contents:
        """Both files; empty when there are none. Raises TryAgain when they cannot be read."""
        try:
            with self._locked(os.O_RDONLY, fcntl.LOCK_SH) as file:
                return Contents(os.pread(file, os.fstat(file).st_size, 0), self._head())
        except FileNotFoundError:
            return Contents(b"", self._head())
        except OSError as error:
            raise TryAgain(
                f"the audit trail {self.path} cannot be read ({error.strerror}). Allow user "
                f"{operating_user()} to read it."
            ) from error

    @contextmanager
    def _locked(self, flags: int, lock: int) -> Iterator[int]:
        file = os.open(self.path, flags | os.O_CLOEXEC, 0o660)
        try:
            if not S_ISREG(os.fstat(file).st_mode):
                raise TryAgain(f"the audit trail {self.path} is no file; put the real one back")
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    fcntl.flock(file, lock | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > end:
                        raise TryAgain(f"{self.path} is locked by another process") from None
                    time.sleep(0.005)
            yield file
        finally:
            os.close(file)  # and with it the lock

    def _append(self, file: int, body: dict[str, Any]) -> Entry:
        head = self._head()
        if head is None and os.fstat(file).st_size == 0:
            head = Head(count=0, hash=GENESIS)
            self._replace_head(head)  # from now on a missing head file is a loss, not a beginning
            sync_folder(self.path.parent)
        entries, rest, whole = _ending(file, head.count if head else 0)
        last = entries[-1] if entries else None
        seq = last.seq if last else 0
        doubt = _doubt(head, entries)
        body |= {
            "seq": max(seq, head.count if head else 0) + 1,
            "prev": last.hash if last else GENESIS,
            "torn": Torn(bytes=len(rest), sha256=_sha256(rest)).model_dump() if rest else None,
            "doubt": doubt and doubt.model_dump(),
        }
        entry = Entry.made(body, self._signing)
        _write(file, (b"" if whole else b"\n") + entry.line() + b"\n")
        os.fsync(file)
        mac = self._signing.sign(f"head:{entry.hash}") if self._signing else None
        self._replace_head(Head(count=entry.seq, hash=entry.hash, mac=mac))
        return entry

    def _head(self) -> Head | None:
        try:
            return Head.model_validate_json(self.head_path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def _replace_head(self, head: Head) -> None:
        write_atomically(self.head_path, canonical(head.model_dump()) + b"\n")


def _ending(file: int, count: int) -> tuple[list[Entry], bytes, bool]:
    """Entries at the end back to number `count`, what is no entry after them, ends with a line."""
    size, reach = os.fstat(file).st_size, REACH
    while True:
        start = max(size - reach, 0)
        data = os.pread(file, size - start, start)
        whole = data == b"" or data.endswith(b"\n")
        if start:
            data = data.partition(b"\n")[2]
        entries: list[Entry] = []
        rest: list[bytes] = []
        for line in data.split(b"\n"):
            entry = Entry.parsed(line)
            if entry is None:
                rest.append(line)
            else:
                entries.append(entry)
                rest = []
        if start == 0 or (entries and entries[0].seq <= count):
            return entries, b"\n".join(rest).strip(b"\n"), whole
        reach *= 4


def _doubt(head: Head | None, entries: list[Entry]) -> Doubt | None:
    """What the head file said, when the trail is not that of which it speaks."""
    if head is None:
        return Doubt(count=None, hash=None)
    known = {0: GENESIS} | {entry.seq: entry.hash for entry in entries}
    return None if known.get(head.count) == head.hash else Doubt(count=head.count, hash=head.hash)


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
