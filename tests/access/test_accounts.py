"""Accounts, passwords, sessions and locks, in the real file."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.access import Account, Accounts, JobRole, Post, passwords, tries
from pipeline.access import accounts as accounts_module
from pipeline.access.accessfile import connected, rows
from pipeline.access.sessions import Sessions
from pipeline.errors import BadInput, NotAllowed, TryAgain
from tests.processes import several

INSPECTOR = Post(JobRole.INSPECTOR)
GOOD = "正确 马 电池 订书钉"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts.of(tmp_path / "calls.duckdb")


@pytest.fixture
def sessions(accounts: Accounts) -> Sessions:
    return Sessions(accounts.path, idle=1800, longest=43200)


# ── passwords ────────────────────────────────────────────────────────────────────────────────────


COST = passwords.MEMORY_KIB  # before the tests make it cheap


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "MEMORY_KIB", COST)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.mark.usefixtures("full_cost")
def test_a_hash_is_argon2id_salted_and_checked() -> None:
    one, two = passwords.hash_of(GOOD), passwords.hash_of(GOOD)
    assert one != two
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.fits(GOOD, one)
    assert not passwords.fits(f"{GOOD} ", one)
    assert not passwords.fits("", None)


def test_the_same_letters_typed_otherwise_are_the_same_password() -> None:
    assert passwords.fits("Ａbc１２３４５６７８", passwords.hash_of("Abc12345678"))


@pytest.mark.usefixtures("full_cost")
def test_nobody_takes_as_long_as_somebody() -> None:
    known = passwords.hash_of(GOOD)
    passwords.fits("x", None)  # the hash of nobody is made once

    def fastest(known: str | None) -> float:
        times = []
        for _ in range(4):
            start = time.perf_counter()
            passwords.fits("x", known)
            times.append(time.perf_counter() - start)
        return min(times)

    assert fastest(None) == pytest.approx(fastest(known), rel=0.6)


@pytest.mark.parametrize("weak", ["short", "x" * 300, "aaaaaaaaaaaaaa", "my name is lin ok"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(BadInput):
        passwords.check(weak, "lin")


def test_first_passwords_are_long_and_never_the_same() -> None:
    made = {passwords.first_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one.replace("-", "")) == 16 for one in made)


# ── accounts ─────────────────────────────────────────────────────────────────────────────────────


def test_an_account_is_added_with_a_password_to_be_changed(accounts: Accounts) -> None:
    assert not accounts.any()
    first = accounts.add("Lin", INSPECTOR)
    assert first is not None
    account = accounts.get("LIN")
    assert (account.name, account.post, account.state) == ("lin", INSPECTOR, "first")
    assert passwords.fits(first, accounts.hash_of("lin"))
    accounts.set_password("lin", GOOD)
    assert accounts.get("lin").state == "active"
    with pytest.raises(BadInput, match="the password that you have"):
        accounts.set_password("lin", GOOD)


def test_the_file_is_for_its_owner_alone_and_holds_no_password(accounts: Accounts) -> None:
    first = accounts.add("lin", INSPECTOR)
    accounts.set_password("lin", GOOD)
    for file in accounts.path.parent.glob("access.sqlite*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        content = file.read_bytes()
        assert GOOD.encode() not in content
        assert str(first).encode() not in content


@pytest.mark.parametrize("name", ["", "x", "a b", "a/b", "<b>", "x" * 65, "a\n", "名" * 70])
def test_what_cannot_be_a_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name"):
        accounts.add(name, INSPECTOR)


@pytest.mark.parametrize(
    "post",
    [
        Post(JobRole.SINGLE),
        Post(JobRole.AGENT),
        Post(JobRole.LEADER),
        Post(JobRole.LEADER, agent_id="A1"),
        Post(JobRole.INSPECTOR, agent_id="A1"),
        Post(JobRole.AGENT, "A1", "一组"),
        Post(JobRole.AGENT, ""),
    ],
)
def test_a_role_has_what_it_needs_and_nothing_else(accounts: Accounts, post: Post) -> None:
    with pytest.raises(BadInput):
        accounts.add("lin", post)
    assert not accounts.any()


def test_a_name_is_given_once(accounts: Accounts) -> None:
    accounts.add("lin", INSPECTOR)
    with pytest.raises(BadInput, match="already"):
        accounts.add("ＬＩＮ", INSPECTOR)


def test_an_old_first_password_is_good_no_more(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "FIRST_VALID", timedelta(seconds=-1))
    accounts.add("lin", INSPECTOR)
    assert accounts.get("lin").state == "expired"


def test_unknown_accounts_and_foreign_files_are_named(accounts: Accounts) -> None:
    with pytest.raises(BadInput, match="callqa users list"):
        accounts.get("lin")
    accounts.path.parent.mkdir(parents=True)
    accounts.path.write_bytes(b"no database at all, but long enough to look at" * 40)
    with pytest.raises(BadInput, match=r"access\.sqlite"):
        accounts.add("lin", INSPECTOR)


def test_a_file_of_a_newer_callqa_is_left_alone(accounts: Accounts) -> None:
    accounts.add("lin", INSPECTOR)
    with sqlite3.connect(accounts.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(BadInput, match="newer"):
        accounts.list()


def _add(path: Path, start: int) -> None:
    for n in range(start, start + 3):
        Accounts(path).add(f"user{n}", INSPECTOR)


def test_several_processes_add_at_once(accounts: Accounts) -> None:
    context = several("pipeline.access")
    workers = [context.Process(target=_add, args=(accounts.path, n * 3)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(accounts.list()) == 9


def test_what_failed_half_way_did_not_happen(accounts: Accounts) -> None:
    accounts.add("lin", INSPECTOR)
    with pytest.raises(TryAgain, match="no such table: absent"), connected(accounts.path) as db:  # noqa: PT012
        db.execute("DELETE FROM accounts")
        db.execute("DELETE FROM absent")
    assert accounts.any()


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────


def _signed(accounts: Accounts, sessions: Sessions) -> str:
    accounts.add("lin", INSPECTOR)
    accounts.set_password("lin", GOOD)
    return sessions.begin("lin", "password")


def test_a_session_is_its_owners_until_it_ends(accounts: Accounts, sessions: Sessions) -> None:
    token = _signed(accounts, sessions)
    person = sessions.person(token)
    assert person is not None
    assert (person.name, person.role, person.must_change) == ("lin", JobRole.INSPECTOR, False)
    assert sessions.person(f"{token}x") is None
    assert token not in str([tuple(row) for row in rows(accounts.path, "SELECT * FROM sessions")])
    sessions.end(token)
    assert sessions.person(token) is None


@pytest.mark.parametrize(("name", "value"), [("idle", 0.05), ("longest", 0.05)])
def test_idle_and_long_sessions_end(
    accounts: Accounts, sessions: Sessions, name: str, value: float
) -> None:
    token = _signed(accounts, sessions)
    short = Sessions(accounts.path, **{"idle": 1800, "longest": 43200, name: value})
    time.sleep(0.06)
    assert short.person(token, active=True) is None
    assert sessions.person(token) is not None, "only for the shorter limit"


def test_whoever_does_something_is_not_idle(accounts: Accounts, sessions: Sessions) -> None:
    token = _signed(accounts, sessions)
    short = Sessions(accounts.path, idle=0.4, longest=43200)
    for _ in range(4):
        time.sleep(0.2)
        assert short.person(token, active=True) is not None
    time.sleep(0.2)
    assert short.person(token) is not None, "looking on is not doing"
    time.sleep(0.3)
    assert short.person(token) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.disable("lin"),
        lambda a: a.give("lin", Post(JobRole.AGENT, "A1")),
        lambda a: a.reset("lin"),
        lambda a: a.set_password("lin", f"{GOOD} neu"),
    ],
    ids=["disabled", "role", "reset", "password"],
)
def test_a_changed_account_ends_its_sessions(
    accounts: Accounts, sessions: Sessions, change: object
) -> None:
    token = _signed(accounts, sessions)
    assert callable(change)
    change(accounts)
    assert sessions.person(token) is None
    accounts.enable("lin")
    assert sessions.person(token) is None, "the session stays ended"


def test_a_disabled_account_begins_no_session(accounts: Accounts, sessions: Sessions) -> None:
    _signed(accounts, sessions)
    accounts.disable("lin")
    with pytest.raises(NotAllowed):
        sessions.begin("lin", "password")


# ── locks ────────────────────────────────────────────────────────────────────────────────────────


def test_after_five_failures_a_name_is_locked_longer_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, now = tmp_path / "access.sqlite", [1_000_000.0]
    monkeypatch.setattr(tries.time, "time", lambda: now[0])
    for n in range(1, 5):
        assert tries.begin(path, "lin") == tries.Try(failures=n)
    assert tries.begin(path, "lin").locks
    waits = []
    for _ in range(8):
        until = tries.begin(path, "lin").locked_until
        waits.append(until - now[0])
        assert tries.begin(path, "lin").locked_until == until, "a try in between changes nothing"
        now[0] = until + 1
        assert tries.begin(path, "lin").locks
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert tries.begin(path, "other").failures == 1
    tries.forget(path, "lin")
    assert tries.begin(path, "lin") == tries.Try(failures=1)


def test_old_failures_are_forgotten_and_names_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, now = tmp_path / "access.sqlite", [1_000_000.0]
    monkeypatch.setattr(tries.time, "time", lambda: now[0])
    for _ in range(3):
        tries.begin(path, "mein-passwort")
    assert b"mein-passwort" not in path.read_bytes()
    now[0] += tries.FORGOTTEN + 1
    assert tries.begin(path, "mein-passwort").failures == 1


def test_a_file_that_cannot_be_written_is_an_error_with_its_name(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add("lin", INSPECTOR)
    monkeypatch.setattr("pipeline.access.accessfile.BUSY_SECONDS", 0.05)
    with connected(accounts.path), pytest.raises(TryAgain, match="busy"):
        accounts.disable("lin")


def test_states_are_those_of_the_moment() -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    made = Account("x", INSPECTOR, "password", soon, None, None)
    assert made.state == "active"
