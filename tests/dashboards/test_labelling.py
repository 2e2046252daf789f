"""A reason and flags corrected on a call's page: what everybody then sees, and who may."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline.access import JobRole
from pipeline.domain import NO, YES
from pipeline.learning.reading import read_new
from pipeline.store import Labels, People, Store
from tests.access import site
from tests.dashboards.browsing import served
from tests.dashboards.conftest import Open, seen
from tests.store.fresh import fresh
from tests.store.reports import a_hash, a_report

CALL, CONTENT = "c-angry", a_hash("angry")
KEY = f"label_{CALL}"
TURNS = {
    "angry": ("您好", "我要投诉你们银行，叫你们领导接电话", "抱歉", "你们这样我就不用了"),
    "dim": ("您好", "嗯"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = fresh(tmp_path_factory.mktemp("labelling") / "calls.duckdb")
    with Store.open(db) as store:
        calls = [
            a_report(name, turns=turns, agent=site.AGENT, team=site.TEAM)
            for name, turns in TURNS.items()
        ]
        store.save(calls)
        read_new(store)
        store.publish()
    site.people(db)
    return db


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    return site.copied(made, tmp_path)


def token(db: Path, role: JobRole) -> str:
    return site.door_of(db).sessions.begin(str(role), "password")


def choose(at: AppTest, subject: str, value: str | None) -> AppTest:
    at.button_group(key=f"{KEY}_{subject}").set_value(value).run()
    assert not at.exception
    return at


def zh(key: str, **values: str) -> str:
    return TEXTS[key][0].format(**values)


def kept(db: Path) -> dict[str, tuple[str | None, int | None]]:
    labels = Labels(People.open(db)).of(CONTENT)
    return {subject: (one.value, one.segment) for subject, one in labels.items()}


def test_right_in_one_click_another_in_the_form_and_taken_back(open_page: Open, db: Path) -> None:
    at = open_page(db, "call", id=CALL, token=token(db, JobRole.INSPECTOR))
    assert "来电原因：投诉" in seen(at)
    at.button(key=f"{KEY}_right").click().run()
    assert kept(db) == {"reason": ("complaint", None)}
    assert zh("label_reason_chip", name="投诉") in seen(at)
    assert not [one for one in at.button if one.key == f"{KEY}_right"]
    choose(at, "reason", "fee_dispute")
    assert zh("label_reason_chip", name="费用争议") in seen(at)
    assert zh("label_machine_chip", name="投诉") in seen(at)
    choose(at, "reason", "none")
    agent = open_page(db, "call", id=CALL, token=token(db, JobRole.AGENT))
    for page in (at, agent):
        assert zh("label_reason_chip", name="以上都不是") in seen(page)
    assert zh("label_form") not in seen(agent)
    history = open_page(db, "call", id=CALL, token=token(db, JobRole.COMPLIANCE))
    assert "来电原因：费用争议" in seen(history)
    choose(at, "reason", None)
    assert "来电原因：投诉" in seen(at)
    assert kept(db) == {"reason": (None, None)}
    values = [one.value for one in Labels(People.open(db)).history(CONTENT)]
    assert values == ["complaint", "fee_dispute", "none", None]


def test_flags_are_denied_confirmed_and_added_with_their_turn(open_page: Open, db: Path) -> None:
    at = open_page(db, "call", id=CALL, lang="en", token=token(db, JobRole.SUPERVISOR))
    choose(at, "complaint", NO)
    assert "Complaint: no (person), yes (machine)" in seen(at)
    choose(at, "abuse", YES)
    assert kept(db) == {"complaint": (NO, 1), "abuse": (YES, None)}
    place = at.selectbox(key=f"{KEY}_abuse_turn")
    assert [option[:4] for option in place.options] == ["0:04", "0:12"], "the customer's turns"
    place.set_value(3).run()
    assert kept(db)["abuse"] == (YES, 3)
    assert f"call?id={CALL}&amp;segment=3" in seen(at)
    choose(at, "complaint", YES)
    assert kept(db)["complaint"] == (YES, 1), "where the machine raised it"
    (one,) = [o for o in Labels(People.open(db)).in_force() if o.subject == "abuse"]
    assert (one.quote, one.machine, one.who) == (TURNS["angry"][3], NO, "supervisor")


def test_of_two_at_once_the_second_is_told(open_page: Open, db: Path) -> None:
    first, second = (
        open_page(db, "call", id=CALL, token=token(db, role))
        for role in (JobRole.INSPECTOR, JobRole.SUPERVISOR)
    )
    choose(first, "churn", YES)
    choose(second, "churn", NO)
    assert "inspector 刚刚核对了通话" in second.error[0].value
    assert kept(db)["churn"][0] == YES
    choose(second, "churn", NO)
    assert kept(db)["churn"][0] == NO


def test_the_queue_follows(open_page: Open, db: Path) -> None:
    inspector = token(db, JobRole.INSPECTOR)
    at = open_page(db, "call", id=CALL, token=inspector)
    choose(at, "reason", "none")
    choose(at, "complaint", NO)
    for name, value, there in (("reason", "none", True), ("reason", "complaint", False),
                               ("flag", "complaint", False)):  # fmt: skip
        queue = open_page(db, "queue", token=inspector, scope="all", **{name: value})
        assert (CALL in seen(queue)) == there


@pytest.mark.browser
def test_two_clicks_in_a_real_browser_and_the_form_stays_open(page: Page, made: Path) -> None:
    (made.parent / f"{made.name}.d" / "access.sqlite").rename(made.parent / "no-accounts")
    with served(made) as address:
        page.goto(f"{address}/call?id={CALL}")
        name = page.get_by_label(zh("reviewer"), exact=True)
        name.fill("张敏")
        name.press("Enter")
        page.get_by_text(zh("label_form")).click()
        form = page.get_by_test_id("stPopoverBody")
        form.get_by_text("费用争议", exact=True).click()
        expect(page.get_by_text(zh("label_reason_chip", name="费用争议"))).to_be_visible()
        form.get_by_text(zh("label_no"), exact=True).first.click()
        denied = zh("label_flag_chip", flag="投诉", person="没有", machine="有")
        expect(page.get_by_text(denied)).to_be_visible()
        expect(form).to_be_visible()
        page.goto(f"{address}/call?id={CALL}&lang=en")
        expect(page.get_by_text("Reason, by a person: Fee dispute")).to_be_visible()
