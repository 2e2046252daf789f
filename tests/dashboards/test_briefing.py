"""The briefing's page: read by those who may, written into, taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import options, serving
from dashboards.briefing_texts import BRIEFING_TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole, Page
from pipeline.audit import Trail
from pipeline.briefing import gather
from pipeline.domain import BriefingText
from pipeline.store import Briefings, People, Snapshot
from pipeline.weeks import Week
from tests.access import site
from tests.dashboards.conftest import Open, seen
from tests.dashboards.matrix import Tokens

WEEK = "2026-W47"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site.make(tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def save_button(at: AppTest) -> list[str]:
    return [button.label for button in at.button if button.label == BRIEFING_TEXTS["brief_save"][0]]


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_who_reads_and_who_writes(open_page: Open, db: Path, tokens: Tokens, role: JobRole) -> None:
    at = open_page(db, "briefing", token=tokens[role], week=WEEK)
    reads, writes = Page.BRIEFING in RIGHTS[role].pages, Act.BRIEF in RIGHTS[role].acts
    assert (BRIEFING_TEXTS["brief_read"][0] in [tab.label for tab in at.tabs]) == reads
    assert bool(save_button(at)) == writes
    assert (role in (JobRole.TRAINER, JobRole.SUPERVISOR, JobRole.LEADER)) == writes


def test_what_is_written_is_read_and_named(open_page: Open, db: Path, tokens: Tokens) -> None:
    at = open_page(db, "briefing", token=tokens[JobRole.TRAINER], week=WEEK)
    at.text_area[0].set_value("本周重点是核实身份。")
    next(b for b in at.button if b.label == BRIEFING_TEXTS["brief_save"][0]).click()
    at.run()
    assert not at.exception
    assert "本周重点是核实身份。" in seen(at)
    kept = Briefings(People.open(db)).latest(WEEK)
    assert kept is not None
    assert kept.text.comment == "本周重点是核实身份。"
    assert kept.who
    with Snapshot.open(db) as snapshot:
        assert gather(snapshot, Week.parse(WEEK)).text.comment == "本周重点是核实身份。"


def test_private_data_is_refused_in_the_language_of_the_page(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "briefing", token=tokens[JobRole.TRAINER], week=WEEK)
    at.text_area[0].set_value("请回电13812345678")
    next(b for b in at.button if b.label == BRIEFING_TEXTS["brief_save"][0]).click()
    at.run()
    assert any("13812345678" in error.value for error in at.error)
    kept = Briefings(People.open(db)).latest(WEEK)
    assert kept is None or "138" not in kept.text.comment


def test_a_leader_has_the_briefing_of_the_own_team_whatever_is_asked(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    Briefings(People.open(db)).save("张", (WEEK, "二组"), BriefingText("二组的秘密"), None)
    at = open_page(db, "briefing", token=tokens[JobRole.LEADER], week=WEEK, team="二组")
    assert "二组的秘密" not in seen(at)
    assert "一组" in seen(at) or not at.exception


def test_a_download_goes_to_its_session_and_on_the_trail(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "briefing", token=tokens[JobRole.TRAINER], week=WEEK)
    urls = [one.proto.url for one in at.get("link_button")]
    assert len(urls) == 4
    path = urls[-1].removeprefix("http://127.0.0.1")
    client: Callable[[str], TestClient] = lambda token: TestClient(  # noqa: E731
        Starlette(routes=serving.routes()), base_url="http://127.0.0.1",
        cookies={options.cookie_name(): token}, client=("127.0.0.1", 50000),
    )  # fmt: skip
    got = client(tokens[JobRole.TRAINER]).get(path)
    assert got.status_code == 200
    assert got.text.startswith("# 服务质量周报")
    assert client(tokens[JobRole.SUPERVISOR]).get(path).status_code == 404
    entry = list(Trail.beside(db).read().entries())[-1]
    assert (entry.action, entry.subject, entry.details["what"]) == ("download", WEEK, "briefing")


def test_a_week_without_calls_says_so(open_page: Open, db: Path, tokens: Tokens) -> None:
    at = open_page(db, "briefing", token=tokens[JobRole.TRAINER], week="2026-W30")
    assert any("2026-W30 没有通话" in info.value for info in at.info)
