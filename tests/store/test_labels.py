"""Labels of what models read: append-only, the latest counts everywhere, gone with their call."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain import Flag, FlagMoment, Learned
from pipeline.errors import BadInput, TryAgain
from pipeline.store import (
    Assignments,
    Filters,
    LabelDraft,
    Labels,
    LearnedCalls,
    People,
    Scope,
    Snapshot,
    Store,
    count_flags,
    count_reasons,
    export,
    forget,
    learned_calls,
)
from tests.store.fresh import fresh
from tests.store.reports import a_hash, a_report

CONTENT = a_hash("one")
DRAFT = LabelDraft("张敏", "c-one", CONTENT, "reason", "bill", machine="claim")
NONE = dict.fromkeys(Flag, 0.0)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


def test_the_latest_of_every_subject_counts_and_nothing_is_lost(people: People) -> None:
    labels = Labels(people)
    assert (labels.of(CONTENT), labels.history(CONTENT), list(labels.in_force())) == ({}, [], [])
    assert labels.now().num_rows == 0
    first = labels.say(DRAFT)
    assert (first.who, first.value, first.machine) == ("张敏", "bill", "claim")
    before = people.stamp()
    flag = labels.say(replace(DRAFT, subject="churn", value="yes", segment=3, quote="不用了"))
    second = labels.say(replace(DRAFT, who="李四", value="loan", previous=first.id))
    assert people.stamp() > before, "caches notice"
    assert labels.of(CONTENT) == {"reason": second, "churn": flag}
    back = labels.say(replace(DRAFT, value=None, previous=second.id))
    assert list(labels.in_force()) == [flag]
    assert labels.now().to_pylist() == [
        {"content_sha256": CONTENT, "reason": None, "complaint": None, "dissatisfaction": None,
         "abuse": None, "churn": "yes"}
    ]  # fmt: skip
    assert labels.history(CONTENT) == [first, flag, second, back]
    assert Assignments(people).of(CONTENT) is None, "a label takes no call"


def test_of_two_who_saw_the_same_the_second_is_told(people: People) -> None:
    labels = Labels(people)
    first = labels.say(DRAFT)
    with pytest.raises(TryAgain, match="张敏 labelled call c-one meanwhile"):
        labels.say(replace(DRAFT, who="李四", value="loan"))
    with pytest.raises(TryAgain, match="nobody labelled"):
        labels.say(replace(DRAFT, subject="abuse", value="no", previous=first.id))
    with pytest.raises(BadInput, match="a name"):
        labels.say(replace(DRAFT, who=" ", previous=first.id))


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "score"},
        {"subject": "churn", "value": "bill"},
        {"segment": 1, "quote": "x"},
        {"subject": "churn", "value": "yes", "segment": 1},
    ],
)
def test_what_is_no_label_is_refused_by_the_file_too(
    people: People, changed: dict[str, object]
) -> None:
    with pytest.raises(BadInput, match="CHECK"):
        Labels(people).say(replace(DRAFT, **changed))  # type: ignore[arg-type]


def test_append_only_and_gone_with_the_call(people: People) -> None:
    first = Labels(people).say(DRAFT)
    Labels(people).say(replace(DRAFT, value=None, previous=first.id))
    other = Labels(people).say(replace(DRAFT, content_sha256=a_hash("two")))
    with sqlite3.connect(people.path) as connection:
        for statement in ("UPDATE labels SET value = 'x'", "DELETE FROM labels"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    forget(people, [CONTENT])
    assert Labels(people).history(CONTENT) == []
    assert Labels(people).history(a_hash("two")) == [other]
    assert CONTENT.encode() not in people.path.read_bytes()


# ── what counts ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three calls, two read by models: `one` a claim with a complaint, `two` unsure."""
    db = tmp_path_factory.mktemp("labels") / "calls.duckdb"
    with Store.open(fresh(db)) as store:
        store.save([a_report(name, agent=name) for name in ("one", "two", "three")])
        store.publish()
    reread(db, "1")
    say(db, "one", "reason", "bill")
    say(db, "one", "complaint", "no")
    say(db, "one", "churn", "yes")
    say(db, "three", "reason", "none")
    return db


def reread(db: Path, version: str) -> None:
    moment = FlagMoment(Flag.COMPLAINT, 0.9, 1)
    models = (f"reasons@{version}", f"flags@{version}")
    with Store.open(db) as store:
        LearnedCalls(store).write([
            Learned("c-one", models[0], "claim", "claim", 0.9, models[1], (Flag.COMPLAINT,),
                    {**NONE, Flag.COMPLAINT: 0.9}, (moment,)),
            Learned("c-two", models[0], None, "loan", 0.3, models[1], (), NONE),
        ])  # fmt: skip
        store.publish()


def say(db: Path, call: str, subject: str, value: str) -> None:
    Labels(People.open(db)).say(LabelDraft("张敏", f"c-{call}", a_hash(call), subject, value))


def test_what_people_said_counts_and_the_machines_stays_beside_it(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        rows = {row["call_id"]: row for row in learned_calls(snapshot).to_pylist()}
        one, two, three = (rows[f"c-{name}"] for name in ("one", "two", "three"))
        assert (one["reason"], one["flags"]) == ("bill", ["churn"])
        assert (one["machine_reason"], one["machine_flags"]) == ("claim", ["complaint"])
        assert one["by_people"] == ["reason", "complaint", "churn"]
        assert (two["reason"], two["flags"], two["by_people"]) == (None, [], [])
        assert (three["reason"], three["reasons_model"]) == ("none", None)
        assert {row["reason"]: row["calls"] for row in count_reasons(snapshot)} == {
            "bill": 1, "none": 1, "unsure": 1,
        }  # fmt: skip
        assert {row["flag"]: row["calls"] for row in count_flags(snapshot)} == {
            "complaint": 0, "dissatisfaction": 0, "abuse": 0, "churn": 1,
        }  # fmt: skip
        assert set(snapshot.choices()["reasons"]) == {"bill", "none", "unsure"}


@pytest.mark.parametrize(
    ("filters", "calls"),
    [
        (Filters(reason="bill"), 1), (Filters(reason="claim"), 0), (Filters(reason="unsure"), 1),
        (Filters(reason="none"), 1), (Filters(flag="churn"), 1), (Filters(flag="complaint"), 0),
    ],
)  # fmt: skip
def test_filters_follow_people(db: Path, filters: Filters, calls: int) -> None:
    with Snapshot.open(db) as snapshot:
        assert snapshot.count_calls(filters) == calls
        elsewhere = snapshot.within(Scope(agent="two"))
        assert elsewhere.count_calls(filters) == (filters.reason == "unsure"), "narrowed too"


def test_it_survives_another_model_and_another_processing(db: Path) -> None:
    reread(db, "2")
    with Store.open(db) as store:
        store.save([a_report("one", code_version="9", call_id="c-renamed", agent="one")])
        store.publish()
    with Snapshot.open(db) as snapshot:
        rows = {row["call_id"]: row for row in learned_calls(snapshot).to_pylist()}
    assert (rows["c-renamed"]["reason"], rows["c-renamed"]["flags"]) == ("bill", ["churn"])
    assert rows["c-two"]["reasons_model"] == "reasons@2"


def test_an_export_holds_what_counts(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "learned.csv"
    assert export("learned", db, out, "csv") == 3
    head = out.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert {"reason", "flags", "machine_reason", "machine_flags", "by_people"} <= set(head)
    assert "bill" in out.read_text(encoding="utf-8-sig")
