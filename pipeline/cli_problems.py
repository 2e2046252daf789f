"""The command `callqa problems`: what many calls of a week have in common; and noting a week."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database


def problems(
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    week: Annotated[
        str | None, typer.Option(help="Such as 2026-W47; default: the last whole one.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Of one team.")] = None,
    note: Annotated[
        bool,
        typer.Option(
            "--note", help="Keep its problems so that later weeks know them; nights do this."
        ),
    ] = False,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """共性问题 Common problems of a week, heaviest first: what changed, whom they concern."""
    from datetime import datetime

    from pipeline import problems as room
    from pipeline.problem_tables import print_problems, problems_json
    from pipeline.settings import load_settings
    from pipeline.store import Snapshot
    from pipeline.weeks import Week

    settings = load_settings(config)
    need_database(db)
    if note and team is not None:
        raise BadInput("--note: problems are noted of all teams together, leave --team out")
    today = datetime.now(settings.zone).date()
    asked = Week.parse(week) if week else Week.of(today).back(1)
    if note and asked.sunday >= today:
        raise BadInput(f"--note: week {asked} is not over yet")
    with Snapshot.open(db, settings.timezone) as snapshot:
        if note:
            room.note(snapshot, asked, least=0)
        found = room.look(snapshot, asked, team)
    if as_json:
        print(json.dumps(problems_json(asked, team, found), ensure_ascii=False))
    else:
        print_problems(asked, found, settings.language)
