"""Failed tries to sign in: after some of them a name is locked, longer each time.

Names that nobody has are counted like the others, so that a lock tells nothing; only hashes of
names are kept, because people type passwords there.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.access.accessfile import connected

FREE = 5  # failures before the first lock
FIRST_LOCK, LONGEST_LOCK = 60.0, 3600.0
FORGOTTEN = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Try:
    """What a try may do. `locked_until` (seconds of the epoch): nothing before; `failures` so far.

    `locks`: this try, if it fails, is the one that locks.
    """

    locked_until: float = 0.0
    failures: int = 0
    locks: bool = False


def begin(path: Path, name: str) -> Try:
    """Count a try before its password is looked at, so that many at once cannot pass together."""
    now, key = time.time(), _key(name)
    with connected(path) as db:
        db.execute("DELETE FROM tries WHERE last_at < ?", (now - FORGOTTEN,))
        row = db.execute("SELECT * FROM tries WHERE name_sha256 = ?", (key,)).fetchone()
        if row and row["locked_until"] > now:
            return Try(row["locked_until"], row["failures"])
        failures = (row["failures"] if row else 0) + 1
        until = now + _wait(failures) if failures >= FREE else 0.0
        db.execute(
            "INSERT INTO tries VALUES (?, ?, ?, ?) ON CONFLICT (name_sha256) DO UPDATE SET"
            " failures = excluded.failures, last_at = excluded.last_at,"
            " locked_until = excluded.locked_until",
            (key, failures, now, until),
        )
    return Try(failures=failures, locks=failures >= FREE)


def forget(path: Path, name: str) -> None:
    """After a right password, or when somebody who runs the site unlocks the name."""
    with connected(path) as db:
        db.execute("DELETE FROM tries WHERE name_sha256 = ?", (_key(name),))


def _wait(failures: int) -> float:
    return float(min(FIRST_LOCK * 2.0 ** min(failures - FREE, 16), LONGEST_LOCK))


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
