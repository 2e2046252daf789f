"""One file per day: its masked sentences and the terms by which they are found.

A file is written once, whole, under a name that says what is in it, and never changed: readers need
no lock, a day that changed is another file, and a text that went is in no file any more.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.errors import BadInput, TryAgain
from pipeline.search.words import fold, terms

ROWS_AT_ONCE = 20_000
NAMED = 64  # calls that are named in the question to the index; of more, others are left out
# `places` keeps which sentences hold a term, not where in them: they are short, and read anyway.
SCHEMA = """
CREATE TABLE calls (number INTEGER PRIMARY KEY, call_id TEXT, content TEXT, processed INTEGER);
CREATE INDEX call_ids ON calls (call_id);
CREATE TABLE sentences (id INTEGER PRIMARY KEY, call INTEGER, segment INTEGER, role TEXT,
    start REAL, text TEXT);
CREATE VIRTUAL TABLE places USING fts5(terms, content='', columnsize=0, detail=none,
    tokenize="ascii tokenchars '_*'");
INSERT INTO places (places, rank) VALUES ('hashsize', 67108864);
"""
PRAGMAS = ("page_size=8192", "journal_mode=OFF", "synchronous=OFF", "cache_size=-65536")
FIND = """
SELECT c.call_id, c.processed, s.segment, s.role, s.start, s.text,
    (SELECT b.text FROM sentences AS b WHERE b.id = s.id + 1 AND b.call = s.call),
    (SELECT a.text FROM sentences AS a WHERE a.id = s.id - 1 AND a.call = s.call)
FROM places AS p
CROSS JOIN sentences AS s ON s.id = p.rowid
CROSS JOIN calls AS c ON c.number = s.call
WHERE p.places MATCH :terms {more}
ORDER BY p.rowid DESC
"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A segment of a call; `start` in seconds, None in a chat. `processed`: of the call's text.

    `before` and `after`: what the call's neighbouring segments say, None at its ends.
    """

    call_id: str
    processed: int
    segment: int
    role: str
    start: float | None
    text: str
    before: str | None
    after: str | None


def write_day(target: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the file of a day from `store.texts_of_day`; it is there when complete.

    Raises TryAgain when the disk is full.
    """
    temporary = target.with_name(f".{target.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as db:
            for pragma in PRAGMAS:
                db.execute(f"PRAGMA {pragma}")
            db.executescript(SCHEMA)
            db.execute("BEGIN")
            _fill(db, rows)
            db.execute("COMMIT")
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise TryAgain(
            f"cannot write the search index {target}: {error}; make room and run it again"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    calls: dict[str, int] = {}
    sentences: list[tuple[object, ...]] = []
    found: list[tuple[int, str]] = []
    for number, row in enumerate(rows, 1):
        call = calls.get(row["call_id"])
        if call is None:
            call = calls[row["call_id"]] = len(calls) + 1
            known = (call, row["call_id"], row["content_sha256"], row["processed"])
            db.execute("INSERT INTO calls VALUES (?, ?, ?, ?)", known)
        text = row["text"]
        sentences.append((number, call, row["segment"], row["role"], row["start"], text))
        found.append((number, f"{_call_term(call)} {terms(fold(text))}"))
        if len(found) >= ROWS_AT_ONCE:
            _insert(db, sentences, found)
    _insert(db, sentences, found)


def _insert(
    db: sqlite3.Connection, sentences: list[tuple[object, ...]], found: list[tuple[int, str]]
) -> None:
    db.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)", sentences)
    db.executemany("INSERT INTO places (rowid, terms) VALUES (?, ?)", found)
    sentences.clear()
    found.clear()


def read_day(
    path: Path,
    wanted: tuple[Collection[str], bool],
    role: str | None = None,
    calls: Collection[str] | None = None,
) -> Iterator[Sentence]:
    """Sentences of a day that hold all terms, newest call first.

    `wanted`: terms, and True where they are beginnings of terms. `calls`: of these calls only.
    A file that is not there any more has none; BadInput with the remedy for a damaged one.
    """
    more, given = "", {"terms": _match(*wanted), "role": role}
    if role is not None:
        more += " AND s.role = :role"
    try:
        with closing(opened(path)) as db:
            few = calls is not None and len(calls) <= NAMED
            if calls is not None and few:
                numbers = _numbers(db, calls)
                if not numbers:
                    return
                named = " OR ".join(f'"{_call_term(number)}"' for number in numbers)
                given["terms"] = f"{given['terms']} AND ({named})"
            wanted_calls = None if calls is None or few else frozenset(calls)
            for row in db.execute(FIND.format(more=more), given):
                if wanted_calls is None or row[0] in wanted_calls:
                    yield Sentence(*row)
    except sqlite3.Error as error:
        if path.exists():
            raise BadInput(
                f"the search index is damaged ({path.name}: {error}): run `callqa search rebuild`"
            ) from error


def _numbers(db: sqlite3.Connection, calls: Collection[str]) -> list[int]:
    marks = ", ".join("?" * len(calls))
    query = f"SELECT number FROM calls WHERE call_id IN ({marks})"  # noqa: S608 - only marks
    return [number for (number,) in db.execute(query, tuple(calls))]


def _call_term(number: int) -> str:
    """A term of all sentences of a call; none that is written or heard begins so."""
    return f"__{number}"


def opened(path: Path) -> sqlite3.Connection:
    """Open a file that nobody changes; sqlite3.Error where there is none."""
    name = f"file:{quote(str(path))}?mode=ro&immutable=1"
    db = sqlite3.connect(name, uri=True, isolation_level=None)
    db.execute("PRAGMA temp_store=MEMORY")
    db.execute("SELECT 1 FROM calls LIMIT 1")
    return db


def holds(path: Path, contents: Collection[str]) -> bool:
    """Whether a file holds a sentence of one of these contents (hashes)."""
    with closing(opened(path)) as db:
        return any(content in contents for (content,) in db.execute("SELECT content FROM calls"))


def _match(terms_: Collection[str], beginnings: bool) -> str:
    """As FTS5 reads it; a term holds no quotation mark, folding leaves none."""
    star = "*" if beginnings else ""
    return " AND ".join(f'"{term}"{star}' for term in terms_)
