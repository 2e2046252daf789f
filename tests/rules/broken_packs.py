"""Broken packs to read: what `callqa rules check` says of each. Run it to write messages.txt anew.

Every file `NN_what.yaml` begins with lines `# expect: <line>: <part of the message>`. The pack in
it is called `what`, and is checked under that name.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from pipeline.process import prepare
from pipeline.rules import Library
from pipeline.rules.check import check

FOLDER = Path(__file__).parents[1] / "cases" / "broken_packs"
MESSAGES = FOLDER / "messages.txt"
WRITE = "python -m tests.rules.broken_packs"
_EXPECT = re.compile(r"# expect: (\d+): (.+)")


def files() -> list[Path]:
    """All broken packs."""
    return sorted(FOLDER.glob("*.yaml"))


def placed(file: Path, folder: Path) -> Path:
    """A copy of the file under the name of its pack."""
    return Path(shutil.copy(file, folder / f"{file.stem.partition('_')[2]}.yaml"))


def expected(file: Path) -> list[tuple[int, str]]:
    """Lines and parts of the messages that the file says it gives."""
    return [(int(line), says) for line, says in _EXPECT.findall(file.read_text(encoding="utf-8"))]


def messages() -> str:
    """What is said of every file, in order."""
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for file in files():
            copy = placed(file, Path(folder))
            said = [str(p) for p in check(Library(), str(copy), prepare).problems]
            parts.append("\n".join(said).replace(f"{folder}/", "") + "\n")
            copy.unlink()
    return "\n".join(parts)


if __name__ == "__main__":
    MESSAGES.write_text(messages(), encoding="utf-8")
