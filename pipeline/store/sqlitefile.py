"""Writing SQLite files that several processes share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

BUSY_SECONDS = 15.0
RETRY_SECONDS = 0.02


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction under SQLite's write lock: all of it happens or nothing does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a file to WAL mode; raises like a busy file when that stays impossible.

    SQLite's own waiting does not cover the switch: of several processes that make a file at the
    same moment all but one are told at once that it is locked.
    """
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(RETRY_SECONDS)
