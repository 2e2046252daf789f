"""The command `callqa`. Heavy imports happen inside the commands, so that `--help` is quick.

Exit codes: 0 all done, 1 our bug, 2 wrong use, 3 some recordings failed.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__
from pipeline.cli_alerts import alerts_app
from pipeline.cli_asr import asr_app
from pipeline.cli_briefing import briefing
from pipeline.cli_forms import forms
from pipeline.cli_learning import train_app, words_app
from pipeline.cli_monthly import monthly
from pipeline.cli_problems import problems
from pipeline.cli_retention import erase, hold_app, purge
from pipeline.cli_rules import Since, rules_app
from pipeline.cli_sample import sample_app
from pipeline.cli_search import search
from pipeline.cli_users import users_app
from pipeline.cli_vault import audit_app, hear, print_unmasked_export, raw_app, unmask
from pipeline.errors import BadInput, CallqaError
from pipeline.files import need_database

app = typer.Typer(
    name="callqa",
    help="通话质检: recordings in, checked, scored and explained calls out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="Speech models: what is present and verified, and how to fetch one.")
app.add_typer(models_app, name="models", no_args_is_help=True)
app.add_typer(asr_app, name="asr", no_args_is_help=True)
app.add_typer(rules_app, name="rules", no_args_is_help=True)
app.add_typer(audit_app, name="audit", no_args_is_help=True)
app.add_typer(raw_app, name="raw", no_args_is_help=True)
app.add_typer(hold_app, name="hold", no_args_is_help=True)
app.add_typer(sample_app, name="sample", no_args_is_help=True)
app.add_typer(train_app, name="train", no_args_is_help=True)
app.add_typer(words_app, name="words", no_args_is_help=True)
app.add_typer(users_app, name="users", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts", no_args_is_help=True)
app.command()(unmask)
app.command()(hear)
app.command()(purge)
app.command()(erase)
app.command()(search)
app.command()(forms)
app.command()(monthly)
app.command()(problems)
app.command()(briefing)

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Inputs = Annotated[list[Path], typer.Argument(help="Folders (searched recursively) or files.")]
Pack = Annotated[str | None, typer.Option("--pack", help="Rule pack, instead of the call's own.")]


def main() -> None:
    """Run the command line; turns our errors into one line and exit code 2."""
    try:
        app()
    except CallqaError as error:
        print(f"callqa: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("callqa: stopped; run the same command again to go on", file=sys.stderr)
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        print("callqa: this is a bug in callqa; please report the lines above", file=sys.stderr)
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"callqa {__version__}")
        raise typer.Exit


@app.command()
def run(inputs: Inputs, db: Db, config: Config = None, as_json: Json = False) -> None:
    """Process new recordings and chat logs into the database; resumes where it was stopped."""
    _need(inputs)
    from pipeline import night, tables
    from pipeline.account import exit_code
    from pipeline.settings import load_settings

    summary = night.nothing_new(inputs, db, load_settings(config))
    if summary is None:
        from pipeline import flows

        summary = flows.run(inputs, db, config)
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        tables.print_run(summary, db, load_settings(config).language)
    raise typer.Exit(exit_code(summary))


@app.command()
def serve(inputs: Inputs, db: Db, config: Config = None) -> None:
    """Run every night by cron (settings: run.cron) until stopped."""
    _need(inputs)
    from pipeline import flows
    from pipeline.settings import load_settings

    settings = load_settings(config)
    print(f"callqa: nightly run scheduled at '{settings.run.cron}' ({settings.timezone})")
    flows.serve(inputs, db, config, settings)


@app.command()
def score(
    files: Annotated[list[Path], typer.Argument(help="Transcript .json/.jsonl; `-` = stdin.")],
    pack: Pack = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Score transcripts without a database."""
    from pipeline import oneoff, tables
    from pipeline.settings import load_settings

    settings = load_settings(config)
    failed = False
    for item in oneoff.score(files, settings, pack or settings.pack):
        if isinstance(item, BadInput):
            failed = True
            print(f"callqa: {item}", file=sys.stderr)
        elif as_json:
            print(json.dumps(oneoff.report_json(item), ensure_ascii=False))
        else:
            tables.print_report(item, settings.language)
    raise typer.Exit(3 if failed else 0)


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Sound files.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Transcribe recordings. Prints raw text: only for people who may read it."""
    from pipeline import oneoff
    from pipeline.settings import load_settings

    _need(files)
    failed = False
    for item in oneoff.transcribe(files, load_settings(config)):
        if isinstance(item, CallqaError):
            failed = True
            print(f"callqa: {item}", file=sys.stderr)
        elif as_json:
            print(json.dumps(oneoff.transcript_json(item), ensure_ascii=False), flush=True)
        else:
            print(oneoff.transcript_text(item), flush=True)
    raise typer.Exit(3 if failed else 0)


@app.command()
def redact(  # noqa: PLR0913, PLR0917 - one option each
    what: Annotated[str, typer.Argument(help="A recording, or with --db the id of a call.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The copy: .wav or .flac.")],
    db: Annotated[Path | None, typer.Option("--db", help="The DuckDB file of results.")] = None,
    how: Annotated[str, typer.Option("--how", help="beep or silence.")] = "beep",
    strict: Annotated[
        bool, typer.Option("--strict", help="Hide every turn with a number, for copies to pass on.")
    ] = False,
    listen: Annotated[
        bool,
        typer.Option(
            "--listen-again/--no-listen-again",
            help="Whether the copy is recognised again, and what is still heard is hidden too.",
        ),
    ] = True,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Write a copy of a recording in which private data is not heard."""
    from dataclasses import asdict

    from pipeline import copies
    from pipeline.settings import load_settings

    settings = load_settings(config)
    hiding = copies.Hiding(how, strict, listen)
    if db is None:
        _need([Path(what)])
        done = copies.redact_file(Path(what), out, hiding, settings)
    else:
        done = copies.redact_call(what, db, out, hiding, settings)
    if as_json:
        print(json.dumps(asdict(done), ensure_ascii=False))
    else:
        print(copies.summary(done, settings.language))


