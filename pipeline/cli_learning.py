"""The commands `callqa train …` and `callqa words …`: models and words learned from the calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput
from pipeline.files import need_database

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.store import Snapshot

train_app = typer.Typer(help="学习 Models that read why people call, and flags, in masked calls.")
words_app = typer.Typer(
    help="词典 Words that jieba lacks: suggested from calls, accepted by people."
)

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Out = Annotated[Path | None, typer.Option("--out", help="Another folder for the new version.")]
Accept = Annotated[
    bool, typer.Option("--accept", help="Put the new version in force, unless it is worse.")
]
Given = Annotated[list[str], typer.Argument(help="One word or several.")]
SHIPPED = "shipped"


@train_app.command("reasons")
def train_reasons(
    db: Db, out: Out = None, accept: Accept = False, config: Config = None, as_json: Json = False
) -> None:
    """Train the model of call reasons from a database's calls; shows old against new."""
    _train("reasons", db, out, config, accept=accept, as_json=as_json)


@train_app.command("flags")
def train_flags(
    db: Db, out: Out = None, accept: Accept = False, config: Config = None, as_json: Json = False
) -> None:
    """Train the model of complaint, dissatisfaction, abuse and churn; shows old against new."""
    _train("flags", db, out, config, accept=accept, as_json=as_json)


@train_app.command("list")
def list_versions(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Versions of both models, and which is in force."""
    from pipeline.learning.files import current, models_folder, versions
    from pipeline.learning.model import KINDS
    from pipeline.learning_tables import print_versions

    need_database(db)
    folder = models_folder(db)
    found = {
        kind: {
            "versions": [SHIPPED, *versions(folder, kind)],
            "in_force": current(folder, kind) or SHIPPED,
        }
        for kind in KINDS
    }
    if as_json:
        _print_json(found)
    else:
        print_versions(found, _settings(config).language)


@train_app.command("use")
def use_version(
    kind: Annotated[str, typer.Argument(help="reasons or flags")],
    version: Annotated[str, typer.Argument(help="As `callqa train list` shows; or shipped.")],
    db: Db,
) -> None:
    """Put an older or newer version in force, or the one that ships."""
    from pipeline.learning.files import models_folder, use
    from pipeline.learning.model import KINDS

    need_database(db)
    if kind not in KINDS:
        raise BadInput(f"unknown model '{kind}'; choose one of: {', '.join(KINDS)}")
    use(models_folder(db), kind, None if version == SHIPPED else version)
    print(f"{kind}@{version}")


@train_app.command("apply")
def apply_models(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Read all calls that the models in force have not, now instead of with the next night."""
    from pipeline.learning.reading import read_new
    from pipeline.store import Store

    need_database(db)
    with Store.open(db, _settings(config).timezone) as store:
        read = read_new(store)
        if read:
            store.publish()
    _print_json({"read": read}) if as_json else print(read)


def _train(
    kind: str, db: Path, out: Path | None, config: Path | None, *, accept: bool, as_json: bool
) -> None:
    from pipeline.learning.card import write_model
    from pipeline.learning.files import in_force, models_folder, use
    from pipeline.learning.training import origin, train
    from pipeline.learning_tables import print_trained, trained_json

    if accept and out is not None:
        raise BadInput("--accept puts a version beside the database in force: leave --out away")
    settings, folder = _settings(config), models_folder(db)
    with _opened(db, settings) as snapshot:
        done = train(snapshot, kind, in_force(folder, kind))
    target = (out or folder / kind) / done.model.version
    write_model(target, done.model, done.new, origin(done), said=done.material.taught)
    swapped = accept and not done.worse
    if swapped:
        use(folder, kind, done.model.version)
    if as_json:
        _print_json({**trained_json(done), "folder": str(target), "in_force": swapped})
    else:
        print_trained(done, target, settings.language, swapped=swapped, asked=accept)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


@words_app.command("suggest")
def suggest_words(
    db: Db,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 30,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Suggest words that many calls hold and jieba's dictionary does not, the likeliest first."""
    from pipeline.learning.suggesting import suggest
    from pipeline.learning_tables import print_suggested

    settings = _settings(config)
    with _opened(db, settings) as snapshot:
        found = suggest(snapshot, limit)
    if as_json:
        _print_json([asdict(one) for one in found])
    else:
        print_suggested(found, settings.language)


@words_app.command("accept")
def accept_words(words: Given, db: Db) -> None:
    """Let the search and the models know words from now on."""
    _decide(words, db, accepted=True)


@words_app.command("reject")
def reject_words(words: Given, db: Db) -> None:
    """Do not suggest words again; one that was accepted is forgotten."""
    _decide(words, db, accepted=False)


@words_app.command("list")
def list_words(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Words that were decided on: by whom and when."""
    from pipeline.learning_tables import print_words
    from pipeline.store import People, Words

    need_database(db)
    found = Words(People.open(db)).decided()
    if as_json:
        _print_json([asdict(one) for one in found])
    else:
        print_words(found, _settings(config))


def _decide(words: list[str], db: Path, *, accepted: bool) -> None:
    from pipeline.audit import operating_user
    from pipeline.learning.suggesting import checked
    from pipeline.store import People, Words

    need_database(db)
    own = [checked(word) for word in words]
    Words(People.open(db)).decide(operating_user(), own, accepted=accepted)
    print("\n".join(own))


@contextmanager
def _opened(db: Path, settings: Settings) -> Iterator[Snapshot]:
    from pipeline.store import Snapshot

    need_database(db)
    with Snapshot.open(db, settings.timezone) as snapshot:
        yield snapshot


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))
