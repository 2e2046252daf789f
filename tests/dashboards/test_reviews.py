"""Decisions of an inspector: stored with a name, never over somebody else's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline.domain import Verdict
from pipeline.store import Decision, People, ReviewDraft, Store
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.databases import HEARD
from tests.store.reports import a_hash

KEY = f"{HEARD}_no_promise"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.small(tmp_path)


@pytest.fixture
def page(open_page: Open, db: Path) -> AppTest:
    """The call's page with a reviewer who gave a name."""
    at = open_page(db, "call", id=HEARD)
    at.text_input(key="reviewer").set_value("李质检").run()
    return at


def _click(at: AppTest, decision: str, comment: str = "") -> AppTest:
    at.text_input(key=f"comment_{KEY}").set_value(comment)
    return at.button(key=f"{decision}_{KEY}").click().run()


def test_a_confirmation_is_stored_and_shown(page: AppTest, db: Path) -> None:
    at = _click(page, "confirm", "听过录音")
    (review,) = People.open(db).reviews(HEARD)
    assert (review.reviewer, review.decision, review.rule) == (
        "李质检",
        Decision.CONFIRM,
        "no_promise",
    )
    assert (review.comment, review.machine_verdict) == ("听过录音", Verdict.FAIL)
    assert "听过录音" in seen(at)


def test_without_a_name_nothing_is_stored(open_page: Open, db: Path) -> None:
    at = _click(open_page(db, "call", id=HEARD), "confirm")
    assert at.error[0].value == TEXTS["need_reviewer"][0]
    assert People.open(db).reviews(HEARD) == []


def test_a_rejection_needs_a_reason(page: AppTest, db: Path) -> None:
    at = _click(page, "reject")
    assert at.error[0].value == TEXTS["need_comment"][0]
    assert People.open(db).reviews(HEARD) == []
    _click(at, "reject", "客户自己说的")
    assert People.open(db).reviews(HEARD)[0].decision is Decision.REJECT


def test_a_rule_that_does_not_apply_is_said_with_a_reason(page: AppTest, db: Path) -> None:
    at = _click(page, "not_applicable")
    assert at.error[0].value == TEXTS["need_comment"][0]
    _click(at, "not_applicable", "不是理财通话")
    assert People.open(db).reviews(HEARD)[0].decision is Decision.NOT_APPLICABLE


def test_a_change_of_mind_names_the_review_before(page: AppTest, db: Path) -> None:
    _click(_click(page, "confirm"), "reject", "看错了")
    first, second = People.open(db).reviews(HEARD)
    assert second.previous == first.id


def test_somebody_elses_decision_is_not_passed_over(page: AppTest, db: Path) -> None:
    draft = ReviewDraft("王质检", HEARD, a_hash("heard"), Decision.REJECT, "no_promise")
    People.open(db).add_review(draft)
    at = _click(page, "confirm")
    assert at.error[0].value.startswith(TEXTS["somebody_else"][0])
    said = rf"（王质检 于 \d\d-\d\d \d\d:\d\d 对通话 {HEARD} 的规则 no_promise 作出“驳回”）"
    assert re.search(said, at.error[0].value)
    assert [r.reviewer for r in People.open(db).reviews(HEARD)] == ["王质检"]
    assert "王质检" in seen(at)


def test_reviews_work_while_a_run_has_the_database(page: AppTest, db: Path) -> None:
    with Store.open(db):
        _click(page, "confirm")
    assert len(People.open(db).reviews(HEARD)) == 1


def test_a_missed_problem_is_added(page: AppTest, db: Path) -> None:
    key = f"{HEARD}__missed"
    page.selectbox(key=f"rule_{key}").select("greeting")
    page.selectbox(key=f"place_{key}").select(0)
    page.text_input(key=f"comment_{key}").set_value("没有问候")
    page.button(key=f"add_{key}").click().run()
    (review,) = People.open(db).reviews(HEARD)
    assert (review.decision, review.rule, review.segment) == (Decision.ADD, "greeting", 0)
    own = f"{HEARD}_greeting"
    page.text_input(key=f"comment_{own}").set_value("听错了")
    page.button(key=f"reject_{own}").click().run()
    assert not page.exception
    assert People.open(db).reviews(HEARD)[1].decision is Decision.REJECT, "it can be taken back"


def test_a_finished_call_is_reviewed_in_the_queue(page: AppTest, open_page: Open, db: Path) -> None:
    page.button(key=f"finish_{HEARD}__call").click().run()
    at = open_page(db, "queue", review="reviewed")
    assert [row["cells"]["call"] for row in component(at, "queue")["rows"]] == [HEARD]
