"""Changes to a pack, and what a command wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
