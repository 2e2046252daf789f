"""The case library in `people.sqlite`: passages and the versions of what is said about them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from pipeline.domain import (
    Case,
    CaseKind,
    CaseText,
    CaseVersion,
    Passage,
    QuotedTurn,
    Role,
)
from pipeline.errors import BadInput, TryAgain
from pipeline.store.connection import rows_of, sql
from pipeline.store.people import People
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]

INSERT_CASE = """
INSERT INTO cases (at, who, call_id, content_sha256, first_segment, last_segment, start_seconds,
    end_seconds, quote, business_line, pack_version, rule, rule_title, rule_title_en,
    control_point, point_title)
VALUES (:at, :who, :call_id, :content_sha256, :first, :last, :start, :end, :quote, :business_line,
    :pack_version, :rule, :rule_title, :rule_title_en, :control_point, :point_title)
RETURNING id
"""
INSERT_VERSION = """
INSERT INTO case_versions (example, content_sha256, at, who, kind, title, why, answer, tags,
    retired, previous)
VALUES (:example, :content_sha256, :at, :who, :kind, :title, :why, :answer, :tags, :retired,
    :previous)
"""
_RENAMED = {"first": "first_segment", "last": "last_segment", "start": "start_seconds",
            "end": "end_seconds"}  # fmt: skip


class Cases:
    """The cases of one database. Nothing here is narrowed to a reader: see `pipeline.casebook`."""

    def __init__(self, people: People) -> None:
        self._people = people

    def all(self) -> list[Case]:
        """Every case, latest first."""
        return self._read("true")

    def of(self, content_sha256: str) -> list[Case]:
        """The cases made of a call, latest first."""
        return self._read("content_sha256 = ?", content_sha256)

    def get(self, number: int) -> Case:
        """One case; BadInput for a number that none has."""
        found = self._read("id = ?", number)
        if not found:
            raise BadInput(f"there is no case {number}")
        return found[0]

    def add(self, who: str, passage: Passage, text: CaseText) -> Case:
        """Keep a passage with its first version."""
        name, written = _checked(who, text)
        values = {**asdict(passage), "at": _now(), "who": name}
        values["quote"] = json.dumps(
            [[turn.role, turn.text] for turn in passage.quote], ensure_ascii=False
        )
        with self._people.writing() as connection:
            number: int = connection.execute(INSERT_CASE, values).fetchone()["id"]
            _add_version(connection, (number, passage.content_sha256), name, written)
        return self.get(number)

    def change(self, number: int, who: str, text: CaseText, previous: int) -> Case:
        """A new version. `previous` is the version that was shown.

        TryAgain when somebody else changed the case since, BadInput when it is used no more.
        """
        return self._next(number, who, text, previous)

    def retire(self, number: int, who: str, reason: str, previous: int) -> Case:
        """Use a case no more; it stays, with the reason. Raises as `change` does."""
        if not reason.strip():
            raise BadInput("a case is retired with a reason")
        return self._next(number, who, self.get(number).text, previous, reason.strip())

    def _next(
        self, number: int, who: str, text: CaseText, previous: int, retired: str | None = None
    ) -> Case:
        name, written = _checked(who, text)
        now = self.get(number)
        if now.retired is not None:
            raise BadInput(f"case {number} is used no more ({now.retired}): add a new one")
        if now.now.id != previous:
            raise TryAgain(f"{now.now.who} changed case {number} meanwhile; look at it again")
        subject = (number, now.passage.content_sha256)
        try:
            with self._people.writing() as connection:
                _add_version(connection, subject, name, written, retired, previous)
        except sqlite3.IntegrityError as error:
            raise TryAgain(f"somebody else changed case {number} meanwhile") from error
        return self.get(number)

    def _read(self, condition: str, *values: object) -> list[Case]:
        if not self._people.path.exists():
            return []
        query = f"SELECT * FROM cases WHERE {condition} ORDER BY id DESC"  # noqa: S608 - our own
        with self._people.connected() as connection, closing(connection.cursor()) as cursor:
            rows = cursor.execute(query, values).fetchall()
            said = cursor.execute("SELECT * FROM case_versions ORDER BY id").fetchall()
        by_case: dict[int, list[CaseVersion]] = {}
        for row in said:
            by_case.setdefault(row["example"], []).append(_version(row))
        return [_case(row, by_case[row["id"]]) for row in rows if row["id"] in by_case]


def known_calls(snapshot: Snapshot, contents: Iterable[str]) -> dict[str, Row]:
    """Of each content what this reader knows of its call; columns: sql/list_case_calls.sql.

    Calls out of its scope are not in it.
    """
    wanted = pa.table({"content_sha256": pa.array(sorted(set(contents)), pa.string())})
    with closing(snapshot.cursor()) as cursor:
        cursor.register("wanted", wanted)
        found = rows_of(cursor, sql("list_case_calls"))
    return {str(row["content_sha256"]): row for row in found}


def _checked(who: str, text: CaseText) -> tuple[str, CaseText]:
    """Without blanks around; BadInput where something is missing."""
    tags = tuple(dict.fromkeys(tag.strip() for tag in text.tags if tag.strip()))
    clean = replace(
        text, title=text.title.strip(), why=text.why.strip(), answer=text.answer.strip(), tags=tags
    )
    if not (who.strip() and clean.title and clean.why and clean.answer):
        raise BadInput("a case needs a name, a title, why it matters and the agreed answer")
    return who.strip(), clean


def _add_version(
    connection: sqlite3.Connection, subject: tuple[int, str], who: str, text: CaseText,
    retired: str | None = None, previous: int | None = None,
) -> None:  # fmt: skip
    values = {**asdict(text), "tags": json.dumps(text.tags, ensure_ascii=False)}
    values |= {"example": subject[0], "content_sha256": subject[1], "at": _now(), "who": who}
    connection.execute(INSERT_VERSION, {**values, "retired": retired, "previous": previous})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _version(row: sqlite3.Row) -> CaseVersion:
    text = CaseText(
        CaseKind(row["kind"]), row["title"], row["why"], row["answer"],
        tuple(json.loads(row["tags"])),
    )  # fmt: skip
    at = datetime.fromisoformat(row["at"])
    return CaseVersion(row["id"], at, row["who"], text, row["retired"])


def _case(row: sqlite3.Row, versions: list[CaseVersion]) -> Case:
    values = {name: row[_RENAMED.get(name, name)] for name in Passage.__dataclass_fields__}
    quote = tuple(QuotedTurn(Role(role), said) for role, said in json.loads(row["quote"]))
    passage = Passage(**{**values, "quote": quote})
    at = datetime.fromisoformat(row["at"])
    return Case(row["id"], at, row["who"], passage, tuple(versions))
