"""The real thing: the server as it is started for people, in a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import dashboards
from dashboards import launch
from dashboards.texts import TEXTS
from pipeline.store import Decision, People
from tests.dashboards import databases
from tests.dashboards.databases import EVIDENCE_SECONDS, HEARD

ROOT = Path(dashboards.__file__).parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Remembers where the player was sent to, before playing on moves it.
WATCH_SEEKS = """audio => {
    audio.muted = true;
    window.seeks = [];
    audio.addEventListener("seeking", () => window.seeks.push(audio.currentTime));
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "chromium is not installed: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.small(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def address(db: Path) -> Iterator[str]:
    """The server, started by the same command as for people."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(launch.command(db, port), cwd=ROOT) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(server, url)
            yield url
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health"):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within 30 s")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes every request to another host and every error of our own code."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if _is_outside(r.url) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert outside == []
    assert errors == []


def _is_outside(url: str) -> bool:
    return not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url)


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_from_the_figures_to_the_very_second(page: Page, address: str, lang: str, at: int) -> None:
    page.goto(f"{address}/?lang={lang}")
    page.get_by_role("link", name=TEXTS["tile_review"][at]).click()
    page.wait_for_url(re.compile(r"/queue\?.*review=open"))
    page.get_by_role("link", name=HEARD).click()
    page.wait_for_url(re.compile(rf"/call\?.*id={HEARD}"))
    assert ("lang=en" in page.url) == (lang == "en")
    expect(page.get_by_text(TEXTS["muted"][at].format(n=1))).to_be_visible()
    audio = page.locator("audio")
    audio.evaluate(WATCH_SEEKS)
    page.get_by_role("button", name="肯定是保本的").click()
    page.wait_for_function("window.seeks.length > 0")
    assert page.evaluate("window.seeks[0]") == pytest.approx(EVIDENCE_SECONDS, abs=0.3)
    page.wait_for_function("document.querySelector('audio').currentTime > 14.6")  # and it plays
    expect(page.locator(".turn.aimed")).to_contain_text("保本")
    page.locator(".turn", has_text="6222").locator(".time").click()
    page.wait_for_function("window.seeks.length > 1")
    assert page.evaluate("window.seeks[1]") == pytest.approx(4.5, abs=0.3)
    expect(page.locator(".turn.now")).to_contain_text("6222")


def test_a_decision_is_kept(page: Page, address: str, db: Path) -> None:
    page.goto(f"{address}/call?id={HEARD}")
    name = page.get_by_label(TEXTS["reviewer"][0])
    name.fill("李质检")
    name.press("Enter")
    card = page.locator("[data-testid=stForm]").first
    card.get_by_placeholder(TEXTS["comment_hint"][0]).fill("听过录音")
    card.get_by_role("button", name=TEXTS["confirm"][0]).click()
    expect(page.get_by_text("听过录音").first).to_be_visible()
    (review,) = People.open(db).reviews(HEARD)
    assert (review.reviewer, review.decision) == ("李质检", Decision.CONFIRM)
    page.reload()
    page.get_by_role("tab", name=TEXTS["tab_history"][0]).click()
    expect(page.get_by_text("听过录音").last).to_be_visible()


def test_the_name_survives_a_reload_in_its_tab_only(page: Page, address: str) -> None:
    page.goto(f"{address}/queue")
    name = page.get_by_label(TEXTS["reviewer"][0])
    name.fill("李质检")
    name.press("Enter")
    page.wait_for_function("sessionStorage.length > 0")
    page.reload()
    expect(name).to_have_value("李质检")
    page.goto(f"{address}/call?id={HEARD}")
    expect(name).to_have_value("李质检")
    assert "李" not in page.url
    assert page.context.cookies() == [] or "李" not in str(page.context.cookies())
    name.fill("")
    name.press("Enter")
    page.wait_for_function("Object.values(sessionStorage).every(value => !value)")
    page.reload()
    expect(page.get_by_text(TEXTS["muted"][0].format(n=1))).to_be_visible()
    expect(name).to_have_value("")
    page.get_by_label(TEXTS["reviewer"][0]).fill("王质检")
    other = page.context.new_page()
    other.goto(f"{address}/queue")
    expect(other.locator("tbody tr").first).to_be_visible()
    expect(other.get_by_label(TEXTS["reviewer"][0])).to_have_value("")


def test_a_link_opens_the_page_itself(page: Page, address: str) -> None:
    page.goto(f"{address}/queue?team=二组&scope=all")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.goto(f"{address}/call?id=nobody&lang=en")
    expect(page.get_by_text(TEXTS["unknown_call"][1].format(id="nobody"))).to_be_visible()


def test_a_head_of_the_queue_sorts(page: Page, address: str) -> None:
    page.goto(f"{address}/queue")
    expect(page.locator("tbody tr").first).to_contain_text(HEARD)
    page.get_by_role("button", name=TEXTS["col_when"][0]).click()
    page.wait_for_url(re.compile("sort=newest"))
    expect(page.locator("tbody tr").first).to_contain_text("c-08")


def test_the_next_call_and_back_to_the_same_list(page: Page, address: str) -> None:
    page.goto(f"{address}/queue?team=二组&sort=best")
    page.get_by_role("link", name="c-09").click()
    page.get_by_role("button", name=TEXTS["next_call"][0]).click()
    page.wait_for_url(re.compile("id=c-07"))
    page.get_by_role("button", name=TEXTS["place_in_queue"][0].format(n=2, of=5)).click()
    page.wait_for_url(re.compile(r"/queue\?.*sort=best"))
    expect(page.locator("tbody tr")).to_have_count(5)


def test_a_day_of_the_trend_leads_to_its_calls(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    chart = page.locator("[data-testid=stVegaLiteChart]").locator("canvas, svg").first
    chart.wait_for()
    page.wait_for_timeout(500)  # the chart draws itself after it is there
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] / 2, "y": box["height"] * 0.75})
    page.wait_for_url(re.compile("since=2026-11-21&until=2026-11-21&scope=all"))
    page.get_by_role("link", name=TEXTS["page_overview"][0]).click()
    expect(page.get_by_text(TEXTS["trend"][0])).to_be_visible()
    page.wait_for_timeout(1000)
    assert "queue" not in page.url  # the choice made before does not lead away again


def test_a_chat_is_read_in_bubbles(page: Page, address: str) -> None:
    page.goto(f"{address}/call?id=c-03")
    expect(page.locator(".host.chat .turn.customer")).to_contain_text("6222")
    page.get_by_role("button", name="6222").first.click()
    expect(page.locator(".turn.aimed")).to_contain_text("6222")
    assert page.locator("audio").count() == 0
