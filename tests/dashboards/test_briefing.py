"""The briefing's page: read by those who may, written into, taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import options, serving
from dashboards.briefing_texts import BRIEFING_TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole, Page
from pipeline.audit import Trail
from pipeline.briefing import gather
from pipeline.briefing.document import Export, Maker
from pipeline.briefing.words import Words
from pipeline.documents import embedded_style, html_of
from pipeline.domain import BriefingText
from pipeline.store import Briefings, People, Snapshot
from pipeline.weeks import Week
from tests.access import site
from tests.briefing.problems import ASKED, a_problem, finds
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


# The least contrast between a text and what is behind it, as WCAG counts it.
LEAST_CONTRAST = """() => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(part => {
            part /= 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" && element.parentElement
            ? behind(element.parentElement) : colour;
    };
    const texts = [...document.querySelectorAll(".briefing *")].filter(
        one => one.tagName !== "STYLE" && [...one.childNodes].some(
            node => node.nodeType === 3 && node.textContent.trim()));
    const found = texts.map(one => {
        const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
    return [found.length, Math.min(...found)];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["background: #0e1117; color: #fafafa", "color: #31333f"])
def test_a_briefing_is_read_on_a_dark_page_too(browser: Browser, db: Path, theme: str) -> None:
    with Snapshot.open(db) as snapshot:
        found = gather(snapshot, Week.parse(WEEK), find=finds(a_problem(), ASKED))
    maker = Maker(found, Words("zh"), Export("zh", found.week.sunday, "."))
    blocks = html_of((*maker.front(), *maker.annex()), "zh", pictures=True)
    page = browser.new_page(color_scheme="dark")
    page.set_content(
        f'<!doctype html><body style="{theme}"><style>{embedded_style(".briefing")}</style>'
        f'<div class="briefing">{blocks}</div></body>'
    )
    texts, least = page.evaluate(LEAST_CONTRAST)
    page.close()
    assert texts > 60
    assert least >= 4.5
