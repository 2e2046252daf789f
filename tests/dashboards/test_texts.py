"""Every text exists in both languages, every key that is used exists, every value has a name."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboards
from dashboards.app import PAGES
from dashboards.hearing import Silent
from dashboards.links import CLOSED
from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.domain import BUSINESS_LINES, Medium, Note, Role, Severity, SoundKind, Verdict
from pipeline.speakers.cues import CUES
from pipeline.store import Decision

FOLDER = Path(dashboards.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
TEXT_FILES = (
    "texts.py", "call_texts.py", "access_texts.py", "agent_texts.py", "alert_texts.py",
    "appeal_texts.py", "briefing_texts.py", "calibration_texts.py", "case_texts.py",
    "correction_texts.py", "desk_texts.py", "error_texts.py", "fault_texts.py", "file_texts.py",
    "form_texts.py", "label_texts.py", "learned_texts.py", "problem_texts.py", "rule_texts.py",
    "sample_texts.py", "search_texts.py",
)  # fmt: skip


def _calls(path: Path) -> Iterator[str]:
    """Keys of `t("…")`, and `prefix*` for `t(f"prefix{…}")`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
            key = node.args[0]
            if isinstance(key, ast.Constant):
                yield str(key.value)
            elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                yield f"{key.values[0].value}*"


USED = sorted({key for path in FILES for key in _calls(path)})


@pytest.mark.parametrize("key", USED)
def test_a_used_key_exists(key: str) -> None:
    if key.endswith("*"):
        assert any(known.startswith(key[:-1]) for known in TEXTS)
    else:
        assert key in TEXTS


def test_no_key_stands_in_two_files() -> None:
    """The later one would silently take the place of the other."""
    keys = [
        node.value
        for path in FILES
        if path.name in TEXT_FILES
        for table in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(table, ast.Dict)
        for node, value in zip(table.keys, table.values, strict=True)
        if isinstance(node, ast.Constant) and isinstance(value, ast.Tuple)
    ]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_no_text_is_left_over() -> None:
    """A key is used when it stands somewhere in the code as a string, or a used prefix fits."""
    prefixes = tuple(key[:-1] for key in USED if key.endswith("*"))
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in FILES if path.name not in TEXT_FILES
    )
    named = set(re.findall(r"""["'](\w+)["']""", code))
    left = [key for key in TEXTS if key not in named and not key.startswith(prefixes)]
    assert left == []


@pytest.mark.parametrize("key", [*TEXTS, *NAMES])
def test_both_languages_say_something_with_the_same_values(key: str) -> None:
    chinese, english = {**TEXTS, **NAMES}[key]
    assert chinese.strip()
    assert english.strip()
    assert _values(chinese) == _values(english)


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


STAGES = ("intake", "metadata", "transcript", "decode", "asr", "rules", "store", "run")
FAMILIES = {
    "verdict": Verdict,
    "severity": Severity,
    "role": Role,
    "note": Note,
    "channel": Medium,
    "decision": Decision,
    "line": BUSINESS_LINES,
    "stage": STAGES,
    "advice": STAGES,
    "cue": CUES,
    "sound": SoundKind,
    "role_source": ("metadata", "talk", "both"),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_of_the_domain_has_a_name(family: str) -> None:
    assert all(f"{family}_{value}" in NAMES for value in FAMILIES[family])


def test_every_choice_has_a_text() -> None:
    wanted = [f"page_{spec.key}" for spec in PAGES]
    wanted += [f"silent_{reason}" for reason in Silent]
    wanted += [f"{name}_{value}" for name in ("sort", "scope", "review") for value in CLOSED[name]]
    assert [key for key in wanted if key not in TEXTS] == []


def test_no_text_stands_in_a_page() -> None:
    """Chinese in a string of the pages would have no English."""
    for path in FILES:
        if path.name in (*TEXT_FILES, "names.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "\n" in node.value or not any("一" <= c <= "鿿" for c in node.value)
