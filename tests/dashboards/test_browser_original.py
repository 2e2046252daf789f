"""Originals heard by a code, in a real Chromium."""

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
from playwright.sync_api import Page, expect

from dashboards.texts import TEXTS
from pipeline import hearing_grants
from pipeline.audit import Trail, verify
from pipeline.settings import load_settings
from tests.dashboards import databases
from tests.dashboards.browsing import served
from tests.dashboards.databases import HEARD
from tests.hearing_site import REASON, write_settings

pytestmark = pytest.mark.browser
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
