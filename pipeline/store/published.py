"""Publishing: complete copies under new names and a pointer that is replaced in one step.

Replacing a file at the same path would give old data to a process that has it open, and another
process cannot read the file that the writer has open: hence copies with versioned names.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from pipeline.files import sync_folder, write_atomically
from pipeline.store.layout import Layout

KEEP = 3
_NAME = re.compile(r"v(\d+)\.duckdb")


def newest(layout: Layout) -> Path | None:
    """Find the published copy that the pointer names, None when nothing was published."""
    try:
        name = layout.pointer.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return layout.published / name if _NAME.fullmatch(name) else None


def publish_copy(layout: Layout, keep: int = KEEP) -> Path:
    """Copy the closed master file under the next version, move the pointer.

    Of the copies the last `keep` stay.
    """
    target = layout.published / f"v{_last_version(layout) + 1:06d}.duckdb"
    temporary = layout.published / f".{target.name}.tmp"
    try:
        shutil.copyfile(layout.db, temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    write_atomically(layout.pointer, f"{target.name}\n".encode("ascii"))
    sync_folder(layout.published)
    _prune(layout, keep)
    return target


def _versions(layout: Layout) -> dict[int, Path]:
    matches = ((_NAME.fullmatch(path.name), path) for path in layout.published.iterdir())
    return {int(match[1]): path for match, path in matches if match}


def _last_version(layout: Layout) -> int:
    return max(_versions(layout), default=0)


def _prune(layout: Layout, keep: int) -> None:
    """Delete old copies; a reader that has one open keeps it until it closes it."""
    versions = _versions(layout)
    for version in sorted(versions)[:-keep]:
        versions[version].unlink(missing_ok=True)
    for leftover in layout.published.glob(".v*.tmp"):
        leftover.unlink(missing_ok=True)
