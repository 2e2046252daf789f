"""Signing in: refused alike for whatever is wrong, locked after failures, always on the trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import authority
from pipeline.access import Door, JobRole, Post, Refused, Why
from pipeline.access import accounts as accounts_module
from pipeline.audit import Trail, verify
from pipeline.errors import BadInput, NotAllowed, TryAgain
from pipeline.settings import AccessSettings, RawSettings, Settings
from tests.hearing_site import actions, entries, spoil
from tests.vault.keys import a_key_file

PASSWORD = "一句好记的话,很长很长"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "calls.duckdb"


@pytest.fixture
def door(db: Path) -> Door:
    door = Door(Settings(), db)
    door.accounts.add("lin", Post(JobRole.INSPECTOR))
    door.accounts.set_password("lin", PASSWORD)
    return door


def test_the_right_password_opens_a_session_and_is_written_down(door: Door, db: Path) -> None:
    token = door.sign_in(" LIN ", PASSWORD)
    assert isinstance(token, str)
    person = door.person(token)
    assert person is not None
    assert person.name == "lin"
    (entry,) = entries(db)
    assert (entry.action, entry.subject, entry.role) == ("sign_in", "lin", "inspector")
    door.sign_out(token)
    assert door.person(token) is None
    assert actions(db) == ["sign_in", "sign_out"]
    door.sign_out(token)
    assert actions(db) == ["sign_in", "sign_out"], "nobody signed out"


@pytest.mark.parametrize("name", ["lin", "nobody", "<x>", "x" * 500])
def test_every_wrong_try_is_answered_alike(door: Door, db: Path, name: str) -> None:
    for n in range(1, 6):
        assert door.sign_in(name, "wrong") == Refused(Why.WRONG), n
    locked = door.sign_in(name, PASSWORD)
    assert isinstance(locked, Refused)
    assert locked.why is Why.LOCKED
    assert locked.until is not None
    assert timedelta(0) < locked.until - datetime.now(UTC) <= timedelta(seconds=60)
    assert actions(db) == ["sign_in_failed"] * 4 + ["sign_in_locked"]
    subject = "lin" if name == "lin" else None
    assert {entry.subject for entry in entries(db)} == {subject}
    assert name == "lin" or name not in Trail.beside(db).path.read_text(encoding="utf-8")


def test_failures_are_forgotten_after_the_right_password(door: Door) -> None:
    for _ in range(3):
        for _ in range(4):
            door.sign_in("lin", "wrong")
        assert isinstance(door.sign_in("lin", PASSWORD), str)


def test_a_disabled_account_is_refused_like_a_wrong_password(door: Door) -> None:
    door.accounts.disable("lin")
    assert door.sign_in("lin", PASSWORD) == Refused(Why.WRONG)


def test_an_old_first_password_says_so_only_to_whoever_knows_it(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "FIRST_VALID", timedelta(seconds=-1))
    first = door.accounts.reset("lin")
    assert door.sign_in("lin", "wrong") == Refused(Why.WRONG)
    assert door.sign_in("lin", first) == Refused(Why.EXPIRED)


def test_a_first_password_opens_nothing_but_the_way_to_another(door: Door, db: Path) -> None:
    first = door.accounts.reset("lin")
    token = door.sign_in("lin", first)
    assert isinstance(token, str)
    person = door.person(token)
    assert person is not None
    assert (person.must_change, person.pages, person.scope.calls) == (True, (), False)
    for weak in ("short", first):
        with pytest.raises(BadInput):
            door.choose_password(token, first, weak)
    assert door.choose_password(token, "wrong", PASSWORD) == Refused(Why.WRONG)
    after = door.choose_password(token, first, PASSWORD)
    assert isinstance(after, str)
    assert door.person(token) is None, "other browsers sign in anew"
    changed = door.person(after)
    assert changed is not None
    assert not changed.must_change
    assert actions(db) == ["sign_in", "sign_in_failed", "password_changed"]
    with pytest.raises(NotAllowed):
        door.choose_password(token, PASSWORD, f"{PASSWORD} neu")


def test_guessing_the_old_password_locks_too(door: Door) -> None:
    token = door.sign_in("lin", PASSWORD)
    assert isinstance(token, str)
    for _ in range(5):
        door.choose_password(token, "wrong", "another password")
    locked = door.choose_password(token, PASSWORD, "another password")
    assert isinstance(locked, Refused)
    assert locked.why is Why.LOCKED


def test_without_the_trail_nobody_is_signed_in(door: Door, db: Path) -> None:
    mend = spoil(Trail.beside(db))
    with pytest.raises(TryAgain):
        door.sign_in("lin", PASSWORD)
    mend()
    assert isinstance(door.sign_in("lin", PASSWORD), str)


def test_a_dashboard_that_may_not_read_the_key_leaves_the_trail_whole(
    tmp_path: Path, db: Path, door: Door
) -> None:
    key = a_key_file(tmp_path / "raw.keys")
    settings = Settings(raw=RawSettings(key_file=key))
    keys = authority.keys_of(settings)
    assert keys is not None
    signing = authority.signing_of(keys)
    Trail.beside(db, signing).append("hear", subject="c-1")
    key.chmod(0o644)  # refused: others may read it
    blind = Door(settings, db)
    assert blind.sign_in("lin", "wrong") == Refused(Why.WRONG)
    token = blind.sign_in("lin", PASSWORD)
    assert isinstance(token, str)
    blind.sign_out(token)
    assert [entry.key is None for entry in entries(db)] == [False, True, True, True]
    assert verify(Trail.beside(db).read(), signing).problems == []
    Trail.beside(db).append("unmask", subject="c-1")
    assert [p.kind for p in verify(Trail.beside(db).read(), signing).problems] == ["unsigned"]


def test_signing_in_is_needed_as_soon_as_there_is_an_account(tmp_path: Path) -> None:
    empty = Door(Settings(), tmp_path / "calls.duckdb")
    assert not empty.needed
    assert Door(Settings(access=AccessSettings(sign_in="required")), empty.db).needed
    empty.accounts.add("lin", Post(JobRole.INSPECTOR))
    assert empty.needed
    empty.accounts.disable("lin")
    assert empty.needed, "disabling the last account opens nothing"


# ── by the identity provider ─────────────────────────────────────────────────────────────────────


def test_the_provider_opens_accounts_of_its_own_only(door: Door, db: Path) -> None:
    door.accounts.add("wang@bank.example", Post(JobRole.AGENT, "A1"), "oidc")
    token = door.sign_in_by_provider("Wang@bank.example")
    assert isinstance(token, str)
    person = door.person(token)
    assert person is not None
    assert (person.role, person.via, person.must_change) == (JobRole.AGENT, "oidc", False)
    for claim in ("nobody@bank.example", "lin", "<x>"):
        assert door.sign_in_by_provider(claim) == Refused(Why.NO_ACCOUNT)
    door.accounts.disable("wang@bank.example")
    assert door.sign_in_by_provider("wang@bank.example") == Refused(Why.NO_ACCOUNT)
    assert actions(db) == ["sign_in", *["sign_in_failed"] * 4]
    assert "nobody@" not in Trail.beside(db).path.read_text(encoding="utf-8")


def test_an_account_of_the_provider_has_no_password(door: Door) -> None:
    assert door.accounts.add("wang@bank.example", Post(JobRole.TRAINER), "oidc") is None
    assert door.sign_in("wang@bank.example", "") == Refused(Why.WRONG)
    with pytest.raises(BadInput, match="identity provider"):
        door.accounts.reset("wang@bank.example")
