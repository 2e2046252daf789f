"""The local day of a call, and today's, in the centre's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from pipeline.domain import CallInfo

CENTRE = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other offset since 1991


def local_day(info: CallInfo) -> date | None:
    """The day on which a call began; None when the metadata does not say."""
    if info.started_at is None:
        return None
    if info.started_at.tzinfo is None:
        return info.started_at.date()
    return info.started_at.astimezone(CENTRE).date()


def today() -> date:
    """The day that it is."""
    return datetime.now(CENTRE).date()
