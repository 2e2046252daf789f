"""Mails to a real SMTP server on this machine: in clear, with STARTTLS and over TLS."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from pipeline.alerts import Outbox
from tests.alerts.house import a_round, settings_of, stored, vetoed
from tests.alerts.receivers import certificate, free_port, mail_server


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return stored(tmp_path / "calls.duckdb", vetoed())


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


def by_mail(port: int, ca_file: Path | None = None, **more: Any) -> dict[str, Any]:
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "callqa@bank.test",
            "to": ["heads@bank.test", "qa@bank.test"], **more}  # fmt: skip
    return {"name": "mail", "kind": "mail", "mail": mail,
            "ca_file": str(ca_file) if ca_file else None}  # fmt: skip


def test_a_mail_has_a_readable_subject_in_chinese_and_an_id_of_its_own(db: Path) -> None:
    with mail_server() as server:
        assert a_round(db, settings_of(by_mail(server.port))).sent == 1
    (mail,) = server.mails
    assert mail["Subject"] == "【通话质检】一票否决 1 项"
    assert "=?utf-8?" in str(mail.as_bytes()), "in the headers' own alphabet"
    assert (mail["To"], mail["From"]) == ("heads@bank.test, qa@bank.test", "callqa@bank.test")
    (message,) = Outbox.of(db).messages()
    assert mail["Message-ID"] == f"<{message.id}.mail@callqa>"
    body = mail.get_content()
    assert "不得承诺保本" in body
    assert "c-veto" in body
    assert "6222" not in body


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_the_password_goes_over_tls_with_the_own_authority(
    db: Path, pair: tuple[Path, Path], tmp_path: Path, security: str
) -> None:
    (tmp_path / "password").write_text("pass word\n")
    with mail_server(tls=security, pair=pair) as server:
        channel = by_mail(
            server.port, pair[0], security=security, user="callqa",
            password_file=str(tmp_path / "password"),
        )  # fmt: skip
        assert a_round(db, settings_of(channel)).sent == 1
    assert server.encrypted
    assert base64.b64decode(server.logins[0]).decode() == "\0callqa\0pass word"
    assert len(server.mails) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    db: Path, pair: tuple[Path, Path]
) -> None:
    with mail_server(tls="starttls", pair=pair) as server:
        assert a_round(db, settings_of(by_mail(server.port, security="starttls"))).postponed == 1
    assert server.mails == []
    (message,) = Outbox.of(db).messages()
    assert "certificate is not trusted" in message.reason


@pytest.mark.parametrize(
    ("refuse", "state", "reason"),
    [("MAIL", "waiting", "SMTP 451"), ("RCPT", "failed", "SMTP 550: no receiver was taken")],
)
def test_what_the_server_refuses_waits_or_fails(
    db: Path, refuse: str, state: str, reason: str
) -> None:
    with mail_server(refuse=refuse) as server:
        a_round(db, settings_of(by_mail(server.port)))
    (message,) = Outbox.of(db).messages()
    assert (message.state, message.reason) == (state, reason)


def test_no_server_there_and_one_outside(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_round(db, settings_of(by_mail(free_port())))
    (message,) = Outbox.of(db).messages()
    assert (message.state, message.reason) == (
        "waiting",
        "cannot be reached (ConnectionRefusedError)",
    )
    monkeypatch.setattr("pipeline.alerts.wire.is_own", lambda address: False)
    other = stored(db.with_name("other.duckdb"), vetoed())
    with mail_server() as server:
        assert a_round(other, settings_of(by_mail(server.port))).failed == 1
        assert server.mails == []
