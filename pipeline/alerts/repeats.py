"""What nobody acknowledged is told once more, there or one step up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pipeline.alert_settings import AlertSettings, Channel
from pipeline.alerts.items import findings_of
from pipeline.alerts.outbox import NEW, Outbox
from pipeline.alerts.outboxrows import Sent
from pipeline.domain import Alert
from pipeline.store import Acknowledgements, Snapshot


def repeat_unanswered(
    outbox: Outbox, snapshot: Snapshot, settings: AlertSettings, now: datetime
) -> None:
    """Line up repetitions of alerts that a channel sent so long ago and nobody answered.

    An answer is an acknowledgement, or a decision on the finding. A drift that is over needs none.
    """
    channels = [channel for channel in settings.channels if channel.repeat_minutes is not None]
    sent = _first_sent(outbox.messages()) if channels else {}
    if not sent:
        return
    alerts = {alert.id: alert for alert in outbox.alerts() if alert.ended is None}
    open_ = _unanswered([alerts[a] for a in {a for a, _ in sent} if a in alerts], snapshot)
    for channel in channels:
        for (alert, name), at in sent.items():
            if name == channel.name and alert in open_:
                _repeat(outbox, channel, alert, now - at)


def _repeat(outbox: Outbox, channel: Channel, alert: str, waited: timedelta) -> None:
    period = timedelta(minutes=channel.repeat_minutes or 0)
    for number in range(1, channel.repeats + 1):
        if waited >= period * number:  # the same again changes nothing
            outbox.again(alert, channel.escalate_to or channel.name, number)


def _first_sent(messages: Iterable[Sent]) -> dict[tuple[str, str], datetime]:
    """When a channel told of an alert first."""
    return {
        (alert, message.channel): message.sent
        for message in messages
        if message.sent is not None
        for alert, step in message.parts
        if step == NEW
    }


def _unanswered(alerts: list[Alert], snapshot: Snapshot) -> set[str]:
    noted = Acknowledgements(snapshot.people).all()
    rows: Mapping[str, Mapping[str, Any]] = findings_of(snapshot, alerts)
    return {
        alert.id
        for alert in alerts
        if alert.id not in noted
        and not (alert.id in rows and rows[alert.id]["decision"] is not None)
    }
