"""What receivers get over a real connection, and what becomes of what they do not take."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.alerts import Outbox, channels_of
from pipeline.settings import Settings
from pipeline.store import Decision
from tests.alerts.house import (
    BASE,
    a_look,
    a_round,
    decided,
    due_now,
    settings_of,
    states,
    stored,
    threat,
    vetoed,
)
from tests.alerts.receivers import Receiver, Reply, free_port

SECRETS = ("13912345678", "6222", "坐席A1024", "A1024", "保本的")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A vetoed call."""
    return stored(tmp_path / "calls.duckdb", vetoed())


def test_a_finding_is_told_once_with_its_call_second_and_link_and_nothing_private(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_SECRET", "很秘密")
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url, "secret_env": "OUR_SECRET"})
        assert a_round(db, settings).sent == 1
        assert a_round(db, settings).sent == 0, "once"
    (got,) = receiver.got
    (alert,) = got.json["alerts"]
    assert alert["call_id"] == "c-veto"
    assert alert["link"] == f"{BASE}/call?id=c-veto&segment=4"
    assert (alert["start"], alert["title"], alert["team"]) == (83.4, "不得承诺保本", "一组")
    assert (alert["kind"], alert["state"], alert["control_point"]) == ("veto", "new", "2.1")
    assert "第 1:23" in got.json["text"]
    assert not [word for word in SECRETS if word in got.body.decode()]
    stamp = got.headers["X-Callqa-Timestamp"]
    signed = hmac.new("很秘密".encode(), f"{stamp}.".encode() + got.body, hashlib.sha256)
    assert got.headers["X-Callqa-Signature"] == f"sha256={signed.hexdigest()}"
    assert got.headers["X-Callqa-Message"] == got.json["message"]


def test_quote_and_agent_only_where_the_settings_say_so_and_never_outside(db: Path) -> None:
    with Receiver() as inside, Receiver() as outside:
        every = {"quote": True, "agents": True}
        settings = settings_of(
            {"name": "in", "url": inside.url, **every},
            {"name": "out", "url": outside.url, "outside": True, **every},
        )
        assert a_round(db, settings).sent == 2
    (alert,) = inside.got[0].json["alerts"]
    assert (alert["quote"], alert["agent_id"]) == ("肯定是保本的6222****1234", "A1024")
    text = outside.got[0].body.decode()
    assert not [word for word in (*SECRETS, "c-veto", "83.4", "1:23") if word in text]
    (alert,) = outside.got[0].json["alerts"]
    assert alert["link"] == f"{BASE}/alerts?alert={alert['id']}"
    assert alert["title"] == "不得承诺保本"


@pytest.mark.parametrize(
    ("reply", "reason", "after"),
    [
        (Reply(429, headers={"Retry-After": "900"}), "HTTP 429", 890),
        (Reply(503), "HTTP 503", 20),
        (Reply(500, headers={"Retry-After": "x"}), "HTTP 500", 20),
    ],
    ids=["429", "503", "500"],
)
def test_what_passes_is_tried_again_later_and_then_sent(
    db: Path, reply: Reply, reason: str, after: float
) -> None:
    with Receiver(reply, Reply()) as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url})
        assert a_round(db, settings).postponed == 1
        (message,) = Outbox.of(db).messages()
        assert (message.state, message.reason, message.tries) == ("waiting", reason, 1)
        assert message.due - datetime.now(UTC) > timedelta(seconds=after)
        assert a_round(db, settings).sent == 0, "not yet"
        due_now(db)
        assert a_round(db, settings).sent == 1
    first, second = receiver.got
    assert first.json["message"] == second.json["message"], "by this it is known as the same"
    assert first.json["ids"] == second.json["ids"]


