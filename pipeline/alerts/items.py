"""What is in a message: its alerts, with what the store says of them now, as a channel may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pipeline.alert_settings import Channel
from pipeline.alerts.outbox import AGAIN
from pipeline.alerts.outboxrows import Sent
from pipeline.domain import Alert, Drift
from pipeline.store import Acknowledgements, Snapshot, alerted

Row = Mapping[str, Any]
SETTLED = ("reject", "not_applicable")


@dataclass(frozen=True, slots=True)
class Item:
    """An alert at one step, with its finding as it stands (None of a drift)."""

    alert: Alert
    step: str
    row: Row | None = None


def items_of(message: Sent, alerts: Iterable[Alert], snapshot: Snapshot) -> list[Item]:
    """What of a message is still to be told.

    Left out: calls that are gone, findings that fail no longer or that a person rejected, and
    repetitions of what a person took note of meanwhile.
    """
    known = {alert.id: alert for alert in alerts}
    parts = [(known[alert], step) for alert, step in message.parts if alert in known]
    rows = findings_of(snapshot, [alert for alert, _ in parts])
    noted = Acknowledgements(snapshot.people).all()
    found = []
    for alert, step in parts:
        row = rows.get(alert.id)
        if alert.drift is None and (row is None or not stands(row)):
            continue
        answered = alert.id in noted or (row is not None and row["decision"] is not None)
        if not (step.startswith(AGAIN) and answered):
            found.append(Item(alert, step, row))
    return found


def findings_of(snapshot: Snapshot, alerts: Sequence[Alert]) -> dict[str, Row]:
    """By alert what this reader knows of its finding."""
    wanted = {
        alert.id: (alert.content_sha256, alert.rule)
        for alert in alerts
        if alert.content_sha256 is not None and alert.rule is not None
    }
    rows = alerted(snapshot, wanted.values()) if wanted else {}
    return {alert: rows[pair] for alert, pair in wanted.items() if pair in rows}


def stands(row: Row) -> bool:
    """Whether a finding is still one."""
    return row["verdict"] == "fail" and row["decision"] not in SETTLED


def facts(item: Item, channel: Channel, dashboard: str | None) -> dict[str, Any]:
    """What the channel may know of it, as the generic webhook sends it.

    Outside: neither the call's id nor a link that holds it, no agent, no quote.
    """
    base = {"id": item.alert.id, "kind": str(item.alert.kind), "state": item.step.split("-")[0]}
    link = _link(item, channel, dashboard)
    if link:
        base["link"] = link
    if item.alert.drift is not None:
        return {**base, **_figures(item.alert.drift, channel)}
    assert item.row is not None
    row = item.row
    shown: dict[str, Any] = {
        **base,
        "rule": row["rule"],
        "title": title_of(row, channel.language),
        "control_point": row["control_point"],
        "severity": row["severity"],
        "started_at": row["started_at"] and row["started_at"].isoformat(timespec="seconds"),
        "business_line": row["business_line"],
        "team": row["team"],
    }
    if channel.outside:
        return shown
    shown |= {"call_id": row["call_id"], **_place(row)}
    if channel.agents:
        shown |= {"agent_id": row["agent_id"], "agent_name": row["agent_name"]}
    if channel.quote and row["evidence"] and not row["evidence"][0]["sought"]:
        shown["quote"] = row["evidence"][0]["quote"]
    return shown


def title_of(row: Row, language: str) -> str:
    """The rule's title; in Chinese where its pack has no English one."""
    return str((language == "en" and row["title_en"]) or row["title"])


def _place(row: Row) -> dict[str, Any]:
    first = row["evidence"][0] if row["evidence"] else {"start": None, "end": None}
    return {"start": first["start"], "end": first["end"]}


def _link(item: Item, channel: Channel, dashboard: str | None) -> str | None:
    """The dashboard's call at that second; outside, the page of alerts, which names no call."""
    if dashboard is None:
        return None
    if item.row is None or channel.outside:
        return f"{dashboard}/alerts?{urlencode({'alert': item.alert.id})}"
    evidence = item.row["evidence"]
    place = {"segment": str(evidence[0]["segment"])} if evidence else {}
    return f"{dashboard}/call?{urlencode({'id': item.row['call_id'], **place})}"


def _figures(drift: Drift, channel: Channel) -> dict[str, Any]:
    """A drift's figures; which agent it is about only where agents may be named."""
    named = drift.kind != "agent" or (channel.agents and not channel.outside)
    return {
        "drift": str(drift.kind),
        "subject": drift.subject if named else None,
        "title": drift.title_en if channel.language == "en" and drift.title_en else drift.title,
        "day": drift.day.isoformat(),
        "since": drift.began.isoformat(),
        "now": drift.now,
        "before": drift.before,
        "of": drift.of,
        "chance": drift.chance,
        "team": drift.team,
        "business_line": drift.business_line,
    }
