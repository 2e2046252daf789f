"""Taking calls out of the input again: recordings, chat logs, and the metadata that speaks of them.

A file is deleted only while it is still that content. Of a file that holds several calls, and of a
table of metadata, only the lines of the call go; the rest keeps its bytes, in its own encoding.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import modelfiles
from pipeline.audio import SUFFIXES
from pipeline.errors import BadMetadata, CallqaError, TryAgain
from pipeline.files import write_atomically
from pipeline.intake.metadata import TABLES, decode, read_table
from pipeline.intake.transcripts import content_of

TEXTS = (".json", ".jsonl")


@dataclass(slots=True)
class Taken:
    """What was taken out: counts by kind of thing, and what is left of a content, with the reason.

    Kinds: recording, sidecar, transcript, metadata_row; `other` is a file of the same name with
    another content, which stays; `absent` a path where nothing lies any more.
    """

    counts: Counter[str] = field(default_factory=Counter)
    left: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def take_out(names: Mapping[str, Iterable[Path]]) -> Taken:
    """Delete what lies at the paths of each content, and its metadata.

    Paths where nothing lies are counted. What cannot be deleted is in `left`, by content.
    """
    taken = Taken()
    sounds: dict[Path, str] = {}
    texts: dict[Path, set[str]] = defaultdict(set)
    for content, paths in names.items():
        for path in paths:
            if path.suffix.lower() in SUFFIXES:
                sounds[path] = content
            elif path.suffix.lower() in TEXTS:
                texts[path].add(content)
    # metadata first: a recording that is there shows, should this be killed, that it goes on
    gone = {path for path, content in sounds.items() if _is_still(path, content, taken)}
    lost = {path for path, c in sounds.items() if c not in taken.left and not path.exists()}
    taken.counts["absent"] += len(lost)
    _take_rows(gone | lost, sounds, taken)
    others = _Others(gone | lost)
    for path in sorted(gone | lost):
        _take_sidecars(path, sounds[path], others, taken)
    for path in sorted(gone):
        _delete(path, "recording", [sounds[path]], taken)
    for path, contents in texts.items():
        _take_texts(path, contents, taken)
    return taken


def still_there(path: Path, contents: Collection[str]) -> bool:
    """Whether a file holds one of these contents: a recording whole, a transcript in a line."""
    if not path.is_file():
        return False
    if path.suffix.lower() not in TEXTS:
        return modelfiles.sha256(path) in contents
    text, _ = decode(path)
    lines = [text] if path.suffix.lower() == ".json" else text.splitlines()
    return any(_content(line) in contents for line in lines)


def _is_still(path: Path, content: str, taken: Taken) -> bool:
    try:
        if not path.is_file():
            return False
        same = modelfiles.sha256(path) == content
    except OSError as error:
        taken.left[content].append(f"{path}: {error.strerror}")
        return False
    taken.counts["other"] += not same
    return same


def _delete(path: Path, kind: str, contents: Iterable[str], taken: Taken) -> None:
    try:
        _unlink(path)
        taken.counts[kind] += 1
    except FileNotFoundError:
        return
    except OSError as error:
        for content in contents:
            taken.left[content].append(f"{path}: {error.strerror}")


def _unlink(path: Path) -> None:
    """Delete a file; of a symbolic link also what it leads to."""
    if path.is_symlink():
        path.resolve().unlink(missing_ok=True)
    path.unlink()


class _Others:
    """Whether a NAME.json speaks of a sound that stays; every folder is read once."""

    def __init__(self, going: Collection[Path]) -> None:
        self._going = going
        self._stems: dict[Path, set[str]] = {}

    def use(self, sidecar: Path) -> bool:
        folder = sidecar.parent
        if folder not in self._stems:
            sounds = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
            stay = (path.name for path in sounds if path not in self._going)
            self._stems[folder] = {stem for name in stay for stem in _stems(name)}
        return sidecar.stem in self._stems[folder]


def _stems(name: str) -> Iterator[str]:
    """a.x, a of a.x.wav: the longest first."""
    while name := name.rpartition(".")[0]:
        yield name


def _take_sidecars(sound: Path, content: str, others: _Others, taken: Taken) -> None:
    """NAME.json beside NAME.wav or NAME.x.wav, unless another sound beside uses it too.

    Where the sound is not there any more, a transcript of that name is none of it.
    """
    sidecars = (sound.with_name(f"{stem}.json") for stem in _stems(sound.name))
    try:
        sidecar = next((path for path in sidecars if path.is_file()), None)
        if sidecar is None:
            return
        mine = not others.use(sidecar) and (sound.exists() or not _is_transcript(sidecar))
    except OSError as error:
        taken.left[content].append(f"{sound.parent}: {error.strerror}")
        return
    if mine:
        _delete(sidecar, "sidecar", [content], taken)


def _is_transcript(path: Path) -> bool:
    try:
        data = json.loads(decode(path)[0])
    except (ValueError, RecursionError, CallqaError):
        return True  # nobody knows what it is
    return not isinstance(data, dict) or "segments" in data


# ── tables of metadata ───────────────────────────────────────────────────────────────────────────


def _take_rows(sounds: set[Path], contents: Mapping[Path, str], taken: Taken) -> None:
    """Rows of calls.csv and calls.jsonl, in the folder of a sound or above it."""
    folders = {folder for sound in sounds for folder in sound.parents}
    for table in sorted(folder / name for folder in folders for name in TABLES):
        try:
            if table.is_file():
                taken.counts["metadata_row"] += without_rows(table, sounds)
        except (OSError, CallqaError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            for sound in sounds:
                if sound.is_relative_to(table.parent) and _may_name(table, sound):
                    taken.left[contents[sound]].append(f"{table}: {why}")


def _may_name(table: Path, sound: Path) -> bool:
    """Whether a file that is no table of ours may speak of a sound."""
    try:
        return sound.name in decode(table)[0]
    except BadMetadata:
        return table.parent == sound.parent


def without_rows(table: Path, sounds: set[Path]) -> int:
    """Write a table anew without the rows of these sounds; returns how many went.

    Raises BadMetadata when the table is broken, TryAgain when somebody writes it meanwhile.
    """
    gone = {row.line for row in read_table(table) if (table.parent / row.file).absolute() in sounds}
    if not gone:
        return 0
    text, encoding = decode(table)
    if table.suffix.lower() == ".csv":
        keep = "".join(part for last, part in _csv_parts(text) if last not in gone)
    else:
        lines = text.splitlines(keepends=True)
        keep = "".join(line for number, line in enumerate(lines, 1) if number not in gone)
    _rewrite(table, keep, encoding, text)
    return len(gone)


def _csv_parts(text: str) -> Iterator[tuple[int, str]]:
    """The text of every row, which may be several lines, with the number of its last line."""
    lines = list(io.StringIO(text))
    delimiter = max(",\t;", key=lines[0].count)
    reader, read = csv.reader(iter(lines), delimiter=delimiter), 0
    for _ in reader:
        yield reader.line_num, "".join(lines[read : reader.line_num])
        read = reader.line_num


# ── transcripts ──────────────────────────────────────────────────────────────────────────────────


def _take_texts(path: Path, contents: set[str], taken: Taken) -> None:
    """Delete a file of one call; of one with several, or other ones now, only these calls."""
    try:
        if not path.is_file():
            taken.counts["absent"] += 1
            return
        text, encoding = decode(path)
        whole = path.suffix.lower() == ".json"
        lines = [text] if whole else text.splitlines(keepends=True)
        keep = [line for line in lines if _content(line) not in contents]
        if len(keep) == len(lines):
            taken.counts["other"] += 1
        elif any(line.strip() for line in keep):
            _rewrite(path, "".join(keep), encoding, text)
        else:
            _unlink(path)
        taken.counts["transcript"] += len(lines) - len(keep)
    except (OSError, CallqaError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        for content in contents:
            taken.left[content].append(f"{path}: {why}")


def _content(line: str) -> str | None:
    try:
        return content_of(json.loads(line))
    except (ValueError, RecursionError):
        return None


def _rewrite(path: Path, keep: str, encoding: str, before: str) -> None:
    if decode(path)[0] != before:
        raise TryAgain(f"{path.name} is being written by somebody else. Run it again.")
    path = path.resolve()  # of a link, what it leads to
    mode = path.stat().st_mode
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.touch(mode=mode & 0o777)
        write_atomically(path, keep.encode(encoding), temporary)
        path.chmod(mode & 0o777)
    finally:
        temporary.unlink(missing_ok=True)
