"""The local day of a call, and today's, in the centre's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from pipeline.domain import CallInfo

CENTRE = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other offset since 1991


def local_day(info: CallInfo) -> date | None:
    """The day on which a call began; None when the metadata does not say."""
    return local_day_of(info.started_at)


def local_day_of(moment: datetime | None) -> date | None:
    """The local day of a moment; one without a zone is local already."""
    if moment is None or moment.tzinfo is None:
        return None if moment is None else moment.date()
    return moment.astimezone(CENTRE).date()


def today() -> date:
    """The day that it is."""
    return datetime.now(CENTRE).date()
