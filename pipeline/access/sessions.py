"""Who is signed in: random tokens, of which only hashes are kept; idle ones end."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.access.accessfile import connected, rows
from pipeline.access.person import Person
from pipeline.access.roles import JobRole
from pipeline.errors import NotAllowed

TOUCH_SECONDS = 20.0
FIND = """
SELECT a.name, a.role, a.agent_id, a.team, a.first_until, a.disabled_at,
    s.via, s.began_at, s.seen_at
FROM sessions AS s JOIN accounts AS a ON a.name = s.name
WHERE s.token_sha256 = ?
"""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one database, and how long they last (seconds)."""

    path: Path
    idle: float
    longest: float

    def begin(self, name: str, via: str) -> str:
        """Begin a session of an account; gives the token, which is kept nowhere here."""
        token, now = secrets.token_urlsafe(32), time.time()
        with connected(self.path) as db:
            db.execute(
                "DELETE FROM sessions WHERE seen_at < ? OR began_at < ?",
                (now - self.idle, now - self.longest),
            )
            able = "SELECT 1 FROM accounts WHERE name = ? AND disabled_at IS NULL"
            if not db.execute(able, (name,)).fetchone():
                raise NotAllowed(f"the account '{name}' was disabled or removed meanwhile")
            values = (_key(token), name, via, now, now)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", values)
        return token

    def person(self, token: str, *, active: bool = False) -> Person | None:
        """Whose session it is, as the account is now; None when it ended.

        `active`: the person did something, so that the idle time begins anew.
        """
        found = rows(self.path, FIND, _key(token))
        now = time.time()
        row = found[0] if found else None
        if row is None or row["disabled_at"]:
            return None
        if now - row["seen_at"] > self.idle or now - row["began_at"] > self.longest:
            return None
        first = row["first_until"]
        if first is not None and datetime.fromisoformat(first) < datetime.now(UTC):
            return None
        if active and now - row["seen_at"] > min(TOUCH_SECONDS, self.idle / 4):
            self._touch(token, now)
        return Person(
            row["name"], JobRole(row["role"]), row["agent_id"], row["team"],
            first is not None, row["via"], _key(token),
        )  # fmt: skip

    def end(self, token: str) -> None:
        """Sign out."""
        with connected(self.path) as db:
            db.execute("DELETE FROM sessions WHERE token_sha256 = ?", (_key(token),))

    def _touch(self, token: str, now: float) -> None:
        with connected(self.path) as db:
            db.execute("UPDATE sessions SET seen_at = ? WHERE token_sha256 = ?", (now, _key(token)))


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