def test_a_receiver_that_hangs_costs_its_time_once_and_holds_up_no_other(tmp_path: Path) -> None:
    db = stored(tmp_path / "c.duckdb", vetoed())
    with Receiver(Reply(hang=4.0)) as hanging, Receiver() as well:
        settings = settings_of({"name": "a", "url": hanging.url}, {"name": "b", "url": well.url},
                               timeout_seconds=0.5)  # fmt: skip
        a_look(db, settings)
        began = time.monotonic()
        done = a_round(db, settings, looking=False)
        assert time.monotonic() - began < 3
        assert (done.postponed, len(hanging.got)) == (1, 1)
    reasons = [message.reason for message in Outbox.of(db).messages() if message.channel == "a"]
    assert reasons == ["no answer in time"]


def test_a_moment_to_retry_after_is_understood(db: Path) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=20), usegmt=True)
    with Receiver(Reply(503, headers={"Retry-After": until})) as receiver:
        a_round(db, settings_of({"name": "ops", "url": receiver.url}))
    (message,) = Outbox.of(db).messages()
    assert message.due - datetime.now(UTC) > timedelta(minutes=19)


def test_nobody_there_is_tried_again_with_longer_pauses_then_given_up_told_and_resent(
    db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    settings = settings_of({"name": "ops", "url": f"http://127.0.0.1:{port}/x"}, tries=3)
    pauses = []
    for _ in range(2):
        a_round(db, settings)
        (message,) = Outbox.of(db).messages()
        pauses.append((message.due - datetime.now(UTC)).total_seconds())
        due_now(db)
    assert message.reason == "cannot be reached (ConnectError)"
    assert pauses[0] < 40 < pauses[1] < 80
    assert a_round(db, settings).failed == 1
    assert "is given up: cannot be reached" in caplog.text
    (state,) = channels_of(Outbox.of(db), settings.alerts)
    assert (state.failed, state.reason) == (1, message.reason)
    with Receiver() as receiver:
        mended = settings_of({"name": "ops", "url": receiver.url})
        assert a_round(db, mended).sent == 0, "only when somebody asks for it"
        (message,) = Outbox.of(db).messages()
        assert Outbox.of(db).resend([message.number], datetime.now(UTC)) == 1
        assert a_round(db, mended).sent == 1
    assert states(db) == ["sent"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), "redirected"),
        (Reply(404), "HTTP 404"),
    ],
)
def test_what_will_not_pass_is_given_up_at_once(db: Path, reply: Reply, reason: str) -> None:
    with Receiver(reply) as receiver:
        assert a_round(db, settings_of({"name": "ops", "url": receiver.url})).failed == 1
        assert len(receiver.got) == 1, "no redirection is followed"
    (message,) = Outbox.of(db).messages()
    assert reason in message.reason


def test_a_name_that_leads_outside_gets_nothing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.network.is_own", lambda address: False)
    with Receiver() as receiver:
        assert a_round(db, settings_of({"name": "ops", "url": receiver.url})).failed == 1
        assert receiver.got == []
    (message,) = Outbox.of(db).messages()
    assert message.reason == "its name leads to 127.0.0.1, outside your own network"


def test_many_hits_are_one_message_with_counts_and_the_first_few(tmp_path: Path) -> None:
    calls = [vetoed(f"v{n}") for n in range(7)]
    db = stored(tmp_path / "c.duckdb", *calls, threat())
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url, "shown": 3})
        assert a_round(db, settings).sent == 1
    (got,) = receiver.got
    assert got.json["events"] == {"veto": 7, "complaint": 1}
    assert (got.json["count"], len(got.json["ids"]), len(got.json["alerts"])) == (8, 8, 3)
    assert got.json["text"].startswith("【通话质检】一票否决 7 项、投诉风险 1 项")
    assert f"另有 5 项，见 {BASE}/alerts" in got.json["text"]


