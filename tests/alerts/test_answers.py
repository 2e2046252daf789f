"""Quiet hours, answers and repetitions, what is forgotten, a run that alerts, and the commands."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from pipeline.alert_settings import Channel
from pipeline.alerts import Outbox, Watching, look, state_of
from pipeline.cli import app
from pipeline.errors import BadInput
from pipeline.settings import Settings
from pipeline.store import Acknowledgements, Decision, People, Snapshot
from tests.alerts.house import (
    a_look,
    a_round,
    decided,
    due_now,
    settings_of,
    stored,
    threat,
    vetoed,
)
from tests.alerts.receivers import Receiver, Reply, free_port
from tests.store.reports import a_hash


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return stored(tmp_path / "calls.duckdb", vetoed(), threat())


def hours(settings: Settings, first: int, last: int) -> str:
    """Local hours around now, such as from an hour ago to in an hour."""
    now = datetime.now(settings.zone)
    return "-".join(f"{now + timedelta(hours=n):%H:%M}" for n in (first, last))


def test_in_quiet_hours_only_what_is_urgent_goes_the_rest_after(db: Path) -> None:
    with Receiver() as receiver:
        channel = {"name": "ops", "url": receiver.url, "urgent": ["veto"]}
        quiet = settings_of({**channel, "quiet": hours(settings_of(), -1, 1)})
        assert a_round(db, quiet).sent == 1
        assert a_round(db, quiet).sent == 0
        day = settings_of({**channel, "quiet": hours(settings_of(), 1, 2)})
        due_now(db)
        assert a_round(db, day).sent == 1
    assert [got.json["events"] for got in receiver.got] == [{"veto": 1}, {"complaint": 1}]


@pytest.mark.parametrize(
    ("at", "quiet"), [("21:59", False), ("22:00", True), ("03:00", True), ("08:00", False)]
)
def test_quiet_hours_go_over_midnight(at: str, quiet: bool) -> None:
    channel = Channel(name="x", kind="webhook", url="http://h/", quiet="22:00-08:00")
    assert channel.is_quiet(datetime.fromisoformat(f"2026-11-20T{at}")) is quiet


def asked_again(url: str, boss: str, **more: Any) -> Settings:
    first = {"name": "ops", "url": url, "events": ["veto"], "repeat_minutes": 30,
             "escalate_to": "boss", **more}  # fmt: skip
    return settings_of(first, {"name": "boss", "url": boss, "events": []})


def test_what_nobody_answers_is_told_to_the_next_one_up(db: Path) -> None:
    with Receiver() as ops, Receiver() as boss:
        settings = asked_again(ops.url, boss.url, repeats=2)
        a_round(db, settings)
        a_round(db, settings)
        assert (len(ops.got), len(boss.got)) == (1, 0), "not yet"
        due_now(db)  # more than an hour later
        a_round(db, settings)
        a_round(db, settings)
    (again,) = boss.got
    assert [one["state"] for one in again.json["alerts"]] == ["again", "again"]
    assert "尚无人确认" in again.json["text"]
    assert len(ops.got) == 1


@pytest.mark.parametrize("how", ["acknowledged", "decided"])
def test_an_answer_ends_it(db: Path, how: str) -> None:
    with Receiver() as ops, Receiver() as boss:
        settings = asked_again(ops.url, boss.url)
        a_round(db, settings)
        (alert,) = [one for one in Outbox.of(db).alerts() if one.kind == "veto"]
        if how == "acknowledged":
            Acknowledgements(People.open(db)).add(
                "王主管", alert.id, alert.content_sha256, "已处理"
            )
        else:
            decided(db, "veto", "no_promise", Decision.CONFIRM)
        due_now(db)
        a_round(db, settings)
        assert boss.got == []
    with Snapshot.open(db) as snapshot:
        assert [one.alert.kind for one in state_of(snapshot) if one.open] == ["complaint"]


def test_an_erased_call_leaves_the_outbox_and_nothing_of_it_is_in_the_file(db: Path) -> None:
    settings = settings_of({"name": "ops", "url": f"http://127.0.0.1:{free_port()}/"})
    a_round(db, settings)
    outbox = Outbox.of(db)
    file = outbox.path
    assert a_hash("veto").encode() in b"".join(p.read_bytes() for p in file.parent.glob("alerts*"))
    assert outbox.forget([a_hash("veto")]) == 1
    kept = b"".join(p.read_bytes() for p in file.parent.glob("alerts*"))
    assert a_hash("veto").encode() not in kept
    assert "保本".encode() not in kept, "no words at any time"
    with Receiver() as receiver:
        due_now(db)
        a_round(db, settings_of({"name": "ops", "url": receiver.url}), looking=False)
        assert [got.json["events"] for got in receiver.got] == [{"complaint": 1}]


def test_a_look_at_what_is_no_longer_the_newest_notes_nothing(db: Path) -> None:
    with Snapshot.open(db) as old:
        stored(db, threat("later"))
        assert look(old, settings_of().alerts, datetime.now(UTC)) == 0
    assert a_look(db, settings_of()) == 3


def test_a_run_alerts_while_it_works_and_never_waits_for_a_dead_receiver(tmp_path: Path) -> None:
    db = tmp_path / "calls.duckdb"
    with Receiver() as receiver:
        dead = {"name": "dead", "url": f"http://127.0.0.1:{free_port()}/"}
        settings = settings_of(dead, {"name": "ops", "url": receiver.url})
        with Watching(settings, db) as watching:
            stored(db, vetoed())
            began = time.monotonic()
            watching.published()
            assert time.monotonic() - began < 0.1
            while not receiver.got and time.monotonic() - began < 20:
                time.sleep(0.02)
            assert receiver.got, "before the run is over"
            stored(db, threat())
    assert sum(got.json["count"] for got in receiver.got) == 2, "the end of the run too"


def test_our_own_bug_in_alerts_is_logged_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    db = stored(tmp_path / "c.duckdb", vetoed())
    monkeypatch.setattr("pipeline.alerts.watching.look", lambda *_: 1 / 0)
    with Watching(settings_of(), db) as watching:
        watching.published()
    assert "our bug in alerts" in caplog.text


def callqa(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["alerts", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_the_commands_list_send_acknowledge_and_resend(db: Path, tmp_path: Path) -> None:
    with Receiver(Reply(404), Reply()) as receiver:
        channel = {"name": "ops", "kind": "webhook", "url": receiver.url, "group_minutes": 0}
        file = tmp_path / "callqa.yaml"
        file.write_text(yaml.safe_dump({"alerts": {"channels": [channel]}}))
        where = ("--db", str(db), "--config", str(file))
        code, said = callqa("send", *where)
        assert (code, "callqa alerts resend" in said) == (3, True)
        code, said = callqa("list", *where, "--json")
        listed = json.loads(said)
        assert {one["call_id"] for one in listed["alerts"]} == {"c-veto", "c-threat"}
        assert [one["reason"] for one in listed["failed"]] == ["HTTP 404"]
        assert callqa("resend", *where)[0] == 0
        code, said = callqa("send", *where, "--json")
        assert (code, json.loads(said)["sent"]) == (0, 1)
        code, said = callqa("test", "ops", "--config", str(file))
        assert (code, receiver.got[-1].json["test"]) == (0, True)
        assert "测试消息" in receiver.got[-1].json["text"]
    (veto,) = [one["id"] for one in listed["alerts"] if one["kind"] == "veto"]
    assert callqa("ack", veto, *where, "--comment", "已通知班长")[0] == 0
    assert "c-veto" not in callqa("list", *where)[1]
    shown = callqa("list", *where, "--all")[1]
    assert "c-veto" in shown
    assert "不得承诺保本" in shown
    assert "6222" not in shown


def test_wrong_names_are_told_with_those_that_are_known(db: Path) -> None:
    for arguments, says in (
        (("ack", "a-x", "--db", str(db)), "there is no alert a-x"),
        (("test", "ops"), "no channel is called 'ops'; there are: none"),
        (("resend", "m-x", "--db", str(db)), "no failed message is called m-x"),
    ):
        with pytest.raises(BadInput, match=says):
            callqa(*arguments)


def test_a_thousand_alerts_are_found_once_and_quickly(tmp_path: Path) -> None:
    db = stored(tmp_path / "c.duckdb", *(vetoed(f"v{n}") for n in range(300)))
    settings = settings_of()
    assert a_look(db, settings) == 300
    began = time.monotonic()
    assert a_look(db, settings) == 0
    assert time.monotonic() - began < 5
    assert len(Outbox.of(db).alerts()) == 300
    assert Outbox.of(db).prune(datetime.now(UTC) + timedelta(days=1)) is None
    assert Outbox.of(db).alerts() == []
