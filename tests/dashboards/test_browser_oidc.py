"""Signing in by an identity provider: the whole way, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.texts import TEXTS
from pipeline.access import Accounts, JobRole
from tests.access import site
from tests.access.site import OTHER, OWN
from tests.dashboards.browsing import free_port, served
from tests.dashboards.identity_provider import Provider
from tests.hearing_site import actions

pytestmark = pytest.mark.browser
NAME = "li@bank.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider().running() as running:
        yield running


@pytest.fixture(scope="module")
def dashboard(
    provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    folder, port = tmp_path_factory.mktemp("oidc"), free_port()
    db = site.make(folder)
    (folder / ".streamlit").mkdir()
    words = provider.secrets_toml(f"http://127.0.0.1:{port}")
    (folder / ".streamlit" / "secrets.toml").write_text(words)
    Accounts.of(db).add(NAME, site.POSTS[JobRole.AGENT], "oidc")
    Accounts.of(db).add("lin", site.POSTS[JobRole.INSPECTOR])
    with served(db, port=port, folder=folder) as url:
        yield url, db


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_the_provider_opens_the_account_of_that_name(
    page: Page, provider: Provider, dashboard: tuple[str, Path], lang: str, at: int
) -> None:
    url, db = dashboard
    provider.claims = {"email": NAME, "email_verified": True}
    page.goto(f"{url}/queue?scope=all&lang={lang}")
    expect(page.get_by_text(TEXTS["sign_in_local"][at])).to_be_visible()
    page.get_by_role("button", name=TEXTS["sign_in_oidc"][at]).click()
    expect(page.get_by_text(NAME)).to_be_visible()
    page.goto(f"{url}/queue?scope=all&lang={lang}")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto(f"{url}/call?id={OWN.call_id}&lang={lang}")
    page.wait_for_function("document.querySelector('audio')?.readyState >= 1")
    page.goto(f"{url}/call?id={OTHER.call_id}&lang={lang}")
    words = TEXTS["unknown_call"][at].format(id=OTHER.call_id)
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name=TEXTS["sign_out"][at]).click()
    page.wait_for_url(f"{url}/")  # the way through the provider's sign-out ends at the beginning
    expect(page.get_by_role("button", name=TEXTS["sign_in_oidc"][0])).to_be_visible()
    assert actions(db)[-2:] == ["sign_in", "sign_out"]


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"email": "nobody@bank.example", "email_verified": True}, "sign_in_no_account"),
        ({"email": "lin", "email_verified": True}, "sign_in_no_account"),
        ({"email": NAME, "email_verified": False}, "sign_in_unproven"),
        ({"preferred_username": NAME}, "sign_in_unproven"),
    ],
)
def test_who_is_not_expected_sees_nothing(
    page: Page,
    provider: Provider,
    dashboard: tuple[str, Path],
    claims: dict[str, object],
    key: str,
) -> None:
    provider.claims = claims
    page.goto(f"{dashboard[0]}/queue?scope=all")
    page.get_by_role("button", name=TEXTS["sign_in_oidc"][0]).click()
    words = TEXTS[key][0].format(name=claims.get("email"), claim="email")
    expect(page.get_by_text(words)).to_be_visible()
    assert page.locator("tbody tr").count() == 0
    page.get_by_role("button", name=TEXTS["sign_in_other"][0]).click()
    expect(page.get_by_role("button", name=TEXTS["sign_in_oidc"][0])).to_be_visible()
