"""What a reader has at all, whatever it asks: rows out of scope are not in its tables.

A narrowed cursor has temporary views under the names of the tables. Every question, also one that
is written tomorrow, reads those; a call out of scope is as unknown as an id that nobody has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

RUNS = ("runs", "failures", "batches", "files")
SHARED = ("packs", "schema_version")
# Without customers: no number, and of the attributes only what the call was about.
CUSTOMER = {
    "customer_id": "CASE WHEN false THEN customer_id END",
    "attributes": "CASE WHEN json_exists(attributes, '$.product')"
    " THEN json_object('product', attributes -> '$.product') ELSE CAST('{}' AS JSON) END",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Calls of one agent, of one team, of nobody (`calls` False); None does not limit.

    `customers` False: no customer numbers, and no attributes but `product`. `runs` False: no runs
    and failures. `hidden`: contents of calls that are not there, because this reader has to score
    them blind.
    """

    calls: bool = True
    agent: str | None = None
    team: str | None = None
    customers: bool = True
    runs: bool = True
    hidden: tuple[str, ...] = ()


WHOLE = Scope()


def narrow(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Hide from this cursor, which nobody else uses, what is out of scope."""
    if scope == WHOLE:
        return
    found = cursor.execute(
        "SELECT database_name, table_name, list(column_name) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()"
        " GROUP BY ALL"
    ).fetchall()
    tables = {str(name): (str(catalog), set(columns)) for catalog, name, columns in found}
    cursor.execute(";".join(_views(tables, scope)))


def _views(tables: dict[str, tuple[str, set[str]]], scope: Scope) -> Iterator[str]:
    """One view per table, `calls` first: the others look into it."""
    for name in sorted(tables, key=lambda table: table != "calls"):
        catalog, columns = tables[name]
        blank = [] if scope.customers else [column for column in CUSTOMER if column in columns]
        empty = ", ".join(f"{CUSTOMER[column]} AS {column}" for column in blank)
        chosen = f"* REPLACE ({empty})" if blank else "*"
        where = _condition(name, columns, scope)
        yield (
            f"CREATE TEMP VIEW {name} AS SELECT {chosen}"  # noqa: S608 - our own tables
            f' FROM "{catalog}".main.{name} WHERE {where}'
        )


def _condition(name: str, columns: set[str], scope: Scope) -> str:
    """The rows of a table that are in scope; none of a table that nobody thought of."""
    if name == "calls":
        return _calls(scope)
    if name in RUNS:
        return "true" if scope.runs else "false"
    if name in SHARED:
        return "true"
    key = next((key for key in ("call_id", "content_sha256") if key in columns), None)
    return "false" if key is None else f"{key} IN (SELECT {key} FROM temp.calls)"  # noqa: S608


def _calls(scope: Scope) -> str:
    conditions = [] if scope.calls else ["false"]
    for column, value in (("agent_id", scope.agent), ("team", scope.team)):
        if value is not None:
            conditions.append(f"{column} = {_quoted(value)}")
    if scope.hidden:
        conditions.append(f"content_sha256 NOT IN ({', '.join(map(_quoted, scope.hidden))})")
    return " AND ".join(conditions) or "true"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
