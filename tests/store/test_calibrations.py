"""Calibration: blind below every page, append-only, and no review."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.domain import AnswerDraft, AskedCall, Outcome, Round
from pipeline.errors import BadInput, NotAllowed, TryAgain
from pipeline.store import (
    Calibrations,
    Decision,
    LevelDraft,
    Levels,
    People,
    ReviewDraft,
    forget,
)
from tests.calibration.site import ATTITUDE, CARD, LI, OPENING, RATERS, WANG, ZHANG, drafts, wish
from tests.store.reports import a_hash

FIRST, SECOND = a_hash("one"), a_hash("two")
ASKED = {
    OPENING: {"greeting": "pass"},
    CARD: {"no_full_card": "fail", "no_password": "not_applicable"},
    ATTITUDE: {},
}
CALLS = tuple(
    AskedCall(content, f"c-{name}", "p" * 64, ASKED, 90.0)
    for content, name in ((FIRST, "one"), (SECOND, "two"))
)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


@pytest.fixture
def rounds(people: People) -> Calibrations:
    return Calibrations(people)


@pytest.fixture
def made(rounds: Calibrations) -> Round:
    return rounds.make(WANG, wish(), CALLS)


def submit(rounds: Calibrations, made: Round, rater: str, *contents: str) -> None:
    for content in contents:
        rounds.answer(made.id, content, rater, drafts())
        rounds.submit(made.id, content, rater)


@contextmanager
def refused(kind: type[Exception], words: str) -> Iterator[None]:
    with pytest.raises(kind, match=words):
        yield


def test_nobody_is_given_others_answers_or_the_machines_before_the_end(
    rounds: Calibrations, made: Round
) -> None:
    submit(rounds, made, LI, FIRST, SECOND)
    submit(rounds, made, ZHANG, FIRST)
    for ask in (rounds.answers, rounds.asked, rounds.outcomes):
        with refused(NotAllowed, "is open: its answers are seen when it is closed"):
            ask(made.id)
    assert set(rounds.sheet(made.id, FIRST, LI)) == {OPENING, CARD, ATTITUDE}
    assert rounds.sheet(made.id, SECOND, ZHANG) == {}
    known = rounds.get(made.id)
    assert known.calls[0].rules[CARD] == ("no_full_card", "no_password")
    assert "fail" not in repr(known), "which verdict is nowhere in it"
    submit(rounds, made, ZHANG, SECOND)
    submit(rounds, made, WANG, FIRST, SECOND)
    done = rounds.get(made.id)
    assert (done.closed, done.ended_by) == (True, None)
    assert {(a.rater, a.content_sha256) for a in rounds.answers(made.id)} == {
        (rater, content) for rater in RATERS for content in (FIRST, SECOND)
    }
    assert rounds.asked(made.id) == list(CALLS)


def test_what_waits_for_somebody_is_hidden_until_it_is_submitted(
    rounds: Calibrations, made: Round
) -> None:
    assert rounds.hidden_from(LI) == tuple(sorted((FIRST, SECOND)))
    submit(rounds, made, LI, FIRST)
    assert rounds.hidden_from(LI) == (SECOND,)
    assert rounds.hidden_from("陈主管") == ()
    rounds.close(made.id, WANG)
    assert rounds.hidden_from(LI) == rounds.hidden_from(ZHANG) == ()


def test_who_has_reviewed_a_call_cannot_score_it_blind(
    rounds: Calibrations, people: People
) -> None:
    people.add_review(ReviewDraft(LI, "c-one", FIRST, Decision.COMMENT, comment="听过"))
    Levels(people).choose(LevelDraft("赵", "c-two", SECOND, ATTITUDE, "优"))
    with refused(BadInput, f"{LI} has reviewed call c-one before and cannot score it blind"):
        rounds.make(WANG, wish(), CALLS)
    assert rounds.all() == []
    assert rounds.seen_by([LI]) == {FIRST}
    assert rounds.seen_by(["赵", ZHANG]) == {SECOND}


def test_a_submitted_call_and_a_closed_round_are_not_altered(
    rounds: Calibrations, made: Round
) -> None:
    rounds.answer(made.id, FIRST, LI, drafts()[:2])
    with refused(BadInput, "answered before it is submitted"):
        rounds.submit(made.id, FIRST, LI)
    rounds.answer(made.id, FIRST, LI, drafts()[2:])
    first = rounds.sheet(made.id, FIRST, LI)[CARD]
    changed = AnswerDraft(CARD, "pass", previous=first.id, comment="再听一遍")
    rounds.answer(made.id, FIRST, LI, [changed])
    with refused(TryAgain, "written meanwhile"):
        rounds.answer(made.id, FIRST, LI, [changed])
    with refused(BadInput, "to the same question by the same person"):
        other = rounds.sheet(made.id, FIRST, LI)[OPENING]
        rounds.answer(made.id, FIRST, LI, [AnswerDraft(ATTITUDE, "差", previous=other.id)])
    rounds.submit(made.id, FIRST, LI)
    latest = rounds.sheet(made.id, FIRST, LI)[CARD]
    assert (latest.answer, latest.comment) == ("pass", "再听一遍")
    with refused(BadInput, "is not altered"):
        rounds.answer(made.id, FIRST, LI, [AnswerDraft(CARD, "unsure", previous=latest.id)])
    rounds.answer(made.id, SECOND, LI, drafts())
    assert rounds.close(made.id, WANG).ended_by == WANG
    with refused(BadInput, "closed already"):
        rounds.close(made.id, WANG)
    with refused(BadInput, "this round is closed"):
        rounds.submit(made.id, SECOND, LI)
    (only,) = {answer.content_sha256 for answer in rounds.answers(made.id)}
    assert only == FIRST, "what was not submitted does not count"


@pytest.mark.parametrize(
    ("rater", "draft", "words"),
    [
        ("陈主管", AnswerDraft(OPENING, "pass"), "not asked of you"),
        (LI, AnswerDraft("9.9", "pass"), "not asked of you"),
        (LI, AnswerDraft(OPENING, "good"), "'good' is no verdict"),
        (LI, AnswerDraft(CARD, "fail"), "which of its rules were broken: no_full_card"),
        (LI, AnswerDraft(CARD, "fail", ("greeting",)), "which of its rules were broken"),
        (LI, AnswerDraft(CARD, "pass", ("no_password",)), "which of its rules were broken"),
    ],
)
def test_only_what_is_asked_is_answered_by_those_who_take_part(
    rounds: Calibrations, made: Round, rater: str, draft: AnswerDraft, words: str
) -> None:
    with refused(BadInput, words):
        rounds.answer(made.id, FIRST, rater, [drafts()[2], draft])
    assert rounds.sheet(made.id, FIRST, rater) == {}, "all or none"


def test_not_even_past_the_code(rounds: Calibrations, people: People, made: Round) -> None:
    submit(rounds, made, LI, FIRST)
    connection = sqlite3.connect(people.path)
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'calibration%'"
        )
    ]
    assert len(tables) == 7
    rounds.close(made.id, WANG)
    rounds.note(made.id, (FIRST, CARD), WANG, "按违反", None)
    for table in tables:
        column = connection.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with refused(sqlite3.IntegrityError, "append-only"):
                connection.execute(statement)
    with refused(sqlite3.IntegrityError, "decided when it is made"):
        connection.execute("INSERT INTO calibration_raters VALUES (?, '新人')", (made.id,))
    answer = (made.id, FIRST, ZHANG, CARD)
    with refused(sqlite3.IntegrityError, "is not altered"):
        connection.execute(
            "INSERT INTO calibration_answers (at, round, content_sha256, rater, subject, answer,"
            " rules, comment) VALUES ('t', ?, ?, ?, ?, 'pass', '[]', '')",
            answer,
        )
    connection.close()


def test_eight_people_at_once_and_the_last_ends_it(rounds: Calibrations) -> None:
    raters = tuple(f"质检{n}" for n in range(8))
    made = rounds.make(WANG, wish(raters=raters), CALLS)
    problems: list[Exception] = []

    def work(rater: str) -> None:
        try:
            submit(rounds, made, rater, FIRST, SECOND)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(rater,)) for rater in raters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert rounds.get(made.id).closed
    assert len(rounds.answers(made.id)) == 8 * 2 * 3


def test_what_was_agreed_is_written_once_the_round_is_closed(
    rounds: Calibrations, made: Round
) -> None:
    submit(rounds, made, LI, FIRST)
    with refused(BadInput, "when the round is closed"):
        rounds.note(made.id, (FIRST, CARD), WANG, "按违反", None)
    rounds.close(made.id, WANG)
    rounds.note(made.id, (FIRST, CARD), WANG, "按违反", None)
    with refused(TryAgain, "written meanwhile"):
        rounds.note(made.id, (FIRST, CARD), WANG, "另一个", None)
    with refused(BadInput, "CHECK"):
        rounds.note(made.id, (FIRST, OPENING), WANG, " ", None)
    (first,) = rounds.outcomes(made.id)
    rounds.note(made.id, (FIRST, CARD), WANG, "补充：报四位可以", first.id)

    def said(one: Outcome) -> tuple[str, str]:
        return one.who, one.note

    assert list(map(said, rounds.outcomes(made.id))) == [
        (WANG, "按违反"), (WANG, "补充：报四位可以")
    ]  # fmt: skip


def test_a_removed_call_leaves_no_answer_behind(
    rounds: Calibrations, people: People, made: Round
) -> None:
    for content in (FIRST, SECOND):
        rounds.answer(made.id, content, LI, drafts(comment="独一无二的张三丰"))
        rounds.submit(made.id, content, LI)
    rounds.close(made.id, WANG)
    rounds.note(made.id, (FIRST, CARD), WANG, "独一无二的张三丰", None)
    forget(people, [FIRST, SECOND])
    assert rounds.answers(made.id) == rounds.asked(made.id) == rounds.outcomes(made.id) == []
    files = people.path.parent.glob(f"{people.path.name}*")
    data = b"".join(file.read_bytes() for file in files)
    assert "张三丰".encode() not in data
    assert FIRST.encode() not in data
    assert b"c-one" not in data
