"""Where the development data lies: files that measure, and are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "CALLQA_SHARED_DATA"
ROOT = Path(__file__).resolve().parents[1]


def shared(name: str = "") -> Path:
    """The folder or file `name` of the development data.

    Looked for under $CALLQA_SHARED_DATA, else ../shared/data beside the checkout. Where it is
    absent the test is skipped and says so; with CI=true it fails, so that CI cannot pass unseen.
    """
    base = Path(os.environ.get(VARIABLE) or ROOT.parent / "shared" / "data")
    path = base / name
    if path.exists():
        return path
    reason = f"development data {path} is absent: set {VARIABLE} to its folder"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
