"""Files: writing them whole, text that they can hold, a database that must be there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import BadInput


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


def storable(text: str) -> str:
    r"""Turn any path into text that can be stored: an undecodable byte becomes `\udcXX`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def path_of(stored: str) -> Path:
    r"""The path of text made by `storable`: `\udcXX` is a byte again where such a file is there."""
    if os.path.exists(stored):  # noqa: PTH110 - raises nothing where a folder may not be read
        return Path(stored)
    byte = re.sub(r"\\udc([89a-f][0-9a-f])", lambda m: chr(0xDC00 + int(m[1], 16)), stored)
    return Path(byte if os.path.exists(byte) else stored)  # noqa: PTH110


def as_written(paths: Iterable[str]) -> set[str]:
    """Absolute paths, and how a run that began in another folder names them in its failures."""
    parts = (path.split("/") for path in paths)
    return {"/".join(names[start:]) for names in parts for start in range(len(names))}


def need_database(db: Path) -> None:
    """BadInput with the remedy where there is no such file."""
    if not db.is_file():
        raise BadInput(f"{db}: there is no such database. Run `callqa run … --db {db}` first.")
