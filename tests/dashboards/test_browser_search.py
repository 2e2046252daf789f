"""From words to the moment at which they were said, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboards.texts import TEXTS
from tests.dashboards import databases
from tests.dashboards.browsing import served
from tests.dashboards.databases import HEARD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(databases.small(tmp_path_factory.mktemp("browser"))) as url:
        yield url


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_from_words_to_the_moment(page: Page, address: str, lang: str, at: int) -> None:
    page.goto(f"{address}/search?lang={lang}")
    box = page.get_by_label(TEXTS["search_words"][at])
    box.fill("肯定 保本")
    box.press("Enter")
    page.wait_for_url(re.compile("q=%E8%82%AF"))
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator(".hit")).to_have_text(["肯定", "保本"])
    row.locator(".hit").first.click()
    page.wait_for_url(re.compile(rf"/call\?.*id={HEARD}.*segment=4"))
    expect(page.locator(".turn.aimed")).to_contain_text("肯定是保本的")
    page.wait_for_function("document.querySelector('audio')?.currentTime > 16")
    assert page.evaluate("document.querySelector('audio').currentTime") == pytest.approx(
        16.5, abs=0.3
    )
    assert page.evaluate("document.querySelector('audio').paused"), "it is heard when asked for"
    page.get_by_role("button", name=TEXTS["place_in_queue"][at].format(n=1, of=1)).click()
    page.wait_for_url(re.compile("/search.*q=%E8%82%AF"))
    expect(page.locator("tbody tr")).to_have_count(1)
