"""What several people do one after the other, each signed in, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.access import Accounts, JobRole
from pipeline.domain import AppealState
from pipeline.store import Appeals, Decision, People, Samples, Snapshot
from tests.access import site
from tests.access.site import OWN
from tests.dashboards.browsing import served

pytestmark = pytest.mark.browser
RULE = f"rule_{OWN.call_id}"
WHO = (JobRole.AGENT, JobRole.LEADER, JobRole.SUPERVISOR)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = site.make(tmp_path_factory.mktemp("people"))
    accounts = Accounts.of(db)
    for role in WHO:
        accounts.add(str(role), site.POSTS[role])
        accounts.set_password(str(role), site.PASSWORD)
    return db


@pytest.fixture(scope="module")
def people(db: Path, browser: Browser) -> Iterator[dict[JobRole, Page]]:
    """A browser of their own for each."""
    with served(db) as url:
        pages = {}
        for role in WHO:
            page = pages[role] = browser.new_context(base_url=url).new_page()
            page.goto("/appeals")
            page.get_by_label(zh("sign_in_name")).fill(str(role))
            page.get_by_label(zh("sign_in_password"), exact=True).fill(site.PASSWORD)
            page.get_by_role("button", name=zh("sign_in"), exact=True).click()
            expect(page.get_by_text(zh("appeals_none"))).to_be_visible()
        yield pages
        for page in pages.values():
            page.context.close()


def zh(key: str) -> str:
    return TEXTS[key][0]


def say(page: Page, step: str, words: str) -> None:
    """Fill in why, and press the step."""
    page.get_by_placeholder(zh(f"appeal_why_{step}")).fill(words)
    page.get_by_role("button", name=NAMES[f"step_{step}"][0], exact=True).click()
    expect(page.get_by_text(words).filter(visible=True).last).to_be_visible()


def test_an_agent_appeals_the_leader_speaks_the_supervisor_decides(
    people: dict[JobRole, Page], db: Path
) -> None:
    agent, leader, supervisor = (people[role] for role in WHO)
    agent.goto(f"/call?id={OWN.call_id}")
    agent.get_by_role("button", name=zh("appeal")).click()
    agent.get_by_placeholder(zh("appeal_hint")).fill("是客户说的")
    agent.get_by_role("button", name=zh("appeal_file"), exact=True).click()
    expect(agent.get_by_text("是客户说的")).to_be_visible()
    for page, step, words in (
        (leader, "support", "听过，是客户说的"),
        (supervisor, "uphold", "确为客户所说"),
    ):
        page.goto("/appeals")
        page.get_by_text(OWN.call_id).click()  # the list leads to the call
        page.wait_for_url(f"**/call?*id={OWN.call_id}*")
        say(page, step, words)
    agent.goto("/appeals")
    expect(agent.locator("tbody").get_by_text(NAMES["appeal_upheld"][0])).to_be_visible()
    (appeal,) = Appeals(People.open(db)).all()
    assert appeal.state is AppealState.UPHELD
    (review,) = People.open(db).reviews(OWN.call_id)
    assert (review.rule, review.decision) == (RULE, Decision.REJECT)


def test_a_sample_is_drawn_and_its_calls_are_listened_to(
    people: dict[JobRole, Page], db: Path
) -> None:
    page = people[JobRole.SUPERVISOR]
    page.goto("/sampling?month=2026-11")
    page.get_by_label(zh("draw_inspectors")).fill("supervisor")
    page.get_by_label(zh("draw_seed")).fill("one seed")
    page.get_by_role("button", name=zh("draw"), exact=True).click()
    rows = page.locator("tbody tr", has_text=NAMES["drawn_as_quota"][0])
    expect(rows).to_have_count(3)
    with Snapshot.open(db) as snapshot:
        (plan,) = Samples(snapshot.people).plans(date(2026, 11, 1), date(2026, 11, 30))
    assert (plan.who, plan.wish.seed) == ("supervisor", "one seed")
    page.get_by_text(OWN.call_id).first.click()
    page.wait_for_url(f"**/call?*id={OWN.call_id}*")
    page.get_by_role("button", name=zh("finish_call"), exact=True).click()
    expect(page.get_by_text(zh("saved").format(what=NAMES["decision_confirm"][0]))).to_be_visible()
    page.goto("/sampling?month=2026-11")
    expect(page.get_by_text("1 / 3").first).to_be_visible()
