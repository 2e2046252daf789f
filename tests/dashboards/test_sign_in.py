"""Signing in and out as pages: what is asked for, what stays, what ends; the browser's cookie."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import launch, options, serving, signed
from dashboards.texts import TEXTS
from pipeline.access import Accounts, JobRole, Post
from pipeline.errors import BadInput
from pipeline.store import Decision, People
from tests.access import site
from tests.access.site import OTHER, OWN, PASSWORD
from tests.dashboards.conftest import Open, component, seen
from tests.hearing_site import actions

LANGUAGES = [("zh", 0), ("en", 1)]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return site.make(tmp_path)


@pytest.fixture
def accounts(db: Path) -> Accounts:
    accounts = Accounts.of(db)
    for role in (JobRole.INSPECTOR, JobRole.AGENT):
        accounts.add(str(role), site.POSTS[role])
        accounts.set_password(str(role), PASSWORD)
    return accounts


def enter(at: AppTest, name: str, password: str = PASSWORD) -> AppTest:
    at.text_input(key="sign_in_name").set_value(name)
    at.text_input(key="sign_in_password").set_value(password)
    at.button(key="sign_in_go").click().run()
    assert not at.exception, at.exception[0].message
    return at


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
def test_a_link_waits_for_the_sign_in_and_leads_where_it_meant(
    open_page: Open, db: Path, accounts: Accounts, lang: str, at: int
) -> None:
    del accounts
    page = open_page(db, "call", lang, id=OWN.call_id)
    assert TEXTS["sign_in_help"][at] in seen(page)
    assert OWN.marks[1] not in seen(page)
    page = enter(page, "inspector")
    assert OWN.marks[1] in seen(page)
    name = TEXTS["signed_as"][at].split("{")[0]
    assert name in seen(page)
    assert "sign_in_password" not in page.session_state
    assert PASSWORD not in seen(page)


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
def test_every_refusal_is_in_words(
    open_page: Open, db: Path, accounts: Accounts, lang: str, at: int
) -> None:
    page = open_page(db, lang=lang)
    for name in ("inspector", "nobody"):
        assert enter(page, name, "wrong").error[0].value == TEXTS["sign_in_wrong"][at]
    accounts.disable("agent")
    assert enter(page, "agent").error[0].value == TEXTS["sign_in_wrong"][at]
    for _ in range(4):
        enter(page, "inspector", "wrong")
    said = enter(page, "inspector").error[0].value
    assert said.startswith(TEXTS["sign_in_locked"][at].split("{")[0])
    page.run()
    assert len(page.error) == 0, "said once"


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
def test_a_first_password_must_be_changed_before_anything_else(
    open_page: Open, db: Path, accounts: Accounts, lang: str, at: int
) -> None:
    first = accounts.reset("inspector")
    page = enter(open_page(db, "queue", lang), "inspector", first)
    assert page.subheader[0].value == TEXTS["first_password"][at]
    assert OWN.call_id not in seen(page)

    def change(*typed: str) -> str:
        for key, value in zip(("now", "new", "again"), typed, strict=True):
            page.text_input(key=f"password_{key}").set_value(value)
        page.button(key="password_save").click().run()
        assert not page.exception
        return page.error[0].value if page.error else ""

    assert change(first, "one two three", "one two four") == TEXTS["password_differ"][at]
    assert change("wrong", "one two three", "one two three") == TEXTS["password_wrong"][at]
    weak = TEXTS["password_refused"][at].split("{")[0]
    assert change(first, "short", "short").startswith(weak)
    assert change(first, "one two three", "one two three") == ""
    assert OWN.call_id in seen(page)
    assert accounts.get("inspector").state == "active"


def test_a_password_is_changed_from_the_side_bar(
    open_page: Open, db: Path, accounts: Accounts
) -> None:
    del accounts
    page = enter(open_page(db), "agent")
    page.button(key="change_password").click().run()
    assert page.subheader[0].value == TEXTS["change_password"][0]
    page.button(key="password_back").click().run()
    assert page.subheader[0].value == TEXTS["page_overview"][0]


def test_nothing_of_the_person_before_stays(open_page: Open, db: Path, accounts: Accounts) -> None:
    del accounts
    page = enter(open_page(db, "queue", scope="all"), "inspector")
    assert len(component(page, "queue")["rows"]) == 3
    page.session_state["a leftover"] = OTHER.call_id
    page.button(key="sign_out").click().run()
    assert TEXTS["sign_in_name"][0] in seen(page)
    assert OTHER.call_id not in seen(page)
    page = enter(page, "agent")
    assert "a leftover" not in page.session_state
    shown = [row["cells"]["call"] for row in component(page, "queue")["rows"]]
    assert shown == [OWN.call_id], "and no cached answer of the inspector's"
    assert actions(db) == ["sign_in", "sign_out", "sign_in"]


@pytest.mark.parametrize("change", ["disable", "give", "reset"])
def test_a_changed_account_is_out_at_its_next_step(
    open_page: Open, db: Path, accounts: Accounts, change: str
) -> None:
    page = enter(open_page(db, "call", id=OWN.call_id), "inspector")
    if change == "give":
        accounts.give("inspector", Post(JobRole.AGENT, "A1"))
    else:
        getattr(accounts, change)("inspector")
    key = f"{OWN.call_id}_{OWN.marks[2]}"
    page.button(key=f"confirm_{key}").click().run()
    assert not page.exception
    assert TEXTS["sign_in_name"][0] in seen(page)
    assert People.open(db).reviews(OWN.call_id) == [], "the click came too late"


def test_a_review_carries_the_name_of_the_account(
    open_page: Open, db: Path, accounts: Accounts
) -> None:
    accounts.add("李质检", Post(JobRole.INSPECTOR))
    accounts.set_password("李质检", PASSWORD)
    page = enter(open_page(db, "call", id=OWN.call_id), "李质检")
    page.button(key=f"confirm_{OWN.call_id}_{OWN.marks[2]}").click().run()
    (review,) = People.open(db).reviews(OWN.call_id)
    assert (review.reviewer, review.decision) == ("李质检", Decision.CONFIRM)
    assert "李质检" in seen(page)


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
def test_without_accounts_one_user_of_this_machine_needs_none(
    open_page: Open, db: Path, lang: str, at: int
) -> None:
    page = open_page(db, "queue", lang)
    assert TEXTS["single_user"][at] in seen(page)
    assert TEXTS["reviewer"][at] in seen(page)
    assert len(component(page, "queue")["rows"]) == 3


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
def test_where_sign_in_is_required_the_first_steps_are_told(
    open_page: Open, db: Path, tmp_path: Path, lang: str, at: int
) -> None:
    config = tmp_path / "callqa.yaml"
    config.write_text("access: {sign_in: required}")
    page = open_page(db, "queue", lang, config=config)
    assert TEXTS["no_accounts_help"][at] in seen(page)
    assert f"callqa users add NAME --role supervisor --db {db}" in seen(page)
    assert OWN.call_id not in seen(page)


def test_a_role_without_its_number_sees_why_there_is_nothing(
    open_page: Open, db: Path, accounts: Accounts
) -> None:
    import sqlite3

    with sqlite3.connect(accounts.path) as connection:
        connection.execute("UPDATE accounts SET agent_id = NULL WHERE name = 'agent'")
    connection.close()
    page = enter(open_page(db), "agent")
    assert TEXTS["your_role_empty"][0] in seen(page)


# ── where the server listens ─────────────────────────────────────────────────────────────────────


def test_others_reach_the_dashboard_only_where_people_sign_in(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = [sys.executable, "-c", "raise SystemExit(7)"]
    monkeypatch.setattr(launch, "command", lambda *_: ends)
    for address in ("0.0.0.0", "::", "10.1.2.3", "callqa.bank.example", ""):
        with pytest.raises(BadInput, match="callqa users add"):
            launch.launch(db, 8600, address=address)
    for address in ("127.0.0.1", "localhost", "::1"):
        assert launch.launch(db, 8600, address=address) == 7
    Accounts.of(db).add("lin", Post(JobRole.INSPECTOR))
    assert launch.launch(db, 8600, address="0.0.0.0") == 7


# ── the cookie ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def client(db: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(sys, "argv", ["app.py", "--db", str(db)])
    return TestClient(Starlette(routes=serving.routes()), base_url="https://qa.example")


def test_a_ticket_gives_the_cookie_once(client: TestClient) -> None:
    ticket = serving.TICKETS.cookie("the token")
    answer = client.post("/enter", content=ticket)
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{options.cookie_name()}=")
    for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part in cookie
    assert client.post("/enter", content=ticket).status_code == 404


@pytest.mark.parametrize("body", ["", "x", "\0" * 5000])
def test_what_is_no_ticket_gives_nothing(client: TestClient, body: str) -> None:
    assert client.post("/enter", content=body).status_code == 404
    assert client.get("/enter").status_code == 405


def test_a_ticket_is_taken_neither_late_nor_from_other_pages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = serving.TICKETS.cookie("the token")
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/enter", content=ticket, headers=elsewhere).status_code == 404
    monkeypatch.setattr(serving, "COOKIE_SECONDS", 0.0)
    late = serving.TICKETS.cookie("the token")
    assert client.post("/enter", content=late).status_code == 404


def test_old_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_SOUNDS", 2)
    tickets = serving.Tickets()
    names = [tickets.sound("s", n, Path).removeprefix("sound/") for n in range(3)]
    assert [tickets.found(name) is None for name in names] == [True, False, False]
    assert len(tickets._names) == 2
    tickets.forget("s")
    assert (tickets.found(names[2]), tickets._names) == (None, {})


def test_a_session_is_known_by_its_token_only() -> None:
    assert signed.TOKEN not in signed.KEPT
