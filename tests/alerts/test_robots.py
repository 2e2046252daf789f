"""The robots of WeCom, DingTalk and Feishu, after their public documentation, tried locally."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.alerts import Outbox
from pipeline.alerts.bodies import Answer, cut, judged
from pipeline.errors import BadSettings
from pipeline.settings import load_settings
from tests.alerts.house import a_round, settings_of, stored, vetoed
from tests.alerts.receivers import Receiver, Reply

SECRET = "SEC一个密钥"


def answer(**said: object) -> Reply:
    return Reply(200, json.dumps(said).encode())


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return stored(tmp_path / "calls.duckdb", *(vetoed(f"v{n}") for n in range(30)))


def sent_by(
    db: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *replies: Reply
) -> tuple[Receiver, str, str]:
    """What a robot of this kind got, and how its message stands."""
    monkeypatch.setenv("ROBOT_SECRET", SECRET)
    with Receiver(*replies) as receiver:
        every = {"outside": True, "quote": True, "agents": True, "shown": 20}
        url = f"{receiver.url}?access_token=t"
        settings = settings_of(
            {"name": "群", "kind": kind, "url": url, "secret_env": "ROBOT_SECRET", **every}
        )
        a_round(db, settings)
    (message,) = Outbox.of(db).messages()
    return receiver, message.state, message.reason


def test_wecom_gets_a_short_text(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, state, _ = sent_by(db, monkeypatch, "wecom", answer(errcode=0, errmsg="ok"))
    (got,) = receiver.got
    assert state == "sent"
    assert got.json["msgtype"] == "text"
    text = got.json["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.startswith("【通话质检】一票否决 30 项")
    assert text.endswith("见 http://qa.test:8501/alerts"), "the last line stays"
    assert not [word for word in ("c-v", "6222", "A1024", "sign") if word in got.body.decode()]


def test_dingtalk_is_signed_in_the_address(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, state, _ = sent_by(db, monkeypatch, "dingtalk", answer(errcode=0, errmsg="ok"))
    (got,) = receiver.got
    query = parse_qs(urlsplit(got.path).query)
    (stamp,), (sign,) = query["timestamp"], query["sign"]
    signed = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert (state, query["access_token"], got.json["msgtype"]) == ("sent", ["t"], "text")
    assert sign == base64.b64encode(signed).decode()
    assert abs(int(stamp) / 1000 - datetime.now(UTC).timestamp()) < 60, "milliseconds"


def test_feishu_is_signed_in_the_body(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, state, _ = sent_by(db, monkeypatch, "feishu", answer(code=0, msg="success"))
    (got,) = receiver.got
    stamp = got.json["timestamp"]
    signed = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert (state, got.json["msg_type"]) == ("sent", "text")
    assert got.json["sign"] == base64.b64encode(signed).decode()
    assert abs(int(stamp) - datetime.now(UTC).timestamp()) < 60, "seconds"
    assert got.json["content"]["text"].startswith("【通话质检】")


@pytest.mark.parametrize(
    ("kind", "reply", "state", "reason"),
    [
        ("wecom", answer(errcode=45009, errmsg="api freq out of limit"), "waiting", "wecom 45009"),
        ("wecom", answer(errcode=93000, errmsg="invalid webhook url"), "failed", "wecom 93000"),
        ("dingtalk", answer(errcode=130101, errmsg="too fast"), "waiting", "dingtalk 130101"),
        ("dingtalk", answer(errcode=310000, errmsg="sign not match"), "failed", "sign not match"),
        ("feishu", answer(code=19021, msg="sign match fail"), "failed", "feishu 19021"),
        ("feishu", answer(code=11232, msg="frequency limited"), "waiting", "feishu 11232"),
        ("feishu", answer(StatusCode=0, StatusMessage="success"), "sent", ""),
        ("wecom", Reply(200, b"<html>proxy</html>"), "waiting", "not what a robot says"),
        ("wecom", Reply(200, b"[]"), "waiting", "not what a robot says"),
    ],
)  # fmt: skip
def test_an_error_in_an_answer_of_status_200_is_understood(
    db: Path, monkeypatch: pytest.MonkeyPatch, kind: str, reply: Reply, state: str, reason: str
) -> None:
    _, found, why = sent_by(db, monkeypatch, kind, reply)
    assert (found, reason in why) == (state, True), why


def test_dingtalk_is_left_alone_for_ten_minutes_when_it_was_too_much(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_by(db, monkeypatch, "dingtalk", answer(errcode=130101))
    (message,) = Outbox.of(db).messages()
    assert message.due - datetime.now(UTC) > timedelta(minutes=9)


def test_nothing_in_a_text_becomes_a_mention_and_it_is_cut_at_lines() -> None:
    assert cut('<at user_id="all">', 100) == '＜at user_id="all">'
    assert cut("一\n二\n三\n末", 8) == "一\n末"
    assert cut("很长的一行", 7) == "很长"


def test_an_answer_without_words_is_no_success() -> None:
    now = datetime.now(UTC)
    assert not judged("feishu", Answer(200, {}, b'{"data": {}}'), now).ok
    assert judged("webhook", Answer(204, {}, b""), now).ok


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        ("kind: wecom, url: 'https://qyapi.test/x'", "wecom robots are outside your own network"),
        ("kind: webhook, url: 'http://203.0.113.7/x', outside: true", "only https:// is used"),
        ("kind: webhook", "give url or url_env"),
        ("kind: webhook, url: 'https://u:p@h/'", "no password and no # in the address"),
        ("kind: webhook, url: 'ftp://h/'", "write an address as https://HOST/PATH"),
        ("kind: mail", "of kind mail, and there it is needed"),
        ("kind: webhook, url: 'http://h/', quiet: '8-9'", "write hours as 22:00-08:00"),
        ("kind: webhook, url: 'http://h/', lines: [banking]", "unknown business line 'banking'"),
        ("kind: webhook, url: 'http://h/', escalate_to: boss", "no channel is called 'boss'"),
        ("kind: mail, mail: {host: m, sender: a@b, to: [x]}", "'x' is not a mail address"),
        ("kind: mail, mail: {host: m, sender: a@b, to: [c@d], user: u}", "password_env or"),
        (
            "kind: mail, mail: {host: m, sender: a@b, to: [c@d], user: u, password_env: P,"
            " security: none}",
            "would send the password in clear",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_remedy(
    tmp_path: Path, channel: str, says: str
) -> None:
    file = tmp_path / "callqa.yaml"
    file.write_text(f"alerts: {{channels: [{{name: ops, {channel}}}]}}")
    with pytest.raises(BadSettings, match="alerts") as caught:
        load_settings(file)
    assert says in str(caught.value)
    assert "u:p" not in str(caught.value)
