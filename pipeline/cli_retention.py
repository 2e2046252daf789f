"""The commands `callqa purge`, `callqa erase` and `callqa hold …`: what goes and what stays."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput

if TYPE_CHECKING:
    from pipeline.authority import Request
    from pipeline.settings import Settings

hold_app = typer.Typer(help="法律保全 Legal hold: what neither a purge nor an erasure removes.")

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the audit trail.")]


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)


def _print_json(item: object) -> None:
    print(json.dumps(item, ensure_ascii=False, default=str))


def purge(
    db: Db,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Remove, or only show (the default).")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Remove what is older than the settings' periods (`retention`). Exit 3: something is left."""
    from pipeline import retention
    from pipeline.retention_tables import print_due, print_removed
    from pipeline.settings import settings_file

    settings = _settings(config)
    done = retention.purge(settings, db, apply=apply, granted_by=settings_file(config))
    if as_json:
        removed = done.removed and done.removed.summary()
        _print_json({"due": done.due.summary(), "removed": removed})
    elif done.removed is None:
        print_due(done.due, settings.retention, settings.language)
    else:
        print_removed(done.removed, settings.language)
    raise typer.Exit(0 if done.removed is None or done.removed.complete else 3)


def erase(
    customer: Annotated[str, typer.Option("--customer", help="The customer's id.")],
    db: Db,
    reason: Reason,
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--input", help="Folder with recordings that may not be processed yet."),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Remove a customer everywhere and prove it: for people with a role, and written down.

    Exit code 3 when something is left.
    """
    from pipeline import retention
    from pipeline.retention_tables import print_removed
    from pipeline.settings import settings_file

    settings = _settings(config)
    wish = retention.Erasure(customer, reason, inputs or (), settings_file(config))
    done = retention.erase(settings, db, wish)
    if as_json:
        _print_json(done.summary())
    else:
        print_removed(done, settings.language)
    raise typer.Exit(0 if done.complete else 3)


@hold_app.command("add")
def hold_add(
    kind: Annotated[str, typer.Argument(help="customer, agent (all their calls) or call.")],
    subject: Annotated[str, typer.Argument(help="The id of it.")],
    db: Db,
    reason: Reason,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Hold a customer, an agent or a call: for people with a role, and written down."""
    from pipeline import retention
    from pipeline.retention_tables import print_covered, print_holds
    from pipeline.store import Held

    if kind not in list(Held):
        raise BadInput(f"unknown kind '{kind}'; choose one of: {', '.join(Held)}")
    settings = _settings(config)
    made = retention.hold(settings, db, Held(kind), subject, _request("hold", reason, config))
    calls = retention.covered(db, made)
    if as_json:
        _print_json({**asdict(made), "calls": calls})
    else:
        print_holds([made], settings.zone, settings.language)
        print_covered(calls, settings.language)


@hold_app.command("release")
def hold_release(
    number: Annotated[int, typer.Argument(help="Its number, from `callqa hold list`.")],
    db: Db,
    reason: Reason,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """End a hold: for people with a role, and written down."""
    from pipeline import retention
    from pipeline.retention_tables import print_released

    settings = _settings(config)
    ended = retention.release(settings, db, number, _request("release", reason, config))
    if as_json:
        _print_json(asdict(ended))
    else:
        print_released(ended, settings.language)


@hold_app.command("list")
def hold_list(db: Db, config: Config = None, as_json: Json = False) -> None:
    """The holds in force."""
    from pipeline.files import need_database
    from pipeline.retention_tables import print_holds
    from pipeline.store import Holds, People

    settings = _settings(config)
    need_database(db)
    holds = Holds(People.open(db)).in_force()
    if as_json:
        for hold in holds:
            _print_json(asdict(hold))
    else:
        print_holds(holds, settings.zone, settings.language)


def _request(action: str, reason: str, config: Path | None) -> Request:
    from pipeline.authority import Request
    from pipeline.settings import settings_file

    return Request(action, reason, granted_by=settings_file(config))
