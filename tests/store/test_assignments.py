"""Who works on which call: one person at a time, also when many want it at once."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import BadInput, TryAgain
from pipeline.store import (
    Appeals,
    Assigned,
    Assignments,
    Decision,
    People,
    ReviewDraft,
    Store,
    forget,
)
from tests.processes import several
from tests.store.fresh import fresh
from tests.store.reports import a_hash, a_report

ONE, TWO = ((a_hash(name), f"c-{name}") for name in ("one", "two"))


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


@pytest.fixture
def work(people: People) -> Assignments:
    return Assignments(people)


def a_draft(reviewer: str, **changes: object) -> ReviewDraft:
    values: dict[str, object] = {"decision": Decision.CONFIRM, "rule": "greeting"}
    return ReviewDraft(reviewer, ONE[1], ONE[0], **{**values, **changes})  # type: ignore[arg-type]


def expire(people: People) -> None:
    """Twelve hours later: only a test changes what is append-only."""
    connection = sqlite3.connect(people.path)
    (script,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'assignments_no_update'"
    ).fetchone()
    connection.execute("DROP TRIGGER assignments_no_update")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    connection.execute("UPDATE assignments SET ends = ? WHERE ends IS NOT NULL", (past,))
    connection.execute(script)
    connection.commit()
    connection.close()


def test_nothing_is_created_by_looking(work: Assignments, people: People) -> None:
    assert work.of(ONE[0]) is None
    assert work.held().num_rows == 0
    assert work.history(ONE[0]) == []
    assert not people.path.exists()


def test_a_claimed_call_is_nobody_elses(work: Assignments) -> None:
    taken = work.claim("李质检", ONE)
    assert (taken.act, taken.holder) == (Assigned.CLAIM, "李质检")
    with pytest.raises(TryAgain, match="李质检 has call c-one since"):
        work.claim("王质检", ONE)
    assert work.claim_first("王质检", [ONE, TWO]) == TWO
    assert work.claim_first("赵质检", [ONE, TWO]) is None
    assert {row["holder"] for row in work.held().to_pylist()} == {"李质检", "王质检"}


def test_given_back_it_is_anybodys(work: Assignments) -> None:
    work.claim("李质检", ONE)
    work.give_back("李质检", ONE)
    assert work.of(ONE[0]) is None
    work.claim("王质检", ONE)
    assert [one.act for one in work.history(ONE[0])] == ["claim", "return", "claim"]


def test_a_claim_ends_by_itself_and_what_was_assigned_does_not(
    work: Assignments, people: People
) -> None:
    work.claim("李质检", ONE)
    work.assign("陈主管", "李质检", [TWO])
    expire(people)
    assert work.of(ONE[0]) is None
    assert [row["content_sha256"] for row in work.held().to_pylist()] == [TWO[0]]
    assert work.claim("王质检", ONE).holder == "王质检"
    work.claim("李质检", TWO)  # opened by whom it was assigned to: still without an end
    expire(people)
    assert work.of(TWO[0]) is not None


def test_a_supervisor_takes_calls_from_somebody_only_when_it_is_said(work: Assignments) -> None:
    work.claim("李质检", ONE)
    assert work.assign("陈主管", "王质检", [ONE, TWO]) == 1
    assert work.assign("陈主管", "王质检", [ONE], take_over=True) == 1
    now = work.of(ONE[0])
    assert now is not None
    assert (now.holder, now.who) == ("王质检", "陈主管")
    with pytest.raises(BadInput, match="who gets the calls"):
        work.assign("陈主管", " ", [ONE])


def test_a_decision_takes_the_call_and_the_last_one_lets_it_go(
    work: Assignments, people: People
) -> None:
    first = people.add_review(a_draft("李质检"))
    now = work.of(ONE[0])
    assert now is not None
    assert now.holder == "李质检"
    with pytest.raises(TryAgain, match="李质检 has call c-one"):
        people.add_review(a_draft("王质检", rule="farewell"))
    people.add_review(a_draft("王质检", rule="farewell", decision=Decision.COMMENT))
    people.add_review(a_draft("李质检", rule=None))
    assert work.of(ONE[0]) is None
    people.add_review(a_draft("王质检", decision=Decision.REJECT, previous=first.id))
    assert [r.reviewer for r in people.reviews(ONE[1])] == ["李质检", "王质检", "李质检", "王质检"]


def test_a_refused_decision_takes_nothing(work: Assignments, people: People) -> None:
    with pytest.raises(BadInput, match="review 9 is not about"):
        people.add_review(a_draft("李质检", previous=9))
    assert work.of(ONE[0]) is None


def test_nothing_can_be_changed_deleted_or_branched(work: Assignments, people: People) -> None:
    first = work.claim("李质检", ONE)
    work.give_back("李质检", ONE)
    connection = sqlite3.connect(people.path)
    for statement in ("UPDATE assignments SET holder = 'x'", "DELETE FROM assignments"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    for previous in (first.id, None):  # a second act after the same one, a second first act
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection.execute(
                "INSERT INTO assignments (at, who, content_sha256, call_id, act, holder, previous)"
                " VALUES ('t', 'x', ?, 'c-one', 'claim', 'x', ?)",
                (ONE[0], previous),
            )
    connection.close()


def test_a_removed_call_leaves_no_name_behind(work: Assignments, people: People) -> None:
    people.add_review(a_draft("李质检"))
    work.claim("李质检", TWO)
    forget(people, [ONE[0]])
    assert work.history(ONE[0]) == []
    assert len(work.history(TWO[0])) == 1


CALLS = [(a_hash(f"n{i}"), f"n-{i}") for i in range(40)]


def _inspector(db: Path, name: str, out: multiprocessing.Queue[tuple[str, str]]) -> None:
    """Takes the next free call and decides it, until none is left; an appeal against each."""
    people = People.open(db)
    appeals = Appeals(people)
    with suppress(TryAgain):  # all of them want this one
        appeals.file(name, (*CALLS[0], "wanted by all"), "不是我说的", "1")
    work = Assignments(people)
    while True:
        done = {one["content_sha256"] for one in people.latest_states().to_pylist()}
        subject = work.claim_first(name, [call for call in CALLS if call[0] not in done])
        if subject is None:
            return
        latest = [r for r in people.reviews_of(subject[0]) if r.rule is None]
        if not latest:  # somebody finished it between the look and the claim
            people.add_review(ReviewDraft(name, subject[1], subject[0], Decision.CONFIRM))
            appeals.file(f"agent {name}", (*subject, "own"), "不是我说的", "1")
            out.put((name, subject[1]))
        else:
            work.give_back(name, subject)


def test_eight_inspectors_beside_a_load_never_review_the_same_call(tmp_path: Path) -> None:
    db = fresh(tmp_path / "calls.duckdb")
    context = several("pipeline.store")
    out: multiprocessing.Queue[tuple[str, str]] = context.Queue()
    inspectors = [context.Process(target=_inspector, args=(db, f"r{i}", out)) for i in range(8)]
    for process in inspectors:
        process.start()
    loads = 0
    with Store.open(db) as store:
        while any(process.is_alive() for process in inspectors):
            store.save([a_report(f"load {loads}", call_id=f"l-{loads}")])
            store.publish()
            loads += 1
    found = [out.get(timeout=5) for _ in CALLS]
    for process in inspectors:
        process.join()
        assert process.exitcode == 0
    assert Counter(call for _, call in found) == Counter(call for _, call in CALLS)
    assert loads > 0
    reviews = [review for batch in People.open(db).all_reviews() for review in batch]
    assert len(reviews) == len(CALLS)
    assert Assignments(People.open(db)).held().num_rows == 0
    filed = Counter(appeal.rule for appeal in Appeals(People.open(db)).all())
    assert filed == {"own": len(CALLS), "wanted by all": 1}
