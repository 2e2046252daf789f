"""The index of a database: its files, and bringing them to what is published.

A file is named `<day>.<mark>.sqlite`; the mark changes with the texts of the day, so the folder
says by itself what is missing and what is too much. `STATE` names the published version that all
of it belongs to; it goes first when something is changed, and is written last.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from sqlite3 import Error
from typing import Any

from pipeline.files import sync_folder, write_atomically
from pipeline.search.days import holds, write_day
from pipeline.store import Layout, Snapshot, Store, days_with_text, newest, texts_of_day

FORMAT = (
    "1"  # another one when folding, sounds, terms or tables change: then all days are made anew
)
NONE = "none"
MANY = 2000  # calls from which starting processes pays
READER_MEBIBYTES = 400
_NAME = re.compile(r"(?P<day>\d{8}|none)\.(?P<mark>[0-9a-f]+-\d+-\w+)\.sqlite")

Row = dict[str, Any]
Told = Callable[[int, int], None]  # days done, days in all


@dataclass(frozen=True, slots=True)
class State:
    """Whether there is an index, and whether it belongs to the newest published version."""

    there: bool
    version: str | None

    def outdated(self, version: str) -> bool:
        """Whether a reader of this version may miss calls."""
        return self.version is None or self.version < version


class SearchIndex:
    """The index of one database."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.folder = layout.search
        self._state = self.folder / "STATE"

    @classmethod
    def of(cls, db: Path) -> SearchIndex:
        """The index beside a database."""
        return cls(Layout(db.absolute()))

    def state(self) -> State:
        """What there is."""
        try:
            return State(True, self._state.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return State(bool(self.files()), None)

    def files(self) -> list[tuple[str, Path]]:
        """Day and file, newest day first, those without a day last.

        Of a day that is being changed the file that was there first.
        """
        found: dict[str, Path] = {}
        for path in sorted(self._paths(), key=_age):
            match = _NAME.fullmatch(path.name)
            if match:
                found.setdefault(match["day"], path)
        days = sorted((day for day in found if day != NONE), reverse=True)
        return [(day, found[day]) for day in (*days, *([NONE] if NONE in found else []))]

    def forget(self, contents: Collection[str]) -> int:
        """Delete the files in which these contents are; returns how many.

        Their other calls cannot be found until `sync`. OSError where a file cannot be deleted.
        """
        if not contents:
            return 0
        mine = [path for path in self._paths() if _holds(path, contents)]
        if mine:
            self._state.unlink(missing_ok=True)
        for path in mine:
            path.unlink(missing_ok=True)
        return len(mine)

    def remains(self, contents: Collection[str]) -> list[str]:
        """Files in which one of these contents still is; empty is the proof."""
        return [str(path) for path in self._paths() if _holds(path, contents)]

    def _paths(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            yield from self.folder.glob("*.sqlite")


def sync(store: Store, told: Told | None = None, *, create: bool = True, anew: bool = False) -> int:
    """Bring the index to the published version; returns how many days were written.

    `create` False: only where there is an index. `anew`: every day is written. The open store keeps
    other writers away; readers go on with the files that are there. Killed in between, the next one
    goes on. Raises TryAgain when the disk is full.
    """
    index = SearchIndex(store.layout)
    if not create and not index.folder.is_dir():
        return 0
    if newest(store.layout) is None:
        return 0
    with Snapshot.open(store.layout.db, store.timezone) as snapshot:
        index.folder.mkdir(parents=True, exist_ok=True)
        days = days_with_text(snapshot)
        wanted = {_file_name(row): row for row in days}
        there = {path.name for path in index._paths()}
        missing = [name for name in wanted if anew or name not in there]
        if index.state().version == snapshot.version and not missing and wanted.keys() == there:
            return 0
        index._state.unlink(missing_ok=True)
        written = _write(index, store.timezone, {name: wanted[name] for name in missing}, told)
        for name in there - wanted.keys():
            (index.folder / name).unlink(missing_ok=True)
        for leftover in index.folder.glob(".*.tmp*"):
            leftover.unlink(missing_ok=True)
        sync_folder(index.folder)
        write_atomically(index._state, f"{snapshot.version}\n".encode("ascii"))
    return written


def rebuild(store: Store, told: Told | None = None) -> int:
    """Make the whole index anew; returns the number of days."""
    return sync(store, told, anew=True)


def _write(index: SearchIndex, timezone: str, files: Mapping[str, Row], told: Told | None) -> int:
    """Write these files, on all cores where that pays."""
    jobs = [(index.layout.db, timezone, name, str(row["day"])) for name, row in files.items()]
    calls = sum(int(row["calls"]) for row in files.values())
    workers = min(os.cpu_count() or 1, len(jobs)) if calls >= MANY else 1
    if workers == 1:
        for done, job in enumerate(jobs, 1):
            _write_one(job)
            _tell(told, done, len(jobs))
        return len(jobs)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(_write_one, jobs), 1):
            _tell(told, done, len(jobs))
    return len(jobs)


def _tell(told: Told | None, done: int, all_: int) -> None:
    if told is not None:
        told(done, all_)


def _write_one(job: tuple[Path, str, str, str]) -> None:
    db, timezone, name, day = job
    with Snapshot.open(db, timezone) as snapshot:
        snapshot.limit(READER_MEBIBYTES)
        write_day(Layout(db).search / name, texts_of_day(snapshot, day))


def _file_name(row: Row) -> str:
    return f"{row['day']}.{row['mark']}-{row['calls']}-{FORMAT}.sqlite"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _holds(path: Path, contents: Collection[str]) -> bool:
    """Also True of a file that cannot be read: then it had better go."""
    try:
        return holds(path, contents)
    except Error:
        return path.exists()
