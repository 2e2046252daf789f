"""What people wrote: append-only reviews in SQLite, safe from many processes on a local disk.

A review never changes a finding; a change of mind is a new review that names the one before.
Whoever names an outdated one gets an error instead of overwriting somebody's decision unseen.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Self

import pyarrow as pa

from pipeline.domain import Decision, Verdict
from pipeline.errors import BadInput, TryAgain
from pipeline.store.assignments import finish, refuse_other, take
from pipeline.store.connection import sql
from pipeline.store.layout import Layout
from pipeline.store.sqlitefile import BUSY_SECONDS, transaction, write_ahead

MIGRATIONS = Path(__file__).with_name("migrations") / "people"
_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("content_sha256", pa.string()),
    ("call_id", pa.string()),
    ("rule", pa.string()),
    ("decision", pa.string()),
    ("reviewer", pa.string()),
    ("at", pa.timestamp("us", tz="UTC")),
    ("id", pa.int64()),
]
STATES = pa.schema(_COLUMNS)


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A review that is not stored yet.

    `previous` is the id of the latest review of the same content and rule that the reviewer saw,
    None when there was none.
    """

    reviewer: str
    call_id: str
    content_sha256: str
    decision: Decision
    rule: str | None = None
    segment: int | None = None
    comment: str = ""
    pack_version: str = ""
    machine_verdict: Verdict | None = None
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A stored review; `at` is UTC."""

    id: int
    at: datetime
    reviewer: str
    call_id: str
    content_sha256: str
    rule: str | None
    segment: int | None
    decision: Decision
    comment: str
    pack_version: str
    machine_verdict: Verdict | None
    previous: int | None


class People:
    """The file `people.sqlite` of one database. Holds no connection: use it from any thread."""

    def __init__(self, path: Path) -> None:
        """Use `People.open`; the file is created by the first review."""
        self.path = path

    @classmethod
    def open(cls, db: Path) -> Self:
        """Find what people wrote about the calls of the database `db`."""
        return cls(Layout(db.absolute()).people)

    def add_review(self, draft: ReviewDraft) -> Review:
        """Store a review; the call is the reviewer's until the call itself was decided on.

        `TryAgain` when somebody else decided since `draft.previous`, or has the call.
        """
        if not draft.reviewer.strip():
            raise BadInput("a review needs a reviewer: say who you are")
        who, subject = draft.reviewer.strip(), (draft.content_sha256, draft.call_id)
        values = _values(draft)
        with self._deciding() as connection:
            self._refuse_outdated(connection, draft)
            if draft.decision is not Decision.COMMENT:
                refuse_other(connection, who, subject)
                ends = draft.rule is None and draft.decision is not Decision.ADD
                (finish if ends else take)(connection, who, subject)
            row = connection.execute(sql("insert_review"), values).fetchone()
        return _review(row)

    def reviews(self, call_id: str) -> list[Review]:
        """All reviews written under a call_id, oldest first."""
        return self._listed("list_reviews", {"call_id": call_id})

    def reviews_of(self, content_sha256: str) -> list[Review]:
        """All reviews of a content, also those written while it had another id; oldest first."""
        return self._listed("list_reviews_of", {"content_sha256": content_sha256})

    def stamp(self) -> tuple[int, int]:
        """Highest id of reviews, and of other acts: a cheap key for caches."""
        if not self.path.exists():
            return 0, 0
        with self.connected() as connection:
            return newest_of(connection)

    def latest_states(self) -> pa.Table:
        """Return the decision that counts per content and rule; comments decide nothing."""
        rows: list[sqlite3.Row] = []
        if self.path.exists():
            with self.connected() as connection:
                rows = connection.execute(sql("list_review_states")).fetchall()
        states = [{**dict(row), "at": datetime.fromisoformat(row["at"])} for row in rows]
        return pa.Table.from_pylist(states, schema=STATES)

    def last_said(self, contents: Iterable[str]) -> dict[tuple[str, str], datetime]:
        """When somebody last wrote about a rule of these contents, also a mere comment."""
        if not self.path.exists():
            return {}
        with self.connected() as connection:
            wanted = {"contents": json.dumps(sorted(contents))}
            rows = connection.execute(sql("list_last_said"), wanted).fetchall()
        return {(r["content_sha256"], r["rule"]): datetime.fromisoformat(r["at"]) for r in rows}

    def all_reviews(self, batch: int = 1000) -> Iterator[list[Review]]:
        """Every review in order, in batches; those added meanwhile may be missing."""
        after = 0
        while self.path.exists():
            with self.connected() as connection:
                values = {"after": after, "batch": batch}
                rows = connection.execute(sql("list_all_reviews"), values).fetchall()
            if not rows:
                return
            yield [_review(row) for row in rows]
            after = rows[-1]["id"]

    def _listed(self, query: str, subject: dict[str, str]) -> list[Review]:
        if not self.path.exists():
            return []
        with self.connected() as connection:
            rows = connection.execute(sql(query), subject).fetchall()
        return [_review(row) for row in rows]

    @contextmanager
    def _deciding(self) -> Iterator[sqlite3.Connection]:
        """`writing`; what the schema refuses is said in its words."""
        try:
            with self.writing() as connection:
                yield connection
        except sqlite3.IntegrityError as error:
            raise BadInput(str(error)) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction under the write lock: all of it happens or nothing; for this package."""
        with self.connected() as connection, transaction(connection):
            yield connection

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file, brought to this code's schema; for this package."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise BadInput(
                f"cannot open {self.path}: {error}; check the folder's rights"
            ) from error
        try:
            connection.row_factory = sqlite3.Row
            _prepare(connection)
            yield connection
        except sqlite3.OperationalError as error:
            raise TryAgain(f"{self.path} is busy or not writable ({error}); try again") from error
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise BadInput(f"{self.path} cannot be used as a SQLite database: {error}") from error
        finally:
            connection.close()

    @staticmethod
    def _refuse_outdated(connection: sqlite3.Connection, draft: ReviewDraft) -> None:
        subject = {"content_sha256": draft.content_sha256, "rule": draft.rule}
        row = connection.execute(sql("select_latest_review"), subject).fetchone()
        latest = row["id"] if row else None
        if latest == draft.previous:
            return
        if row is None:
            raise BadInput(
                f"review {draft.previous} is not about call {draft.call_id}, rule {draft.rule}"
            )
        raise TryAgain(
            f"{row['reviewer']} wrote '{row['decision']}' about rule {draft.rule} of call "
            f"{draft.call_id} at {row['at']}, after what you saw; look at it and decide again"
        )


