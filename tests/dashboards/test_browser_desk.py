"""An inspector by keyboard, and a colleague who opens the same call, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.texts import TEXTS
from pipeline.store import Assignments, People
from tests.dashboards import databases
from tests.dashboards.browsing import served
from tests.dashboards.databases import HEARD
from tests.store.reports import a_hash

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.small(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def address(db: Path) -> Iterator[str]:
    with served(db) as url:
        yield url


def zh(key: str) -> str:
    return TEXTS[key][0]


def enter(page: Page, name: str) -> None:
    box = page.get_by_label(zh("reviewer"), exact=True)
    box.fill(name)
    box.press("Enter")
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )


def test_taken_decided_finished_and_on_to_the_next(
    page: Page, browser: Browser, address: str, db: Path
) -> None:
    page.goto(f"{address}/queue")
    enter(page, "李质检")
    page.get_by_role("button", name=zh("take_next")).wait_for()
    page.keyboard.press("Alt+n")
    page.wait_for_url(re.compile(f"/call\\?.*id={HEARD}"))  # the vetoed one is the most urgent
    expect(page.get_by_text(zh("held_by_me"))).to_be_visible()

    context = browser.new_context()
    other = context.new_page()
    other.goto(f"{address}/call?id={HEARD}")
    enter(other, "王质检")
    expect(other.get_by_text("李质检").first).to_be_visible()
    expect(other.get_by_role("button", name=zh("decide_confirm"), exact=True)).to_have_count(0)
    context.close()

    page.get_by_role("button", name=zh("decide_confirm"), exact=True).first.click()
    expect(page.get_by_text(zh("saved").format(what=zh("decide_confirm")))).to_be_visible()
    page.keyboard.press("Alt+Enter")
    page.wait_for_url(lambda url: "/call?" in url and f"id={HEARD}" not in url)
    expect(page.get_by_text(zh("held_by_me"))).to_be_visible()
    decided = [(r.rule, r.reviewer) for r in People.open(db).reviews_of(a_hash("heard"))]
    assert decided == [("no_promise", "李质检"), (None, "李质检")]
    assert Assignments(People.open(db)).of(a_hash("heard")) is None
