"""The commands `callqa rules …`, for people who write rules: YAML, no code."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput

if TYPE_CHECKING:
    from pipeline.rules import Library, RulePack
    from pipeline.rules.catalogue import NamedPack
    from pipeline.settings import Settings

rules_app = typer.Typer(help="规则 Rule packs: list, show, check, test, try and compare them.")

Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
AnyPack = Annotated[
    str | None,
    typer.Argument(metavar="[PACK]", help="A pack: name, name@version or path; default: all."),
]
PackOption = Annotated[
    str | None, typer.Option("--pack", help="A pack: name, name@version or path.")
]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Calls from this local day on."),
]
RuleOption = Annotated[str | None, typer.Option("--rule", help="Only this rule.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File; default: standard output.")]


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)


def _library(settings: Settings) -> Library:
    from pipeline.rules import Library

    return Library(() if settings.packs_dir is None else (settings.packs_dir,))


def _whole_packs(settings: Settings, pack: str | None) -> tuple[list[NamedPack], bool]:
    """One pack or all, and whether all are whole: of many a broken one is told of and left out."""
    from pipeline.rules.catalogue import NamedPack, packs_named

    found = list(packs_named(_library(settings), pack))
    for one in found:
        if not isinstance(one, NamedPack):
            print(f"callqa: {one}", file=sys.stderr)
    named = [one for one in found if isinstance(one, NamedPack)]
    return named, len(named) == len(found)


def _print_json(item: object) -> None:
    print(json.dumps(item, ensure_ascii=False, default=str))


@rules_app.command("list")
def rules_list(pack: AnyPack = None, config: Config = None, as_json: Json = False) -> None:
    """All packs, or the rules of one."""
    from pipeline import rule_json, rule_tables
    from pipeline.rules.catalogue import pack_called

    settings = _settings(config)
    packs, all_whole = _whole_packs(settings, pack)
    if as_json:
        for one in packs:
            _print_json(rule_json.pack_json(one))
    elif pack is None:
        rule_tables.print_packs(packs, settings.language)
    else:
        rule_tables.print_rules(pack_called(_library(settings), pack), settings.language)
    raise typer.Exit(0 if all_whole else 3)


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="The id of a rule or human item.")],
    pack: PackOption = None,
    examples: Annotated[bool, typer.Option("--examples", help="Show its examples too.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Everything about one rule, in words."""
    from pipeline import rule_json, rule_tables
    from pipeline.rules.catalogue import entries_called

    settings = _settings(config)
    found = entries_called(_whole_packs(settings, pack)[0], rule)
    for number, one in enumerate(found):
        if as_json:
            _print_json(rule_json.entry_json(one, settings.language, examples=examples))
            continue
        if number:
            print()
        rule_tables.print_entry(one, settings.language, examples=examples)


