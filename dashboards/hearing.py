"""What an inspector may hear of a recording: everything but private data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.data import CallData
from pipeline.audio import render_wav
from pipeline.domain import Role, Seconds, Segment, Word
from pipeline.errors import CallqaError

MARGIN: Seconds = 0.2
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
    """A recording that may be played, or why not. `muted` counts the silenced stretches."""

    wav: bytes | None = None
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


def hear(call: CallData) -> Hearing:
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
        wav = _rendered(str(path), path.stat().st_mtime_ns, stretches)
    except (CallqaError, OSError) as error:
        return Hearing(file=path.name, silent=Silent.UNREADABLE, message=str(error))
    return Hearing(wav, path.name, len(stretches))


@st.cache_resource(max_entries=6, ttl=3600, show_spinner=False)
def _rendered(path: str, mtime_ns: int, stretches: tuple[Stretch, ...]) -> bytes:
    """`cache_resource`, not `cache_data`: a long recording must not be copied at every rerun."""
    del mtime_ns  # only part of the key: a file that was replaced is read again
    return render_wav(Path(path), stretches)


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


def _first_name(call: CallData) -> str:
    return Path(call.names[0]).name if call.names else ""
