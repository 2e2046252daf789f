"""Who is signed in sees what is theirs, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.texts import TEXTS
from pipeline.access import Accounts, JobRole
from tests.access import site as access_site
from tests.dashboards import databases
from tests.dashboards.browsing import served

pytestmark = pytest.mark.browser


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
    expect(page.get_by_role("button", name=TEXTS["decide_confirm"][at])).to_have_count(0)
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
    browser: Browser, tmp_path: Path
) -> None:
    """A page elsewhere can point its own name to this machine; then the Host is that name."""
    with served(databases.one_call(tmp_path)) as address:
        port = address.rpartition(":")[2]
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://evil.localhost:{port}/queue")  # browsers resolve it to this machine
        expect(page.get_by_text(TEXTS["no_accounts"][0])).to_be_visible(timeout=30_000)
        assert page.locator("tbody tr").count() == 0
        context.close()
