"""Opening DuckDB files: offline, with errors a person can act on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import pyarrow as pa

from pipeline.errors import BadInput, BadSettings, TryAgain

STORAGE_VERSION = "v1.5.0"  # DuckDB 1.5 and 2.0 both read and write it
TIMEZONE = "Asia/Shanghai"
# Everything we use (core, icu, json, parquet) is linked into the wheel: never look for more.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
SQL = Path(__file__).with_name("sql")


@cache
def sql(name: str) -> str:
    """Return the text of `store/sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def create_file(db: Path) -> None:
    """Make an empty database file that every supported DuckDB can open."""
    quoted = str(db).replace("'", "''")
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        try:
            connection.execute(
                f"ATTACH '{quoted}' AS created (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
        except duckdb.Error as error:
            raise _explained(db, error) from error


def copy_into(connection: duckdb.DuckDBPyConnection, empty: Path) -> None:
    """Copy all tables into a file that `create_file` made; it is complete when this returns."""
    quoted = str(empty).replace("'", "''")
    name = str(rows_of(connection, "SELECT current_database() AS name")[0]["name"])
    own = name.replace('"', '""')
    connection.execute(f"ATTACH '{quoted}' AS copied")
    try:
        connection.execute(f'COPY FROM DATABASE "{own}" TO copied')
        connection.execute("CHECKPOINT copied")
    finally:
        connection.execute("DETACH copied")


def connect(
    db: Path, *, timezone: str = TIMEZONE, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open an existing file; its session shows times in `timezone`."""
    if not db.is_file():
        raise BadInput(f"{db} is not a file; give --db the path of a callqa database")
    try:
        connection = duckdb.connect(str(db), read_only=read_only, config=OFFLINE)
    except duckdb.Error as error:
        raise _explained(db, error) from error
    set_timezone(connection, timezone)
    return connection


def set_timezone(connection: duckdb.DuckDBPyConnection, timezone: str) -> None:
    """Set the session's time zone; a name nobody knows is an error."""
    zone(timezone)
    connection.execute(f"SET TimeZone = '{timezone}'")


def limit(connection: duckdb.DuckDBPyConnection, mebibytes: int, threads: int) -> None:
    """Keep the whole database instance small: one of several processes on the machine."""
    connection.execute(f"SET memory_limit = '{mebibytes}MiB'")
    connection.execute(f"SET threads = {threads}")


def zone(timezone: str) -> ZoneInfo:
    """Return the zone of an IANA name."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSettings(
            f"unknown time zone '{timezone}'; use an IANA name such as Asia/Shanghai"
        ) from error


def table_of(
    connection: duckdb.DuckDBPyConnection, query: str, params: dict[str, object] | None = None
) -> pa.Table:
    """Return the whole answer as an Arrow table."""
    relation = connection.sql(query, params=params or None)
    table: pa.Table = relation.to_arrow_table()
    return table


def rows_of(
    connection: duckdb.DuckDBPyConnection, query: str, params: dict[str, object] | None = None
) -> list[dict[str, object]]:
    """Return the whole answer as dicts; through Arrow, which needs no time-zone module."""
    return table_of(connection, query, params).to_pylist()


def _explained(db: Path, error: duckdb.Error) -> Exception:
    text = str(error)
    if "lock on file" in text:
        return TryAgain(
            f"{db} is open in another program: close it (or wait) and try again. "
            f"DuckDB says: {text}"
        )
    if "not a valid DuckDB database" in text:
        return BadInput(f"{db} is not a DuckDB file; give --db another path, it will be created")
    if "version number" in text:
        return BadInput(f"{db} was written by a newer DuckDB: update the duckdb package. {text}")
    return BadInput(f"cannot open the database {db}: {text}")
