"""The real thing: the server as it is started for people, in a real Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from dashboards.texts import TEXTS
from pipeline import hearing_grants
from pipeline.access import Accounts, JobRole
from pipeline.audit import Trail, verify
from pipeline.settings import load_settings
from pipeline.store import Decision, People
from tests.access import site as access_site
from tests.dashboards import databases
from tests.dashboards.browsing import WATCH_SEEKS, is_outside, served
from tests.dashboards.databases import EVIDENCE_SECONDS, HEARD
from tests.hearing_site import REASON, write_settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.small(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def address(db: Path) -> Iterator[str]:
    with served(db) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes every request to another host and every error of our own code."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if is_outside(r.url) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert outside == []
    assert errors == []


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


# ── the original, by a code ──────────────────────────────────────────────────────────────────────

PRIVATE = 5.5  # a moment at which the customer says a card number


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """A dashboard that may play originals: its address, database and settings."""
    folder = tmp_path_factory.mktemp("original")
    db, config = databases.original(folder), write_settings(folder)
    with served(db, config) as url:
        yield url, db, config


def _heard(page: Page) -> tuple[str, float]:
    """The address that the player plays, and how loud the private moment is."""
    expect(page.locator("audio")).to_have_attribute("src", re.compile("/sound/"), timeout=30_000)
    source = page.locator("audio").evaluate("audio => audio.src")
    sound, rate = soundfile.read(BytesIO(page.request.get(source).body()))
    return source, float(np.abs(sound[int(PRIVATE * rate) :][: rate // 10]).max())


def _enter(page: Page, code: str, at: int) -> None:
    page.get_by_role("button", name=TEXTS["hear_original"][at]).click()
    page.get_by_label(TEXTS["hear_code"][at]).fill(code)
    page.get_by_role("button", name=TEXTS["hear_play"][at]).click()


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_the_original_is_heard_by_a_code_and_only_here(
    page: Page, site: tuple[str, Path, Path], lang: str, at: int
) -> None:
    url, db, config = site
    page.goto(f"{url}/call?id={HEARD}&lang={lang}")
    silenced, level = _heard(page)
    assert level == 0.0
    wish = hearing_grants.Wish(HEARD, REASON)
    _enter(page, hearing_grants.grant(load_settings(config), db, wish).code, at)
    warning = TEXTS["original_heard"][at].split("**")[1]
    expect(page.get_by_text(warning)).to_be_visible(timeout=30_000)
    original, level = _heard(page)
    assert level > 0.2
    kept = "audio => audio.controlsList.contains('nodownload')"
    assert page.locator("audio").evaluate(kept), "the player offers no download"
    other = page.context.new_page()
    other.goto(f"{url}/call?id={HEARD}&lang={lang}")
    assert _heard(other) == (silenced, 0.0)
    page.get_by_role("button", name=TEXTS["original_stop"][at], exact=True).click()
    expect(page.get_by_text(warning)).to_have_count(0, timeout=30_000)
    expect(page.locator("audio")).to_have_attribute("src", silenced)
    assert _heard(page) == (silenced, 0.0)
    _gone(page, original)
    assert verify(Trail.beside(db).read()).problems == []


def _gone(page: Page, address: str) -> None:
    """The server lets go of a file at the end of the run that replaced it, a moment after."""
    until = time.monotonic() + 15
    while page.request.get(address).status != 404:
        assert time.monotonic() < until, "the original can still be fetched"
        page.wait_for_timeout(200)


def test_the_original_stops_by_itself_when_the_time_is_over(
    page: Page, site: tuple[str, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, db, config = site
    page.goto(f"{url}/call?id={HEARD}")
    silenced, _ = _heard(page)
    monkeypatch.setattr(hearing_grants, "VALID", timedelta(seconds=20))
    wish = hearing_grants.Wish(HEARD, REASON)
    _enter(page, hearing_grants.grant(load_settings(config), db, wish).code, 0)
    warning = page.get_by_text(TEXTS["original_heard"][0].split("**")[1])
    expect(warning).to_be_visible(timeout=30_000)
    original, level = _heard(page)
    assert level > 0.2
    expect(warning).to_have_count(0, timeout=40_000)
    expect(page.locator("audio")).to_have_attribute("src", silenced)
    _gone(page, original)


def test_a_wrong_code_is_refused_in_words(page: Page, site: tuple[str, Path, Path]) -> None:
    page.goto(f"{site[0]}/call?id={HEARD}")
    silenced, _ = _heard(page)
    _enter(page, "ABCD-EFGH", 0)
    expect(page.get_by_text(TEXTS["code_wrong"][0])).to_be_visible(timeout=30_000)
    assert _heard(page) == (silenced, 0.0)


# ── who is signed in ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard with an agent and an inspector who have passwords of their own."""
    db = access_site.make(tmp_path_factory.mktemp("people"))
    accounts = Accounts.of(db)
    for role in (JobRole.AGENT, JobRole.INSPECTOR):
        accounts.add(str(role), access_site.POSTS[role])
        accounts.set_password(str(role), access_site.PASSWORD)
    with served(db) as url:
        yield url, db


