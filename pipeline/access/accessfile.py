"""The SQLite file of accounts and sessions: for its owner alone, safe for several processes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import BadInput, TryAgain
from pipeline.store import at_version, transaction

BUSY_SECONDS = 15.0
VERSION = 1
SCHEMA = """
CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    agent_id TEXT,
    team TEXT,
    via TEXT NOT NULL CHECK (via IN ('password', 'oidc')),
    hash TEXT,
    first_until TEXT,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    disabled_at TEXT
) STRICT;
CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    via TEXT NOT NULL,
    began_at REAL NOT NULL,
    seen_at REAL NOT NULL
) STRICT;
CREATE TABLE tries (
    name_sha256 TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at REAL NOT NULL,
    locked_until REAL NOT NULL
) STRICT;
"""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction: all of it happens or nothing does."""
    try:
        _create(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"cannot open {path}: {error}; check the folder's rights") from error
    try:
        connection.row_factory = sqlite3.Row
        at_version(connection, path, VERSION, SCHEMA)
        connection.execute("PRAGMA foreign_keys = ON")
        with transaction(connection):
            yield connection
    except sqlite3.OperationalError as error:
        raise TryAgain(f"{path} is busy or not writable ({error}); try again") from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path} cannot be used as a SQLite database: {error}") from error
    finally:
        connection.close()


def rows(path: Path, query: str, *values: object) -> list[sqlite3.Row]:
    """Read without the write lock; nothing where there is no file."""
    if not path.exists():
        return []
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise TryAgain(f"{path} cannot be read ({error}); try again") from error
    try:
        connection.row_factory = sqlite3.Row
        at_version(connection, path, VERSION, SCHEMA)
        return connection.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        raise TryAgain(f"{path} is busy or cannot be read ({error}); try again") from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path} cannot be used as a SQLite database: {error}") from error
    finally:
        connection.close()


def _create(path: Path) -> None:
    """Make the file with its rights before anything is in it; SQLite's others take them over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