@rules_app.command("check")
def rules_check(
    pack: AnyPack = None,
    schema_file: Annotated[
        Path | None, typer.Option("--schema", help="Also write the JSON Schema for editors here.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Every error of the packs, with file, line and field, then what is probably not meant.

    Exit code 3 when there are errors; warnings alone are 0.
    """
    from functools import partial

    from pipeline import rule_json, rule_tables
    from pipeline.learning.moods import Moods
    from pipeline.process import prepare
    from pipeline.rules import Advisers
    from pipeline.rules.check import check

    settings = _settings(config)
    prepared = partial(prepare, advisers=Advisers(moods=Moods()))  # no language model is asked
    checked = check(_library(settings), pack, prepared)
    if schema_file is not None:
        _write_schema(schema_file)
    if as_json:
        _print_json(rule_json.checked_json(checked, settings.language))
    else:
        rule_tables.print_checked(checked, settings.language)
    raise typer.Exit(3 if checked.problems else 0)


@rules_app.command("test")
def rules_test(
    pack: AnyPack = None, rule: RuleOption = None, config: Config = None, as_json: Json = False
) -> None:
    """Run the examples inside the rules: should-hit must fail the call, should-not-hit must not.

    Exit code 3 when an example does not hold.
    """
    from pipeline import oneoff, rule_json, rule_tables
    from pipeline.rules.catalogue import entries_called

    settings = _settings(config)
    if rule is not None:
        entries_called(_whole_packs(settings, pack)[0], rule)  # says what there is
    wrong, began = 0, time.perf_counter()
    for name, results in oneoff.test_examples(settings, pack, rule):
        seconds, began = time.perf_counter() - began, time.perf_counter()
        wrong += sum(not result.ok for result in results)
        if as_json:
            _print_json(rule_json.results_json(name, results, seconds))
        elif results:
            rule_tables.print_results(name, results, seconds, settings.language)
    raise typer.Exit(3 if wrong else 0)


@rules_app.command("try")
def rules_try(  # noqa: PLR0913, PLR0917 - the options of a command
    texts: Annotated[
        list[str],
        typer.Argument(help="Sentences of the agent, or lines 客服: … / 客户: …; `-`: stdin."),
    ],
    pack: PackOption = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="Only this rule, with each of its conditions.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every rule in full.")] = False,
    info: Annotated[
        list[str] | None,
        typer.Option("--info", metavar="NAME=VALUE", help="A field or attribute of the call."),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What the rules say of a few sentences, which hit, which do not, and why.

    Several texts are several lines. +8 before a line is 8 seconds of silence, -2 an overlap.
    """
    from functools import partial

    from pipeline import rule_json, rule_tables
    from pipeline.process import make_advisers, prepare
    from pipeline.rules import trial

    settings = _settings(config)
    given = [sys.stdin.read()] if texts == ["-"] else texts
    lines = trial.read_dialogue(given)
    call = trial.a_call(lines, trial.read_info(info or []))
    chosen = _pack_for(pack, settings, call.info.business_line)
    if rule is not None:
        chosen.rule(rule)  # says what there is
    prepared = partial(prepare, advisers=make_advisers(settings))
    tried = [t for t in trial.try_pack(chosen, call, prepared) if rule in (None, t.rule.id)]
    if not tried and rule is not None:
        raise BadInput(f"rule {rule!r} of {chosen.name!r} is not in force on the day of the call")
    if as_json:
        _print_json(rule_json.tried_json(chosen, lines, tried))
    elif rule is not None:
        rule_tables.print_traces(tried[0], settings.language)
    else:
        rule_tables.print_tried(tried, settings.language, everything=everything)


def _pack_for(pack: str | None, settings: Settings, business_line: str) -> RulePack:
    """The pack asked for, else that of the settings or of the business line."""
    from pipeline.rules.catalogue import pack_called

    library = _library(settings)
    return pack_called(library, pack or settings.pack or library.name_for(business_line))


@rules_app.command("diff")
def rules_diff(
    one: Annotated[str, typer.Argument(help="A pack: name, name@version or path.")],
    other: Annotated[str, typer.Argument(help="The pack to compare it with.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What changed from one pack to another, and whether verdicts or scores can change.

    Exit code 0, whether or not they differ.
    """
    from pipeline import rule_changes, rule_json
    from pipeline.rules.catalogue import pack_called
    from pipeline.rules.compare import compare

    settings = _settings(config)
    library = _library(settings)
    packs = pack_called(library, one), pack_called(library, other)
    difference = compare(*packs)
    if as_json:
        _print_json(rule_json.difference_json(difference))
    else:
        rule_changes.print_difference(packs, difference, settings.language)


@rules_app.command("backtest")
def rules_backtest(
    pack: Annotated[str, typer.Argument(help="The changed pack: name, name@version or path.")],
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    since: Since = None,
    examples: Annotated[int, typer.Option("--examples", help="Reasons shown for each rule.")] = 2,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What a changed pack would change on stored calls: calls, counts per rule, reasons."""
    from pipeline.backtest import backtest
    from pipeline.backtest_tables import print_backtest, teller
    from pipeline.rescore import Job

    settings = _settings(config)
    job = Job(db.absolute(), settings.timezone, pack, settings.packs_dir)
    moment = since and since.replace(tzinfo=settings.zone)
    report = backtest(job, moment, teller(settings.language)).report()
    if as_json:
        _print_json(report)
    else:
        print_backtest(report, settings.language, examples)


@rules_app.command("schema")
def rules_schema(out: Out = None) -> None:
    """The JSON Schema of a pack file, for editors (yaml-language-server)."""
    _write_schema(out)


@rules_app.command("docs")
def rules_docs(out: Out = None, config: Config = None) -> None:
    """Pages of the documentation: the rules of all packs, and beside them operators.md."""
    from pipeline.rules import manual

    _write(manual.rules_page(_whole_packs(_settings(config), None)[0]), out)
    if out is not None:
        _write(manual.operators_page(), out.with_name("operators.md"))


def _write_schema(out: Path | None) -> None:
    from pipeline.rules.schema import pack_schema

    _write(json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n", out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: cannot be written: {error.strerror}") from error
