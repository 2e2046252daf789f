"""Every role on every page, with every call in the address: what is seen, heard and done.

The expectations are in `tests/access/site.py` (which calls a role sees) and in the table of rights;
docs/access.md shows that table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

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
from pipeline.domain import CaseKind, CaseText, SampleWish
from pipeline.sampling import make_plan
from pipeline.store import Cases, People, Snapshot
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
        text = CaseText(CaseKind.BAD, "念出卡号", "不得复述", "只核对后四位")
        for known in STORED:
            passage = passage_of(whole.call(known.call_id), 1, 1, Subject(control_point="2.1"))
            Cases(whole.people).add("张敏", passage, text)
    return db


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def marks_in(at: AppTest, known: Known) -> list[str]:
    page = seen(at)
    return [mark for mark in (*known.marks, *known.private) if mark in page]


def queries(page: Page) -> list[dict[str, str]]:
    """Addresses that ask for more than they may: ids, agents, teams, rules, words, sorts."""
    if page is Page.CALL:
        return [{"id": known.call_id} for known in EVERY]
    if page is Page.QUEUE:
        every = [{"scope": "all", "size": "200"}, {"scope": "all", "text": "树", "sort": "oldest"}]
        for known in (PEER, OTHER):
            every += [{"scope": "all", "agent": known.agent}, {"scope": "all", "team": known.team}]
        return [*every, {"pack": "bank", "control_point": "2.1", "severity": "major"}]
    if page is Page.SEARCH:
        others = [{"q": "樱桃树", "agent": OTHER.agent}, {"q": "音桃数", "sound": "1"}]
        return [{"q": "树"}, *others, {"q": "您好 -苹果", "team": OTHER.team}]
    if page is Page.SAMPLING:
        return [{"month": "2026-11"}]
    if page is Page.CASES:
        return [{}, *({"case": str(number)} for number, _ in enumerate(STORED, 1))]
    return [{}, {"id": OTHER.call_id, "agent": OTHER.agent}]


CASES = [(page, query) for page in Page for query in queries(page)]


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
    if not opened:
        return
    if page is Page.CALL:
        there = [known for known in VISIBLE[role] if known.call_id == query["id"]]
        assert bool(at.get("audio")) == bool(there)
        assert all(known.marks[1] in seen(at) for known in there)
    if page is Page.QUEUE and query == {"scope": "all", "size": "200"}:
        shown = {row["cells"]["call"] for row in component(at, "queue")["rows"]}
        assert shown == {known.call_id for known in VISIBLE[role]}
    if page is Page.SEARCH and query == {"q": "树"}:
        assert {row["cells"]["call"] for row in component(at, "search")["rows"]} == {
            known.call_id for known in VISIBLE[role]
        }
        count = TEXTS["search_count"][0].format(
            n=len(VISIBLE[role]), first=1, last=len(VISIBLE[role])
        )
        assert count in seen(at), "nobody else's are counted"
    if page is Page.CASES and query:
        known = STORED[int(query["case"]) - 1]
        assert (known.call_id in seen(at)) == bool(at.get("audio")) == (known in VISIBLE[role])
    if page is Page.SAMPLING:
        assert len(component(at, "sample_calls")["rows"]) == len(VISIBLE[role])


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
    from datetime import date

    import streamlit as st

    from dashboards import data, library, misheard
    from pipeline.domain import CaseKind, CaseText, Passage, QuotedTurn, Role, SampleWish
    from pipeline.errors import BadInput, CallqaError, NotAllowed
    from pipeline.search import Answer
    from pipeline.store import Cases, Decision, Filters, ReviewDraft

    def searched(answer: Answer) -> list[str]:
        return [str(answer.count), *(hit.sentence.call_id for hit in answer.hits)]

    month = date(2026, 11, 1), date(2026, 11, 30)
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
        "samples": lambda: len(data.sample_board(*month).plans),
        "draw": lambda: data.draw_sample("somebody else", SampleWish(*days, "seed", 3, 60)).id,
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
            found[name] = "no calls" if "are stored" in str(error) else None
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
    at = AppTest.from_function(forged)
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
    assert found["history"] == (reviews if there else 0)
    assert found["users"] == (len(ASSIGNABLE) if Act.USERS in acts else None)
    assert (found["audit"] is not None) == (Act.AUDIT in acts)
    assert found["samples"] == (1 if Act.SAMPLES in acts else None)
    assert found["draw"] == ("no calls" if Act.DRAW in acts else None)
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
    at = AppTest.from_function(forged)
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
