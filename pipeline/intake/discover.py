"""Find the recordings and chat logs of a folder, leave what is still being written, identify them.

The same content under two names is one recording with two names. Files that are neither sound nor
transcript nor metadata are passed over and counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG
from zoneinfo import ZoneInfo

from pipeline import audio, modelfiles
from pipeline.domain import CallInfo, Failure, Recording
from pipeline.errors import BadInput, BadMetadata, BadRecording
from pipeline.intake.metadata import TABLES, Row, decode_text, from_name, info_from, read_table
from pipeline.intake.transcripts import GivenTranscript, read_transcripts

PARTIAL = frozenset((".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download"))
RECENT_SECONDS = 60.0
FileKey = tuple[str, int, int]


@dataclass(slots=True)
class Found:
    """What lies in the input: things to process, what failed, what waits, what is not ours."""

    recordings: list[Recording] = field(default_factory=list)
    transcripts: list[GivenTranscript] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    growing: list[Path] = field(default_factory=list)
    ignored: int = 0
    hashes: dict[FileKey, str] = field(default_factory=dict)


def discover(
    inputs: Sequence[Path],
    zone: ZoneInfo,
    *,
    name_pattern: str | None = None,
    settle_seconds: float = 2.0,
    known_hashes: Mapping[FileKey, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Found:
    """Everything under the inputs. `known_hashes` spares hashing files that did not change."""
    found = Found()
    files = list(_walk(inputs, found))
    sounds = [path for path in files if path.suffix.lower() in audio.SUFFIXES]
    by_folder: dict[Path, dict[str, Path]] = {}
    for path in sounds:
        by_folder.setdefault(path.parent, {})[path.name] = path
    rows = _metadata_rows(files, found)
    sidecars, logs = _json_files(files, by_folder)
    sounds, logs = _settled(sounds, logs, found, settle_seconds)
    infos = _infos(sounds, rows, sidecars, found, (zone, name_pattern))
    _recordings(infos, found, known_hashes or {}, progress)
    _transcripts(logs, found, zone)
    known = set(sounds) | set(logs) | set(sidecars.values()) | set(found.growing)
    found.ignored = sum(1 for path in files if path not in known and path.name not in TABLES)
    _unique_ids(found)
    return found


def _walk(inputs: Sequence[Path], found: Found) -> Iterator[Path]:
    for start in inputs:
        if not start.exists():
            raise BadInput(f"{start}: there is no such file or folder")
        if start.is_file():
            yield start
            continue

        def complain(error: OSError) -> None:
            name = str(error.filename)
            message = f"{name}: the folder cannot be read ({error.strerror}). Allow reading it."
            found.failures.append(Failure(name, "intake", "BadInput", message))

        for folder, subfolders, names in os.walk(start, onerror=complain):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and Path(name).suffix.lower() not in PARTIAL:
                    yield Path(folder) / name


def _metadata_rows(files: Sequence[Path], found: Found) -> dict[Path, Row]:
    """Rows of all tables by the file they speak of; a row without a file is a failure."""
    rows: dict[Path, Row] = {}
    for table in (path for path in files if path.name in TABLES):
        try:
            for row in read_table(table):
                target = table.parent / row.file
                if not target.is_file():
                    message = (
                        f"{row.where}: names '{row.file}', but there is no such file beside it. "
                        "Upload the recording or remove the row."
                    )
                    _fail(found, row.file, BadMetadata(message))
                rows[target] = row
        except BadMetadata as error:
            _fail(found, str(table), error)
    return rows


def _json_files(
    files: Sequence[Path], by_folder: Mapping[Path, Mapping[str, Path]]
) -> tuple[dict[Path, Path], list[Path]]:
    """Sidecars by the sound file beside them (NAME.json for NAME.wav, NAME.x.wav), and the rest."""
    jsons = [path for path in files if path.suffix.lower() in (".json", ".jsonl")]
    jsons = [path for path in jsons if path.name not in TABLES]
    by_stem = {(path.parent, path.stem): path for path in jsons if path.suffix.lower() == ".json"}
    sidecars: dict[Path, Path] = {}
    for folder, sounds in by_folder.items():
        for sound in sounds.values():
            stem = sound.stem
            while stem and (folder, stem) not in by_stem:
                stem = stem.rpartition(".")[0]
            if stem:
                sidecars[sound] = by_stem[folder, stem]
    used = set(sidecars.values())
    return sidecars, [path for path in jsons if path not in used]


def _settled(
    sounds: list[Path], logs: list[Path], found: Found, wait: float
) -> tuple[list[Path], list[Path]]:
    """Without the files that are still growing: recent ones must stay the same for a moment."""
    now = time.time()
    before: dict[Path, tuple[int, int]] = {}
    for path in [*sounds, *logs]:
        try:
            stat = path.stat()
        except OSError:
            continue
        if now - stat.st_mtime < RECENT_SECONDS:
            before[path] = (stat.st_size, stat.st_mtime_ns)
    if before and wait:
        time.sleep(wait)
    for path, was in before.items():
        try:
            stat = path.stat()
        except OSError:
            continue
        if (stat.st_size, stat.st_mtime_ns) != was:
            found.growing.append(path)
    growing = set(found.growing)
    return [p for p in sounds if p not in growing], [p for p in logs if p not in growing]


def _infos(
    sounds: Sequence[Path],
    rows: Mapping[Path, Row],
    sidecars: Mapping[Path, Path],
    found: Found,
    how: tuple[ZoneInfo, str | None],
) -> dict[Path, CallInfo]:
    zone, pattern = how
    infos: dict[Path, CallInfo] = {}
    for path in sounds:
        try:
            values: dict[str, object] = dict(from_name(path.stem, pattern))
            where = path.name
            if path in sidecars:
                values |= _sidecar(sidecars[path])
                where = sidecars[path].name
            if path in rows:
                values |= dict(rows[path].values)
                where = rows[path].where
            infos[path] = info_from(values, where, zone, path.stem)
        except BadMetadata as error:
            _fail(found, str(path), error)
    return infos


def _sidecar(path: Path) -> dict[str, object]:
    import json

    try:
        values = json.loads(decode_text(path))
    except ValueError as error:
        raise BadMetadata(f"{path.name}: is not JSON ({error}). Write it again.") from error
    if not isinstance(values, dict):
        raise BadMetadata(f"{path.name}: must hold one object with the call's metadata.")
    return values


def _recordings(
    infos: Mapping[Path, CallInfo],
    found: Found,
    known: Mapping[FileKey, str],
    progress: Callable[[int], None] | None,
) -> None:
    """Hash the files (several at once; reading is the cost) and group them by content."""
    groups: dict[str, list[tuple[Path, int]]] = {}
    with ThreadPoolExecutor(4) as pool:
        for done, (path, result) in enumerate(
            zip(infos, pool.map(lambda item: _digest(item, known), infos), strict=True), 1
        ):
            if isinstance(result, BadInput):
                _fail(found, str(path), result)
            else:
                key, digest = result
                found.hashes[key] = digest
                groups.setdefault(digest, []).append((path, key[1]))
            if progress:
                progress(done)
    for digest, members in groups.items():
        paths = tuple(path for path, _ in members)
        best = min(paths, key=lambda path: (len(infos[path].missing), _unnamed(path, infos)))
        found.recordings.append(Recording(infos[best], paths, digest, members[0][1]))


def _unnamed(path: Path, infos: Mapping[Path, CallInfo]) -> bool:
    return infos[path].call_id == path.stem


def _digest(path: Path, known: Mapping[FileKey, str]) -> tuple[FileKey, str] | BadInput:
    try:
        stat = path.stat()
        key = (str(path.resolve()), stat.st_size, stat.st_mtime_ns)
        if not S_ISREG(stat.st_mode):
            return BadRecording(f"{path.name}: is not a regular file. Remove it from the folder.")
        if stat.st_size == 0:
            return BadRecording(f"{path.name}: is empty (0 bytes). Upload the recording again.")
        if key in known and os.access(path, os.R_OK):
            return key, known[key]
        return key, modelfiles.sha256(path)
    except PermissionError:
        return BadRecording(
            f"{path.name}: no permission to read it. Allow the callqa user to read the file."
        )
    except OSError as error:
        return BadRecording(
            f"{path.name}: cannot be read ({error.strerror}). Check the disk or link."
        )


def _transcripts(logs: Sequence[Path], found: Found, zone: ZoneInfo) -> None:
    by_content: dict[str, GivenTranscript] = {}
    for path in logs:
        for item in read_transcripts(path, zone):
            if isinstance(item, BadInput):
                _fail(found, str(path), item)
            elif item.sha256 in by_content:
                first = by_content[item.sha256]
                paths = tuple(dict.fromkeys((*first.paths, path)))
                by_content[item.sha256] = replace(first, paths=paths)
            else:
                by_content[item.sha256] = item
    found.transcripts = list(by_content.values())


def _unique_ids(found: Found) -> None:
    """Two different contents never share a call_id: the later one (by path) gets its hash added."""
    seen: set[str] = set()
    for number, recording in enumerate(found.recordings):
        if recording.info.call_id in seen:
            info = _renamed(recording.info, recording.sha256)
            found.recordings[number] = replace(recording, info=info)
        seen.add(recording.info.call_id)
    for number, item in enumerate(found.transcripts):
        info = item.transcript.info
        if info.call_id in seen:
            info = _renamed(info, item.sha256)
            transcript = replace(item.transcript, info=info)
            found.transcripts[number] = replace(item, transcript=transcript)
        seen.add(info.call_id)


def _renamed(info: CallInfo, digest: str) -> CallInfo:
    return replace(info, call_id=f"{info.call_id}~{digest[:8]}")


def _fail(found: Found, file: str, error: BadInput) -> None:
    found.failures.append(Failure(file, error.stage, type(error).__name__, str(error)))
