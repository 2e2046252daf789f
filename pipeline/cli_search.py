"""The command `callqa search`: what was said in which call, masked; and making the index anew."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database

if TYPE_CHECKING:
    from pipeline.settings import Settings

REBUILD = "rebuild"

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A local day, included.")]
Name = Annotated[str | None, typer.Option()]


def search(  # noqa: PLR0913, PLR0917 - the options of a command
    words: Annotated[
        list[str],
        typer.Argument(
            help='Words, "a phrase in quotes", -without; or `rebuild`: make the index anew.'
        ),
    ],
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    sound: Annotated[bool, typer.Option("--sound", help="Also what only sounds alike.")] = False,
    role: Annotated[str | None, typer.Option(help="Said by: agent or customer.")] = None,
    since: Day = None,
    until: Day = None,
    agent: Name = None,
    team: Name = None,
    line: Annotated[str | None, typer.Option(help="Business line.")] = None,
    rule: Annotated[str | None, typer.Option(help="Failed or unsure under this rule.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Sentences shown.")] = 20,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """检索 Search what was said (masked text), newest first. `rebuild` makes the index anew."""
    from pipeline.search import Question, parse
    from pipeline.search import search as ask
    from pipeline.search_tables import print_answer
    from pipeline.settings import load_settings
    from pipeline.store import Filters, People, Snapshot, Words

    settings = load_settings(config)
    need_database(db)
    if words == [REBUILD]:
        _rebuild(db, settings, as_json=as_json)
        return
    if role not in (None, "agent", "customer"):
        raise BadInput(f"--role {role}: choose agent or customer")
    own = Words(People.open(db)).accepted()
    query = parse(" ".join(words), sound=sound, own=own)
    filters = Filters(
        since=since and since.date(), until=until and until.date(), agent=agent, team=team,
        business_line=line, rule=rule,
    )  # fmt: skip
    with Snapshot.open(db, settings.timezone) as snapshot:
        answer = ask(snapshot, Question(query, filters, role), limit)
    print_answer(answer, settings, as_json=as_json)


def _rebuild(db: Path, settings: Settings, *, as_json: bool) -> None:
    from pipeline.search import rebuild
    from pipeline.search_tables import print_rebuilt, teller
    from pipeline.store import Store

    with Store.open(db, settings.timezone) as store:
        store.load_spool()
        store.publish()
        days = rebuild(store, teller(settings.language))
    if as_json:
        print(json.dumps({"days": days}))
    else:
        print_rebuilt(days, settings.language)
