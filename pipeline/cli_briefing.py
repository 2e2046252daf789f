"""The command `callqa briefing`: the weekly briefing as a file."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database

if TYPE_CHECKING:
    from pipeline.briefing import Briefing
    from pipeline.briefing.document import Export
    from pipeline.clips import Bundle
    from pipeline.settings import Settings
    from pipeline.weeks import Week


def briefing(  # noqa: PLR0913, PLR0917 - the options of a command
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    week: Annotated[
        str | None, typer.Option("--week", help="Such as 2026-W47; default: the last full week.")
    ] = None,
    team: Annotated[str | None, typer.Option("--team", help="Of one team.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="docx (default), pptx, html or md.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")] = None,
    clips: Annotated[
        bool, typer.Option("--clips", help="A .zip with the clips it quotes, privately silenced.")
    ] = False,
    language: Annotated[str | None, typer.Option("--lang", help="zh or en.")] = None,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """周报 Weekly briefing: figures, common problems, agreed answers, suggested training."""
    from pipeline.briefing import gather
    from pipeline.briefing.files import known_format, save, written
    from pipeline.settings import load_settings
    from pipeline.store import Snapshot

    settings = load_settings(config)
    need_database(db)
    export, asked = _export(settings, language), _week(week, settings)
    ending = out.suffix[1:] if out and not clips and not out.is_dir() else ""
    form = known_format(form or ending or "docx")
    with Snapshot.open(db, settings.timezone) as snapshot:
        found = gather(snapshot, asked, team)
        target = _target(found, out, "zip" if clips else form, export.language)
        made: Bundle | None = None
        if clips:
            from pipeline.clips import bundle

            made = bundle(snapshot, found, form, export)
        data = made.data if made else written(found, form, export)
        save(snapshot.people, target, data, target.suffix[1:])
    _tell(target, made, as_json=as_json)


def _export(settings: Settings, language: str | None) -> Export:
    from pipeline.briefing.document import Export

    if language not in (None, "zh", "en"):
        raise BadInput(f"--lang {language}: known are zh and en")
    today = datetime.now(settings.zone).date()
    return Export(language or settings.language, today, settings.dashboard_url or "")


def _week(asked: str | None, settings: Settings) -> Week:
    """The one asked for, else the last full one."""
    from pipeline.weeks import Week

    today = datetime.now(settings.zone).date()
    return Week.parse(asked) if asked else Week.of(today).back(1)


def _target(found: Briefing, out: Path | None, form: str, language: str) -> Path:
    from pipeline.briefing.files import file_name

    if out is None or out.is_dir():
        return (out or Path()) / file_name(found, form, language)
    if out.suffix != f".{form}":
        raise BadInput(f"{out}: write .{form} at the end of the name")
    return out


def _tell(target: Path, made: Bundle | None, *, as_json: bool) -> None:
    missing = list(made.missing) if made else []
    if as_json:
        facts = {"file": str(target), "clips": made.clips if made else 0, "missing": missing}
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(target)
    for line in missing:
        typer.echo(f"callqa: no clip: {line}", err=True)
