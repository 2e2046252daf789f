"""A changed pack tried on stored calls from a page: `callqa rules backtest` in its own process.

It uses all cores, so it is not run inside the server; when the page goes, it ends. Nothing is kept.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.again import callqa
from pipeline.errors import BadInput

POLL = 0.3


def backtest(
    pack: tuple[str, bytes],
    since: date,
    where: tuple[Path, Path | None],
    told: Callable[[str], None],
) -> dict[str, Any]:
    """What the pack (file name, content) would change on calls from a day on.

    `where`: the database and the settings file. `told` hears how far it is. The report is that of
    `callqa rules backtest --json`; BadInput says what is wrong with the pack.
    """
    name, content = pack
    db, config = where
    with TemporaryDirectory(prefix="callqa-") as folder:
        file = Path(folder) / Path(name).name
        file.write_bytes(content)
        words = "rules", "backtest", str(file), "--since", f"{since:%Y-%m-%d}", "--json"
        command = callqa(*words, db=db, config=config)
        out, err = Path(folder) / "out", Path(folder) / "err"
        with out.open("wb") as report, err.open("wb") as progress:
            running = subprocess.Popen(  # noqa: S603 - our own command
                command, stdin=subprocess.DEVNULL, stdout=report, stderr=progress
            )
            try:
                while running.poll() is None:
                    told(_last_line(err))
                    time.sleep(POLL)
            finally:
                running.kill()
                running.wait()
        if running.returncode != 0:
            said = err.read_text(encoding="utf-8", errors="replace").strip()
            raise BadInput(said.removeprefix("callqa: ").replace(str(file), name))
        report_read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return report_read


def _last_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else ""
