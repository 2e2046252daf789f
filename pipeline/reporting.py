"""Reports that are due are written at the end of a night: each once, none lost.

What could not be written is tried again by the next night; a night never fails because of it. A
report that is due and whose period has no calls is not written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.briefing import gather, weeks_there
from pipeline.briefing.document import Export
from pipeline.briefing.files import file_name, save, written
from pipeline.errors import CallqaError
from pipeline.monthly import MonthPeriod, month_report
from pipeline.monthly import files as monthly_files
from pipeline.settings import Settings
from pipeline.store import Filters, ReportsWritten, Snapshot
from pipeline.weeks import Week

log = logging.getLogger(__name__)
LOOK_BACK = 4  # weeks of which a briefing may still be missing


@dataclass(frozen=True, slots=True)
class Due:
    """A period whose report is due, of all teams or of one."""

    period: str
    team: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of report. `due` lists what should be there by a day, oldest first.

    `write` makes one format of it, saved in the folder, and returns its path.
    """

    kind: str
    due: Callable[[Snapshot, Settings, date], Sequence[Due]]
    formats: Callable[[Settings], Sequence[str]]
    write: Callable[[Snapshot, Settings, Due, str, date], Path]


@dataclass(slots=True)
class Told:
    """What was written, and what could not be, with the reason."""

    written: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def after_night(db: Path, settings: Settings, summary: dict[str, Any]) -> None:
    """Write what is due; what was written or failed is told in `summary` as `reports`."""
    if settings.reports.folder is None:
        return
    told = Told()
    try:
        with Snapshot.open(db, settings.timezone) as snapshot:
            told = write_due(snapshot, settings, datetime.now(settings.zone).date())
    except CallqaError as error:  # nothing is published yet, people.sqlite cannot be read
        told.failed.append(str(error))
    for line in told.failed:
        log.warning("a report could not be written: %s", line)
    if told.written or told.failed:
        summary["reports"] = {"written": told.written, "failed": told.failed}


def write_due(snapshot: Snapshot, settings: Settings, today: date) -> Told:
    """Write every report that is due by `today` and not written yet."""
    told, known = Told(), ReportsWritten(snapshot.people)
    for report in REPORTS:
        for due in report.due(snapshot, settings, today):
            there = known.of(report.kind, due.period)
            for form in report.formats(settings):
                part = f"{due.team or ''}.{form}"
                if part in there:
                    continue
                try:
                    path = report.write(snapshot, settings, due, form, today)
                    known.note((report.kind, due.period, part), str(path))
                    told.written.append(str(path))
                except CallqaError as error:
                    told.failed.append(f"{report.kind} {due.period} {part}: {error}")
                except Exception as error:
                    log.exception("our bug while writing a report")
                    kind = type(error).__name__
                    told.failed.append(f"{report.kind} {due.period} {part}: a bug ({kind})")
    return told


# ── weekly ───────────────────────────────────────────────────────────────────────────────────────


def _weeks_due(snapshot: Snapshot, settings: Settings, today: date) -> Sequence[Due]:
    """The last full week from its weekday on, and earlier ones that a night did not come to.

    Before the first briefing was written only the last week: nobody waits for the others.
    """
    weekly = settings.reports.weekly
    if not weekly.enabled:
        return []
    last = Week.of(today - timedelta(days=weekly.weekday - 1)).back(1)
    known = ReportsWritten(snapshot.people)
    weeks = [last.back(back) for back in range(LOOK_BACK - 1, -1, -1)]
    begun = next((at for at, week in enumerate(weeks) if known.of("weekly", str(week))), None)
    weeks = weeks[-1:] if begun is None else weeks[begun:]
    return list(_with_calls(snapshot, settings, weeks))


def _with_calls(snapshot: Snapshot, settings: Settings, weeks: Sequence[Week]) -> Iterator[Due]:
    for team in settings.reports.readers:
        there = set(weeks_there(snapshot, team))
        yield from (Due(str(week), team) for week in weeks if week in there)


def _write_week(snapshot: Snapshot, settings: Settings, due: Due, form: str, today: date) -> Path:
    briefing = gather(snapshot, Week.parse(due.period), due.team)
    export = Export(settings.language, today, settings.dashboard_url or "")
    folder = settings.reports.folder
    assert folder is not None
    target = folder / due.period / file_name(briefing, form, settings.language)
    save(snapshot.people, target, written(briefing, form, export), form)
    return target


WEEKLY = Report("weekly", _weeks_due, lambda settings: settings.reports.weekly.formats, _write_week)


# ── monthly ──────────────────────────────────────────────────────────────────────────────────────


def _months_due(snapshot: Snapshot, settings: Settings, today: date) -> Sequence[Due]:
    """The last month whose day has come, of those who have calls in it."""
    monthly = settings.reports.monthly
    if not monthly.enabled:
        return []
    period = MonthPeriod.around(today, monthly.begins, monthly.day)
    while period.due > today:
        period = period.before(monthly.begins, monthly.day)
    month = Filters(since=period.first, until=period.last)
    teams = settings.reports.readers
    return [
        Due(period.month, team) for team in teams if snapshot.count_calls(replace(month, team=team))
    ]


def _write_month(snapshot: Snapshot, settings: Settings, due: Due, form: str, today: date) -> Path:
    reader = snapshot.of_team(due.team) if due.team else snapshot
    report = month_report(reader, settings, due.period, today, due.team)
    folder = settings.reports.folder
    assert folder is not None
    target = folder / due.period / monthly_files.file_name(report, form, settings.language)
    return monthly_files.write_report(reader, report, target, form, settings.language)


MONTHLY = Report(
    "monthly", _months_due, lambda settings: settings.reports.monthly.formats, _write_month
)
REPORTS: tuple[Report, ...] = (WEEKLY, MONTHLY)
