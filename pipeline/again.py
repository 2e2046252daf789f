"""The last run once more, started from the page: what failed is tried again, what is new taken.

It is an ordinary `callqa run` in a process of its own, which outlives the page. What it prints is
kept in `NAME.duckdb.d/again.log`. A run that is going on refuses it, as it refuses any other.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import BadInput
from pipeline.files import need_database
from pipeline.store import Layout

JOIN = ", "
LAST_LINES = 20


def joined(inputs: Sequence[Path]) -> str:
    """The inputs of a run as they are kept with it."""
    return JOIN.join(str(path.absolute()) for path in inputs)


def inputs_of(kept: str) -> list[Path]:
    """What a run looked through; BadInput where that is gone, or cannot be told."""
    paths = [Path(part) for part in kept.split(JOIN)]
    gone = [path for path in paths if not (path.is_absolute() and path.exists())]
    if gone:
        raise BadInput(
            f"the last run looked through {kept}, and {gone[0]} is not there (any more): start the "
            "run at the terminal, `callqa run FOLDER --db FILE`"
        )
    return paths


def callqa(*words: str, db: Path, config: Path | None) -> list[str]:
    """The command line of a process of our own for a database, with the settings of this one."""
    settings = [] if config is None else ["--config", str(config)]
    return [sys.executable, "-m", "pipeline.cli", *words, "--db", str(db), *settings]


def start(kept: str, db: Path, config: Path | None) -> subprocess.Popen[bytes]:
    """Begin a run over what the last one looked through; BadInput as `inputs_of`."""
    need_database(db)
    command = callqa("run", *map(str, inputs_of(kept)), db=db, config=config)
    with _log(db).open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def said(db: Path) -> str:
    """The last lines that the run printed; empty before the first one."""
    try:
        text = _log(db).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-LAST_LINES:])


def _log(db: Path) -> Path:
    return Layout(db.absolute()).folder / "again.log"
