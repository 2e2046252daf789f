"""What waits to be sent, went, or failed: alerts, their deliveries, and the messages of a channel.

A delivery is an alert for a channel, once per step: `new`, `again-1` …, `over` (a drift ended). The
deliveries of a channel that wait are put into one message, which then keeps what is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.alert_settings import Channel
from pipeline.alerts.outboxfile import connected, vacuum
from pipeline.alerts.outboxrows import (
    Sent,
    alert_of,
    deliver,
    drift_json,
    insert_alert,
    make_message,
    message_of,
    parts_of,
)
from pipeline.domain import Alert, AlertKind, Drift
from pipeline.errors import BadInput
from pipeline.store import Layout

MOST = 500  # alerts in one message
LEASE_SECONDS = 120.0  # a message whose sender was killed is free again after this
NEW, OVER, AGAIN = "new", "over", "again"


class Outbox:
    """The file `alerts.sqlite` of one database. Holds no connection: use it from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, db: Path) -> Outbox:
        """The outbox of this database."""
        return cls(Layout(db.absolute()).alerts)

    # ── alerts ───────────────────────────────────────────────────────────────────────────────────

    def add(self, found: Iterable[tuple[Alert, Sequence[str]]]) -> int:
        """Note alerts with the channels that shall tell of them; returns how many are new."""
        new = 0
        with connected(self.path) as connection:
            for alert, channels in found:
                if not insert_alert(connection, alert):
                    continue
                new += 1
                for channel in channels:
                    deliver(connection, alert.id, channel, NEW)
        return new

    def end(self, alert: str, now: datetime, *, told: bool) -> None:
        """Note that a drift is over; `told`: wherever it was told of."""
        with connected(self.path) as connection:
            connection.execute(
                "UPDATE alerts SET ended = ? WHERE id = ? AND ended IS NULL",
                (now.timestamp(), alert),
            )
            if told:
                connection.execute(
                    "INSERT OR IGNORE INTO deliveries (alert, channel, step)"
                    " SELECT DISTINCT alert, channel, ? FROM deliveries WHERE alert = ?",
                    (OVER, alert),
                )

    def refresh(self, alert: str, drift: Drift) -> None:
        """Keep the newest figures of a drift that goes on."""
        with connected(self.path) as connection:
            connection.execute(
                "UPDATE alerts SET drift = ? WHERE id = ?", (drift_json(drift), alert)
            )

    def alerts(self) -> list[Alert]:
        """Every alert, latest first."""
        if not self.path.exists():
            return []
        with connected(self.path) as connection:
            rows = connection.execute("SELECT * FROM alerts ORDER BY noticed DESC, id").fetchall()
        return [alert_of(row) for row in rows]

    def get(self, alert: str) -> Alert:
        """One alert by its id; BadInput for an id that none has."""
        found = next((one for one in self.alerts() if one.id == alert), None)
        if found is None:
            raise BadInput(f"there is no alert {alert}; `callqa alerts list` names them")
        return found

    def again(self, alert: str, channel: str, number: int) -> None:
        """Tell of an alert once more, there or elsewhere."""
        with connected(self.path) as connection:
            deliver(connection, alert, channel, f"{AGAIN}-{number}")

    def mark(self, name: str, value: str | None = None) -> str | None:
        """What is remembered under a name; with a value, remember that."""
        with connected(self.path) as connection:
            if value is not None:
                connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))
                return value
            row = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row["value"])

    # ── messages ─────────────────────────────────────────────────────────────────────────────────

    def gather(self, channel: Channel, kinds: Collection[AlertKind], now: datetime) -> None:
        """Put the deliveries of these kinds that wait into one message; not while one is grouped.

        The first hit goes at once, those of the next `group_minutes` together after that.
        """
        at = now.timestamp()
        with connected(self.path) as connection:
            latest = connection.execute(
                "SELECT max(made) AS made FROM messages WHERE channel = ?", (channel.name,)
            ).fetchone()["made"]
            if latest is not None and at - latest < channel.group_minutes * 60:
                return
            marks = ", ".join("?" for _ in kinds)
            parts = connection.execute(
                "SELECT d.alert, d.step FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert"  # noqa: S608
                f" WHERE d.channel = ? AND d.message IS NULL AND a.kind IN ({marks})"
                " ORDER BY a.noticed, d.alert, d.step LIMIT ?",
                (channel.name, *kinds, MOST),
            ).fetchall()
            if parts:
                make_message(
                    connection, channel.name, [(row["alert"], row["step"]) for row in parts], at
                )

    def claim(self, channel: Channel, now: datetime) -> Sent | None:
        """The next message to send, for nobody else for a while; None when none may go now."""
        at = now.timestamp()
        with connected(self.path) as connection:
            lately = connection.execute(
                "SELECT count(*) AS sent FROM messages WHERE channel = ? AND sent > ?",
                (channel.name, at - 60),
            ).fetchone()["sent"]
            if lately >= channel.per_minute:
                return None
            row = connection.execute(
                "SELECT * FROM messages WHERE channel = ? AND state = 'waiting' AND due <= ?"
                " AND leased <= ? ORDER BY number LIMIT 1",
                (channel.name, at, at),
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE messages SET leased = ? WHERE number = ?",
                (at + LEASE_SECONDS, row["number"]),
            )
            return message_of(row, parts_of(connection, row["number"]).get(row["number"], ()))

    def close(self, message: Sent, state: str, now: datetime, reason: str = "") -> None:
        """Note how a message ended: sent, failed for good, or dropped: nobody wants it any more."""
        sent = now.timestamp() if state == "sent" else None
        self._set(message, state=state, sent=sent, reason=reason, tries=message.tries + 1)

    def postpone(self, message: Sent, until: datetime, reason: str) -> None:
        """Try a message again later."""
        self._set(message, due=until.timestamp(), reason=reason, tries=message.tries + 1)

    def resend(self, numbers: Collection[int], now: datetime) -> int:
        """Let failed messages wait again; returns how many of these there were."""
        done = 0
        with connected(self.path) as connection:
            for number in numbers:
                done += connection.execute(
                    "UPDATE messages SET state = 'waiting', due = ?, leased = 0, tries = 0"
                    " WHERE number = ? AND state = 'failed'",
                    (now.timestamp(), number),
                ).rowcount
        return done

    def messages(self) -> list[Sent]:
        """Every message, latest first."""
        if not self.path.exists():
            return []
        with connected(self.path) as connection:
            rows = connection.execute("SELECT * FROM messages ORDER BY number DESC").fetchall()
            parts = parts_of(connection)
        return [message_of(row, parts.get(row["number"], ())) for row in rows]

    def waiting(self) -> Mapping[str, int]:
        """By channel how many deliveries are in no message yet."""
        if not self.path.exists():
            return {}
        with connected(self.path) as connection:
            rows = connection.execute(
                "SELECT channel, count(*) AS n FROM deliveries WHERE message IS NULL GROUP BY 1"
            ).fetchall()
        return {row["channel"]: row["n"] for row in rows}

    def prune(self, before: datetime) -> None:
        """Delete alerts noticed before then, and messages of which no alert is left."""
        with connected(self.path) as connection:
            gone = connection.execute(
                "DELETE FROM alerts WHERE noticed < ?", (before.timestamp(),)
            ).rowcount
            if gone:
                connection.execute(
                    "DELETE FROM messages WHERE number NOT IN"
                    " (SELECT message FROM deliveries WHERE message IS NOT NULL)"
                )

    # ── forgetting ───────────────────────────────────────────────────────────────────────────────

    def forget(self, contents: Collection[str]) -> int:
        """Delete everything about these contents; returns how many alerts went."""
        if not self.path.exists():
            return 0
        with connected(self.path) as connection:
            gone = sum(
                connection.execute(
                    "DELETE FROM alerts WHERE content_sha256 = ?", (content,)
                ).rowcount
                for content in contents
            )
        if gone:
            vacuum(self.path)
        return gone

    def _set(self, message: Sent, **values: object) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        with connected(self.path) as connection:
            connection.execute(
                f"UPDATE messages SET {columns}, leased = 0 WHERE number = ?",  # noqa: S608 - ours
                (*values.values(), message.number),
            )
