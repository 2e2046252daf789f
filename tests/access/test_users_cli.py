"""`callqa users`: accounts made at the terminal, each act on the audit trail, no password given."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.access import ASSIGNABLE, Door, JobRole
from pipeline.audit import operating_user
from pipeline.cli import app
from pipeline.errors import BadInput, BadSettings
from pipeline.settings import Settings
from tests.access import site
from tests.hearing_site import actions, entries

FIRST = re.compile(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return site.make(tmp_path)


def run(db: Path, *given: str, lang: str = "zh") -> str:
    env = {"CALLQA_LANGUAGE": lang}
    done = CliRunner().invoke(app, ["users", *given, "--db", str(db)], env=env)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_account_is_added_used_and_written_down(db: Path, lang: str) -> None:
    said = run(db, "add", "Lin", "--role", "agent", "--agent-id", "A1", lang=lang)
    (first,) = FIRST.findall(said)
    assert ("首次密码" in said) == (lang == "zh")
    token = Door(Settings(), db).sign_in("lin", first)
    assert isinstance(token, str)
    added, _ = entries(db)
    assert (added.action, added.subject, added.role) == ("user_added", "lin", "agent")
    assert added.who == operating_user()
    assert added.details["agent_id"] == "A1"
    assert first not in str([entry.model_dump() for entry in entries(db)])


def test_everything_that_is_done_to_an_account(db: Path) -> None:
    door = Door(Settings(), db)
    run(db, "add", "lin", "--role", "inspector")
    run(db, "role", "lin", "--role", "leader", "--team", "一组")
    assert door.accounts.get("lin").post.team == "一组"
    run(db, "disable", "lin")
    assert door.accounts.get("lin").state == "disabled"
    run(db, "enable", "lin")
    for _ in range(6):
        door.sign_in("lin", "wrong")
    run(db, "unlock", "lin")
    assert str(getattr(door.sign_in("lin", "wrong"), "why", "")) == "wrong"
    (first,) = FIRST.findall(run(db, "reset-password", "lin"))
    assert isinstance(door.sign_in("lin", first), str)
    done = [action for action in actions(db) if action.startswith("user_")]
    names = ("added", "role", "disabled", "enabled", "unlocked", "reset")
    assert done == [f"user_{name}" for name in names]
    listed = json.loads(run(db, "list", "--json"))
    assert [(one["name"], one["role"], one["state"]) for one in listed] == [
        ("lin", "leader", "first")
    ]
    assert "lin" in run(db, "list")


def test_an_empty_list_says_how_to_begin(db: Path) -> None:
    assert "callqa users add" in run(db, "list")
    assert "callqa users add" in run(db, "list", lang="en")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["add", "lin", "--role", "king"], "unknown role 'king'"),
        (["add", "lin", "--role", "single"], "unknown role 'single'"),
        (["add", "lin", "--role", "agent"], "--agent-id"),
        (["add", "lin", "--role", "leader"], "--team"),
        (["add", "lin", "--role", "inspector", "--team", "一组"], "--team"),
        (["add", "l n", "--role", "inspector"], "cannot be the name"),
        (["disable", "lin"], "there is no account 'lin'"),
        (["reset-password", "lin"], "there is no account 'lin'"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    db: Path, given: list[str], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        run(db, *given)
    assert entries(db) == []


def test_an_account_twice_and_no_database_are_errors(db: Path, tmp_path: Path) -> None:
    run(db, "add", "lin", "--role", "inspector")
    with pytest.raises(BadInput, match="already"):
        run(db, "add", "LIN", "--role", "trainer")
    assert actions(db) == ["user_added"]
    with pytest.raises(BadInput, match="no such database"):
        run(tmp_path / "none.duckdb", "list")


def test_an_account_of_the_provider_has_no_password(db: Path) -> None:
    said = run(db, "add", "wang@bank.example", "--role", "trainer", "--oidc")
    assert not FIRST.search(said)
    with pytest.raises(BadInput, match="identity provider"):
        run(db, "reset-password", "wang@bank.example")


def test_no_option_takes_a_password() -> None:
    for command in ("add", "reset-password", "role"):
        said = CliRunner().invoke(app, ["users", command, "--help"], env={"COLUMNS": "200"}).output
        assert not re.search(r"--\S*pass", said)


def test_the_docs_show_the_table_of_the_code() -> None:
    from pipeline.access import table
    from tests.conftest import ROOT

    docs = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    head, *lines = table()
    assert [line[0] for line in lines] == [str(role) for role in ASSIGNABLE]
    assert JobRole.SINGLE not in [line[0] for line in lines]
    for line in (head, *lines):
        assert f"| {' | '.join(line)} |" in docs


def test_a_signed_trail_needs_the_key_here_too(db: Path, tmp_path: Path) -> None:
    from pipeline import authority
    from pipeline.audit import Trail
    from pipeline.settings import RawSettings
    from tests.vault.keys import a_key_file

    settings = Settings(raw=RawSettings(key_file=a_key_file(tmp_path / "raw.keys")))
    keys = authority.keys_of(settings)
    assert keys is not None
    Trail.beside(db, authority.signing_of(keys)).append("hear", subject="c-1")
    with pytest.raises(BadSettings, match="signed"):
        run(db, "add", "lin", "--role", "inspector")
    assert not Door(Settings(), db).accounts.any()
