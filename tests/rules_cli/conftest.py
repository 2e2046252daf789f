"""A pack of one's own for the tests of `callqa rules …`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.packs import GOOD


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of one's own in a folder that the settings name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLQA_PACKS_DIR", str(tmp_path))
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path