def newest_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """`People.stamp` on an open connection."""
    row = connection.execute(sql("select_newest_review")).fetchone()
    return row["id"], row["acts"]


@cache
def _scripts() -> tuple[str, ...]:
    """The steps of the schema, in order."""
    paths = sorted(MIGRATIONS.glob("[0-9][0-9][0-9]_*.sql"))
    return tuple(path.read_text(encoding="utf-8") for path in paths)


def _prepare(connection: sqlite3.Connection) -> None:
    """WAL mode and the schema; the usual case is one look at `user_version`."""
    scripts = _scripts()
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(scripts):
        raise BadInput(f"people.sqlite has schema {version}, newer than this callqa: update callqa")
    if version < len(scripts):
        write_ahead(connection)
        _migrate(connection, scripts)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE would pass the triggers


def _migrate(connection: sqlite3.Connection, scripts: Sequence[str]) -> None:
    """Under the write lock, so that two processes at the first start do not both create tables."""
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for script in scripts[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(scripts)}")


def _statements(script: str) -> Iterator[str]:
    """Single statements: `executescript` would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _values(draft: ReviewDraft) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "reviewer": draft.reviewer.strip(),
        "call_id": draft.call_id,
        "content_sha256": draft.content_sha256,
        "rule": draft.rule,
        "segment": draft.segment,
        "decision": Decision(draft.decision).value,
        "comment": draft.comment,
        "pack_version": draft.pack_version,
        "machine_verdict": draft.machine_verdict and Verdict(draft.machine_verdict).value,
        "previous": draft.previous,
    }


def _review(row: sqlite3.Row) -> Review:
    values = dict(row)
    verdict = values["machine_verdict"]
    values["at"] = datetime.fromisoformat(values["at"])
    values["decision"] = Decision(values["decision"])
    values["machine_verdict"] = Verdict(verdict) if verdict else None
    return Review(**values)
