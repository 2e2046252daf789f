"""A database with a vetoed call, a threat to complain and a calm call, and settings for alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.alerts import Delivered, Outbox, look, send_due
from pipeline.domain import CallReport, Evidence, Severity
from pipeline.settings import Settings
from pipeline.store import Decision, People, ReviewDraft, Snapshot, Store
from tests.store.fresh import fresh
from tests.store.reports import a_finding, a_hash, a_report

QUOTE = "肯定是保本的6222****1234"
BASE = "http://qa.test:8501"
NOW = datetime.now(UTC)


def vetoed(content: str = "veto", **changes: Any) -> CallReport:
    """A call that promises the principal at 1:23."""
    finding = a_finding(
        "no_promise", title="不得承诺保本", title_en="No promise of principal", veto=True,
        severity=Severity.CRITICAL, evidence=(Evidence(4, 83.4, 85.0, QUOTE),),
    )  # fmt: skip
    return a_report(content, findings=(finding,), vetoed=True, **{**base(), **changes})


def threat(content: str = "threat", **changes: Any) -> CallReport:
    """A call whose customer threatens to go to the regulator."""
    finding = a_finding(
        "complaint_alert", title="客户扬言投诉或曝光（预警）", severity=Severity.CRITICAL
    )
    return a_report(content, findings=(finding,), **{**base(), **changes})


def base() -> dict[str, Any]:
    return {"started_at": NOW - timedelta(hours=2), "customer": "13912345678"}


def stored(db: Path, *reports: CallReport) -> Path:
    """These calls, published."""
    with Store.open(fresh(db)) as store:
        store.save(reports)
        store.publish()
    return db


def settings_of(*channels: dict[str, Any], **more: Any) -> Settings:
    """Settings with these channels; nothing is grouped unless they say so."""
    given = [{"group_minutes": 0, "kind": "webhook", **channel} for channel in channels]
    alerts = {"channels": given, "timeout_seconds": 10.0, **more}
    return Settings.model_validate({"dashboard_url": BASE, "alerts": alerts})


def a_look(db: Path, settings: Settings) -> int:
    """Look at what is published."""
    with Snapshot.open(db) as snapshot:
        return look(snapshot, settings.alerts, datetime.now(UTC))


def a_round(db: Path, settings: Settings, *, looking: bool = True) -> Delivered:
    """Look and send what is due."""
    with Snapshot.open(db) as snapshot:
        if looking:
            look(snapshot, settings.alerts, datetime.now(UTC))
        return send_due(snapshot, settings)


def due_now(db: Path) -> None:
    """As if every pause were over."""
    from pipeline.alerts.outboxfile import connected

    with connected(Outbox.of(db).path) as connection:
        connection.execute("UPDATE messages SET due = 0, leased = 0, made = made - 4000")
        connection.execute("UPDATE messages SET sent = sent - 4000 WHERE sent IS NOT NULL")


def decided(db: Path, content: str, rule: str, decision: Decision) -> None:
    """What a person said of a finding."""
    People.open(db).add_review(
        ReviewDraft("张敏", f"c-{content}", a_hash(content), decision, rule=rule)
    )


def states(db: Path) -> list[str]:
    """How every message stands, oldest first."""
    return [message.state for message in reversed(Outbox.of(db).messages())]
