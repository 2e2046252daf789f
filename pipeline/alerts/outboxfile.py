"""The SQLite file of alerts: safe for several processes, for its owner alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import BadInput, TryAgain
from pipeline.store import at_version, transaction

BUSY_SECONDS = 10.0
VERSION = 1
SCHEMA = """
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    noticed REAL NOT NULL,
    content_sha256 TEXT,
    rule TEXT,
    drift TEXT,
    ended REAL
) STRICT;
CREATE INDEX alerts_by_content ON alerts (content_sha256);
CREATE TABLE messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    made REAL NOT NULL,
    due REAL NOT NULL,
    leased REAL NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    sent REAL
) STRICT;
CREATE INDEX messages_by_state ON messages (channel, state, due);
CREATE TABLE deliveries (
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    step TEXT NOT NULL,
    message INTEGER REFERENCES messages (number),
    PRIMARY KEY (alert, channel, step)
) STRICT;
CREATE INDEX deliveries_by_message ON deliveries (message);
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT
"""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction under the write lock: all of it happens or nothing does."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"cannot open {path}: {error}; check the folder's rights") from error
    try:
        connection.row_factory = sqlite3.Row
        _prepare(connection, path)
        with transaction(connection):
            yield connection
    except sqlite3.OperationalError as error:
        raise TryAgain(f"{path} is busy or not writable ({error}); try again") from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path} cannot be used as a SQLite database: {error}") from error
    finally:
        connection.close()


def vacuum(path: Path) -> None:
    """Leave nothing of deleted rows in the file."""
    with _plain(path) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        yield connection
    except sqlite3.OperationalError as error:
        raise TryAgain(f"{path} is busy or not writable ({error}); try again") from error
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    at_version(connection, path, VERSION, SCHEMA)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
