"""What an inspector may hear of a recording: everything but private data."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import streamlit as st

from dashboards.peaks import Peaks, peaks_of
from dashboards.serving import TICKETS
from pipeline.audio import render
from pipeline.domain import Seconds
from pipeline.errors import BadInput, CallqaError
from pipeline.redaction import Stretch, hidden_of
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
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A file that may be played and its wave, or why not.

    `private` is when private data is said; it is silenced, except in an original.
    """

    wav: Path | None = None
    file: str = ""
    private: tuple[Stretch, ...] = ()
    silent: Silent | None = None
    message: str = ""
    peaks: Peaks | None = None
    source: Path | None = None

    @property
    def muted(self) -> int:
        """How many stretches are silenced."""
        return len(self.private)


def hear(call: StoredCall) -> Hearing:
    """Find the recording among the names of this call and silence what is private."""
    found = find(call)
    if found.source is None:
        return found
    try:
        wav, peaks = _sounds().heard(found.source, found.private)
    except (CallqaError, OSError) as error:
        return replace(found, silent=Silent.UNREADABLE, message=str(error), source=None)
    return replace(found, wav=wav, peaks=peaks)


def find(call: StoredCall) -> Hearing:
    """The same without making a copy yet: `source` is None where nothing may be heard."""
    if call.call["channel"] != "voice":
        return Hearing(silent=Silent.CHAT)
    stretches = private_stretches(call)
    private = stretches or ()
    path = next((path for path in map(Path, call.names) if _is_file(path)), None)
    if call.call["audio_codec"] is None or path is None:
        return replace(_absent(call), private=private)
    if stretches is None:
        return Hearing(file=path.name, silent=Silent.UNPLACED)
    return Hearing(file=path.name, private=private, source=path)


def _absent(call: StoredCall) -> Hearing:
    """Why there is no file: it came in as a transcript, its time was over, or it is lost."""
    if call.call["audio_codec"] is None:
        return Hearing(silent=Silent.NO_AUDIO)
    if call.audio_removed is not None:
        return Hearing(silent=Silent.EXPIRED, message=f"{call.audio_removed:%Y-%m-%d}")
    return Hearing(file=_first_name(call), silent=Silent.MISSING)


def private_stretches(call: StoredCall) -> tuple[Stretch, ...] | None:
    """When private data is said or typed; None when some of it cannot be placed in time."""
    return hidden_of(call)


def address(heard: Hearing, session: str) -> str:
    """Where the player of this session finds the sound; it is made again when its copy went."""
    source, stretches = heard.source, heard.private
    if source is None:
        raise ValueError("nothing to hear")
    key = (source, source.stat().st_mtime_ns, stretches)
    return TICKETS.sound(session, key, lambda: _sounds().file(source, stretches))


def clip(heard: Hearing, part: tuple[Seconds, Seconds]) -> Path:
    """A WAV of some seconds of what may be heard; BadInput where nothing may be."""
    if heard.source is None:
        raise BadInput("there is nothing to hear of this call")
    return _sounds().heard(heard.source, heard.private, part)[0]


def clip_address(heard: Hearing, part: tuple[Seconds, Seconds], session: str) -> str:
    """Where the player of this session finds these seconds; cut when they are asked for."""
    if heard.source is None:
        raise ValueError("nothing to hear")
    key = (heard.source, heard.source.stat().st_mtime_ns, heard.private, part)
    return TICKETS.sound(session, key, lambda: clip(heard, part))


def forget_gone() -> None:
    """Delete copies of recordings that are not there any more, after a purge or an erasure."""
    _sounds().forget_gone()


def whole(source: Path) -> tuple[Path, Peaks]:
    """A WAV with nothing silenced, which the caller removes; only for whoever redeemed a grant."""
    return _sounds().whole(source)


class Sounds:
    """Silenced copies in a folder of this process alone (0700), which goes when the process ends.

    Only the `most` that were last asked for are kept; the others are made again when they are.
    """

    def __init__(self, most: int = MOST_FILES) -> None:
        self._most = most
        self._folder = Path(mkdtemp(prefix="callqa-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # also at exit
        self._files: OrderedDict[tuple[object, ...], tuple[Path, Peaks]] = OrderedDict()
        self._guard = threading.Lock()

    def file(self, path: Path, stretches: tuple[Stretch, ...]) -> Path:
        """Return a WAV of `path` with the stretches silenced; made when there is none."""
        return self.heard(path, stretches)[0]

    def heard(
        self, path: Path, stretches: tuple[Stretch, ...], part: Stretch | None = None
    ) -> tuple[Path, Peaks]:
        """Return the same, of some seconds alone, and its wave, measured once; it goes with it."""
        # a file that was replaced is read again
        key = (path, path.stat().st_mtime_ns, stretches, part)
        with self._guard:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        made = self._made(path, stretches, part)
        with self._guard:
            self._files[key] = made
            while len(self._files) > self._most:
                self._files.popitem(last=False)[1][0].unlink(missing_ok=True)
        return made

    def forget_gone(self) -> None:
        """Delete the copies whose recording is gone."""
        with self._guard:
            for key in [key for key in self._files if not Path(str(key[0])).exists()]:
                self._files.pop(key)[0].unlink(missing_ok=True)

    def whole(self, path: Path) -> tuple[Path, Peaks]:
        """Return a WAV of `path` with nothing silenced, for one listener, who removes it."""
        return self._made(path, ())

    def _made(
        self, path: Path, stretches: tuple[Stretch, ...], part: Stretch | None = None
    ) -> tuple[Path, Peaks]:
        target = self._folder / f"{uuid4().hex}.wav"
        try:
            render(path, stretches, target, part=part)
            return target, peaks_of(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


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
