"""The case library: append-only, of two edits of one version one counts, gone with its call."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain import CaseKind, CaseText, Passage, QuotedTurn, Role
from pipeline.errors import BadInput, TryAgain
from pipeline.store import Cases, People, forget
from tests.store.reports import a_hash

PASSAGE = Passage(
    "c-one", a_hash("one"), 2, 3, 8.5, 14.0,
    (QuotedTurn(Role.CUSTOMER, "这款保本吗?"), QuotedTurn(Role.AGENT, "肯定保本的")),
    "wealth", "1", "no_promise", "不得承诺保本", "No promise", "2.1", "合规销售",
)  # fmt: skip
TEXT = CaseText(
    CaseKind.BAD, "承诺保本", "误导客户", "本产品不保本，请您看风险揭示", ("保本", "理财")
)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People.open(tmp_path / "calls.duckdb")


@pytest.fixture
def cases(people: People) -> Cases:
    return Cases(people)


def test_what_is_added_comes_back_and_an_edit_is_a_version(cases: Cases) -> None:
    made = cases.add(" 李质检 ", PASSAGE, replace(TEXT, tags=("保本", " 理财", "", "保本")))
    assert (made.who, made.passage, made.text, made.retired) == ("李质检", PASSAGE, TEXT, None)
    better = replace(TEXT, answer="理财有风险，不承诺保本")
    changed = cases.change(made.id, "周培训", better, made.now.id)
    assert (changed.text, changed.who, changed.now.who) == (better, "李质检", "周培训")
    assert [one.text for one in changed.versions] == [TEXT, better]
    done = cases.retire(made.id, "王主管", "产品下架", changed.now.id)
    assert (done.retired, done.text) == ("产品下架", better)
    with pytest.raises(BadInput, match="used no more"):
        cases.change(made.id, "周培训", TEXT, done.now.id)
    assert cases.all() == cases.of(PASSAGE.content_sha256) == [done]
    assert cases.of(a_hash("two")) == []
    with pytest.raises(BadInput, match="no case 9"):
        cases.get(9)


def test_something_missing_is_no_case(cases: Cases) -> None:
    for text in (replace(TEXT, title=" "), replace(TEXT, why=""), replace(TEXT, answer="\n")):
        with pytest.raises(BadInput, match="the agreed answer"):
            cases.add("李质检", PASSAGE, text)
    with pytest.raises(BadInput, match="needs a name"):
        cases.add(" ", PASSAGE, TEXT)
    number = cases.add("李质检", PASSAGE, TEXT).id
    with pytest.raises(BadInput, match="with a reason"):
        cases.retire(number, "王主管", " ", 1)


def test_of_six_who_edit_what_they_saw_one_does(cases: Cases) -> None:
    made, outcomes = cases.add("李质检", PASSAGE, TEXT), list[str]()

    def edit(name: str) -> None:
        try:
            cases.change(made.id, name, replace(TEXT, answer=name), made.now.id)
            outcomes.append("changed")
        except TryAgain:
            outcomes.append("told")

    threads = [threading.Thread(target=edit, args=(f"培训{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["changed", *["told"] * 5]
    assert len(cases.get(made.id).versions) == 2


def test_not_even_past_the_code(cases: Cases, people: People) -> None:
    made = cases.add("李质检", PASSAGE, TEXT)
    cases.retire(made.id, "王主管", "过期", made.now.id)
    with sqlite3.connect(people.path) as connection:
        for statement in (
            "UPDATE cases SET quote = '[]'", "DELETE FROM cases",
            "UPDATE case_versions SET answer = 'x'", "DELETE FROM case_versions",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
        with pytest.raises(sqlite3.IntegrityError, match="used no more"):
            connection.execute(
                "INSERT INTO case_versions (example, content_sha256, at, who, kind, title, why,"
                " answer, tags) VALUES (1, 'x', 't', 'x', 'bad', 'x', 'x', 'x', '[]')"
            )


def test_a_removed_call_takes_its_cases_along(cases: Cases, people: People) -> None:
    made = cases.add("李质检", PASSAGE, TEXT)
    cases.change(made.id, "周培训", TEXT, made.now.id)
    other = cases.add("李质检", replace(PASSAGE, content_sha256=a_hash("two")), TEXT)
    forget(people, [PASSAGE.content_sha256])
    assert cases.all() == [other]
    assert PASSAGE.content_sha256.encode() not in people.path.read_bytes()
