"""An empty database of the newest schema, made once: the tests of making one are others."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.store import Store


def fresh(db: Path) -> Path:
    """An empty database at this path; one that is there already stays."""
    if not db.exists():
        db.write_bytes(_empty())
    return db


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        db = Path(folder) / "empty.duckdb"
        Store.open(db).close()
        return db.read_bytes()
