"""Calibration rounds in `people.sqlite`: answers are given blind, and seen when a round is closed.

Until then nobody is given anybody else's answers, nor what the machine said, by any method here.
Who may answer what and when is refused by the schema. Nothing here is a review: the score of a
call knows nothing of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

from pipeline.domain import (
    Answer,
    AnswerDraft,
    AskedCall,
    Outcome,
    Round,
    RoundCall,
    RoundWish,
    Verdict,
)
from pipeline.errors import BadInput, NotAllowed, TryAgain
from pipeline.store.people import People, newest_of

INSERT_ROUND = """
INSERT INTO calibration_rounds (at, who, title, due, seed) VALUES (?, ?, ?, ?, ?) RETURNING id
"""
INSERT_CALL = "INSERT INTO calibration_calls VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_ANSWER = """
INSERT INTO calibration_answers
    (at, round, content_sha256, rater, subject, answer, rules, comment, previous)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_OUTCOME = """
INSERT INTO calibration_outcomes (at, round, content_sha256, subject, who, note, previous)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
LATEST_ANSWERS = """
SELECT * FROM calibration_answers AS a WHERE round = ? AND content_sha256 = ? AND rater = ?
AND NOT EXISTS (SELECT 1 FROM calibration_answers AS n WHERE n.previous = a.id) ORDER BY id
"""
SUBMITTED_ANSWERS = """
SELECT a.* FROM calibration_answers AS a
JOIN calibration_submissions AS s USING (round, content_sha256, rater)
WHERE a.round = ?
AND NOT EXISTS (SELECT 1 FROM calibration_answers AS n WHERE n.previous = a.id) ORDER BY a.id
"""
SEEN_BEFORE = """
SELECT reviewer, call_id FROM reviews WHERE content_sha256 = ?
UNION SELECT reviewer, call_id FROM item_levels WHERE content_sha256 = ?
"""
SEEN_OF = """
SELECT content_sha256 FROM reviews WHERE reviewer = ?
UNION SELECT content_sha256 FROM item_levels WHERE reviewer = ?
"""
WAITING = """
SELECT DISTINCT c.content_sha256 FROM calibration_raters AS p
JOIN calibration_calls AS c ON c.round = p.round
WHERE p.rater = ? AND p.round NOT IN (SELECT round FROM calibration_ends)
AND NOT EXISTS (SELECT 1 FROM calibration_submissions AS s WHERE s.round = c.round
    AND s.content_sha256 = c.content_sha256 AND s.rater = p.rater)
