"""What is new in a published snapshot: grave findings, and whom they are told to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pipeline.alert_settings import AlertSettings, Channel
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.outboxrows import alert_id
from pipeline.domain import Alert, AlertKind, Severity
from pipeline.store import Snapshot, alarming, newest

Row = Mapping[str, Any]
KEPT = timedelta(days=400)  # longer than calls are looked at, so that none is told of twice


def look(snapshot: Snapshot, settings: AlertSettings, now: datetime) -> int:
    """Note every finding that is to be told of and was not noted before; returns how many.

    Findings of calls held in the last `days`, failed and not rejected by a person. Looking again
    changes nothing.
    """
    rows = alarming(snapshot, settings.complaint_rules, now - timedelta(days=settings.days))
    current = newest(snapshot.layout)
    if current is not None and current.stem != snapshot.version:
        return 0  # what was erased meanwhile must not come back; the next look is of the newer one
    outbox = Outbox.of(snapshot.layout.db)
    outbox.prune(now - KEPT)
    return outbox.add((_alert(row, now), _told(row, settings)) for row in rows)


def _alert(row: Row, now: datetime) -> Alert:
    kind = _kind(row)
    content, rule = str(row["content_sha256"]), str(row["rule"])
    return Alert(alert_id(kind, content, rule), kind, now, content, rule)


def _kind(row: Row) -> AlertKind:
    return AlertKind.COMPLAINT if row["complaint"] else AlertKind.VETO


def _told(row: Row, settings: AlertSettings) -> list[str]:
    """The channels that want to know of this finding."""
    return [channel.name for channel in settings.channels if _wants(channel, row)]


def _wants(channel: Channel, row: Row) -> bool:
    grave = Severity(row["severity"]).rank <= channel.severity.rank
    return grave and wants(channel, _kind(row), row["team"], row["business_line"])


def wants(channel: Channel, kind: AlertKind, team: str | None, line: str | None) -> bool:
    """Whether a channel is told of this kind, of this team and line."""
    return (
        kind in channel.events
        and (not channel.teams or team in channel.teams)
        and (not channel.lines or line in channel.lines)
    )
