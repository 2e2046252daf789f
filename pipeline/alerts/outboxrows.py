"""Rows of the outbox: alerts, deliveries and messages, as nouns and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from pipeline.domain import Alert, AlertKind, Drift, DriftKind


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a channel: its `state` is waiting, sent, failed or dropped. Times are UTC.

    `parts`: ids of its alerts with the step. `reason`: why it was not sent, the last time.
    """

    number: int
    id: str
    channel: str
    state: str
    made: datetime
    due: datetime
    tries: int
    reason: str
    sent: datetime | None
    parts: tuple[tuple[str, str], ...] = ()


def alert_id(kind: AlertKind, *subject: str) -> str:
    """The id of an alert about this, always the same."""
    return "a-" + hashlib.sha256("\0".join((kind, *subject)).encode()).hexdigest()[:16]


def insert_alert(connection: sqlite3.Connection, alert: Alert) -> bool:
    """Note an alert; whether it is new."""
    values = (alert.id, alert.kind, alert.noticed.timestamp(), alert.content_sha256, alert.rule,
              alert.drift and drift_json(alert.drift))  # fmt: skip
    return (
        connection.execute(
            "INSERT OR IGNORE INTO alerts (id, kind, noticed, content_sha256, rule, drift)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            values,
        ).rowcount
        == 1
    )


def deliver(connection: sqlite3.Connection, alert: str, channel: str, step: str) -> None:
    """Let a channel tell of an alert at a step, once."""
    connection.execute(
        "INSERT OR IGNORE INTO deliveries (alert, channel, step) VALUES (?, ?, ?)",
        (alert, channel, step),
    )


def make_message(
    connection: sqlite3.Connection, channel: str, parts: Sequence[tuple[str, str]], at: float
) -> None:
    """A message of these deliveries; its id follows from them alone."""
    said = "\0".join([channel, *(f"{alert} {step}" for alert, step in sorted(parts))])
    name = "m-" + hashlib.sha256(said.encode()).hexdigest()[:16]
    number = connection.execute(
        "INSERT INTO messages (id, channel, state, made, due) VALUES (?, ?, 'waiting', ?, ?)",
        (name, channel, at, at),
    ).lastrowid
    connection.executemany(
        "UPDATE deliveries SET message = ? WHERE alert = ? AND channel = ? AND step = ?",
        [(number, alert, channel, step) for alert, step in parts],
    )


def parts_of(
    connection: sqlite3.Connection, number: int | None = None
) -> dict[int, tuple[tuple[str, str], ...]]:
    """The alerts with their steps of one message, or of all."""
    rows = connection.execute(
        "SELECT message, alert, step FROM deliveries WHERE message = ?1"
        " OR ?1 IS NULL AND message IS NOT NULL ORDER BY rowid",
        (number,),
    ).fetchall()
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["message"], []).append((row["alert"], row["step"]))
    return {message: tuple(parts) for message, parts in found.items()}


def drift_json(drift: Drift) -> str:
    """A drift's figures as they are kept."""
    return json.dumps(asdict(drift), ensure_ascii=False, default=date.isoformat)


def _drift(text: str) -> Drift:
    values = json.loads(text)
    kind, day = DriftKind(values["kind"]), date.fromisoformat(values["day"])
    since = date.fromisoformat(values["since"]) if values.get("since") else None
    return replace(Drift(**values), kind=kind, day=day, since=since)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def alert_of(row: sqlite3.Row) -> Alert:
    """The alert of a row."""
    return Alert(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        noticed=datetime.fromtimestamp(row["noticed"], UTC),
        content_sha256=row["content_sha256"],
        rule=row["rule"],
        drift=_drift(row["drift"]) if row["drift"] else None,
        ended=_moment(row["ended"]),
    )


def message_of(row: sqlite3.Row, parts: tuple[tuple[str, str], ...]) -> Sent:
    """The message of a row, with its alerts."""
    made, due = (datetime.fromtimestamp(row[name], UTC) for name in ("made", "due"))
    values = {name: row[name] for name in ("number", "id", "channel", "state", "tries", "reason")}
    return Sent(**values, made=made, due=due, sent=_moment(row["sent"]), parts=parts)
