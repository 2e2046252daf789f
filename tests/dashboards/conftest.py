"""Databases that are made once, and the app driven without a browser."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.text_format import MessageToString
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboards import app, signed
from tests.dashboards import databases
from tests.dashboards.browsing import FLAGS, is_outside

Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> Iterator[None]:
    """AppTest looks for components in every installed package at each run: three quarters of it."""
    once = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(scope="session")
def dbs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("dashboards")
    return {
        "empty": databases.empty(folder),
        "one_call": databases.one_call(folder),
        "small": databases.small(folder),
        "unpublished": folder / "nothing.duckdb",
    }


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the dashboard of a database; fails on any exception in the page."""

    def opened(
        db: Path,
        page: str = "overview",
        lang: str = "zh",
        config: Path | None = None,
        token: str | None = None,
        **params: str,
    ) -> AppTest:
        """`token`: of the session of whoever is at the browser."""
        given = [] if config is None else ["--config", str(config)]
        monkeypatch.setattr(sys, "argv", ["app.py", "--db", str(db), *given])
        at = AppTest.from_file(app.__file__, default_timeout=30)
        at.query_params["lang"] = lang
        if token is not None:
            at.session_state[signed.TOKEN] = token
        if page != "overview":
            at.switch_page(f"views/{page}.py")
            at.query_params.update(params)
        at.run()
        assert not at.exception, at.exception[0].message
        return at

    return opened


def seen(at: AppTest) -> str:
    """Everything that the page shows, as text; components as their data."""
    parts = []
    for element in [*at.main, *at.sidebar]:
        proto = getattr(element, "proto", None)
        if element.type == "bidi_component":
            parts.append(json.dumps(json.loads(proto.json), ensure_ascii=False))
        elif proto is not None:
            parts.append(MessageToString(proto, as_utf8=True))
    return "\n".join(parts)


def component(at: AppTest, name: str) -> dict[str, Any]:
    """The data of the component with this key."""
    found = next(e for e in at.get("bidi_component") if e.proto.id.endswith(f"-{name}"))
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The real Chromium; in CI it must be there."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "chromium is not installed: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=30_000)  # a machine with other work to do is no fault of the page
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


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
