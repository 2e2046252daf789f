"""Writing SQLite files that several processes share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from pipeline.errors import BadInput

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


def latest_row(connection: sqlite3.Connection, table: str, **subject: object) -> sqlite3.Row | None:
    """The last row of an append-only table whose columns have these values; None: there is none."""
    where = " AND ".join(f"{name} = :{name}" for name in subject)
    query = f"SELECT * FROM {table} WHERE {where} ORDER BY id DESC LIMIT 1"  # noqa: S608 - our own
    row: sqlite3.Row | None = connection.execute(query, subject).fetchone()
    return row


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


def at_version(connection: sqlite3.Connection, path: Path, version: int, schema: str) -> None:
    """Make the tables of a new file; BadInput for one that a newer program made."""
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > version:
        raise BadInput(f"{path} has schema {found}, newer than this callqa: update callqa")
    if found == version:
        return
    write_ahead(connection)
    with transaction(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in schema.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version}")
