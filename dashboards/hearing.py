"""What an inspector may hear of a recording: everything but private data."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import streamlit as st

from pipeline.audio import render_wav
from pipeline.domain import Role, Seconds, Segment, Word
from pipeline.errors import CallqaError
from pipeline.store import StoredCall

MARGIN: Seconds = 0.2
MOST_FILES = 6
Stretch = tuple[Seconds, Seconds]


class Silent(StrEnum):
    """Why there is nothing to hear."""

    CHAT = "chat"
    NO_AUDIO = "no_audio"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A file that may be played, or why not. `muted` counts the silenced stretches."""

    wav: Path | None = None
    file: str = ""
    muted: int = 0
    silent: Silent | None = None
    message: str = ""


def silenced_stretches(
    segments: Sequence[Mapping[str, Any]],
    spans: Iterable[Mapping[str, Any]],
    margin: Seconds = MARGIN,
) -> tuple[Stretch, ...] | None:
    """When the private spans are said, `margin` wider on both sides, overlapping ones joined.

    None when a span cannot be placed in time: such a recording must not be played.
    """
    by_index = {row["segment"]: _segment(row) for row in segments}
    stretches = []
    for span in spans:
        segment = by_index.get(span["segment"])
        if segment is None:
            return None
        start, end = segment.seconds_of(span["start_char"], span["end_char"])
        if start is None or end is None:
            return None
        stretches.append((max(start - margin, 0.0), end + margin))
    return _joined(stretches)


def hear(call: StoredCall) -> Hearing:
    """Find the recording among the names of this call and silence what is private."""
    if call.call["channel"] != "voice":
        return Hearing(silent=Silent.CHAT)
    if call.call["audio_codec"] is None:  # it came in as a finished transcript
        return Hearing(silent=Silent.NO_AUDIO)
    stretches = silenced_stretches(call.segments, call.private_spans)
    path = next((path for path in map(Path, call.names) if _is_file(path)), None)
    if path is None:
        return Hearing(file=_first_name(call), silent=Silent.MISSING)
    if stretches is None:
        return Hearing(file=path.name, silent=Silent.UNPLACED)
    try:
        wav = _sounds().file(path, stretches)
    except (CallqaError, OSError) as error:
        return Hearing(file=path.name, silent=Silent.UNREADABLE, message=str(error))
    return Hearing(wav, path.name, len(stretches))


class Sounds:
    """Silenced copies in a folder of this process alone (0700), which goes when the process ends.

    Only the `most` that were last asked for are kept; the player's server has read the others.
    """

    def __init__(self, most: int = MOST_FILES) -> None:
        self._most = most
        self._folder = Path(mkdtemp(prefix="callqa-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # also at exit
        self._files: OrderedDict[tuple[object, ...], Path] = OrderedDict()
        self._guard = threading.Lock()

    def file(self, path: Path, stretches: tuple[Stretch, ...]) -> Path:
        """Return a WAV of `path` with the stretches silenced; made when there is none."""
        key = (path, path.stat().st_mtime_ns, stretches)  # a file that was replaced is read again
        with self._guard:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        target = self._folder / f"{uuid4().hex}.wav"
        try:
            render_wav(path, stretches, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        with self._guard:
            self._files[key] = target
            while len(self._files) > self._most:
                self._files.popitem(last=False)[1].unlink(missing_ok=True)
        return target


@st.cache_resource(show_spinner=False)
def _sounds() -> Sounds:
    return Sounds()


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _segment(row: Mapping[str, Any]) -> Segment:
    words = tuple(Word(**word) for word in row["words"])
    return Segment(Role(row["role"]), row["text"], row["start"], row["end"], words=words)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no right to look there, or a name that cannot be one
        return False


def _first_name(call: StoredCall) -> str:
    return Path(call.names[0]).name if call.names else ""