"""


class Calibrations:
    """The calibration rounds of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    # ── rounds ───────────────────────────────────────────────────────────────────────────────────

    def make(self, who: str, wish: RoundWish, calls: Sequence[AskedCall]) -> Round:
        """Store a round; BadInput when somebody who takes part has reviewed a call of it before."""
        head = (_now(), who, wish.title.strip(), wish.due.isoformat(), wish.seed)
        with self._deciding() as connection:
            for call in calls:
                _refuse_seen(connection, call, wish.raters)
            number = int(connection.execute(INSERT_ROUND, head).fetchone()["id"])
            raters = [(number, rater) for rater in wish.raters]
            connection.executemany("INSERT INTO calibration_raters VALUES (?, ?)", raters)
            rows = [
                (number, place, call.content_sha256, call.call_id, call.pack_hash,
                 json.dumps(call.asked, ensure_ascii=False), call.machine_score)
                for place, call in enumerate(calls)
            ]  # fmt: skip
            connection.executemany(INSERT_CALL, rows)
        return self.get(number)

    def all(self) -> list[Round]:
        """Every round, latest first."""
        return self._rounds("SELECT * FROM calibration_rounds ORDER BY id DESC")

    def get(self, number: int) -> Round:
        """One round; BadInput for a number that none has."""
        found = self._rounds("SELECT * FROM calibration_rounds WHERE id = ?", number)
        if not found:
            raise BadInput(f"there is no calibration round {number}")
        return found[0]

    def close(self, number: int, who: str) -> Round:
        """End a round in which not everything was submitted; BadInput when it has ended."""
        try:
            with self._people.writing() as connection:
                end = (number, _now(), who)
                connection.execute("INSERT INTO calibration_ends VALUES (?, ?, ?)", end)
        except sqlite3.IntegrityError as error:
            raise BadInput(f"round {number} is closed already, or there is none") from error
        return self.get(number)

    def hidden_from(self, rater: str) -> tuple[str, ...]:
        """Contents of the calls that somebody has to score blind and has not submitted yet."""
        return self.stamp(rater)[1]

    def stamp(self, rater: str) -> tuple[tuple[int, int], tuple[str, ...]]:
        """`People.stamp` and `hidden_from` in one look: pages ask for both many times."""
        if not self._people.path.exists():
            return (0, 0), ()
        with self._people.connected() as connection:
            rows = connection.execute(WAITING, (rater,)).fetchall()
            return newest_of(connection), _contents(rows)

    def seen_by(self, raters: Iterable[str]) -> set[str]:
        """Contents of calls that one of these people has reviewed: blind they cannot be."""
        return {row["content_sha256"] for who in raters for row in self._rows(SEEN_OF, who, who)}

    # ── answering ────────────────────────────────────────────────────────────────────────────────

    def sheet(self, number: int, content: str, rater: str) -> dict[str, Answer]:
        """What somebody has answered of a call so far, by subject; their own and no others'."""
        rows = self._rows(LATEST_ANSWERS, number, content, rater)
        return {row["subject"]: _answer(row) for row in rows}

    def begun(self, number: int, rater: str) -> set[str]:
        """Contents of the calls of which somebody has answered something."""
        query = (
            "SELECT DISTINCT content_sha256 FROM calibration_answers WHERE round = ? AND rater = ?"
        )
        return {row["content_sha256"] for row in self._rows(query, number, rater)}

    def answer(self, number: int, content: str, rater: str, drafts: Sequence[AnswerDraft]) -> None:
        """Store answers, all or none.

        TryAgain when one was changed in another window; BadInput for what is not asked, was
        submitted, or is no answer.
        """
        asked = {c.content_sha256: c.rules for c in self.get(number).calls}.get(content, {})
        for draft in drafts:
            _refuse_odd(draft, asked.get(draft.subject, ()))
        rows = [
            (_now(), number, content, rater, draft.subject, draft.answer,
             json.dumps(draft.rules), draft.comment.strip(), draft.previous)
            for draft in drafts
        ]  # fmt: skip
        with self._deciding() as connection:
            connection.executemany(INSERT_ANSWER, rows)

    def submit(self, number: int, content: str, rater: str) -> Round:
        """Finish a call; the last one ends the round. BadInput while an answer is missing."""
        with self._deciding() as connection:
            row = (number, content, rater, _now())
            connection.execute("INSERT INTO calibration_submissions VALUES (?, ?, ?, ?)", row)
        return self.get(number)

    # ── what came of it ──────────────────────────────────────────────────────────────────────────

    def answers(self, number: int) -> list[Answer]:
        """Everybody's submitted answers; NotAllowed while the round is open."""
        self._refuse_open(number)
        return [_answer(row) for row in self._rows(SUBMITTED_ANSWERS, number)]

    def asked(self, number: int) -> list[AskedCall]:
        """The calls with what the machine said; NotAllowed while the round is open."""
        self._refuse_open(number)
        query = "SELECT * FROM calibration_calls WHERE round = ? ORDER BY place"
        return [
            AskedCall(
                row["content_sha256"], row["call_id"], row["pack_hash"],
                json.loads(row["asked"]), row["machine_score"],
            )
            for row in self._rows(query, number)
        ]  # fmt: skip

    def note(
        self, number: int, subject: tuple[str, str], who: str, note: str, previous: int | None
    ) -> None:
        """Write down what was agreed of (content, subject); TryAgain when somebody did meanwhile.

        BadInput without words, or while the round is open.
        """
        content, name = subject
        with self._deciding() as connection:
            row = (_now(), number, content, name, who, note.strip(), previous)
            connection.execute(INSERT_OUTCOME, row)

    def outcomes(self, number: int) -> list[Outcome]:
        """Everything that was written down, oldest first."""
        self._refuse_open(number)
        query = "SELECT * FROM calibration_outcomes WHERE round = ? ORDER BY id"
        return [
            Outcome(
                row["id"], datetime.fromisoformat(row["at"]), row["content_sha256"],
                row["subject"], row["who"], row["note"],
            )
            for row in self._rows(query, number)
        ]  # fmt: skip

    # ── the file ─────────────────────────────────────────────────────────────────────────────────

    def _refuse_open(self, number: int) -> None:
        if not self.get(number).closed:
            raise NotAllowed(f"round {number} is open: its answers are seen when it is closed")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            return connection.execute(query, values).fetchall()

    def _rounds(self, query: str, *values: object) -> list[Round]:
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            return [_round(connection, row) for row in connection.execute(query, values).fetchall()]

    @contextmanager
    def _deciding(self) -> Iterator[sqlite3.Connection]:
        """One transaction; what the schema refuses is said in its words."""
        try:
            with self._people.writing() as connection:
                yield connection
        except sqlite3.IntegrityError as error:
            if "UNIQUE" in str(error):
                raise TryAgain("this was written meanwhile: look at it again") from error
            raise BadInput(str(error)) from error


