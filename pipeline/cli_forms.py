"""The command `callqa forms`: the 服务质量综合考评表 of a month as Excel files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database

Name = Annotated[str | None, typer.Option()]


def forms(  # noqa: PLR0913, PLR0917 - the options of a command
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    month: Annotated[str | None, typer.Option(help="Such as 2026-11; else this month.")] = None,
    agent: Name = None,
    team: Name = None,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """考评表 Monthly forms as Excel: one file per team, a sheet per agent; or of one agent."""
    from pipeline.agents.files import write_forms
    from pipeline.sampling import month_of
    from pipeline.settings import load_settings
    from pipeline.store import Filters, Snapshot

    settings = load_settings(config)
    need_database(db)
    if agent and team:
        raise BadInput("give --agent or --team, not both")
    today = datetime.now(settings.zone)
    first, last = month_of(month or f"{today:%Y-%m}")
    wanted = Filters(since=first, until=last, agent=agent, team=team)
    with Snapshot.open(db, settings.timezone) as snapshot:
        written = write_forms(snapshot, wanted, out, settings.language, today.date())
    if as_json:
        print(json.dumps({"files": [str(path) for path in written]}, ensure_ascii=False))
    else:
        for path in written:
            print(path)
