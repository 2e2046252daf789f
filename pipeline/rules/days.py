"""The local day of a call, and today's, in the centre's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from pipeline.domain import CallInfo

CENTRE = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other offset since 1991


def local_day(info: CallInfo) -> date | None:
    """The day on which a call began; None when the metadata does not say."""
    return local_day_of(info.started_at)


def local_day_of(moment: datetime | None) -> date | None:
    """The local day of a moment."""
    return None if moment is None else local(moment).date()


def local(moment: datetime) -> datetime:
    """A moment in the centre's time; one without a zone is local already."""
    return moment.replace(tzinfo=CENTRE) if moment.tzinfo is None else moment.astimezone(CENTRE)


def today() -> date:
    """The day that it is."""
    return datetime.now(CENTRE).date()
