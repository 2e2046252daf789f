"""Appeals in `people.sqlite`. Who may not decide is refused by the schema, not by a page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipeline.domain import Appeal, AppealStep, Decision, Stepped
from pipeline.errors import BadInput, TryAgain
from pipeline.store.connection import rows_of, sql
from pipeline.store.people import People
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]

DECIDES = {AppealStep.UPHOLD: Decision.REJECT, AppealStep.DISMISS: Decision.CONFIRM}
MARK = "申诉"  # how the review that an appeal made begins
INSERT_APPEAL = """
INSERT INTO appeals (at, who, call_id, content_sha256, rule, reason, pack_version)
VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *
"""
INSERT_STEP = "INSERT INTO appeal_steps (appeal, at, who, step, comment) VALUES (?, ?, ?, ?, ?)"


class Appeals:
    """The appeals of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def all(self) -> list[Appeal]:
        """Every appeal, latest first."""
        return self._read("SELECT * FROM appeals ORDER BY id DESC")

    def of(self, content_sha256: str) -> dict[str, Appeal]:
        """The appeals against findings of a call, by rule."""
        found = self._read("SELECT * FROM appeals WHERE content_sha256 = ?", content_sha256)
        return {appeal.rule: appeal for appeal in found}

    def get(self, number: int) -> Appeal:
        """One appeal; BadInput for a number that none has."""
        found = self._read("SELECT * FROM appeals WHERE id = ?", number)
        if not found:
            raise BadInput(f"there is no appeal {number}")
        return found[0]

    def file(
        self, who: str, subject: tuple[str, str, str], reason: str, pack_version: str
    ) -> Appeal:
        """File an appeal against (content, call_id, rule); TryAgain when there is one already."""
        content, call_id, rule = subject
        if not (who.strip() and reason.strip()):
            raise BadInput("an appeal needs a name and a reason")
        values = (_now(), who.strip(), call_id, content, rule, reason.strip(), pack_version)
        try:
            with self._people.writing() as connection:
                row = connection.execute(INSERT_APPEAL, values).fetchone()
        except sqlite3.IntegrityError as error:
            raise TryAgain(f"there is an appeal against {rule} of {call_id} already") from error
        return _appeal(row, ())

    def step(
        self, number: int, who: str, step: AppealStep, comment: str, leader_days: int = 0
    ) -> Appeal:
        """One step of an appeal; its end is stored as a review too, in the same transaction.

        A decision comes after the leader's opinion, or when that did not come in `leader_days`.
        BadInput where the step may not follow, or not by this person; TryAgain when somebody else
        was first.
        """
        appeal = self.get(number)
        _refuse(appeal, who.strip(), step, comment.strip(), leader_days)
        try:
            with self._people.writing() as connection:
                done = (_now(), who.strip(), step.value, comment.strip())
                connection.execute(INSERT_STEP, (number, *done))
                if step in DECIDES:
                    _write_review(connection, appeal, DECIDES[step], done)
        except sqlite3.IntegrityError as error:
            if "UNIQUE" in str(error):
                raise TryAgain(f"somebody else did this to appeal {number} meanwhile") from error
            raise BadInput(str(error)) from error
        return self.get(number)

    def _read(self, query: str, *values: object) -> list[Appeal]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            rows = connection.execute(query, values).fetchall()
            steps = connection.execute("SELECT * FROM appeal_steps ORDER BY id").fetchall()
        by_appeal: dict[int, list[Stepped]] = {}
        for step in steps:
            by_appeal.setdefault(step["appeal"], []).append(_stepped(step))
        return [_appeal(row, by_appeal.get(row["id"], ())) for row in rows]


def _refuse(appeal: Appeal, who: str, step: AppealStep, comment: str, leader_days: int) -> None:
    """BadInput where a step may not follow."""
    if not (who and comment):
        raise BadInput("a step of an appeal needs a name and a reason")
    if appeal.end is not None:
        raise BadInput(f"appeal {appeal.id} ended: {appeal.end.step} by {appeal.end.who}")
    if step is AppealStep.WITHDRAW and who != appeal.who:
        raise BadInput("only who filed an appeal withdraws it")
    waits_until = appeal.at + timedelta(days=leader_days)
    if step in DECIDES and appeal.opinion is None and datetime.now(UTC) < waits_until:
        raise BadInput(
            f"the leader's opinion on appeal {appeal.id} is awaited until "
            f"{waits_until:%Y-%m-%d %H:%M} UTC"
        )


def _write_review(
    connection: sqlite3.Connection, appeal: Appeal, decision: Decision,
    done: tuple[str, str, str, str],
) -> None:  # fmt: skip
    """What was decided counts like any decision: for the score and for the rule's precision."""
    at, who, _, comment = done
    subject = {"content_sha256": appeal.content_sha256, "rule": appeal.rule}
    latest = connection.execute(sql("select_latest_review"), subject).fetchone()
    values = {
        **subject,
        "at": at,
        "reviewer": who,
        "call_id": appeal.call_id,
        "segment": None,
        "decision": decision.value,
        "comment": f"{MARK} {appeal.id}：{comment}",
        "pack_version": appeal.pack_version,
        "machine_verdict": None,
        "previous": latest and latest["id"],
    }
    connection.execute(sql("insert_review"), values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _stepped(row: sqlite3.Row) -> Stepped:
    at = datetime.fromisoformat(row["at"])
    return Stepped(at, row["who"], AppealStep(row["step"]), row["comment"])


def _appeal(row: sqlite3.Row, steps: Sequence[Stepped]) -> Appeal:
    return Appeal(
        row["id"], datetime.fromisoformat(row["at"]), row["who"], row["call_id"],
        row["content_sha256"], row["rule"], row["reason"], row["pack_version"], tuple(steps),
    )  # fmt: skip


def appealed(snapshot: Snapshot, appeals: Sequence[Appeal]) -> dict[int, Row]:
    """Of each appeal what this reader knows of its call; columns: sql/list_appealed.sql.

    Appeals about calls out of its scope are not in it.
    """
    subjects: list[tuple[str, pa.DataType]] = [
        ("id", pa.int64()), ("content_sha256", pa.string()), ("rule", pa.string())
    ]  # fmt: skip
    rows = [{"id": a.id, "content_sha256": a.content_sha256, "rule": a.rule} for a in appeals]
    with closing(snapshot.cursor()) as cursor:
        cursor.register("appealed", pa.Table.from_pylist(rows, schema=pa.schema(subjects)))
        found = rows_of(cursor, sql("list_appealed"))
    return {int(str(row["id"])): row for row in found}