@app.command()
def export(
    table: Annotated[str, typer.Argument(help="calls, segments, findings, private_spans …")],
    db: Db,
    form: Annotated[str, typer.Option("--format", help="jsonl, csv or parquet.")] = "jsonl",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File; default: stdout.")] = None,
    unmask_for: Annotated[
        str | None,
        typer.Option("--unmask-for", help="Segments with raw text: the reason; needs a role."),
    ] = None,
    config: Config = None,
) -> None:
    """Write a table of results, masked, as jsonl, csv or parquet."""
    from pipeline import store

    need_database(db)
    if unmask_for is None:
        store.export(table, db, out or sys.stdout, form)
        return
    if table != "segments" or out is None:
        raise BadInput("--unmask-for: only for the table segments, and into a file (-o)")
    print_unmasked_export(db, out, form, unmask_for, config)


@app.command()
def rescore(
    db: Db, pack: Pack = None, since: Since = None, config: Config = None, as_json: Json = False
) -> None:
    """Score stored calls again by the rules in force (or --pack); old scores are kept."""
    from pipeline.backtest_tables import print_rescored, teller
    from pipeline.corrected import keep_all
    from pipeline.process import Packs
    from pipeline.rescore import Job
    from pipeline.rescore import rescore as score_again
    from pipeline.settings import load_settings
    from pipeline.store import Store

    _need([db])
    settings = load_settings(config)
    job = Job(db.absolute(), settings.timezone, pack or settings.pack, settings.packs_dir)
    moment = since and since.replace(tzinfo=settings.zone)
    with Store.open(db, settings.timezone) as store:
        counts = score_again(job, store, moment, teller(settings.language))
    keep_all(job.db, job.timezone, Packs(job.pack, job.packs_folder))
    if as_json:
        print(json.dumps(counts))
    else:
        print_rescored(counts, settings.language)


@app.command()
def calls(db: Db, config: Config = None) -> None:
    """Print a table of calls: score, grade, worst finding."""
    from pipeline import tables
    from pipeline.settings import load_settings
    from pipeline.store import Snapshot

    with Snapshot.open(db) as snapshot:
        tables.print_calls(snapshot, load_settings(config).language)


@app.command()
def dashboard(
    db: Db,
    port: Annotated[int, typer.Option(help="Port.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Where to listen; others only with accounts: `callqa users add`.")
    ] = "127.0.0.1",
    config: Config = None,
) -> None:
    """Open the inspectors' dashboard, on this machine unless --address says else."""
    from dashboards.launch import launch
    from pipeline.settings import load_settings

    need_database(db)
    load_settings(config)
    raise typer.Exit(launch(db, port, config, address))


@models_app.command("list")
def models_list(config: Config = None, as_json: Json = False) -> None:
    """Known models, and which of them are present and verified."""
    from dataclasses import asdict

    from pipeline import modelfiles, tables
    from pipeline.settings import load_settings

    found = list(modelfiles.statuses(load_settings(config).models_dir))
    if as_json:
        rows: list[dict[str, Any]] = [{**asdict(model), "path": str(model.path)} for model in found]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        tables.print_models(found)


@models_app.command("fetch")
def models_fetch(
    name: Annotated[str, typer.Argument(help="A name of `callqa models list`.")],
    config: Config = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch again.")] = False,
) -> None:
    """Fetch a model and verify its checksums. The only command that uses the network."""
    from pipeline import modelfiles
    from pipeline.settings import load_settings

    models_dir = load_settings(config).models_dir
    folder = modelfiles.fetch(name, models_dir, force=force)
    print(f"{name}: verified in {folder}")
    for model in modelfiles.statuses(models_dir):
        if model.name == name and model.terms:
            print(f"{model.licence}: {model.terms}")


def _need(paths: list[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: there is no such file or folder")


if __name__ == "__main__":
    main()
