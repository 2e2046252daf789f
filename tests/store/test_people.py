"""Reviews: append-only, nobody's decision is overwritten unseen."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from pipeline.domain import Verdict
from pipeline.errors import BadInput, TryAgain
from pipeline.store import Decision, People, Review, ReviewDraft
from tests.store.reports import a_hash


def a_draft(**changes: object) -> ReviewDraft:
    values: dict[str, object] = {
        "reviewer": "李质检",
        "call_id": "c-one",
        "content_sha256": a_hash("one"),
        "decision": Decision.REJECT,
        "rule": "greeting",
        "machine_verdict": Verdict.FAIL,
        "comment": "听到了问候",
    }
    return ReviewDraft(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


def test_nothing_is_created_by_reading(people: People) -> None:
    assert people.reviews("c-one") == []
    assert people.reviews_of(a_hash("one")) == []
    assert people.latest_states().num_rows == 0
    assert people.stamp() == (0, 0)
    assert not people.path.exists()


def test_a_review_comes_back_as_written(people: People) -> None:
    stored = people.add_review(a_draft(segment=3, pack_version="7"))
    assert people.reviews("c-one") == [stored]
    assert isinstance(stored, Review)
    assert (stored.decision, stored.machine_verdict) == (Decision.REJECT, Verdict.FAIL)
    assert stored.at.utcoffset() is not None


def test_who_did_not_see_the_latest_is_told_whose_it_is(people: People) -> None:
    first = people.add_review(a_draft())
    with pytest.raises(TryAgain, match="李质检 wrote 'reject' about rule greeting of call c-one"):
        people.add_review(a_draft(reviewer="赵组长", decision=Decision.CONFIRM))
    second = people.add_review(a_draft(decision=Decision.CONFIRM, previous=first.id))
    assert [r.id for r in people.reviews("c-one")] == [first.id, second.id]
    with pytest.raises(TryAgain):
        people.add_review(a_draft(previous=first.id))


def test_another_rule_is_another_subject(people: People) -> None:
    people.add_review(a_draft())
    people.add_review(a_draft(rule="farewell"))
    people.add_review(a_draft(rule=None, decision=Decision.COMMENT))
    with pytest.raises(BadInput, match="review 99 is not about call c-one"):
        people.add_review(a_draft(rule="other", previous=99))
    assert len(people.reviews("c-one")) == 3


def test_the_latest_decision_counts_and_comments_decide_nothing(people: People) -> None:
    first = people.add_review(a_draft(decision=Decision.REJECT))
    second = people.add_review(a_draft(decision=Decision.CONFIRM, previous=first.id))
    people.add_review(a_draft(decision=Decision.COMMENT, previous=second.id))
    (state,) = people.latest_states().to_pylist()
    assert (state["decision"], state["id"]) == ("confirm", second.id)


def test_the_stamp_changes_with_every_review(people: People) -> None:
    stamps = [people.stamp()]
    for rule in ("a", "b", None):
        people.add_review(a_draft(rule=rule))
        stamps.append(people.stamp())
    assert len(set(stamps)) == 4
    assert people.stamp() == stamps[-1]


def test_nothing_can_be_changed_or_deleted(people: People) -> None:
    people.add_review(a_draft())
    connection = sqlite3.connect(people.path)
    for statement in ("UPDATE reviews SET decision = 'confirm'", "DELETE FROM reviews"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_bad_reviews_are_refused(people: People, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="needs a reviewer"):
        people.add_review(a_draft(reviewer=" "))
    with pytest.raises(ValueError, match="maybe"):
        people.add_review(a_draft(decision="maybe"))
    people.add_review(a_draft())
    people.path.write_text("no database" * 1000)
    with pytest.raises(BadInput, match="cannot be used as a SQLite database"):
        people.reviews("c-one")


def test_of_many_who_decide_at_once_exactly_one_wins(people: People) -> None:
    outcomes: list[str] = []

    def decide(name: str) -> None:
        try:
            people.add_review(a_draft(reviewer=name))
            outcomes.append("stored")
        except TryAgain:
            outcomes.append("told")

    threads = [threading.Thread(target=decide, args=(f"r{i}",)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stored"] + ["told"] * 11
    assert len(people.reviews("c-one")) == 1
