"""Drift alarms: told of once, kept up to date while they go on, told of when they are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline import drift
from pipeline.alert_settings import AlertSettings
from pipeline.alerts.look import wants
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.outboxrows import alert_id
from pipeline.domain import Alert, AlertKind, Drift
from pipeline.store import Snapshot

LASTING = timedelta(days=14)  # after this it is the new usual, and ends without a word
JUDGED = "drift_judged"


def judge_drifts(snapshot: Snapshot, settings: AlertSettings, now: datetime) -> int:
    """Judge the last whole day that was loaded; returns how many alarms began.

    The same results are judged once.
    """
    outbox = Outbox.of(snapshot.layout.db)
    day = drift.judged_day(snapshot)
    if day is None or outbox.mark(JUDGED) == f"{day} {snapshot.version}":
        return 0
    going = {
        (alert.drift.kind, alert.drift.subject): (alert, alert.drift)
        for alert in outbox.alerts()
        if alert.drift is not None and alert.ended is None
    }
    begun = {key: known.began for key, (_, known) in going.items()}
    figures = {one.key: one for one in drift.judge(snapshot, day, begun)}
    for key, (alert, known) in going.items():
        _follow(outbox, (alert, known), figures.get(key), now)
    fresh = [one.drift for key, one in figures.items() if key not in going and one.alarming]
    added = outbox.add((_alert(one, now), _told(one, settings)) for one in fresh)
    outbox.mark(JUDGED, f"{day} {snapshot.version}")
    return added


def _follow(
    outbox: Outbox, alarm: tuple[Alert, Drift], figure: drift.Figure | None, now: datetime
) -> None:
    alert, known = alarm
    if figure is not None and not figure.still:
        outbox.end(alert.id, now, told=True)
    elif now - alert.noticed > LASTING:
        outbox.end(alert.id, now, told=False)
    elif figure is not None:
        outbox.refresh(alert.id, figure.of(known))


def _alert(found: Drift, now: datetime) -> Alert:
    name = alert_id(AlertKind.DRIFT, found.kind, found.subject, found.day.isoformat())
    return Alert(name, AlertKind.DRIFT, now, drift=found)


def _told(found: Drift, settings: AlertSettings) -> list[str]:
    return [
        channel.name
        for channel in settings.channels
        if wants(channel, AlertKind.DRIFT, found.team, found.business_line)
    ]
