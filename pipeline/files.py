"""Writing files so that a crash leaves the old or the complete new one."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(target: Path, data: bytes, temporary: Path | None = None) -> None:
    """Write `data` so that `target` is either the old or the complete new file, even after a crash.

    `temporary` must lie on the same file system; by default it is a hidden name beside `target`.
    """
    temporary = temporary or target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable (a power cut, not only a kill)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
