"""The commands `callqa alerts …`: what people were told of at once, and the messages about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database

if TYPE_CHECKING:
    from pipeline.settings import Settings

alerts_app = typer.Typer(help="预警 Alerts: veto findings, threats to complain, drifting figures.")

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
SECONDS = 300.0


@alerts_app.command("list")
def list_(
    db: Db,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Open alerts, what the channels did, and messages that failed."""
    from pipeline.alert_tables import print_state, state_json
    from pipeline.alerts import Outbox, channels_of, state_of
    from pipeline.store import Snapshot

    settings = _settings(config)
    need_database(db)
    with Snapshot.open(db, settings.timezone) as snapshot:
        shown = [one for one in state_of(snapshot) if one.open or everything]
    outbox = Outbox.of(db)
    channels, messages = channels_of(outbox, settings.alerts), outbox.messages()
    if as_json:
        print(json.dumps(state_json(shown, channels, messages), ensure_ascii=False, default=str))
    else:
        print_state(shown, channels, messages, settings)


@alerts_app.command("send")
def send(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Look at the newest results and send what is due; for cron between nights. Exit 3: failed."""
    from dataclasses import asdict

    from pipeline.alert_tables import print_sent
    from pipeline.alerts import Outbox, alert_now

    settings = _settings(config)
    need_database(db)
    done = alert_now(settings, db, SECONDS, drifts=True)
    failed = sum(message.state == "failed" for message in Outbox.of(db).messages())
    if as_json:
        print(json.dumps({**asdict(done), "failed_in_all": failed}))
    else:
        print_sent(done, failed, settings.language)
    raise typer.Exit(3 if failed else 0)


@alerts_app.command("test")
def try_channel(
    channel: Annotated[str, typer.Argument(help="Name of a channel in the settings.")],
    config: Config = None,
) -> None:
    """Send a message that says it is a test through one channel. Exit 3: it was not taken."""
    from pipeline.alert_tables import print_tested
    from pipeline.alerts import send_test

    settings = _settings(config)
    outcome = send_test(settings.alerts.channel(channel), settings)
    print_tested(channel, outcome.reason, settings.language)
    raise typer.Exit(0 if outcome.ok else 3)


@alerts_app.command("ack")
def ack(
    alert: Annotated[str, typer.Argument(help="Id of an alert, such as a-0123456789abcdef.")],
    db: Db,
    comment: Annotated[str, typer.Option("--comment", help="What was done about it.")] = "",
    config: Config = None,
) -> None:
    """Take note of an alert, as the user of this terminal: it is not sent again."""
    from pipeline.alerts import Outbox
    from pipeline.audit import operating_user
    from pipeline.store import Acknowledgements, People

    _settings(config)
    need_database(db)
    known = Outbox.of(db).get(alert)
    people = People.open(db)
    noted = Acknowledgements(people).add(operating_user(), known.id, known.content_sha256, comment)
    print(f"{known.id}: {noted.who} {noted.at:%Y-%m-%d %H:%M} UTC")


@alerts_app.command("resend")
def resend(
    db: Db,
    message: Annotated[
        list[str] | None, typer.Argument(help="Ids of failed messages; default: all of them.")
    ] = None,
    config: Config = None,
) -> None:
    """Let messages that were given up wait again; `callqa alerts send` or the next run sends."""
    from pipeline.alert_tables import print_resent
    from pipeline.alerts import Outbox

    settings = _settings(config)
    need_database(db)
    outbox = Outbox.of(db)
    failed = [one for one in outbox.messages() if one.state == "failed"]
    chosen = [one for one in failed if not message or one.id in message]
    if message and (unknown := set(message) - {one.id for one in failed}):
        raise BadInput(
            f"no failed message is called {', '.join(sorted(unknown))}; `callqa alerts list` names "
            "those that failed"
        )
    done = outbox.resend([one.number for one in chosen], datetime.now(UTC))
    print_resent(done, settings.language)


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)
