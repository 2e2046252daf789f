"""The real thing: the server as it is started for people, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboards.texts import TEXTS
from pipeline.store import Decision, People
from tests.dashboards import databases
from tests.dashboards.browsing import WATCH_SEEKS, served
from tests.dashboards.databases import EVIDENCE_SECONDS, HEARD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.small(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def address(db: Path) -> Iterator[str]:
    with served(db) as url:
        yield url


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_from_the_figures_to_the_very_second(page: Page, address: str, lang: str, at: int) -> None:
    page.goto(f"{address}/?lang={lang}")
    page.get_by_role("link", name=TEXTS["tile_review"][at]).click()
    page.wait_for_url(re.compile(r"/queue\?.*review=open"))
    page.get_by_role("link", name=HEARD).click()
    page.wait_for_url(re.compile(rf"/call\?.*id={HEARD}"))
    assert ("lang=en" in page.url) == (lang == "en")
    expect(page.get_by_text(TEXTS["muted"][at].format(n=1))).to_be_visible()
    page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
    audio = page.locator("audio")  # which was set to its beginning when it knew its file
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
    card.get_by_role("button", name=TEXTS["decide_confirm"][0]).click()
    expect(page.get_by_text("听过录音").first).to_be_visible()
    (review,) = People.open(db).reviews(HEARD)
    assert (review.reviewer, review.decision) == ("李质检", Decision.CONFIRM)
    page.reload()
    whole = page.locator("[data-test-script-state=notRunning]")  # a tab that is drawn again closes
    expect(whole).to_be_attached()
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
    expect(page.get_by_role("link", name=TEXTS["page_admin"][0])).to_be_visible()  # the last one
    page.goto(f"{address}/call?id=nobody&lang=en")
    expect(page.get_by_text(TEXTS["unknown_call"][1].format(id="nobody"))).to_be_visible()


def test_a_head_of_the_queue_sorts(page: Page, address: str) -> None:
    page.goto(f"{address}/queue?sort=worst")
    expect(page.locator("tbody tr").first).to_contain_text(HEARD)
    page.get_by_role("button", name=TEXTS["col_when"][0]).click()
    page.wait_for_url(re.compile("sort=newest"))
    expect(page.locator("tbody tr").first).to_contain_text("c-08")


def test_the_next_call_and_back_to_the_same_list(page: Page, address: str) -> None:
    page.goto(f"{address}/queue?team=二组&sort=best")
    page.get_by_role("link", name="c-09").click()
    page.get_by_role("button", name=TEXTS["next_call"][0], exact=True).click()
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
    expect(chart).to_have_count(0)  # the address is there before the page
    page.get_by_role("link", name=TEXTS["page_overview"][0]).click()
    page.wait_for_url(re.compile("/overview"))
    expect(page.get_by_text(TEXTS["trend"][0])).to_be_visible()
    page.wait_for_timeout(1000)
    assert "queue" not in page.url  # the choice made before does not lead away again


def test_a_chat_is_read_in_bubbles(page: Page, address: str) -> None:
    page.goto(f"{address}/call?id=c-03")
    expect(page.locator(".host.chat .turn.customer")).to_contain_text("6222")
    page.get_by_role("button", name="6222").first.click()
    expect(page.locator(".turn.aimed")).to_contain_text("6222")
    assert page.locator("audio").count() == 0


# ── the strip ────────────────────────────────────────────────────────────────────────────────────


def _open_strip(page: Page, address: str, call: str = HEARD) -> None:
    page.goto(f"{address}/call?id={call}")
    page.locator(".track").wait_for()
    if call == HEARD:
        page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
        page.locator("audio").evaluate(WATCH_SEEKS)


def _at(page: Page, seconds: float, length: float = databases.SECONDS) -> tuple[float, float]:
    """Where a moment lies on the screen, while the whole call is shown."""
    box = page.locator(".track").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * seconds / length, box["y"] + box["height"] / 2


def _line(page: Page) -> float:
    """Where the line of the place that is heard stands on the screen."""
    box = page.locator(".head").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_a_place_of_the_wave_is_that_moment_and_the_line_moves_on(page: Page, address: str) -> None:
    _open_strip(page, address)
    page.mouse.move(*_at(page, 4.93))
    expect(page.locator(".hint")).to_contain_text(re.compile(r"0:04\.9.*客户：我的卡号是6222\*"))
    page.mouse.down()
    page.mouse.move(*_at(page, 8.13))
    page.mouse.up()
    page.wait_for_function("window.seeks.length > 1")
    sought = page.evaluate("[window.seeks[0], window.seeks.at(-1)]")
    assert sought == pytest.approx([4.93, 8.13], abs=0.001)
    assert _line(page) == pytest.approx(_at(page, 8.13)[0], abs=1.5)
    expect(page.locator(".turn.now")).to_contain_text("6222")
    assert page.locator("audio").evaluate("audio => audio.paused"), "looking is not playing"
    page.get_by_role("button", name="2×").click()
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').currentTime > 9")
    page.keyboard.press("Space")
    now, speed = page.locator("audio").evaluate("audio => [audio.currentTime, audio.playbackRate]")
    assert speed == 2
    page.wait_for_timeout(100)
    assert _line(page) == pytest.approx(_at(page, now)[0], abs=2)


def test_a_mark_leads_to_its_finding_and_the_keys_from_there(page: Page, address: str) -> None:
    _open_strip(page, address)
    page.get_by_role("button", name=re.compile("0:14 重大 不得承诺保本")).click()
    page.wait_for_function("window.seeks.length > 0")
    assert page.evaluate("window.seeks[0]") == pytest.approx(EVIDENCE_SECONDS, abs=0.001)
    expect(page.locator(".turn.aimed")).to_contain_text("保本")
    expect(page.locator("[data-finding=no_promise]")).to_be_in_viewport()
    page.wait_for_function("document.querySelector('audio').currentTime > 14.5")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').paused")
    page.locator("audio").evaluate(f"audio => audio.currentTime = {EVIDENCE_SECONDS}")
    for key, seconds in ((",", 12.5), (",", 8.5), (".", 12.5), ("ArrowLeft", 7.5)):
        page.keyboard.press(key)
        page.wait_for_function(
            f"Math.abs(document.querySelector('audio').currentTime - {seconds}) < 0.01"
        )
    page.keyboard.press("+")
    page.wait_for_function(HALF_IS_SHOWN)
    page.get_by_text("English", exact=True).click()  # the page is drawn anew
    expect(page.get_by_role("button", name=TEXTS["strip_play"][1])).to_be_visible()
    page.wait_for_function(HALF_IS_SHOWN)  # but shows the same stretch
    page.locator(".clock").click()
    page.keyboard.press("Space")  # heard once, not once for each drawing
    page.wait_for_function("document.querySelector('audio').currentTime > 7.6")


HALF_IS_SHOWN = """() => [...document.querySelectorAll("*")].some(node =>
    node.shadowRoot?.querySelector(".thumb")?.style.width === "50%")"""


def test_without_a_recording_the_strip_still_leads_through_the_text(
    page: Page, address: str
) -> None:
    _open_strip(page, address, "c-00")
    assert page.get_by_role("button", name=TEXTS["strip_play"][0]).count() == 0
    page.mouse.click(*_at(page, 5.0, length=8.0))
    expect(page.locator(".turn.now")).to_contain_text("6222")
