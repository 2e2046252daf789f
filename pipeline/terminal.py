"""The terminal: one console for all tables, and paths as people type them."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console


def make_console() -> Console:
    """As wide as the terminal; wide enough for every table where there is none."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)


def short_path(file: str) -> str:
    """A path from the working folder where it lies below it."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
