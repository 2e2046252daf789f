"""From a channel to the 30 s windows that Whisper hears: speech only, glued, with a way back.

Silero VAD (inside faster-whisper) finds speech; its pieces are glued into windows of at most 30 s;
every window remembers where each piece came from, so that word times can be mapped back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds

WINDOW: Seconds = 30.0
PADDING_MS = 400  # 200 ms loses syllables
MIN_SILENCE_MS = 160
LONGEST_WORD: Seconds = 1.0
SHORTEST: Seconds = 0.2  # what is left of speech beside stretches of nobody

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech: `at` seconds into the window it lies `source` seconds into the call."""

    at: Seconds
    source: Seconds
    length: Seconds


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of glued speech of one channel; `samples` (n,) at 16 kHz."""

    samples: Samples
    pieces: tuple[Piece, ...]

    @property
    def length(self) -> Seconds:
        """Seconds of glued speech."""
        return float(self.samples.size / RATE)

    def piece_at(self, time: Seconds) -> Piece:
        """The piece that is heard at a time of this window."""
        found = self.pieces[0]
        for piece in self.pieces:
            if piece.at <= time:
                found = piece
        return found

    def pieces_of(self, times: Sequence[tuple[Seconds, Seconds]]) -> list[Piece]:
        """The piece of each word of one phrase, from its times in this window.

        Whisper lets the first word of a phrase begin where the phrase before ended, so a word is
        looked up near its end, and a first word goes where the second one is.
        """
        pieces = [self.piece_at(end - min(0.1, (end - start) / 2)) for start, end in times]
        if len(pieces) > 1 and pieces[0].at < pieces[1].at:
            pieces[0] = pieces[1]
        return pieces


def original(piece: Piece, start: Seconds, end: Seconds) -> tuple[Seconds, Seconds]:
    """Seconds in the recording of a word of this piece; it never reaches out of the piece."""
    low, high = piece.source, piece.source + piece.length
    shift = piece.source - piece.at
    last = min(max(end + shift, low), high)
    return min(max(start + shift, low, last - LONGEST_WORD), last), last


def speech_windows(
    samples: Samples, start: Seconds, nobody: Sequence[tuple[Seconds, Seconds]] = ()
) -> list[Window]:
    """The windows of one channel; empty when nobody speaks.

    What lies within `nobody` (seconds of the recording) is no speech of this channel. The voice
    detector hears it all the same: after digital silence it misses how people begin.
    """
    silent = [(int((a - start) * RATE), int((b - start) * RATE)) for a, b in nobody]
    spans = _spoken(samples, silent)
    if silent:
        samples = samples.copy()
        for first, last in silent:
            samples[max(first, 0) : max(last, 0)] = 0.0
    windows: list[Window] = []
    waiting: list[Span] = []
    size = 0
    for first, last in spans:
        if size + last - first > WINDOW * RATE and waiting:
            windows.append(_glue(samples, start, waiting))
            waiting, size = [], 0
        waiting.append((first, last))
        size += last - first
    if waiting:
        windows.append(_glue(samples, start, waiting))
    return windows


def _spoken(samples: Samples, silent: Sequence[Span]) -> list[Span]:
    """What the voice detector finds, 30 s each at most, without what is silent."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        max_speech_duration_s=WINDOW,
        min_silence_duration_ms=MIN_SILENCE_MS,
        speech_pad_ms=PADDING_MS,
    )
    return [
        (first, min(last, first + int(WINDOW * RATE)))
        for found in get_speech_timestamps(samples, options)
        for first, last in _without(int(found["start"]), int(found["end"]), silent)
    ]


def _without(first: int, last: int, silent: Sequence[Span]) -> list[Span]:
    """The parts of [first, last) in which somebody speaks, with as much around as the rest has."""
    edge = PADDING_MS * RATE // 1000
    if _heard(first, last, silent) == last - first:
        return [(first, last)]
    low, high, parts = first + edge, last - edge, []
    for a, b in silent:
        if a + edge < last and b - edge > first and b - a > 2 * edge:
            parts.append((first, a + edge))
            first = b - edge
    parts.append((first, last))
    return [
        (a, b) for a, b in parts if _heard(max(a, low), min(b, high), silent) >= SHORTEST * RATE
    ]


def _heard(first: int, last: int, silent: Sequence[Span]) -> int:
    """How many samples of [first, last) are not silent."""
    whole = max(last - first, 0)
    return whole - sum(max(min(b, last) - max(a, first), 0) for a, b in silent)


def _glue(samples: Samples, start: Seconds, spans: list[Span]) -> Window:
    pieces, at = [], 0
    for first, last in spans:
        pieces.append(Piece(at / RATE, start + first / RATE, (last - first) / RATE))
        at += last - first
    glued = np.concatenate([samples[first:last] for first, last in spans])
    return Window(glued, tuple(pieces))