def test_what_comes_within_the_period_waits_and_is_one_message(tmp_path: Path) -> None:
    db = stored(tmp_path / "c.duckdb", vetoed("one"))
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url, "group_minutes": 5})
        assert a_round(db, settings).sent == 1
        stored(db, vetoed("two"))
        assert a_round(db, settings).sent == 0
        stored(db, vetoed("three"))
        due_now(db)
        assert a_round(db, settings).sent == 1
    assert [got.json["count"] for got in receiver.got] == [1, 2]


def test_a_channel_gets_no_more_than_so_many_a_minute(tmp_path: Path) -> None:
    db = stored(tmp_path / "c.duckdb", vetoed("one"))
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url, "per_minute": 2})
        for n in range(4):
            stored(db, vetoed(f"v{n}"))
            a_round(db, settings)
        assert len(receiver.got) == 2
        due_now(db)
        a_round(db, settings)
        assert sum(got.json["count"] for got in receiver.got) == 5, "no call is left out"


def test_a_killed_sender_loses_nothing_and_the_receiver_knows_the_double(db: Path) -> None:
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url})
        a_look(db, settings)
        outbox, (channel,) = Outbox.of(db), settings.alerts.channels
        outbox.gather(channel, channel.events, datetime.now(UTC))
        claimed = outbox.claim(channel, datetime.now(UTC))
        assert claimed is not None
        # killed here: whether it was sent, nobody knows
        assert a_round(db, settings).sent == 0, "another sender leaves it for two minutes"
        due_now(db)
        assert a_round(db, settings).sent == 1
        assert receiver.got[0].json["message"] == claimed.id


def test_a_call_scored_again_is_not_told_of_again(db: Path) -> None:
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url})
        a_round(db, settings)
        stored(db, vetoed(code_version="0.2"))
        assert a_round(db, settings).sent == 0
        assert len(receiver.got) == 1


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.NOT_APPLICABLE])
def test_what_a_person_rejected_is_not_told_of(db: Path, decision: Decision) -> None:
    decided(db, "veto", "no_promise", decision)
    with Receiver() as receiver:
        assert a_round(db, settings_of({"name": "ops", "url": receiver.url})).sent == 0
        assert receiver.got == []


def test_what_a_person_rejected_before_it_went_is_dropped(db: Path) -> None:
    with Receiver(Reply(503), Reply()) as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url})
        a_round(db, settings)
        decided(db, "veto", "no_promise", Decision.REJECT)
        due_now(db)
        assert a_round(db, settings).dropped == 1
        assert len(receiver.got) == 1


def test_only_what_a_channel_wants_goes_there(tmp_path: Path) -> None:
    calls = [vetoed("a", team="二组"), threat("b", business_line="collection"), vetoed("c")]
    db = stored(tmp_path / "c.duckdb", *calls)
    with Receiver() as receiver:
        wants = {
            "team": {"teams": ["二组"]},
            "line": {"lines": ["collection"]},
            "event": {"events": ["complaint"]},
            "none": {"events": ["drift"]},
        }
        settings = settings_of(*({"name": name, "url": receiver.url, **filters}
                                 for name, filters in wants.items()))  # fmt: skip
        a_round(db, settings)
    found = {got.json["channel"]: {a["call_id"] for a in got.json["alerts"]}
             for got in receiver.got}  # fmt: skip
    assert found == {"team": {"c-a"}, "line": {"c-b"}, "event": {"c-b"}}


def test_old_calls_are_not_told_of(tmp_path: Path) -> None:
    db = stored(tmp_path / "c.duckdb", vetoed(started_at=datetime.now(UTC) - timedelta(days=9)))
    assert a_look(db, settings_of()) == 0
    assert a_look(db, settings_of(days=10)) == 1


def test_without_its_variable_a_channel_waits_and_says_so(db: Path) -> None:
    settings: Settings = settings_of({"name": "ops", "url_env": "NOT_SET_HERE"})
    assert a_round(db, settings).postponed == 1
    (message,) = Outbox.of(db).messages()
    assert "NOT_SET_HERE is not set" in message.reason
