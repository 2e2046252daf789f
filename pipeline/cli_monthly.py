"""The command `callqa monthly`: the 服务质量分析报告 as Word, Excel or HTML."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database


def monthly(  # noqa: PLR0913, PLR0917 - the options of a command
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    month: Annotated[
        str | None, typer.Option(help="Such as 2026-11; else the current one.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Of this team alone.")] = None,
    form: Annotated[str | None, typer.Option("--format", help="docx, xlsx or html.")] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File; its ending says the format.")
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="A folder for all formats and the agents' forms.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """月报 The month: results, ranking, rewards and penalties, vetoes, what is open."""
    from pipeline.monthly.files import file_name, write_bundle, write_report
    from pipeline.monthly.gather import month_report
    from pipeline.settings import load_settings
    from pipeline.store import Snapshot

    settings = load_settings(config)
    need_database(db)
    wanted = _format(form, out, bundle)
    made = datetime.now(settings.zone).date()
    with Snapshot.open(db, settings.timezone) as whole:
        snapshot = whole.of_team(team) if team else whole
        report = month_report(snapshot, settings, month, made, team)
        if bundle:
            written = write_bundle(snapshot, report, bundle, settings.language)
        else:
            file = out or Path(file_name(report, wanted, settings.language))
            written = [write_report(snapshot, report, file, wanted, settings.language)]
    paths = [str(path) for path in written]
    print(json.dumps({"files": paths}, ensure_ascii=False) if as_json else "\n".join(paths))


def _format(form: str | None, out: Path | None, bundle: Path | None) -> str:
    """What shall be written; BadInput where options contradict each other."""
    if bundle and (form or out):
        raise BadInput("give --bundle, or --format and -o, not both")
    ending = out.suffix.removeprefix(".") if out else ""
    wanted = form or ending or "docx"
    if ending and ending != wanted:
        raise BadInput(f"-o {out} ends with .{ending}, but --format is {wanted}")
    return wanted
