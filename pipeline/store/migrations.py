"""Bringing a database to the schema of this code: numbered SQL files, each applied once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.errors import BadInput
from pipeline.store.connection import rows_of

FOLDER = Path(__file__).with_name("migrations")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: `NNN_what.sql`."""

    version: int
    name: str
    script: str


def known(folder: Path = FOLDER) -> list[Migration]:
    """All steps in order; a gap or a double number is our bug and raises."""
    steps = [
        Migration(int(path.name[:3]), path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9][0-9][0-9]_*.sql"))
    ]
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"migrations in {folder} must be numbered 001, 002, … without gaps")
    return steps


def migrate(connection: duckdb.DuckDBPyConnection, db: Path, folder: Path = FOLDER) -> int:
    """Apply what is missing, each step in one transaction; returns the version reached."""
    steps = known(folder)
    current = schema_version(connection, db)
    refuse_newer(db, current, len(steps))
    for step in steps[current:]:
        connection.begin()
        try:
            connection.execute(step.script)
            connection.execute(
                "INSERT INTO schema_version VALUES (?, ?, now())", [step.version, step.name]
            )
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
    return len(steps)


def schema_version(connection: duckdb.DuckDBPyConnection, db: Path, *, create: bool = True) -> int:
    """Return the last step applied: 0 for a new file, an error for somebody else's."""
    found = rows_of(connection, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")
    tables = [str(row["table_name"]) for row in found]
    if "schema_version" not in tables:
        if tables or not create:
            raise BadInput(
                f"{db} is a DuckDB file of another program (tables: "
                f"{', '.join(tables[:5]) or 'none'}); give --db another path"
            )
        connection.execute(
            "CREATE TABLE schema_version (version INTEGER, name VARCHAR, applied_at TIMESTAMPTZ)"
        )
    row = rows_of(connection, "SELECT coalesce(max(version), 0) AS version FROM schema_version")[0]
    return int(str(row["version"]))


def refuse_newer(db: Path, found: int, newest: int) -> None:
    """Raise when the file has a schema that this program does not know."""
    if found > newest:
        raise BadInput(
            f"{db} was made by a newer callqa (schema {found}; this one knows up to {newest}): "
            "update callqa, or give --db another path"
        )