def _sign_in(page: Page, name: str, at: int = 0, password: str = access_site.PASSWORD) -> None:
    page.get_by_label(TEXTS["sign_in_name"][at]).fill(name)
    page.get_by_label(TEXTS["sign_in_password"][at], exact=True).fill(password)
    page.get_by_role("button", name=TEXTS["sign_in"][at], exact=True).click()


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_an_agent_sees_only_own_calls(
    page: Page, people: tuple[str, Path], lang: str, at: int
) -> None:
    url, _ = people
    own, other = access_site.OWN, access_site.OTHER
    page.goto(f"{url}/queue?scope=all&lang={lang}")
    _sign_in(page, "agent", at, "wrong")
    expect(page.get_by_text(TEXTS["sign_in_wrong"][at])).to_be_visible()
    _sign_in(page, "agent", at)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(own.call_id)
    expect(page.get_by_text(TEXTS["page_admin"][at], exact=True)).to_have_count(0)
    page.goto(f"{url}/call?id={other.call_id}&lang={lang}")
    words = TEXTS["unknown_call"][at].format(id=other.call_id)
    expect(page.get_by_text(words)).to_be_visible()
    page.goto(f"{url}/queue?scope=all&agent={other.agent}&lang={lang}")
    expect(page.get_by_text(TEXTS["count_none"][at])).to_be_visible()
    page.goto(f"{url}/admin?lang={lang}")
    expect(page.get_by_text(TEXTS["no_page"][at], exact=True)).to_be_visible()
    page.goto(f"{url}/call?id={own.call_id}&lang={lang}")
    page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').currentTime > 0.2")
    expect(page.get_by_role("button", name=TEXTS["confirm"][at])).to_have_count(0)
    page.get_by_role("button", name=TEXTS["sign_out"][at]).click()
    expect(page.get_by_label(TEXTS["sign_in_name"][at])).to_be_visible()
    page.reload()
    expect(page.get_by_label(TEXTS["sign_in_name"][at])).to_be_visible()


def test_the_address_of_a_sound_plays_in_no_other_browser(
    page: Page, browser: Browser, people: tuple[str, Path]
) -> None:
    url, db = people
    page.goto(f"{url}/call?id={access_site.OTHER.call_id}")
    _sign_in(page, "inspector")
    page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
    sound = page.locator("audio").evaluate("audio => audio.src")
    assert page.request.get(sound).status == 200
    stranger, agent = browser.new_context(), browser.new_context()
    assert stranger.request.get(sound).status == 404
    other = agent.new_page()
    other.goto(f"{url}/queue")
    _sign_in(other, "agent")
    expect(other.locator("tbody tr")).to_have_count(1)
    assert agent.request.get(sound).status == 404
    (cookie,) = [c for c in page.context.cookies() if c["name"].startswith("callqa_")]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie").count("callqa_") == 0
    page.reload()
    page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
    Accounts.of(db).disable("inspector")
    assert page.request.get(sound).status == 404
    expect(page.get_by_label(TEXTS["sign_in_name"][0])).to_be_visible(timeout=60_000)
    stranger.close()
    agent.close()


def test_a_name_of_somebody_elses_opens_nothing_without_accounts(
    browser: Browser, address: str
) -> None:
    """A page elsewhere can point its own name to this machine; then the Host is that name."""
    port = address.rpartition(":")[2]
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://evil.localhost:{port}/queue")  # browsers resolve it to this machine
    expect(page.get_by_text(TEXTS["no_accounts"][0])).to_be_visible(timeout=30_000)
    assert page.locator("tbody tr").count() == 0
    context.close()
