"""The commands `callqa users …`: who may sign in to the dashboard, as what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput

if TYPE_CHECKING:
    from pipeline.access import Manager, Post

users_app = typer.Typer(help="用户 Accounts of the dashboard: who may sign in, as what.")

Name = Annotated[str, typer.Argument(help="The name to sign in with; reviews carry it.")]
Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Role = Annotated[str, typer.Option("--role", help="`callqa users roles` lists them.")]
AgentId = Annotated[str | None, typer.Option("--agent-id", help="Role agent: whose calls.")]
Team = Annotated[str | None, typer.Option("--team", help="Role leader: which team's calls.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]


def _manager(db: Path, config: Path | None) -> Manager:
    from pipeline.access import Manager
    from pipeline.settings import load_settings

    return Manager(load_settings(config), db)


def _post(role: str, agent_id: str | None, team: str | None) -> Post:
    from pipeline.access import ASSIGNABLE, JobRole, Post

    if role not in ASSIGNABLE:
        raise BadInput(f"--role: unknown role '{role}'; choose one of: {', '.join(ASSIGNABLE)}")
    return Post(JobRole(role), agent_id, team).checked()


@users_app.command("add")
def users_add(  # noqa: PLR0913, PLR0917 - one option each
    name: Name,
    db: Db,
    role: Role,
    agent_id: AgentId = None,
    team: Team = None,
    oidc: Annotated[
        bool, typer.Option("--oidc", help="Signs in by the identity provider; no password here.")
    ] = False,
    config: Config = None,
) -> None:
    """Add an account and print its first password, once; it is changed at the first sign-in."""
    from pipeline.user_tables import print_added

    manager = _manager(db, config)
    first = manager.add(name, _post(role, agent_id, team), "oidc" if oidc else "password")
    print_added(name, first, manager.settings.language)


@users_app.command("list")
def users_list(db: Db, config: Config = None, as_json: Json = False) -> None:
    """The accounts: role, whose calls, state."""
    from pipeline.user_tables import as_row, print_users

    manager = _manager(db, config)
    accounts = manager.accounts.list()
    if as_json:
        print(json.dumps([as_row(account) for account in accounts], ensure_ascii=False))
    else:
        print_users(accounts, manager.settings.zone, manager.settings.language)


@users_app.command("roles")
def users_roles() -> None:
    """What each role may open, see and do."""
    from pipeline.user_tables import print_roles

    print_roles()


@users_app.command("role")
def users_role(
    name: Name,
    db: Db,
    role: Role,
    agent_id: AgentId = None,
    team: Team = None,
    config: Config = None,
) -> None:
    """Give an account another role; whoever uses it must sign in again."""
    manager = _manager(db, config)
    manager.give(name, _post(role, agent_id, team))
    _say(manager, "given", name)


@users_app.command("disable")
def users_disable(name: Name, db: Db, config: Config = None) -> None:
    """Let nobody sign in with it, and end its sessions at once."""
    manager = _manager(db, config)
    manager.disable(name)
    _say(manager, "disabled", name)


@users_app.command("enable")
def users_enable(name: Name, db: Db, config: Config = None) -> None:
    """Let its owner sign in again."""
    manager = _manager(db, config)
    manager.enable(name)
    _say(manager, "enabled", name)


@users_app.command("unlock")
def users_unlock(name: Name, db: Db, config: Config = None) -> None:
    """Forget failed tries to sign in."""
    manager = _manager(db, config)
    manager.unlock(name)
    _say(manager, "unlocked", name)


@users_app.command("reset-password")
def users_reset(name: Name, db: Db, config: Config = None) -> None:
    """Print a new first password, once; ends its sessions and unlocks it."""
    from pipeline.user_tables import print_added

    manager = _manager(db, config)
    print_added(name, manager.reset(name), manager.settings.language, again=True)


def _say(manager: Manager, what: str, name: str) -> None:
    from pipeline.user_tables import print_done

    print_done(what, name, manager.settings.language)
