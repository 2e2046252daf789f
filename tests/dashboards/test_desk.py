"""The inspector's desk: the next call in one action, and never two people on one call."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline.store import Assignments, People, Snapshot
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.databases import HEARD
from tests.store.reports import a_hash

HELD = (a_hash("heard"), HEARD)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.small(tmp_path)


@pytest.fixture
def work(db: Path) -> Assignments:
    return Assignments(People.open(db))


def named(at: AppTest, name: str = "李质检") -> AppTest:
    return at.text_input(key="reviewer").set_value(name).run()


def queue_rows(at: AppTest) -> list[str]:
    return [row["link"]["params"]["id"] for row in component(at, "queue")["rows"]]


def test_the_queue_begins_with_the_most_urgent(open_page: Open, db: Path) -> None:
    at = open_page(db, "queue")
    with Snapshot.open(db) as snapshot:
        rows = snapshot.list_flagged(limit=50).to_pylist()
    assert queue_rows(at) == [row["call_id"] for row in rows]
    worth = [row["priority"] for row in rows if row["priority"] is not None]
    assert worth == sorted(worth, reverse=True)
    assert len(worth) > 1
    assert TEXTS["priority_means"][0] in seen(at)


def test_the_next_call_is_taken_and_opened(open_page: Open, db: Path, work: Assignments) -> None:
    at = named(open_page(db, "queue"))
    first, *_ = queue_rows(at)
    at.button(key="take_next").click().run()
    (held,) = work.held().to_pylist()
    assert held["holder"] == "李质检"
    with Snapshot.open(db) as snapshot:
        assert snapshot.call(first).call["content_sha256"] == held["content_sha256"]
    assert at.query_params["id"] == first


def test_without_a_name_nothing_is_taken(open_page: Open, db: Path, work: Assignments) -> None:
    at = open_page(db, "queue")
    at.button(key="take_next").click().run()
    assert [error.value for error in at.error] == [TEXTS["need_reviewer"][0]]
    assert work.held().num_rows == 0


def test_a_call_that_somebody_has_shows_no_forms(
    open_page: Open, db: Path, work: Assignments
) -> None:
    work.claim("王质检", HELD)
    at = named(open_page(db, "call", id=HEARD))
    assert "王质检" in at.warning[0].value
    assert not [button for button in at.button if (button.key or "").startswith("confirm_")]
    at.button(key="desk_take_over").click().run()  # the single user may do everything
    now = work.of(HELD[0])
    assert now is not None
    assert now.holder == "李质检"
    assert [button for button in at.button if (button.key or "").startswith("confirm_")]


def test_taken_and_given_back_on_its_page(open_page: Open, db: Path, work: Assignments) -> None:
    at = named(open_page(db, "call", id=HEARD))
    at.button(key="desk_claim").click().run()
    now = work.of(HELD[0])
    assert now is not None
    assert now.holder == "李质检"
    at.button(key="desk_give_back").click().run()
    assert work.of(HELD[0]) is None


def test_finished_and_on_to_the_next(open_page: Open, db: Path, work: Assignments) -> None:
    at = named(open_page(db, "call", id=HEARD))
    at.button(key=f"finish_next_{HEARD}__call").click().run()
    (review,) = People.open(db).reviews(HEARD)
    assert (review.rule, review.reviewer) == (None, "李质检")
    (held,) = work.held().to_pylist()
    assert held["content_sha256"] != HELD[0]
    assert at.query_params["id"] not in ([HEARD], HEARD)


def test_a_supervisor_assigns_the_first_calls_in_turn(
    open_page: Open, db: Path, work: Assignments
) -> None:
    at = named(open_page(db, "queue"), "陈主管")
    order = queue_rows(at)
    at.multiselect(key="assign_to").set_value(["李质检", "王质检"])
    at.number_input(key="assign_count").set_value(2)
    at.button(key="FormSubmitter:assign-分派").click().run()
    held = {row["content_sha256"]: row["holder"] for row in work.held().to_pylist()}
    with Snapshot.open(db) as snapshot:
        contents = snapshot.contents()
    assert [held.get(contents[call]) for call in order[:2]] == ["李质检", "王质检"]
    assert len(held) == 2
    mine = open_page(db, "queue", holder="李质检")
    assert queue_rows(mine) == order[:1]
    assert queue_rows(open_page(db, "queue", free="true")) == order[2:]
