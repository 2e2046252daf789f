"""What an inspector may hear of a recording: everything but private data."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import streamlit as st

from pipeline.audio import render
from pipeline.errors import CallqaError
from pipeline.redaction import Stretch, hidden_stretches
from pipeline.store import StoredCall

MOST_FILES = 6


class Silent(StrEnum):
    """Why there is nothing to hear."""

    CHAT = "chat"
    NO_AUDIO = "no_audio"
    MISSING = "missing"
    EXPIRED = "expired"
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


def hear(call: StoredCall) -> Hearing:
    """Find the recording among the names of this call and silence what is private."""
    chat = call.call["channel"] != "voice"
    if chat or call.call["audio_codec"] is None:  # or it came in as a finished transcript
        return Hearing(silent=Silent.CHAT if chat else Silent.NO_AUDIO)
    stretches = hidden_stretches(call.segments, call.private_spans)
    path = next((path for path in map(Path, call.names) if _is_file(path)), None)
    if path is None and call.audio_removed is not None:
        return Hearing(silent=Silent.EXPIRED, message=f"{call.audio_removed:%Y-%m-%d}")
    if path is None:
        return Hearing(file=_first_name(call), silent=Silent.MISSING)
    if stretches is None:
        return Hearing(file=path.name, silent=Silent.UNPLACED)
    try:
        wav = _sounds().file(path, stretches)
    except (CallqaError, OSError) as error:
        return Hearing(file=path.name, silent=Silent.UNREADABLE, message=str(error))
    return Hearing(wav, path.name, len(stretches))


def forget_gone() -> None:
    """Delete copies of recordings that are not there any more, after a purge or an erasure."""
    _sounds().forget_gone()


def whole(source: Path) -> Path:
    """A WAV with nothing silenced, which the caller removes; only for whoever redeemed a grant."""
    return _sounds().whole(source)


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
        target = self._made(path, stretches)
        with self._guard:
            self._files[key] = target
            while len(self._files) > self._most:
                self._files.popitem(last=False)[1].unlink(missing_ok=True)
        return target

    def forget_gone(self) -> None:
        """Delete the copies whose recording is gone."""
        with self._guard:
            for key in [key for key in self._files if not Path(str(key[0])).exists()]:
                self._files.pop(key).unlink(missing_ok=True)

    def whole(self, path: Path) -> Path:
        """Return a WAV of `path` with nothing silenced, for one listener, who removes it."""
        return self._made(path, ())

    def _made(self, path: Path, stretches: tuple[Stretch, ...]) -> Path:
        target = self._folder / f"{uuid4().hex}.wav"
        try:
            render(path, stretches, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target


@st.cache_resource(show_spinner=False)
def _sounds() -> Sounds:
    return Sounds()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no right to look there, or a name that cannot be one
        return False


def _first_name(call: StoredCall) -> str:
    return Path(call.names[0]).name if call.names else ""
