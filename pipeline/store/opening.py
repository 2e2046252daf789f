"""Opening the newest published copy, while a run may publish the next one."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.errors import BadInput, CallqaError, TryAgain
from pipeline.store import migrations
from pipeline.store.connection import connect
from pipeline.store.layout import Layout
from pipeline.store.published import newest


def open_newest(layout: Layout, timezone: str) -> tuple[Path, duckdb.DuckDBPyConnection]:
    """The newest copy, read-only, and its file; BadInput when there is none, or an older schema."""
    for _ in range(10):
        path = newest(layout)
        if path is None:
            raise BadInput(
                f"nothing is published for {layout.db}: "
                f"run `callqa run INPUT --db {layout.db}` first"
            )
        try:
            connection = connect(path, timezone=timezone, read_only=True)
        except CallqaError:
            if newest(layout) == path:
                raise
            continue  # superseded and deleted while we opened it
        _check_schema(connection, layout.db)
        return path, connection
    raise TryAgain(f"{layout.db} is published faster than it can be opened; try again")


def _check_schema(connection: duckdb.DuckDBPyConnection, db: Path) -> None:
    known = len(migrations.known())
    found = migrations.schema_version(connection, db, create=False)
    if found != known:
        connection.close()
    migrations.refuse_newer(db, found, known)
    if found < known:
        raise BadInput(
            f"the published copy of {db} was made by an older callqa (schema {found}, this one "
            f"needs {known}): run `callqa run` once, it brings the database up to date"
        )
