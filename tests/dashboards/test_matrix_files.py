"""Recordings and forms go to the session that they were given to, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboards import options, serving
from dashboards.texts import TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole
from tests.access import site
from tests.access.site import OTHER, OWN, STORED, VISIBLE, Known
from tests.dashboards import matrix
from tests.dashboards.conftest import Open, seen
from tests.dashboards.matrix import Tokens


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matrix.make(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


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


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_a_months_report_is_for_whoever_may_and_of_their_own_calls(
    open_page: Open, db: Path, tokens: Tokens, client: Callable[..., TestClient], role: JobRole
) -> None:
    at = open_page(db, "agents", token=tokens[role], month="2026-11", view="month")
    links = [link.proto.url.removeprefix("http://127.0.0.1") for link in at.get("link_button")]
    may = Act.MONTH in RIGHTS[role].acts
    assert (len(links) == 3) == may
    if not may:
        return
    answer = client(tokens[role]).get(links[1])
    with ZipFile(BytesIO(answer.content)) as book:
        said = "".join(book.read(name).decode() for name in book.namelist())
    agents = {one.agent for one in VISIBLE[role]}
    assert {one.agent for one in STORED if f">{one.agent}<" in said} == agents
    others = [token for other, token in tokens.items() if other is not role]
    for token in (*others, None):
        assert client(token).get(links[1]).status_code == 404


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
