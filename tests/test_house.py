"""House rules: what every part must have."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.asr import ENGINES
from pipeline.privacy import DETECTORS
from pipeline.rules import OPERATORS
from tests.conftest import ROOT

MODULES = sorted((ROOT / "pipeline").rglob("*.py")) + sorted((ROOT / "dashboards").rglob("*.py"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_every_room_of_the_house_is_on_the_map() -> None:
    house = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "pipeline").iterdir() if path.is_dir()}
    rooms |= {path.name for path in (ROOT / "pipeline").glob("*.py") if path.name != "__init__.py"}
    missing = [room for room in rooms - {"__pycache__"} if room not in house]
    assert missing == []


@pytest.mark.parametrize(("table", "folder"), [(DETECTORS, "privacy"), (OPERATORS, "rules")])
def test_every_entry_of_a_table_has_a_docstring_and_a_case_file(
    table: dict[str, object], folder: str
) -> None:
    for name, entry in table.items():
        assert (ROOT / "tests" / "cases" / folder / f"{name}.yaml").is_file(), name
        kind = entry if isinstance(entry, type) else type(entry)
        assert kind.__doc__, name
    assert ENGINES


def test_functions_are_short_enough_to_read() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                lines = node.end_lineno - node.lineno + 1
                if lines > 45:
                    long.append(f"{path.name}:{node.name} {lines}")
    assert long == []


def test_help_is_quick_because_heavy_imports_wait() -> None:
    code = (
        "import sys, pipeline.cli; heavy = {'prefect', 'streamlit', 'duckdb', 'faster_whisper', "
        "'numpy', 'av'} & set(sys.modules); sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_registry_host_and_no_download_in_processing() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|index", lock)
    assert "--hash=sha256:" in lock


def test_what_the_leaders_can_do_is_shown_by_tests_that_exist() -> None:
    table = (ROOT / "docs" / "leaders.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/.]+)` \|$", table, re.MULTILINE)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).is_file()] == []
    operators = set(re.findall(r"^\| [^|]+ \| `(\w+)`", table, re.MULTILINE))
    assert operators >= set(OPERATORS) - {"order", "answer", "slots", "clock", "earlier_calls"}
