"""The page of common problems, without a browser: who reads it, who puts it in order."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dashboards.problem_texts import PROBLEM_TEXTS
from pipeline.access import JobRole
from pipeline.domain import CallReport
from pipeline.store import People, ProblemRegister, Snapshot, Store, Words
from tests.access import site
from tests.dashboards.conftest import Open, component, seen
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

WEEK = "2026-W47"
ASKED = ("提前还款的违约金怎么算？", "违约金要收多少，我想提前还款？", "提前还款有没有违约金？")


def a_call(number: int) -> CallReport:
    """About twelve calls a week for two weeks; every second customer asks about the same.

    Nobody forgets to say good-bye in the second week.
    """
    text = ASKED[number // 2 % 3] if number % 2 else "好的，我知道了。"
    return a_report(
        f"call {number}", agent=f"A{number % 3}", team="一组" if number % 3 else "二组",
        started_at=datetime(2026, 11, 9, 9, tzinfo=SHANGHAI) + timedelta(hours=13 * number),
        turns=("您好，请问有什么可以帮您？", text, "具体以合同为准。"),
        findings=(
            *((a_finding("greeting", title="没有问候"),) if number % 2 else ()),
            *((a_finding("farewell", title="没有道别"),) if number < 10 else ()),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = fresh(tmp_path_factory.mktemp("problems") / "calls.duckdb")
    with Store.open(db) as store:
        store.save([a_call(number) for number in range(24)])
        store.publish()
    return db


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made.parent, tmp_path / "copy")
    return tmp_path / "copy" / made.name


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_problems_are_listed_heaviest_first_and_lead_to_one(
    made: Path, open_page: Open, lang: str, at: int
) -> None:
    page = open_page(made, "problems", lang, week=WEEK)
    rows = component(page, "problems")["rows"]
    kinds = [row["cells"]["kind"]["text"] for row in rows]
    assert kinds == [
        PROBLEM_TEXTS["problem_kind_rule"][at],
        PROBLEM_TEXTS["problem_kind_asked"][at],
    ]
    assert "违约金" in rows[1]["cells"]["name"]["text"]
    assert rows[1]["link"]["params"]["week"] == WEEK


def test_the_weeks_are_drawn_and_told_in_words(made: Path, open_page: Open) -> None:
    page = open_page(made, "problems", week=WEEK)
    rows = component(page, "problems")["rows"]
    charts = page.get("vega_lite_chart")
    assert len(charts) == len(rows) == 2
    for row, chart in zip(rows, charts, strict=True):
        now = row["cells"]["calls"]["text"]
        assert json.loads(chart.proto.spec)["description"].endswith(f"2026-W47：11 通中 {now} 通")
        assert [one["last"] for one in _drawn(chart)] == [False, False, False, True]
        assert str(_drawn(chart)[-1]["calls"]) == now
    card = open_page(made, "problems", week=WEEK, problem=_asked(made, open_page))
    (chart,) = card.get("vega_lite_chart")
    weeks = component(card, "problem_weeks")["rows"]
    assert [str(one["calls"]) for one in _drawn(chart)] == [row["cells"]["calls"] for row in weeks]


def _drawn(chart: Any) -> list[dict[str, Any]]:
    """The rows that a chart draws."""
    (given,) = chart.proto.datasets
    return pa.ipc.open_stream(given.data.data).read_all().to_pylist()


def test_what_is_gone_stands_apart_from_the_ranking(made: Path, open_page: Open) -> None:
    page = open_page(made, "problems", week=WEEK)
    (row,) = component(page, "problems_gone")["rows"]
    assert row["cells"]["name"] == "没有道别"
    assert row["cells"]["last"] == {"text": "13 通中 10 通", "sub": "2026-W46"}
    assert row["cells"]["fell"]["text"] == PROBLEM_TEXTS["problem_fell_sure"][0]
    ranked = component(page, "problems")["rows"]
    assert "没有道别" not in [one["cells"]["name"]["text"] for one in ranked]


def _asked(made: Path, open_page: Open) -> str:
    rows = component(open_page(made, "problems", week=WEEK), "problems")["rows"]
    return str(rows[1]["link"]["params"]["problem"])


def test_a_problem_shows_what_was_said_and_opens_the_call_there(
    made: Path, open_page: Open
) -> None:
    page = open_page(made, "problems", week=WEEK, problem=_asked(made, open_page))
    moments = component(page, "moments")["rows"]
    assert len(moments) >= 2
    assert all("违约金" in row["cells"]["quote"] for row in moments)
    assert all(row["link"]["page"] == "call" for row in moments)
    assert all(row["link"]["params"]["segment"] == "1" for row in moments)
    assert "本周" in seen(page)


def test_an_address_of_no_problem_says_so(made: Path, open_page: Open) -> None:
    page = open_page(made, "problems", week=WEEK, problem="asked-nothing")
    assert PROBLEM_TEXTS["problem_unknown"][0].format(week=WEEK) in page.info[0].value
    page = open_page(made, "problems", week="2025-W01")
    assert PROBLEM_TEXTS["problems_none"][0].format(week="2025-W01") in page.info[0].value


def test_a_trainer_renames_and_takes_it_back(db: Path, open_page: Open) -> None:
    tokens = site.people(db)
    number = _asked_by(db, open_page, tokens[JobRole.TRAINER])
    page = open_page(db, "problems", token=tokens[JobRole.TRAINER], week=WEEK, problem=number)
    page.text_input(key=f"problem_{number}_name").set_value("提前还款违约金")
    page.button(key=f"problem_{number}_do_rename").click().run()
    assert not page.exception
    assert PROBLEM_TEXTS["problem_done"][0] in page.success[0].value
    page = open_page(db, "problems", token=tokens[JobRole.TRAINER], week=WEEK)
    assert component(page, "problems")["rows"][1]["cells"]["name"]["text"] == "提前还款违约金"
    page.button(key="problem_undo_1").click().run()
    with Snapshot.open(db) as snapshot:
        assert [act.act for act in ProblemRegister(snapshot.people).acts()] == ["rename", "undo"]


def _asked_by(db: Path, open_page: Open, token: str) -> str:
    rows = component(open_page(db, "problems", token=token, week=WEEK), "problems")["rows"]
    return str(rows[1]["link"]["params"]["problem"])


def test_a_word_that_was_accepted_is_whole_at_the_next_look(db: Path, open_page: Open) -> None:
    number, chip = _asked(db, open_page), ">提前还款<"
    assert chip not in seen(open_page(db, "problems", week=WEEK, problem=number))
    Words(People.open(db)).decide("张培训", ["提前还款"], accepted=True)
    number = _asked(db, open_page)
    assert chip in seen(open_page(db, "problems", week=WEEK, problem=number))


@pytest.mark.parametrize("role", [JobRole.INSPECTOR, JobRole.LEADER])
def test_others_only_read(db: Path, open_page: Open, role: JobRole) -> None:
    token = site.people(db)[role]
    number = _asked_by(db, open_page, token)
    page = open_page(db, "problems", token=token, week=WEEK, problem=number)
    assert not [one for one in page.button if str(one.key).startswith("problem_asked")]
    if role is JobRole.LEADER:
        assert "二组" not in seen(page), "the calls of the own team"


def test_without_a_name_nothing_is_changed(db: Path, open_page: Open) -> None:
    number = _asked(db, open_page)
    page = open_page(db, "problems", week=WEEK, problem=number)
    page.button(key=f"problem_{number}_do_hide").click().run()
    assert page.error
    with Snapshot.open(db) as snapshot:
        assert ProblemRegister(snapshot.people).acts() == []
