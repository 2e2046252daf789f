"""Corrections are append-only; of two of the same turn one counts; they go with their call."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain import DataClass, PrivateSpan, Role
from pipeline.errors import BadInput, TryAgain
from pipeline.store import (
    Assignments,
    CorrectionDraft,
    Corrections,
    People,
    forget,
)
from tests.store.reports import a_hash

CONTENT = a_hash("one")
SPAN = PrivateSpan("phone", 3, 2, 13, Role.CUSTOMER, DataClass.C2, True, 0.9, "Phone")
DRAFT = CorrectionDraft("张敏", "c-one", CONTENT, 3, "包本", "保本", (SPAN,))


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


def test_the_latest_of_every_turn_counts_and_nothing_is_lost(people: People) -> None:
    corrections = Corrections(people)
    assert corrections.of(CONTENT) == list(corrections.all()) == []
    first = corrections.add(DRAFT)
    assert (first.text, first.spans, first.who) == ("保本", (SPAN,), "张敏")
    before = people.stamp()
    back = corrections.add(replace(DRAFT, text=None, spans=(), previous=first.id))
    other = corrections.add(replace(DRAFT, segment=1, heard="a", text="b", spans=()))
    assert people.stamp() > before, "caches notice"
    assert corrections.of(CONTENT) == [other, back]
    assert corrections.history(CONTENT) == [first, back, other]
    held = Assignments(people).of(CONTENT)
    assert held is not None
    assert held.holder == "张敏", "who corrects has the call"
    with pytest.raises(TryAgain, match="张敏"):
        corrections.add(replace(DRAFT, who="李四", segment=2))


@pytest.mark.parametrize(("changed", "said"), [({"who": " "}, "a name"), ({"text": " "}, "says")])
def test_something_missing_is_no_correction(
    people: People, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        Corrections(people).add(replace(DRAFT, **changed))


def test_of_six_at_once_one_corrects(people: People) -> None:
    corrections, outcomes = Corrections(people), list[str]()

    def correct(text: str) -> None:
        try:
            corrections.add(replace(DRAFT, text=text))
            outcomes.append("stored")
        except TryAgain:
            outcomes.append("told")

    threads = [threading.Thread(target=correct, args=(f"第{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stored", *["told"] * 5]
    assert len(corrections.history(CONTENT)) == 1


def test_append_only_and_gone_with_the_call(people: People) -> None:
    first = Corrections(people).add(DRAFT)
    Corrections(people).add(replace(DRAFT, text=None, previous=first.id))
    with sqlite3.connect(people.path) as connection:
        for statement in ("UPDATE corrections SET text = 'x'", "DELETE FROM corrections"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    forget(people, [CONTENT])
    assert Corrections(people).history(CONTENT) == []
    assert CONTENT.encode() not in people.path.read_bytes()
