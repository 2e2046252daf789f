"""The commands `callqa sample …`: calls that people listen to by plan."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.files import need_database

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.store import Snapshot

sample_app = typer.Typer(help="抽检 Sampling: draw calls to listen to, verify a draw, progress.")

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Month = Annotated[str | None, typer.Option("--month", help="Such as 2026-11; default: this one.")]


@sample_app.command("draw")
def draw(  # noqa: PLR0913, PLR0917 - the options of a command
    db: Db,
    month: Month = None,
    per_agent: Annotated[int, typer.Option(help="Calls per agent in the month.")] = 3,
    unflagged: Annotated[int, typer.Option(help="Calls at random of all unflagged ones.")] = 60,
    inspector: Annotated[
        list[str] | None, typer.Option(help="Who listens; several share the calls.")
    ] = None,
    seed: Annotated[str, typer.Option(help="To draw the same again; default: a new one.")] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Draw a plan: from the days of the month that no plan has drawn from yet."""
    from pipeline.audit import operating_user
    from pipeline.authority import signed_trail
    from pipeline.domain import SampleWish
    from pipeline.sample_tables import print_board
    from pipeline.sampling import board, days_left, make_plan
    from pipeline.store import Samples

    settings = _settings(config)
    with _open(db, settings) as snapshot:
        first, last = _month(month, settings)
        today = datetime.now(settings.zone).date()
        days = days_left(Samples(snapshot.people), first, last, today)
        wish = SampleWish(*days, seed, per_agent, unflagged, tuple(inspector or ()))
        plan = make_plan(snapshot, operating_user(), wish, signed_trail(settings, db))
        shown = board(snapshot, first, last)
    if as_json:
        _print_json(asdict(plan))
    else:
        print_board(shown, settings.language)


@sample_app.command("show")
def show(db: Db, month: Month = None, config: Config = None, as_json: Json = False) -> None:
    """The plans of a month: what was listened to, and what was found in unflagged calls."""
    from pipeline.sample_tables import board_json, print_board
    from pipeline.sampling import board

    settings = _settings(config)
    with _open(db, settings) as snapshot:
        shown = board(snapshot, *_month(month, settings))
    if as_json:
        _print_json(board_json(shown))
    else:
        print_board(shown, settings.language)


@sample_app.command("verify")
def verify(
    number: Annotated[int, typer.Argument(help="Number of the plan.")],
    db: Db,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Draw a plan again by its seed and compare. Exit 3: other calls came out."""
    from pipeline.sample_tables import print_repeated
    from pipeline.sampling import repeat

    settings = _settings(config)
    with _open(db, settings) as snapshot:
        done = repeat(snapshot, number)
    if as_json:
        _print_json(asdict(done))
    else:
        print_repeated(done, settings.language)
    raise typer.Exit(0 if done.same_calls else 3)


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)


def _open(db: Path, settings: Settings) -> Snapshot:
    from pipeline.store import Snapshot

    need_database(db)
    return Snapshot.open(db, settings.timezone)


def _month(text: str | None, settings: Settings) -> tuple[date, date]:
    from pipeline.sampling import month_of

    return month_of(text or f"{datetime.now(settings.zone):%Y-%m}")


def _print_json(item: object) -> None:
    print(json.dumps(item, ensure_ascii=False, default=str))
