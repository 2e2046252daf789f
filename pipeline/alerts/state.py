"""Alerts and channels as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.alert_settings import AlertSettings
from pipeline.alerts.items import findings_of, stands
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.outboxrows import Sent
from pipeline.domain import Acknowledgement, Alert
from pipeline.store import Acknowledgements, Snapshot

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert with what this reader knows of its finding (None of a drift), and its answers."""

    alert: Alert
    row: Row | None
    noted: tuple[Acknowledgement, ...]

    @property
    def open(self) -> bool:
        """Whether somebody still has to look: nobody took note of it or decided on its finding."""
        if self.noted or self.alert.ended is not None:
            return False
        return self.row is None or (stands(self.row) and self.row["decision"] is None)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What a channel did; `set_up` False: it is not in the settings any more.

    `reason`: why the last message that did not go did not go.
    """

    name: str
    kind: str
    set_up: bool
    outside: bool
    sent: int
    waiting: int
    failed: int
    last: datetime | None
    reason: str


def state_of(reader: Snapshot) -> list[Shown]:
    """Alerts of calls that this reader has, and drifts, latest first; open ones before the rest.

    Whether a reader may see a drift is decided by whoever asks.
    """
    every = Outbox.of(reader.layout.db).alerts()
    rows = findings_of(reader, every)
    noted = Acknowledgements(reader.people).all()
    found = [
        Shown(alert, rows.get(alert.id), tuple(noted.get(alert.id, ())))
        for alert in every
        if alert.drift is not None or alert.id in rows
    ]
    return sorted(found, key=lambda one: not one.open)


def channels_of(outbox: Outbox, settings: AlertSettings) -> list[ChannelState]:
    """Every channel of the settings, and those that still have messages."""
    messages, waiting = outbox.messages(), outbox.waiting()
    known = {channel.name: channel for channel in settings.channels}
    names = dict.fromkeys([*known, *(message.channel for message in messages), *waiting])
    found = []
    for name in names:
        mine = [message for message in messages if message.channel == name]
        channel = known.get(name)
        found.append(
            ChannelState(
                name,
                channel.kind if channel else "",
                channel is not None,
                channel is not None and channel.outside,
                _count(mine, "sent"),
                _count(mine, "waiting") + (1 if waiting.get(name) else 0),
                _count(mine, "failed"),
                max((one.sent for one in mine if one.sent is not None), default=None),
                _reason(mine),
            )
        )
    return found


def _count(messages: Sequence[Sent], state: str) -> int:
    return sum(message.state == state for message in messages)


def _reason(messages: Iterable[Sent]) -> str:
    """Of the latest message that failed or waits for another try."""
    return next((m.reason for m in messages if m.state in ("failed", "waiting") and m.reason), "")
