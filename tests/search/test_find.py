"""Asking the index of a real database: order, filters, paging, and what a reader may not see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domain import Medium
from pipeline.errors import BadInput
from pipeline.search import SearchIndex, days, find
from pipeline.store import Filters, Scope, Snapshot, Store
from tests.search.site import a_call, add, ask, found, make, marked
from tests.store.fresh import fresh
from tests.store.reports import a_finding

# Few calls are named to the index, of more the others are left out, many are checked afterwards.
WAYS = ((100, 64), (100, 0), (0, 0))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rule = a_finding("no_promise", title="不得承诺")
    return make(
        tmp_path_factory.mktemp("search"),
        a_call("old", "您好，这款产品保本。", "真的保本吗？", day=0, agent="A1", findings=(rule,)),
        a_call("new", "您好，请讲。", "我要投诉保本的事。", day=3, agent="A2", team="二组"),
        a_call("chat", "您好", "保本吗", day=1, medium=Medium.CHAT, business_line="wealth"),
        a_call("undated", "您好，保本。", started_at=None, agent="A1"),
    )


def test_newest_call_first_and_its_sentences_in_order(db: Path) -> None:
    answer = ask(db, "保本")
    assert found(answer) == [
        ("c-new", 1), ("c-chat", 1), ("c-old", 0), ("c-old", 1), ("c-undated", 0),
    ]  # fmt: skip
    assert (answer.count, answer.more, answer.stopped) == (5, False, False)
    assert set(map(tuple, marked(answer))) == {("保本",)}
    hit = answer.hits[2]
    assert (hit.sentence.role, hit.sentence.start) == ("agent", 0.5)
    assert (hit.sentence.before, hit.sentence.after) == (None, "真的保本吗？")
    assert hit.call["agent_id"] == "A1"


@pytest.mark.parametrize(
    ("filters", "calls"),
    [
        (Filters(since=date(2026, 11, 21)), ["c-new", "c-chat"]),
        (Filters(until=date(2026, 11, 20)), ["c-old", "c-old"]),
        (Filters(agent="A1"), ["c-old", "c-old", "c-undated"]),
        (Filters(team="二组"), ["c-new"]),
        (Filters(business_line="wealth"), ["c-chat"]),
        (Filters(channel="chat"), ["c-chat"]),
        (Filters(direction="outbound"), []),
        (Filters(rule="no_promise"), ["c-old", "c-old"]),
        (Filters(agent="A1", since=date(2026, 11, 1)), ["c-old", "c-old"]),
    ],
    ids=str,
)
@pytest.mark.parametrize(("few", "named"), WAYS)
def test_filters_narrow(
    db: Path, monkeypatch: pytest.MonkeyPatch, filters: Filters, calls: list[str], few: int,
    named: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(find, "FEW", few)
    monkeypatch.setattr(days, "NAMED", named)
    assert [call for call, _ in found(ask(db, "保本", filters))] == calls


def test_who_said_it(db: Path) -> None:
    assert found(ask(db, "保本", role="customer")) == [("c-new", 1), ("c-chat", 1), ("c-old", 1)]


def test_pages(db: Path) -> None:
    whole = found(ask(db, "保本"))
    pages = [ask(db, "保本", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [hit for page in pages for hit in found(page)] == whole
    assert {page.count for page in pages} == {5}


def test_many_hits_are_counted_up_to_a_number(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "COUNTED", 3)
    answer = ask(db, "保本")
    assert (answer.count, answer.more, len(answer.hits)) == (3, True, 3)


def test_too_many_sentences_are_not_looked_at(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "LOOKED_AT", 2)
    answer = ask(db, "保本 -投诉")
    assert (found(answer), answer.stopped) == ([("c-chat", 1)], True)


@pytest.mark.parametrize(("few", "named"), WAYS)
@pytest.mark.parametrize(
    ("scope", "calls"),
    [
        (Scope(agent="A1"), {"c-old", "c-undated"}),
        (Scope(team="二组"), {"c-new"}),
        (Scope(agent="nobody"), set()),
        (Scope(calls=False), set()),
    ],
    ids=["agent", "team", "nobody", "none"],
)
def test_a_reader_sees_and_counts_only_their_own(
    db: Path, monkeypatch: pytest.MonkeyPatch, scope: Scope, calls: set[str], few: int, named: int
) -> None:
    monkeypatch.setattr(find, "FEW", few)
    monkeypatch.setattr(days, "NAMED", named)
    with Snapshot.open(db) as snapshot:
        answer = ask(snapshot.within(scope), "保本")
    assert {call for call, _ in found(answer)} == calls
    assert answer.count == len(answer.hits)
    assert not answer.stopped


def test_what_the_snapshot_has_not_is_not_shown(tmp_path: Path) -> None:
    """The index may be ahead of an open snapshot, or behind it."""
    db = make(tmp_path, a_call("one", "您好，保本。"))
    with Snapshot.open(db) as before:
        add(db, a_call("two", "您好，保本。"))
        assert found(ask(before, "保本")) == [("c-one", 0)]
        assert ask(before, "保本").count == 1
    with Store.open(db) as store:  # the text of a call changes, the index does not know yet
        store.save([a_call("two", "您好，零风险。", code_version="0.2")])
        store.publish()
    assert found(ask(db, "保本")) == [("c-one", 0)]
    assert SearchIndex.of(db).state().outdated("v000003")


def test_without_an_index_the_remedy_is_named(tmp_path: Path) -> None:
    db = fresh(tmp_path / "calls.duckdb")
    with Store.open(db) as store:
        store.save([a_call("one", "您好")])
        store.publish()
    with pytest.raises(BadInput, match="callqa search rebuild --db"):
        ask(db, "您好")
