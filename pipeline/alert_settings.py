"""The settings of alerts: to whom what is sent, how often and when; docs/alerts.md says more."""

from __future__ import annotations

import os
import re
from datetime import datetime, time
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pipeline.domain import BUSINESS_LINES, AlertKind, Severity
from pipeline.errors import BadSettings
from pipeline.network import is_own

ROBOTS = ("wecom", "dingtalk", "feishu")
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mail(_Part):
    """A mail server and who gets the mail. `password_env` or `password_file` when it wants one."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "ssl", "none"] = "starttls"
    user: str | None = None
    password_env: str | None = None
    password_file: Path | None = None
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    to: list[str] = Field(min_length=1)

    @field_validator("to")
    @classmethod
    def _addresses(cls, to: list[str]) -> list[str]:
        for address in to:
            if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
                raise ValueError(f"'{address}' is not a mail address")
        return to

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Self:
        if self.user and not (self.password_env or self.password_file):
            raise ValueError("user: name where the password is, password_env or password_file")
        if self.user and self.security == "none":
            raise ValueError("security: none would send the password in clear; use starttls or ssl")
        return self

    def password(self) -> str:
        """The password; BadSettings when it is not there or SMTP cannot carry it."""
        if self.password_file is None:
            password = _variable(self.password_env or "")
        else:
            try:
                password = self.password_file.expanduser().read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise BadSettings(
                    f"alerts: password_file {self.password_file} cannot be read: {error}"
                ) from error
        if not password or not password.isascii():
            raise BadSettings("alerts: the mail server's password is empty or not ASCII")
        return password


class Channel(_Part):
    """One way to tell people.

    `outside`: it leads out of the own network; then no call id, agent, customer or quote is sent,
    whatever else is set. `severity`: findings at least as grave. `quiet`: local hours, such as
    22:00-08:00, in which only `urgent` kinds are sent; the rest follows after. `group_minutes`:
    hits of so long are one message. `repeat_minutes`: what nobody acknowledged is sent again, to
    `escalate_to` where that is set, `repeats` times.
    """

    name: str = Field(pattern=r"^[\w.-]{1,40}$")
    kind: Literal["webhook", "wecom", "dingtalk", "feishu", "mail"]
    url: str | None = None
    url_env: str | None = None
    secret_env: str | None = None
    ca_file: Path | None = None
    mail: Mail | None = None
    outside: bool = False
    language: Literal["zh", "en"] = "zh"
    events: list[AlertKind] = list(AlertKind)
    teams: list[str] = []
    lines: list[str] = []
    severity: Severity = Severity.MINOR
    quote: bool = False
    agents: bool = False
    per_minute: int = Field(10, ge=1, le=600)
    group_minutes: float = Field(5, ge=0, le=1440)
    shown: int = Field(5, ge=1, le=20)
    quiet: str | None = None
    urgent: list[AlertKind] = []
    repeat_minutes: float | None = Field(None, ge=1, le=10_080)
    repeats: int = Field(1, ge=1, le=10)
    escalate_to: str | None = None

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        return url if url is None else checked(url)

    @field_validator("quiet")
    @classmethod
    def _hours(cls, quiet: str | None) -> str | None:
        if quiet is not None and not _QUIET.fullmatch(quiet):
            raise ValueError(f"'{quiet}': write hours as 22:00-08:00")
        return quiet

    @field_validator("lines")
    @classmethod
    def _known_lines(cls, lines: list[str]) -> list[str]:
        for line in lines:
            if line not in BUSINESS_LINES:
                raise ValueError(
                    f"unknown business line '{line}'; known: {', '.join(BUSINESS_LINES)}"
                )
        return lines

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "mail") != (self.mail is not None):
            raise ValueError("mail: of kind mail, and there it is needed")
        if self.kind != "mail" and (self.url is None) == (self.url_env is None):
            raise ValueError("give url or url_env, one of them")
        if self.kind in ROBOTS and not self.outside:
            raise ValueError(
                f"{self.kind} robots are outside your own network; say `outside: true` to allow "
                "them: no call id, agent, customer or quote is sent there"
            )
        if self.url and self.outside:
            _refuse_plain(self.url)
        return self

    def address(self) -> str:
        """Where to; BadSettings when the variable that holds it is not set or holds none."""
        if self.url is not None:
            return self.url
        try:
            url = checked(_variable(self.url_env or ""))
            if self.outside:
                _refuse_plain(url)
        except ValueError as error:
            raise BadSettings(f"alerts: {self.name}: {self.url_env}: {error}") from error
        return url

    def secret(self) -> str | None:
        """The secret that messages are signed with; None where there is none."""
        return None if self.secret_env is None else _variable(self.secret_env)

    def is_quiet(self, local: datetime) -> bool:
        """Whether this local time lies in the quiet hours."""
        if self.quiet is None:
            return False
        begin, end = (time.fromisoformat(part) for part in self.quiet.split("-"))
        now = local.time()
        return begin <= now < end if begin <= end else now >= begin or now < end


class AlertSettings(_Part):
    """Alerts: of calls held within `days`, through `channels`; on the page also without any.

    `complaint_rules`: their findings are threats to complain.
    `timeout_seconds`: for one message. `tries`: then it is given up, until somebody resends it.
    """

    channels: list[Channel] = []
    complaint_rules: list[str] = ["complaint_alert"]
    days: int = Field(7, ge=1, le=366)
    timeout_seconds: float = Field(5, gt=0, le=60)
    tries: int = Field(12, ge=1, le=50)
    drift: bool = True

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        names = [channel.name for channel in self.channels]
        if doubles := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two channels are called {', '.join(sorted(doubles))}")
        for channel in self.channels:
            if channel.escalate_to is not None and channel.escalate_to not in names:
                raise ValueError(
                    f"{channel.name}: escalate_to: no channel is called '{channel.escalate_to}'; "
                    f"there are: {', '.join(names)}"
                )
        return self

    def channel(self, name: str) -> Channel:
        """The channel of this name; BadSettings for a name that none has."""
        for channel in self.channels:
            if channel.name == name:
                return channel
        known = ", ".join(channel.name for channel in self.channels) or "none"
        raise BadSettings(f"alerts: no channel is called '{name}'; there are: {known}")


def checked(url: str) -> str:
    """A web address, unchanged; the ValueError leaves the address out: it may hold a key."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("this is no address; write https://HOST/PATH") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("write an address as https://HOST/PATH")
    if parts.username is not None or parts.fragment:
        raise ValueError("no password and no # in the address")
    return url


def _refuse_plain(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_own(parts.hostname or ""):
        raise ValueError("outside your own network only https:// is used")


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise BadSettings(f"alerts: the environment variable {name} is not set; set it")
    return value
