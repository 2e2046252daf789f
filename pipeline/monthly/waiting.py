"""What waits for somebody: reviews, appeals with their deadlines, disputes of calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pipeline.domain import Appeal
from pipeline.errors import BadPack
from pipeline.monthly.report import Open, OpenAppeal, OpenDispute, OpenReviews
from pipeline.store import Appeals, Calibrations, Decided, Filters, Snapshot, appealed, ask_decided

MOST_URGENT = 30


def still_open(snapshot: Snapshot, month: Filters, leader_days: int) -> Open:
    """Reviews of the month; appeals and disputes whenever they were, of the reader's calls."""
    reviews = tuple(
        OpenReviews(row["holder"], row["calls"], row["begun"], row["vetoed"], row["oldest"])
        for row in ask_decided(snapshot, month, Decided(), "count_open")
    )
    rows = snapshot.list_calls(replace(month, flagged=True), "priority", MOST_URGENT).to_pylist()
    urgent = tuple(row["call_id"] for row in rows if row["review_state"] != "reviewed")
    return Open(
        reviews, urgent, tuple(_appeals(snapshot, leader_days)), tuple(_disputes(snapshot))
    )  # fmt: skip


def _appeals(snapshot: Snapshot, leader_days: int) -> Iterator[OpenAppeal]:
    """Oldest first."""
    waiting: list[Appeal] = [one for one in Appeals(snapshot.people).all() if one.end is None]
    known = appealed(snapshot, waiting)
    for one in reversed(waiting):
        row = known.get(one.id)
        if row is not None:
            filed = one.at.astimezone(snapshot.zone)
            yield OpenAppeal(
                one.id, filed, row["call_id"], row["agent_id"] or "", row["agent_name"] or "",
                row["team"] or "", row["title"] or one.rule, row["title_en"] or "", one.state,
                filed + timedelta(days=leader_days),
            )  # fmt: skip


def _disputes(snapshot: Snapshot) -> Iterator[OpenDispute]:
    """Latest round first; a round whose pack is not kept cannot be asked."""
    rounds = [one for one in Calibrations(snapshot.people).all() if one.ended_at is not None]
    if not rounds:
        return
    from pipeline.calibration import unresolved  # nltk takes its time

    for one in rounds:
        assert one.ended_at is not None
        try:
            found = unresolved(snapshot, one.id)
        except BadPack:
            continue
        for dispute in found:
            question = dispute.question
            subject = f"{question.subject} {question.title}".strip()
            yield OpenDispute(
                one.id, one.title, one.ended_at.astimezone(snapshot.zone), dispute.call.call_id,
                subject,
            )  # fmt: skip
