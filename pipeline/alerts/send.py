"""Sending what waits: messages are made, sent in bounded time, and tried again or given up."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Any

from pipeline.alert_settings import Channel
from pipeline.alerts import bodies, wire
from pipeline.alerts.bodies import Answer, Outcome
from pipeline.alerts.items import Item, facts, items_of
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.outboxrows import Sent
from pipeline.alerts.repeats import repeat_unanswered
from pipeline.alerts.words import subject, text_of, trial_line
from pipeline.domain import AlertKind
from pipeline.settings import Settings
from pipeline.store import Snapshot

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds between tries


@dataclass(slots=True)
class Delivered:
    """What one round of sending did, counted in messages. `failed`: given up."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        """Both rounds together."""
        return Delivered(
            self.sent + other.sent,
            self.postponed + other.postponed,
            self.failed + other.failed,
            self.dropped + other.dropped,
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: one text for people, one content for programs."""

    id: str
    subject: str
    text: str
    content: dict[str, Any]


def send_due(snapshot: Snapshot, settings: Settings, seconds: float = 60.0) -> Delivered:
    """Send what is due on every channel, beginning nothing new after so many seconds.

    A channel that does not answer is not asked again in this round.
    """
    outbox, done = Outbox.of(snapshot.layout.db), Delivered()
    end = time.monotonic() + seconds
    repeat_unanswered(outbox, snapshot, settings.alerts, datetime.now(UTC))
    for channel in settings.alerts.channels:
        outbox.gather(channel, _kinds(channel, settings), datetime.now(UTC))
        going = True
        while going and time.monotonic() < end:
            message = outbox.claim(channel, datetime.now(UTC))
            going = message is not None and _settle(
                message, channel, (outbox, snapshot, settings), done
            )
    return done


def send_test(channel: Channel, settings: Settings) -> Outcome:
    """Send a message that says it is a test; the outbox is not touched."""
    line = trial_line(channel.name, channel.language)
    now = datetime.now(UTC)
    name = f"test-{int(now.timestamp())}"
    content = {
        "version": 1, "message": name, "channel": channel.name,
        "test": True, "at": now.isoformat(timespec="seconds"), "count": 0, "events": {},
        "ids": [], "alerts": [], "text": line,
    }  # fmt: skip
    return _send(Letter(name, line, line, content), channel, settings)


def _kinds(channel: Channel, settings: Settings) -> list[AlertKind]:
    """What may go now: in quiet hours the urgent ones."""
    quiet = channel.is_quiet(datetime.now(settings.zone))
    return [kind for kind in AlertKind if not quiet or kind in channel.urgent]


def _settle(
    message: Sent, channel: Channel, where: tuple[Outbox, Snapshot, Settings], done: Delivered
) -> bool:
    """Send one message and note what came of it; whether the channel may be asked once more."""
    outbox, snapshot, settings = where
    items = items_of(message, outbox.alerts(), snapshot)
    if not items:
        outbox.close(message, "dropped", datetime.now(UTC))
        done.dropped += 1
        return True
    outcome = _send(letter_of(message, items, channel, settings), channel, settings)
    now = datetime.now(UTC)
    if outcome.ok:
        outbox.close(message, "sent", now)
        done.sent += 1
    elif outcome.again and message.tries + 1 < settings.alerts.tries:
        outbox.postpone(message, now + _pause(message.tries, outcome.after), outcome.reason)
        done.postponed += 1
    else:
        outbox.close(message, "failed", now, outcome.reason)
        done.failed += 1
        log.warning(
            "alerts: message %s to %s is given up: %s. Mend the cause, then `callqa alerts resend`",
            message.id, channel.name, outcome.reason,
        )  # fmt: skip
    return outcome.ok


def letter_of(message: Sent, items: Sequence[Item], channel: Channel, settings: Settings) -> Letter:
    """The message as this channel may know it."""
    told = [facts(item, channel, settings.dashboard_url) for item in items]
    base = settings.dashboard_url
    overview = None if base is None else f"{base}/alerts"
    text = text_of(told, channel.shown, channel.language, settings.zone, overview)
    content = {
        "version": 1,
        "message": message.id,
        "channel": channel.name,
        "test": False,
        "at": datetime.now(settings.zone).isoformat(timespec="seconds"),
        "count": len(told),
        "events": {str(kind): n for kind in AlertKind
                   if (n := sum(one["kind"] == kind for one in told))},
        "ids": [one["id"] for one in told],
        "alerts": told[: channel.shown],
        "text": text,
    }  # fmt: skip
    return Letter(message.id, subject(told, channel.language), text, content)


def _send(letter: Letter, channel: Channel, settings: Settings) -> Outcome:
    seconds = settings.alerts.timeout_seconds
    work = partial(_mailed if channel.kind == "mail" else _posted, letter, channel, seconds)
    answer = wire.within(seconds, work)
    return bodies.judged(channel.kind, answer, datetime.now(UTC)) if isinstance(
        answer, Answer
    ) else answer  # fmt: skip


def _posted(letter: Letter, channel: Channel, seconds: float) -> Answer | Outcome:
    url, secret, now = channel.address(), channel.secret(), datetime.now(UTC)
    if channel.kind == "webhook":
        request = bodies.webhook(url, letter.id, letter.content, secret, now)
    elif channel.kind == "wecom":
        request = bodies.wecom(url, letter.text)
    elif channel.kind == "dingtalk":
        request = bodies.dingtalk(url, letter.text, secret, now)
    else:
        request = bodies.feishu(url, letter.text, secret, now)
    return wire.post(request, seconds, own=not channel.outside, ca_file=channel.ca_file)


def _mailed(letter: Letter, channel: Channel, seconds: float) -> Outcome:
    server = channel.mail
    assert server is not None
    mail = EmailMessage()
    mail["Subject"] = letter.subject
    mail["From"] = server.sender
    mail["To"] = ", ".join(server.to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{letter.id}.{channel.name}@callqa>"
    mail["X-Callqa-Alerts"] = " ".join(letter.content["ids"][:20])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text + "\n")
    return wire.mail(mail, server, seconds, own=not channel.outside, ca_file=channel.ca_file)


def _pause(tries: int, asked: float) -> timedelta:
    """Twice as long each time, give or take a quarter, so that not all come at once."""
    doubled = min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)
    spread: float = doubled * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
    return timedelta(seconds=max(spread, asked))
