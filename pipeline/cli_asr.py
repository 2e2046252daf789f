"""The commands `callqa asr …`: how good speech recognition is on a site's own audio."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import BadInput

asr_app = typer.Typer(help="语音识别 Speech recognition: measure models on your own audio.")

Source = Annotated[
    Path,
    typer.Argument(
        metavar="MANIFEST",
        help="CSV or JSON lines (audio, and text, transcript or text_0 and text_1), or a folder "
        "with NAME.json or NAME.txt beside each recording.",
    ),
]
Model = Annotated[str | None, typer.Option("--model", help="A name, a directory, or ENGINE:MODEL.")]
Compare = Annotated[
    list[str] | None,
    typer.Option("--compare", metavar="MODEL", help="Another model beside it; repeatable."),
]
Errors = Annotated[
    Path | None, typer.Option("--errors", help="Write where texts differ, masked, here.")
]


@asr_app.callback()
def _asr() -> None:
    """A group even while it holds one command."""


@asr_app.command("eval")
def asr_eval(  # noqa: PLR0913, PLR0917 - one option each
    source: Source,
    model: Model = None,
    engine: Annotated[str | None, typer.Option("--engine", help="The engine of --model.")] = None,
    compare: Compare = None,
    errors: Errors = None,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """Character error rate, lost phrases of the rules and speed on recordings with known text.

    Prints numbers and phrases of rule packs, never what was said. Exit code 3 when some rows could
    not be measured.
    """
    from pipeline import asr_tables
    from pipeline.evaluation import measuring
    from pipeline.evaluation.errors_file import ErrorsFile
    from pipeline.evaluation.manifest import read_sample
    from pipeline.evaluation.result_json import report_json
    from pipeline.settings import load_settings

    settings = load_settings(config)
    models = [measuring.model_named(model, settings, engine)]
    models += [measuring.model_named(name, settings) for name in compare or ()]
    if len({one.name for one in models}) < len(models):
        raise BadInput("--compare: name each model once, and not the one of --model again")
    witness = None if errors is None else ErrorsFile(errors)
    sample = read_sample(source, settings)
    tell = asr_tables.teller(settings.language)
    results = list(measuring.measure(sample, models, tell, witness))
    report = measuring.report_on(str(source), sample, results)
    if witness is not None:
        witness.write()
    if as_json:
        print(json.dumps(report_json(report), ensure_ascii=False))
    else:
        asr_tables.print_report(report, settings.language)
    raise typer.Exit(3 if report.failures else 0)


@asr_app.command("corrections")
def asr_corrections(
    db: Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="A new or empty folder.")],
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """Turns that inspectors corrected, as clips with a manifest for `callqa asr eval`.

    Turns with private data are left out.
    """
    from dataclasses import asdict

    from pipeline import asr_tables
    from pipeline.asr_material import write_material
    from pipeline.settings import load_settings

    settings = load_settings(config)
    done = write_material(db, out, settings)
    if as_json:
        print(json.dumps(asdict(done)))
    else:
        asr_tables.print_material(str(out), done.written, done.left, settings.language)
