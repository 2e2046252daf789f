"""`callqa search`, run as people run it; and that a run makes the index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import night
from pipeline.cli import app
from pipeline.errors import CallqaError
from pipeline.settings import Settings
from pipeline.store import Snapshot
from tests.conftest import ROOT
from tests.search.site import a_call, ask, make


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(
        tmp_path_factory.mktemp("cli"),
        a_call("one", "您好，这款产品保本。", "真的保本吗？"),
        a_call("two", "您好，请问您的公号。", day=1),
    )


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["search", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_table_of_sentences(db: Path) -> None:
    said = run("保本", "--db", db)
    assert "真的保本吗？" in said
    assert "c-one" in said
    assert "2026-11-20 12:00" in said
    assert "没有找到" in run("芒果", "--db", db)


def test_json_and_filters(db: Path) -> None:
    answer = json.loads(run("保本", "--role", "customer", "--db", db, "--json"))
    (hit,) = answer["hits"]
    assert (answer["count"], hit["call_id"], hit["segment"]) == (1, "c-one", 1)
    assert hit["text"][slice(*hit["spans"][0])] == "保本"
    assert json.loads(run("保本", "--since", "2026-11-21", "--db", db, "--json"))["count"] == 0
    assert json.loads(run("工号", "--sound", "--db", db, "--json"))["count"] == 1
    limited = json.loads(run("您好", "--limit", "1", "--db", db, "--json"))
    assert (limited["count"], len(limited["hits"])) == (2, 1)


def test_rebuild(db: Path) -> None:
    assert json.loads(run("rebuild", "--db", db, "--json")) == {"days": 2}
    assert "2" in run("rebuild", "--db", db)


def test_wrong_use_says_what_to_do(db: Path) -> None:
    for wrong in (["，"], ["保本", "--role", "x"]):
        with pytest.raises(CallqaError):
            run(*wrong, "--db", db)


def test_what_a_run_loads_can_be_searched(tmp_path: Path) -> None:
    chats, db = tmp_path / "chats", tmp_path / "calls.duckdb"
    chats.mkdir()
    (chats / "chat.json").write_bytes((ROOT / "sample_audio" / "chat_card_fee.json").read_bytes())
    from pipeline import nightly
    from pipeline.account import Account
    from pipeline.store import Store

    settings = Settings()
    with Store.open(db) as store:
        line = night.line_of(settings, store)
        plan = nightly.make_plan(nightly.look([chats], settings, store), line, store)
        for batch in plan.batches:
            nightly.process_batch(batch, line, lambda done: None)
        night.close(store, Account(plan), [chats], line)
    with Snapshot.open(db) as snapshot:
        assert ask(snapshot, "年费").count > 0
