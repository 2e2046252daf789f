"""Accounts: who may sign in, as what. Changing one ends all its sessions."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from pipeline.access import passwords
from pipeline.access.accessfile import connected, rows
from pipeline.access.roles import ASSIGNABLE, RIGHTS, JobRole, Rows
from pipeline.errors import BadInput
from pipeline.store import Layout

FIRST_VALID = timedelta(days=7)
NAME = re.compile(r"[\w.@+-]{2,64}")


@dataclass(frozen=True, slots=True)
class Post:
    """A role and, where it needs one, whose calls: the agent's number or the team."""

    role: JobRole
    agent_id: str | None = None
    team: str | None = None

    def checked(self) -> Self:
        """BadInput for a role that nobody can have, or without what it needs."""
        if self.role not in ASSIGNABLE:
            raise BadInput(f"unknown role '{self.role}'; choose one of: {', '.join(ASSIGNABLE)}")
        needs = RIGHTS[self.role].rows
        if (needs is Rows.OWN) != bool(self.agent_id):
            raise BadInput("--agent-id: an agent needs one, and nobody else has one")
        if (needs is Rows.TEAM) != bool(self.team):
            raise BadInput("--team: a leader needs one, and nobody else has one")
        return self


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `first_until`: its password must be changed, and when it stops being good."""

    name: str
    post: Post
    via: str
    created_at: datetime
    first_until: datetime | None
    disabled_at: datetime | None

    @property
    def state(self) -> str:
        """`disabled`, `first` (the password was never changed), `expired` (too late), `active`."""
        if self.disabled_at:
            return "disabled"
        if self.first_until is None:
            return "active"
        return "first" if datetime.now(UTC) < self.first_until else "expired"


def canonical(name: str) -> str:
    """The one form of a name; BadInput for what cannot be one."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if not NAME.fullmatch(plain):
        raise BadInput(
            f"'{name}' cannot be the name of an account: 2 to 64 letters, digits, . @ + - _"
        )
    return plain


class Accounts:
    """The accounts of one database. Holds nothing open: use it from any thread or process."""

    def __init__(self, path: Path) -> None:
        """Use `Accounts.of`; the file is created by the first account."""
        self.path = path

    @classmethod
    def of(cls, db: Path) -> Self:
        """The accounts of the database `db`."""
        return cls(Layout(db.absolute()).access)

    def any(self) -> bool:
        """Whether there is an account, active or not."""
        return bool(rows(self.path, "SELECT 1 FROM accounts LIMIT 1"))

    def list(self) -> list[Account]:
        """All accounts by name."""
        return [_account(row) for row in rows(self.path, "SELECT * FROM accounts ORDER BY name")]

    def get(self, name: str) -> Account:
        """One account; BadInput where there is none."""
        found = rows(self.path, "SELECT * FROM accounts WHERE name = ?", canonical(name))
        if not found:
            raise BadInput(f"there is no account '{name}'; `callqa users list` shows them")
        return _account(found[0])

    def add(self, name: str, post: Post, via: str = "password") -> str | None:
        """Add an account; gives its first password, None for one of the identity provider."""
        name, post = canonical(name), post.checked()
        first = passwords.first_password() if via == "password" else None
        now = _now()
        values = (
            name, str(post.role), post.agent_id, post.team, via,
            first and passwords.hash_of(first), first and _until(), now, now,
        )  # fmt: skip
        with connected(self.path) as db:
            if db.execute("SELECT 1 FROM accounts WHERE name = ?", (name,)).fetchone():
                raise BadInput(f"there is an account '{name}' already; `callqa users role` changes")
            db.execute(
                "INSERT INTO accounts (name, role, agent_id, team, via, hash, first_until,"
                " created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        return first

    def give(self, name: str, post: Post) -> None:
        """Give an account another role."""
        post = post.checked()
        values = (str(post.role), post.agent_id, post.team)
        self._change(name, "role = ?, agent_id = ?, team = ?", *values)

    def disable(self, name: str) -> None:
        """Let nobody sign in with it any more."""
        self._change(name, "disabled_at = ?", _now())

    def enable(self, name: str) -> None:
        """Let its owner sign in again."""
        self._change(name, "disabled_at = NULL")

    def reset(self, name: str) -> str:
        """Give it a new first password; also forgets failed tries."""
        if self.get(name).via != "password":
            raise BadInput(f"'{name}' signs in by the identity provider and has no password here")
        first = passwords.first_password()
        self._change(name, "hash = ?, first_until = ?", passwords.hash_of(first), _until())
        return first

    def hash_of(self, name: str) -> str | None:
        """The stored hash; None for nobody and for those without a password."""
        found = rows(self.path, "SELECT hash FROM accounts WHERE name = ?", name)
        return found[0]["hash"] if found else None

    def set_password(self, name: str, password: str) -> None:
        """Store the password that its owner chose; BadInput for a weak one or the one before."""
        name = canonical(name)
        passwords.check(password, name)
        if passwords.fits(password, self.hash_of(name)):
            raise BadInput("this is the password that you have; choose another one")
        self._change(name, "hash = ?, first_until = NULL", passwords.hash_of(password))

    def _change(self, name: str, assignments: str, *values: object) -> None:
        """Change an account and end its sessions."""
        name = self.get(name).name
        with connected(self.path) as db:
            db.execute(
                f"UPDATE accounts SET {assignments}, changed_at = ? WHERE name = ?",  # noqa: S608 - our own text
                (*values, _now(), name),
            )
            db.execute("DELETE FROM sessions WHERE name = ?", (name,))


def _account(row: sqlite3.Row) -> Account:
    post = Post(JobRole(row["role"]), row["agent_id"], row["team"])
    return Account(
        row["name"], post, row["via"], datetime.fromisoformat(row["created_at"]),
        _moment(row["first_until"]), _moment(row["disabled_at"]),
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _until() -> str:
    return (datetime.now(UTC) + FIRST_VALID).isoformat(timespec="seconds")
