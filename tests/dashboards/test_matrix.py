"""Every role on every page, with every call in the address: what is seen, heard and done.

The expectations are in `tests/access/site.py` (which calls a role sees) and in the table of rights;
docs/access.md shows that table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import options, serving, signed
from dashboards.app import PAGES
from dashboards.texts import TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, SINGLE, Act, JobRole, Page
from pipeline.audit import Trail
from pipeline.casebook import Subject, passage_of
from pipeline.domain import AskedCall, CaseKind, CaseText, RoundWish, SampleWish
from pipeline.sampling import make_plan
from pipeline.store import Calibrations, Cases, People, Snapshot
from tests.access import site
from tests.access.site import NOBODY, OTHER, OWN, PEER, STORED, VISIBLE, Known
from tests.dashboards.conftest import Open, component, seen

Tokens = dict[JobRole, str]
EVERY = (*STORED, NOBODY)
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)  # when the calls were held


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = site.make(tmp_path_factory.mktemp("matrix"))
    with Snapshot.open(db) as whole:
        wish = SampleWish(*NOVEMBER, "seed", 3, 60, ("张敏",))
        make_plan(whole, "王主管", wish, Trail.beside(db))
        contents = whole.contents()
        text = CaseText(CaseKind.BAD, "念出卡号", "不得复述", "只核对后四位")
        for known in STORED:
            passage = passage_of(whole.call(known.call_id), 1, 1, Subject(control_point="2.1"))
            Cases(whole.people).add("张敏", passage, text)
    rounds = Calibrations(People.open(db))
    for people in (("张敏", "李强"), ("张敏", "王芳")):  # none of those who look takes part
        rounds.make("王主管", RoundWish("樱桃校准", people, NOVEMBER[1], "seed"), [
            AskedCall(contents[OTHER.call_id], OTHER.call_id, "p" * 64, {"2.1": {"r": "fail"}}, 0)
        ])  # fmt: skip
    rounds.close(2, "王主管")
    return db


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def marks_in(at: AppTest, known: Known) -> list[str]:
    page = seen(at)
    return [mark for mark in (*known.marks, *known.private) if mark in page]


EVERYTHING = {"scope": "all", "size": "200"}
SAID = {"q": "树"}
LOST = {"month": "2026-11", "show": "lost"}
# Addresses that ask for more than they may: ids, agents, teams, rules, words, sorts.
QUERIES: dict[Page, list[dict[str, str]]] = {
    Page.CALL: [{"id": known.call_id} for known in EVERY],
    Page.QUEUE: [
        EVERYTHING, {"scope": "all", "text": "树", "sort": "oldest"},
        *({"scope": "all", "agent": known.agent} for known in (PEER, OTHER)),
        *({"scope": "all", "team": known.team} for known in (PEER, OTHER)),
        {"pack": "bank", "control_point": "2.1", "severity": "major"},
    ],
    Page.SEARCH: [
        SAID, {"q": "樱桃树", "agent": OTHER.agent}, {"q": "音桃数", "sound": "1"},
        {"q": "您好 -苹果", "team": OTHER.team},
    ],
    Page.SAMPLING: [{"month": "2026-11"}],
    Page.CALIBRATION: [{}, {"round": "1", "id": OTHER.call_id}, {"round": "2"}],
    Page.CASES: [{}, *({"case": str(number)} for number, _ in enumerate(STORED, 1))],
    Page.AGENTS: [LOST, {"month": "2026-11", "agent": OTHER.agent, "part": "lost"}],
}  # fmt: skip
OTHERS = [{}, {"id": OTHER.call_id, "agent": OTHER.agent}]
CASES = [(page, query) for page in Page for query in QUERIES.get(page, OTHERS)]


@pytest.mark.parametrize("role", ASSIGNABLE)
@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
def test_a_page_shows_only_what_the_role_may_see(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole, page: Page, query: dict[str, str]
) -> None:
    at = open_page(db, str(page), token=tokens[role], **query)
    opened = page in RIGHTS[role].pages or (page is Page.OVERVIEW and role is JobRole.OPERATOR)
    assert (TEXTS["no_page"][0] in seen(at)) != opened, "the operator begins at administration"
    asked = set(query.values())
    for known in STORED:
        if known not in VISIBLE[role] or not opened:
            assert [mark for mark in marks_in(at, known) if mark not in asked] == []
        if Act.CUSTOMER not in RIGHTS[role].acts:
            assert not [mark for mark in known.private if mark in seen(at)]
    if opened and page in SHOWN:
        SHOWN[page](at, role, query)


def _call(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    there = [known for known in VISIBLE[role] if known.call_id == query["id"]]
    assert bool(at.get("audio")) == bool(there)
    assert all(known.marks[1] in seen(at) for known in there)


def _calls_in(name: str, whole: dict[str, str]) -> Callable[..., None]:
    """The table shows what the role may see, all of it, when everything is asked for."""

    def shown(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
        if query == whole:
            rows = component(at, name)["rows"]
            assert {row["cells"]["call"] for row in rows} == {k.call_id for k in VISIBLE[role]}

    return shown


def _search(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    _calls_in("search", SAID)(at, role, query)
    if query == SAID:
        n = len(VISIBLE[role])
        assert TEXTS["search_count"][0].format(n=n, first=1, last=n) in seen(at), "nobody else's"


def _sampling(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    del query
    assert len(component(at, "sample_calls")["rows"]) == len(VISIBLE[role])


def _calibration(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    del query
    assert ("樱桃校准" in seen(at)) == (Act.CALIBRATE in RIGHTS[role].acts)


def _cases(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    if query:
        known = STORED[int(query["case"]) - 1]
        assert (known.call_id in seen(at)) == bool(at.get("audio")) == (known in VISIBLE[role])


SHOWN: dict[Page, Callable[..., None]] = {
    Page.CALL: _call,
    Page.QUEUE: _calls_in("queue", EVERYTHING),
    Page.SEARCH: _search,
    Page.SAMPLING: _sampling,
    Page.CALIBRATION: _calibration,
    Page.CASES: _cases,
    Page.AGENTS: _calls_in("agent_calls", LOST),
}


@pytest.mark.parametrize("role", [JobRole.AGENT, JobRole.LEADER])
def test_a_forbidden_call_looks_like_one_that_nobody_has(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    def page(known: Known) -> str:
        at = open_page(db, "call", token=tokens[role], id=known.call_id)
        return seen(at).replace(known.call_id, "X")

    assert page(OTHER) == page(NOBODY)


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_administration_shows_each_role_its_parts(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    at = open_page(db, "admin", token=tokens[role])
    parts = {"tab_users": Act.USERS, "tab_audit": Act.AUDIT, "tab_runs": Act.RUNS}
    may = RIGHTS[role].acts if Page.ADMIN in RIGHTS[role].pages else frozenset()
    shown = {tab.label for tab in at.tabs}
    assert {TEXTS[key][0] for key, act in parts.items() if act in may} == shown - {
        TEXTS["tab_roles"][0]
    }
    assert ("坏.wav" in seen(at)) == (Act.RUNS in may)


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_forms_and_codes_are_there_for_whoever_may_use_them(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    at = open_page(db, "call", token=tokens[role], id=OWN.call_id)
    keys = {box.key for box in at.text_input}
    assert (f"comment_{OWN.call_id}_{OWN.marks[2]}" in keys) == (Act.REVIEW in RIGHTS[role].acts)
    assert (f"code_{OWN.call_id}" in keys) == (Act.ORIGINAL in RIGHTS[role].acts)
    assert "reviewer" not in keys, "the name is that of the account"


# ── below the pages: what a forged request of a signed-in person could reach ─────────────────────


def forged() -> None:
    """Every way into the data, asked directly; run as a page."""
    from dataclasses import replace
    from datetime import date

    import streamlit as st

    from dashboards import calibrating, data, library, misheard, rerun, staff, standing
    from pipeline.domain import (
        CaseKind,
        CaseText,
        Passage,
        QuotedTurn,
        Role,
        RoundWish,
        SampleWish,
    )
    from pipeline.errors import BadInput, CallqaError, NotAllowed
    from pipeline.search import Answer
    from pipeline.store import Cases, Decision, Filters, ReviewDraft

    def searched(answer: Answer) -> list[str]:
        return [str(answer.count), *(hit.sentence.call_id for hit in answer.hits)]

    month = date(2026, 11, 1), date(2026, 11, 30)
    november = Filters(since=month[0], until=month[1])
    days = date(2026, 12, 1), date(2026, 12, 31)  # no call: whoever may draw is told so
    call_id, content = st.session_state["wanted"]
    draft = ReviewDraft("somebody else", call_id, content, Decision.CONFIRM)
    said = (QuotedTurn(Role.AGENT, "您好"),)
    passage = Passage(call_id, content, 0, 0, None, None, said, "bank")
    text = CaseText(CaseKind.GOOD, "开场", "完整", "您好")
    ways = {
        "call": lambda: data.call(call_id).call["call_id"],
        "list": lambda: [r["call_id"] for r in data.list_calls(Filters(), "best", 50, 0)],
        "history": lambda: len(data.history({"content_sha256": content})),
        "review": lambda: data.add_review(draft).reviewer,
        "users": lambda: len(data.accounts()),
        "audit": lambda: data.audit_trail()[1].entries,
        "runs": lambda: len(data.failures()),
        "search": lambda: searched(data.search("树", False, None, Filters(), 1)),
        "agents": lambda: [one.agent_id for one in standing.figures(november)],
        "deductions": lambda: [one.call_id for one in standing.deductions(november)],
        "form": lambda: [
            found.figures.agent_id
            for agent in ("A1", "A2", "B1")
            if (found := standing.form(replace(november, agent=agent)))
        ],
        "samples": lambda: len(data.sample_board(*month).plans),
        "manage": lambda: staff.manager().unlock("agent") is None,
        "own": lambda: staff.manager().unlock(str(staff.manager().by)),
        "retry": rerun.begin,
        "draw": lambda: data.draw_sample("somebody else", SampleWish(*days, "seed", 3, 60)).id,
        "rounds": lambda: len(calibrating.rounds()),
        "round": lambda: calibrating.round_of(1).id,
        "sheet": lambda: calibrating.sheet(1, call_id).call.call["call_id"],
        "open": lambda: calibrating.result(1).round.id,
        "closed": lambda: calibrating.result(2).missing,
        "close": lambda: calibrating.close("somebody else", 2).id,
        "made": lambda: calibrating.make("x", RoundWish("", (), month[1], ""), [call_id], None),
        "cases": lambda: [one.case.passage.call_id for one in library.listed()],
        "example": lambda: library.add("somebody else", call_id, passage, text).who,
        "agree": lambda: (
            library.change("somebody else", 1, text, Cases(data.people()).get(1).now.id).now.who
        ),
        "correct": lambda: misheard.correct("x", data.call(call_id), 0, "您好").who,
        "retire": lambda: library.retire("somebody else", 2, "过期", 0).who,
    }
    found = {}
    for name, way in ways.items():
        try:
            found[name] = way()
        except NotAllowed:
            found[name] = None
        except BadInput as error:
            told = ("are stored", "the last run", "closed already", "a title")
            found[name] = "told" if any(words in str(error) for words in told) else None
        except CallqaError:
            found[name] = None
    st.session_state["found"] = found


@pytest.mark.parametrize("role", ASSIGNABLE)
@pytest.mark.parametrize("known", STORED, ids=lambda known: known.call_id)
def test_what_is_asked_past_the_pages_is_refused_too(
    db: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, role: JobRole, known: Known
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--db", str(db)])
    with Snapshot.open(db) as whole:
        content = whole.contents()[known.call_id]
    reviews = len(People.open(db).reviews(known.call_id))
    at = AppTest.from_function(forged, default_timeout=30)
    at.session_state[signed.TOKEN] = tokens[role]
    at.session_state["wanted"] = (known.call_id, content)
    at.run()
    assert not at.exception, at.exception[0].message
    found, acts = at.session_state["found"], RIGHTS[role].acts
    there = known in VISIBLE[role]
    assert found["call"] == (known.call_id if there else None)
    assert set(found["list"]) == {one.call_id for one in VISIBLE[role]}
    own = [one.call_id for one in VISIBLE[role]]
    assert set(found["search"]) == {str(len(own)), *own}
    agents = {one.agent for one in VISIBLE[role]}
    assert set(found["agents"]) == agents
    assert set(found["deductions"]) == set(own)
    assert found["form"] == (sorted(agents) if Act.FORM in acts else None)
    assert found["history"] == (reviews if there else 0)
    assert found["users"] == (len(ASSIGNABLE) if Act.USERS in acts else None)
    assert (found["audit"] is not None) == (Act.AUDIT in acts)
    assert found["samples"] == (1 if Act.SAMPLES in acts else None)
    assert found["manage"] == (True if Act.MANAGE in acts else None)
    assert found["own"] is None, "nobody changes their own account"
    assert found["retry"] == ("told" if Act.RETRY in acts else None), "its folder is gone"
    assert found["draw"] == ("told" if Act.DRAW in acts else None)
    makes = Act.CALIBRATE in acts
    assert found["rounds"] == ((2 if makes else 0) if Act.RATE in acts else None)
    assert found["round"] == (1 if makes else None)
    assert (found["sheet"], found["open"]) == (None, None), "not asked of them; not closed"
    assert found["close"] == found["made"] == ("told" if makes else None)
    every = [one.passage.call_id for one in Cases(People.open(db)).all()]
    if Act.EXAMPLE in acts and there:
        every.remove(known.call_id)  # the one that was just added
    shown = [call_id if call_id in own else "" for call_id in every]
    reads = Page.CASES in RIGHTS[role].pages
    assert found["cases"] == (shown if reads else None)
    assert found["example"] == (str(role) if Act.EXAMPLE in acts and there else None)
    assert found["agree"] == (str(role) if Act.AGREE in acts else None)
    assert found["retire"] is None, "nobody retires a version that they did not see"
    assert found["runs"] == (1 if Act.RUNS in acts else 0)
    decides = Act.REVIEW in acts
    first = reviews == 0  # a second review that names none before is refused as outdated
    assert found["review"] == (str(role) if decides and first else None)
    assert found["correct"] == (str(role) if decides and first else None), "who has the call"
    assert len(People.open(db).reviews(known.call_id)) == reviews + (decides and first)


def test_without_a_session_nothing_is_answered(
    db: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--db", str(db)])
    at = AppTest.from_function(forged, default_timeout=30)
    at.session_state[signed.TOKEN] = f"{tokens[JobRole.SUPERVISOR]}x"
    at.session_state["wanted"] = (OWN.call_id, "0" * 64)
    at.run()
    found = at.session_state["found"]
    assert set(found.values()) == {None}


# ── sound ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def client() -> Callable[..., TestClient]:
    def made(token: str | None = None, host: str = "127.0.0.1") -> TestClient:
        cookies = {} if token is None else {options.cookie_name(): token}
        app = Starlette(routes=serving.routes())
        url = f"http://{host}"
        return TestClient(app, base_url=url, cookies=cookies, client=("127.0.0.1", 50000))

    return made


@pytest.mark.parametrize("known", STORED, ids=lambda known: known.call_id)
@pytest.mark.parametrize("role", ASSIGNABLE)
def test_a_recording_is_heard_by_the_session_it_was_given_to_and_by_nobody_else(
    open_page: Open, db: Path, tokens: Tokens, client: Callable[..., TestClient],
    role: JobRole, known: Known,
) -> None:  # fmt: skip
    at = open_page(db, "call", token=tokens[role], id=known.call_id)
    sounds = at.get("audio")
    assert bool(sounds) == (known in VISIBLE[role])
    if not sounds:
        return
    path = sounds[0].proto.url.removeprefix("http://127.0.0.1")
    own = client(tokens[role]).get(path)
    assert (own.status_code, own.content[:4]) == (200, b"RIFF")
    assert own.headers["cache-control"] == "private, no-store"
    part = client(tokens[role]).get(path, headers={"Range": "bytes=44-143"})
    assert (part.status_code, len(part.content)) == (206, 100)
    second = site.door_of(db).sessions.begin(str(role), "password")
    others = [token for other, token in tokens.items() if other is not role]
    for token in (*others, second, None, "", "x", tokens[role][:-1]):
        assert client(token).get(path).status_code == 404
    assert client().get(path, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    again = open_page(db, "call", token=tokens[role], id=known.call_id)
    assert again.get("audio")[0].proto.url == sounds[0].proto.url, "the player plays on"


@pytest.mark.parametrize("known", [None, OTHER], ids=["team", "other"])
@pytest.mark.parametrize("role", ASSIGNABLE)
def test_a_form_is_fetched_by_the_session_it_was_given_to_and_of_its_own_calls(
    open_page: Open, db: Path, tokens: Tokens, client: Callable[..., TestClient],
    role: JobRole, known: Known | None,
) -> None:  # fmt: skip
    query = {"agent": known.agent, "part": "form"} if known else {}
    at = open_page(db, "agents", token=tokens[role], month="2026-11", **query)
    links = [link.proto.url for link in at.get("link_button")]
    there = [one for one in VISIBLE[role] if known in (None, one) or role is JobRole.AGENT]
    may = Act.FORM in RIGHTS[role].acts and (known is not None or role is not JobRole.AGENT)
    assert bool(links) == (may and bool(there))
    if not links:
        return
    path = links[0].removeprefix("http://127.0.0.1")
    answer = client(tokens[role]).get(path)
    assert answer.headers["cache-control"] == "private, no-store"
    with ZipFile(BytesIO(answer.content)) as book:
        said = "".join(book.read(name).decode() for name in book.namelist())
    assert {one.call_id for one in STORED if one.call_id in said} == {o.call_id for o in there}
    others = [token for other, token in tokens.items() if other is not role]
    for token in (*others, None, "x", tokens[role][:-1]):
        assert client(token).get(path).status_code == 404


def test_a_form_holds_what_its_owner_may_see_when_it_is_fetched(
    open_page: Open, client: Callable[..., TestClient], tmp_path: Path
) -> None:
    db = site.make(tmp_path)
    token = site.people(db)[JobRole.SUPERVISOR]
    at = open_page(db, "agents", token=token, month="2026-11", agent=OTHER.agent, part="form")
    (link,) = at.get("link_button")
    path = link.proto.url.removeprefix("http://127.0.0.1")
    assert client(token).get(path).status_code == 200
    site.door_of(db).accounts.give("supervisor", site.POSTS[JobRole.AGENT])
    assert client(token).get(path).status_code == 404


def test_a_recording_ends_with_its_session_and_its_account(
    open_page: Open, client: Callable[..., TestClient], tmp_path: Path
) -> None:
    db = site.make(tmp_path)
    tokens = site.people(db)
    for role, end in (
        (JobRole.INSPECTOR, lambda: site.door_of(db).sign_out(tokens[JobRole.INSPECTOR])),
        (JobRole.TRAINER, lambda: site.door_of(db).accounts.disable("trainer")),
        (
            JobRole.LEADER,
            lambda: site.door_of(db).accounts.give("leader", site.POSTS[JobRole.AGENT]),
        ),
    ):
        at = open_page(db, "call", token=tokens[role], id=OWN.call_id)
        path = at.get("audio")[0].proto.url.removeprefix("http://127.0.0.1")
        assert client(tokens[role]).get(path).status_code == 200
        end()
        assert client(tokens[role]).get(path).status_code == 404
        assert TEXTS["sign_in_name"][0] in seen(at.run())


def test_without_accounts_only_this_machine_hears(
    open_page: Open, client: Callable[..., TestClient], tmp_path: Path
) -> None:
    db = site.make(tmp_path)
    at = open_page(db, "call", id=OWN.call_id)
    path = at.get("audio")[0].proto.url.removeprefix("http://127.0.0.1")
    assert client().get(path).status_code == 200
    assert client(host="evil.example").get(path).status_code == 404
    assert client().get(path, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    site.people(db)
    assert client().get(path).status_code == 404, "as soon as there are accounts"


def test_a_copy_that_went_is_made_again(
    open_page: Open, db: Path, tokens: Tokens, client: Callable[..., TestClient]
) -> None:
    from dashboards import hearing

    token = tokens[JobRole.INSPECTOR]
    at = open_page(db, "call", token=token, id=OWN.call_id)
    path = at.get("audio")[0].proto.url.removeprefix("http://127.0.0.1")
    before = client(token).get(path).content
    sounds = hearing._sounds()
    while sounds._files:
        sounds._files.popitem()[1][0].unlink()
    assert client(token).get(path).content == before


def test_the_pages_of_the_menu_are_those_of_the_table() -> None:
    assert [spec.key for spec in PAGES] == [str(page) for page in Page]
    assert SINGLE.pages == tuple(Page)
