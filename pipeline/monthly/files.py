"""The report as files: one of them, or all with the agents' forms in a folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.agents.files import write_forms
from pipeline.errors import BadInput, TryAgain
from pipeline.monthly.report import MonthReport
from pipeline.monthly.words import Words
from pipeline.store import FORMS, Filters, Snapshot, note_copy

FORMS_FOLDER = {"zh": "考评表", "en": "forms"}


def _docx(report: MonthReport, language: str) -> bytes:
    from pipeline.documents import write_docx
    from pipeline.monthly.document import document

    return write_docx(document(report, language))


def _xlsx(report: MonthReport, language: str) -> bytes:
    from pipeline.monthly.sheets import workbook

    return workbook(report, language)


def _html(report: MonthReport, language: str) -> bytes:
    from pipeline.documents import write_html
    from pipeline.monthly.document import document

    return write_html(document(report, language)).encode()


WRITERS: dict[str, Callable[[MonthReport, str], bytes]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "html": _html,
}


def bytes_of(report: MonthReport, form: str, language: str) -> bytes:
    """The bytes of a file; BadInput for a format that nobody knows."""
    if form not in WRITERS:
        raise BadInput(f"unknown format '{form}'; choose one of: {', '.join(WRITERS)}")
    return WRITERS[form](report, language)


def file_name(report: MonthReport, form: str, language: str) -> str:
    """Which month and whose; what a file's name may not have is replaced."""
    whose = f"_{report.team}" if report.team else ""
    name = f"{Words(language)('report')}_{report.period.month}{whose}"
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[:80].strip() + f".{form}"


def write_report(
    snapshot: Snapshot, report: MonthReport, file: Path, form: str, language: str
) -> Path:
    """Write one file, listed among the copies so that a removal finds it."""
    data = bytes_of(report, form, language)
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(mode=0o600)
        temporary.write_bytes(data)
        note_copy(snapshot.people, temporary, file, what=FORMS, format=form)
        temporary.replace(file)
    except OSError as error:
        raise TryAgain(f"cannot write {file}: {error.strerror}; check the path") from error
    finally:
        temporary.unlink(missing_ok=True)
    return file


def write_bundle(
    snapshot: Snapshot, report: MonthReport, folder: Path, language: str
) -> list[Path]:
    """The report in every format, and the forms of all agents, to which it leads."""
    period = report.period
    month = Filters(since=period.first, until=period.last)
    forms = write_forms(
        snapshot, month, folder / FORMS_FOLDER[language], language, report.made
    )  # fmt: skip
    links = {file.stem: f"{file.parent.name}/{file.name}" for file in forms}
    report = replace(report, forms=links)
    written = [
        write_report(snapshot, report, folder / file_name(report, form, language), form, language)
        for form in WRITERS
    ]
    return [*written, *forms]
