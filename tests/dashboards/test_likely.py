"""The chance of a finding on its card and in the order of the queue; the month's report."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.texts import TEXTS
from pipeline.store import Decision, People, ReviewDraft, Snapshot
from tests.chance import decided
from tests.dashboards.conftest import Open, component, seen


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided.make(tmp_path_factory.mktemp("likely"))


def test_a_finding_says_how_likely_it_is_and_what_that_rests_on(open_page: Open, db: Path) -> None:
    at = open_page(db, "call", id="c-401")  # `odd`, and sure: seldom confirmed
    said = seen(at)
    with Snapshot.open(db) as snapshot:
        reviews = [r for batch in snapshot.people.all_reviews() for r in batch if r.rule == "odd"]
    confirmed = sum(one.decision is Decision.CONFIRM for one in reviews)
    wanted = TEXTS["chance_said"][0].split("{chance}")[0]
    assert wanted in said
    assert f"本规则已判定的 {len(reviews)} 条中确认 {confirmed} 条" in said
    percent = int(said.partition(wanted)[2].partition("%")[0])
    assert percent < 25
    assert wanted not in seen(open_page(db, "call", id="c-1")), "it is decided already"


def test_the_queue_says_what_orders_it(open_page: Open, db: Path) -> None:
    at = open_page(db, "queue")
    assert TEXTS["priority_learned"][0].format(n=400) in seen(at)
    first = component(at, "queue")["rows"][0]["link"]["params"]["id"]
    number = int(first.removeprefix("c-"))
    assert (number % 3 != 0) == (number % 2 == 0)


def test_with_few_decisions_only_the_record_is_told(open_page: Open, tmp_path: Path) -> None:
    db = decided.make(tmp_path, decided=0)
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()["c-1"]
    People.open(db).add_review(ReviewDraft("李", "c-1", content, Decision.CONFIRM, rule="odd"))
    said = seen(open_page(db, "call", id="c-401"))
    assert TEXTS["chance_record"][0].format(decided=1, confirmed=1) in said
    assert TEXTS["priority_means"][0] in seen(open_page(db, "queue"))