def _refuse_seen(connection: sqlite3.Connection, call: AskedCall, raters: Sequence[str]) -> None:
    content = call.content_sha256
    for row in connection.execute(SEEN_BEFORE, (content, content)):
        if row["reviewer"] in raters:
            raise BadInput(
                f"{row['reviewer']} has reviewed call {call.call_id} before and cannot score it "
                "blind: leave the call or the person out"
            )


def _refuse_odd(draft: AnswerDraft, rules: Sequence[str]) -> None:
    """BadInput for an answer that no control point can have; items have no rules."""
    if not draft.answer:
        raise BadInput(f"{draft.subject}: no answer")
    if rules and draft.answer not in tuple(Verdict):
        raise BadInput(f"{draft.subject}: '{draft.answer}' is no verdict")
    broken = set(draft.rules)
    if not broken <= set(rules) or bool(broken) != (bool(rules) and draft.answer == Verdict.FAIL):
        raise BadInput(f"{draft.subject}: say which of its rules were broken: {', '.join(rules)}")


def _contents(rows: Sequence[sqlite3.Row]) -> tuple[str, ...]:
    return tuple(sorted(row["content_sha256"] for row in rows))


def _round(connection: sqlite3.Connection, row: sqlite3.Row) -> Round:
    """One round with everything but answers and verdicts."""

    def of(table: str, order: str) -> list[sqlite3.Row]:
        query = f"SELECT * FROM calibration_{table} WHERE round = ? ORDER BY {order}"  # noqa: S608
        return connection.execute(query, (row["id"],)).fetchall()

    ends = of("ends", "round")
    calls = tuple(
        RoundCall(
            call["content_sha256"], call["call_id"], call["pack_hash"],
            {subject: tuple(rules) for subject, rules in json.loads(call["asked"]).items()},
        )
        for call in of("calls", "place")
    )  # fmt: skip
    return Round(
        row["id"], datetime.fromisoformat(row["at"]), row["who"], row["title"],
        date.fromisoformat(row["due"]), row["seed"],
        tuple(rater["rater"] for rater in of("raters", "rowid")), calls,
        frozenset((s["rater"], s["content_sha256"]) for s in of("submissions", "rowid")),
        datetime.fromisoformat(ends[0]["at"]) if ends else None, ends[0]["who"] if ends else None,
    )  # fmt: skip


def _answer(row: sqlite3.Row) -> Answer:
    return Answer(
        row["id"], datetime.fromisoformat(row["at"]), row["content_sha256"], row["rater"],
        row["subject"], row["answer"], tuple(json.loads(row["rules"])), row["comment"],
    )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
