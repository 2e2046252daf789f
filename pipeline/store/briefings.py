"""Texts of weekly briefings, and which reports were written by themselves, in `people.sqlite`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pipeline.domain import BriefingText, BriefingVersion, ProblemText, TrainingAction, Whom
from pipeline.errors import BadInput, TryAgain
from pipeline.store.people import People

INSERT = """
INSERT INTO briefing_versions (week, team, at, who, content, previous)
VALUES (:week, :team, :at, :who, :content, :previous)
"""
LATEST = "SELECT * FROM briefing_versions WHERE week = ? AND team = ? ORDER BY id DESC LIMIT 1"
EVERY = "SELECT * FROM briefing_versions WHERE week = ? AND team = ? ORDER BY id"


class Briefings:
    """The texts of one database; checked for private data by `pipeline.briefing.checking`."""

    def __init__(self, people: People) -> None:
        self._people = people

    def latest(self, week: str, team: str = "") -> BriefingVersion | None:
        """The version that counts; None when nobody wrote anything."""
        found = self._read(LATEST, week, team)
        return found[0] if found else None

    def versions(self, week: str, team: str = "") -> list[BriefingVersion]:
        """Who wrote what and when, oldest first."""
        return self._read(EVERY, week, team)

    def save(
        self, who: str, subject: tuple[str, str], text: BriefingText, previous: int | None
    ) -> BriefingVersion:
        """A new version of `subject` (week, team); `previous` is the version that was shown.

        TryAgain when somebody else saved one since.
        """
        if not who.strip():
            raise BadInput("say who you are: a briefing keeps who wrote what")
        now = self.latest(*subject)
        if (now.id if now else None) != previous:
            other = now.who if now else "—"
            raise TryAgain(f"{other} changed this briefing meanwhile; look at it again")
        values = {
            "week": subject[0], "team": subject[1], "who": who.strip(), "at": _now(),
            "content": json.dumps(asdict(text), ensure_ascii=False), "previous": previous,
        }  # fmt: skip
        try:
            with self._people.writing() as connection:
                connection.execute(INSERT, values)
        except sqlite3.IntegrityError as error:
            raise TryAgain("somebody else changed this briefing meanwhile") from error
        saved = self.latest(*subject)
        assert saved is not None
        return saved

    def _read(self, query: str, *values: str) -> list[BriefingVersion]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            return [_version(row) for row in connection.execute(query, values).fetchall()]


class ReportsWritten:
    """Which reports were written by themselves, so that none is written twice."""

    def __init__(self, people: People) -> None:
        self._people = people

    def of(self, kind: str, period: str) -> frozenset[str]:
        """The parts of a period's report that are there."""
        if not self._people.path.exists():
            return frozenset()
        query = "SELECT part FROM reports_written WHERE kind = ? AND period = ?"
        with self._people.connected() as connection:
            rows = connection.execute(query, (kind, period)).fetchall()
        return frozenset(str(row["part"]) for row in rows)

    def note(self, report: tuple[str, str, str], path: str) -> None:
        """Remember (kind, period, part); a second time changes nothing."""
        query = "INSERT OR IGNORE INTO reports_written (kind, period, part, at, path) VALUES (?, ?, ?, ?, ?)"  # noqa: E501
        with self._people.writing() as connection:
            connection.execute(query, (*report, _now(), path))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _version(row: sqlite3.Row) -> BriefingVersion:
    content: dict[str, Any] = json.loads(row["content"])
    text = BriefingText(
        content["comment"],
        tuple(ProblemText(**one) for one in content["problems"]),
        tuple(content["order"]),
        tuple(
            TrainingAction(**{**one, "whom": Whom(one["whom"]), "who": tuple(one["who"])})
            for one in content["actions"]
        ),
    )
    at = datetime.fromisoformat(row["at"])
    return BriefingVersion(row["id"], row["week"], row["team"], at, row["who"], text)
