"""Forms as files: a workbook a team, listed among the copies so that a removal finds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from pipeline.agents.form import Form, forms_of
from pipeline.agents.words import Words
from pipeline.agents.workbook import workbook
from pipeline.errors import BadInput, TryAgain
from pipeline.modelfiles import sha256
from pipeline.store import FORMS, Copies, Filters, Snapshot, note_copy


def write_forms(
    snapshot: Snapshot, month: Filters, folder: Path, language: str, made: date
) -> list[Path]:
    """Write the forms of a month: one workbook per team, or of the agent that `month` names.

    BadInput when nobody has calls, or a file there was filled in since it was written.
    """
    forms = forms_of(snapshot, month)
    if not forms:
        raise BadInput(
            f"no calls of {month.agent or month.team or 'any agent'} in {month.since:%Y-%m}: "
            "calls without a start time or an agent's number are on no form"
        )
    groups = [(key, list(found)) for key, found in groupby(forms, lambda one: _group(one, month))]
    files = {folder / file_name(found, language, month.agent): found for _, found in groups}
    known = {copy.path: copy.sha256 for copy in Copies(snapshot.people).all()}
    for file in files:
        _refuse_filled(file, known.get(str(file.absolute())))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, found in files.items():
            _write(snapshot, file, workbook(found, language, made))
    except OSError as error:
        raise TryAgain(f"cannot write to {folder}: {error.strerror}; check the path") from error
    return list(files)


def file_name(forms: Sequence[Form], language: str, agent: str | None = None) -> str:
    """Of whom and of which month; what a file's name may not have is left out."""
    words, of = Words(language), forms[0].figures
    whose = agent or (of.team or words("no_team"))
    if agent and of.agent_name:
        whose = f"{of.agent_name}_{agent}"
    clean = re.sub(
        r'[\\/:*?"<>|\x00-\x1f]', "_", f"{words('title')}_{forms[0].first:%Y-%m}_{whose}"
    )
    return f"{clean[:80].strip()}.xlsx"


def _group(form: Form, month: Filters) -> str:
    return "" if month.agent else form.figures.team or ""


def _refuse_filled(file: Path, written: str | None) -> None:
    if file.exists() and sha256(file) != written:
        raise BadInput(
            f"{file} is not as it was written: somebody may have filled it in. Move it away, or "
            "choose another folder (-o)"
        )


def _write(snapshot: Snapshot, file: Path, data: bytes) -> None:
    """Listed before it gets its name, so that no copy is without its entry."""
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        temporary.touch(mode=0o600)
        temporary.write_bytes(data)
        note_copy(snapshot.people, temporary, file, what=FORMS, format="xlsx")
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
