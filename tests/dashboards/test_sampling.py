"""The page of sampling plans, without a browser."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from dashboards.names import NAMES
from dashboards.reviews import REVIEWER
from dashboards.sample_texts import SAMPLE_TEXTS
from pipeline.domain import Verdict
from pipeline.store import Decision, People, ReviewDraft, Samples
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.store.reports import SHANGHAI, a_finding, a_report

MONTH = "2026-10"
FINE = (a_finding("greeting", verdict=Verdict.PASS, points=0.0, evidence=()),)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve calls of two agents in one month, every fourth flagged."""
    reports = [
        a_report(
            f"october {n}",
            agent=f"A{n % 2}",
            started_at=datetime(2026, 10, 1 + n, 9, tzinfo=SHANGHAI),
            **({} if n % 4 == 0 else {"findings": FINE}),
        )
        for n in range(12)
    ]
    return databases.make(tmp_path_factory.mktemp("sampling") / "calls.duckdb", reports).parent


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "calls.duckdb"


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_a_month_without_a_plan_offers_to_draw_one(
    db: Path, open_page: Open, lang: str, at: int
) -> None:
    page = open_page(db, "sampling", lang, month=MONTH)
    assert SAMPLE_TEXTS["sample_none"][at].format(month=MONTH) in page.info[0].value
    days = SAMPLE_TEXTS["draw_days"][at].format(since=date(2026, 10, 1), until=date(2026, 10, 31))
    assert days in [caption.value for caption in page.caption]


def test_drawing_needs_a_name_and_then_shows_whom_to_listen_to(db: Path, open_page: Open) -> None:
    page = open_page(db, "sampling", month=MONTH)
    page.number_input(key="draw_unflagged").set_value(4)
    page.text_input(key="draw_people").set_value("张敏，李强")
    page.button[-1].click().run()
    assert "没有抽取" in page.error[0].value
    assert Samples(People.open(db)).plans(date(2026, 10, 1), date(2026, 10, 31)) == []

    page.text_input(key=REVIEWER).set_value("林主管").run()
    page.button[-1].click().run()
    assert page.success[0].value == "已抽取计划 1"
    (plan,) = Samples(People.open(db)).plans(date(2026, 10, 1), date(2026, 10, 31))
    assert (plan.who, plan.wish.unflagged, plan.wish.inspectors) == ("林主管", 4, ("张敏", "李强"))
    rows = component(page, "sample_calls")["rows"]
    assert len(rows) == len(Samples(People.open(db)).calls(1))
    assert {row["link"]["page"] for row in rows} == {"call"}
    agents = component(page, "sample_agents")["rows"]
    assert {row["cells"]["done"]["text"] for row in agents} == {"0 / 3"}
    assert "2026-10 没有剩下完整的一天可抽（计划 1 已抽到 2026-10-" in seen(page)


def test_what_was_heard_comes_last_and_is_counted(db: Path, open_page: Open) -> None:
    page = open_page(db, "sampling", month=MONTH)
    page.text_input(key=REVIEWER).set_value("林主管").run()
    page.text_input(key="draw_people").set_value("张敏 李强")
    page.button[-1].click().run()
    people = People.open(db)
    call = next(c for c in Samples(people).calls(1) if c.drawn_as == "unflagged")
    for decision, rule in ((Decision.ADD, "greeting"), (Decision.CONFIRM, None)):
        draft = ReviewDraft("张敏", call.call_id, call.content_sha256, decision, rule, comment="x")
        people.add_review(draft)
    page.run()
    rows = component(page, "sample_calls")["rows"]
    assert rows[-1]["cells"]["state"] == {"text": "已听，有违规", "tone": "major"}
    assert rows[-1]["cells"]["drawn_as"] == NAMES["drawn_as_unflagged"][0]
    tiles = {tile["label"]: tile["value"] for tile in component(page, "sample_figures")["tiles"]}
    assert tiles["已听 / 已抽"] == f"1 / {len(rows)}"
    assert tiles["未命中通话的违规率"] == "100.0%"
    page.checkbox(key="sample_open_only").check().run()
    assert len(component(page, "sample_calls")["rows"]) == len(rows) - 1
    page.selectbox(key="sample_whose").set_value("李强").run()
    shown = {row["cells"]["inspector"] for row in component(page, "sample_calls")["rows"]}
    assert shown == {"李强"}
    assert page.session_state["queue_page"] == "sampling", "the call's page leads back here"


def test_a_month_that_is_none_is_this_month(db: Path, open_page: Open) -> None:
    page = open_page(db, "sampling", month="2026-13")
    assert page.selectbox(key="sample_month").value != "2026-13"
    assert len(page.info) == 1


def test_without_calls_it_says_what_to_do(dbs: dict[str, Path], open_page: Open) -> None:
    assert "数据库中还没有通话" in seen(open_page(dbs["empty"], "sampling"))
