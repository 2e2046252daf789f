"""Speech that the recogniser passed over: Whisper now and then leaves out a whole stretch.

The voice detector heard somebody speak there as loudly as elsewhere, and no word was written. Such
a stretch is heard again by itself. What is much fainter is another side's echo and stays unwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.asr.windows import PADDING_MS, Piece, Window
from pipeline.audio import RATE, Samples
from pipeline.domain import Removed, Seconds, Word

SHORTEST: Seconds = 1.0  # of speech without a word
MARGIN: Seconds = 0.2  # heard with it on both sides
FAINTER = 15.0  # dB below the loudest piece: nothing was passed over
SURE = 0.5  # mean confidence from which words of a second hearing count
FRAME = RATE // 40
EDGE: Seconds = PADDING_MS / 1000


def passed_over(
    window: Window, words: Sequence[Word], removed: Sequence[Removed] = ()
) -> list[Window]:
    """The stretches of a window in which somebody speaks and none of its words lies.

    What was `removed` as invented is no speech, unless a loop hides what was said.
    """
    taken = [(word.start, word.end) for word in words]
    taken += [(item.start, item.end) for item in removed if item.reason != "loop"]
    loudest = max(_level(_sound(window, piece, 0.0, piece.length)) for piece in window.pieces)
    found = []
    for piece in window.pieces:
        for start, end in _without_words(piece, taken):
            sound = _sound(window, piece, start, end)
            if _level(sound) >= loudest - FAINTER:
                first = max(start - MARGIN, 0.0)
                last = min(end + MARGIN, piece.length)
                part = Piece(0.0, piece.source + first, last - first)
                found.append(Window(_sound(window, piece, first, last), (part,)))
    return found


def added(again: Sequence[Word], words: Sequence[Word]) -> list[Word]:
    """The words of a second hearing that count: sure ones that stand nowhere beside already."""
    text = _plain(again)
    if not text or sum(word.confidence or 0.0 for word in again) < SURE * len(again):
        return []
    start, end = again[0].start, again[-1].end
    near = [word for word in words if word.end > start - 10.0 and word.start < end + 10.0]
    return [] if text in _plain(near) else list(again)


def _without_words(
    piece: Piece, taken: Sequence[tuple[Seconds, Seconds]]
) -> Iterator[tuple[Seconds, Seconds]]:
    """Stretches of a piece, in seconds from its beginning, of at least SHORTEST."""
    at, end = EDGE, piece.length - EDGE
    own = sorted((a - piece.source, b - piece.source) for a, b in taken)
    for start, last in [*own, (end, end)]:
        if min(start, end) - at >= SHORTEST:
            yield at, min(start, end)
        at = max(at, last)


def _sound(window: Window, piece: Piece, start: Seconds, end: Seconds) -> Samples:
    first = round((piece.at + start) * RATE)
    return window.samples[first : round((piece.at + end) * RATE)]


def _level(sound: Samples) -> float:
    """How loud the louder parts are, in dB."""
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME)
    if not frames.size:
        return -120.0
    power = np.sort(np.mean(frames**2, axis=1))
    return float(10 * np.log10(power[int(0.8 * (power.size - 1))] + 1e-12))


def _plain(words: Sequence[Word]) -> str:
    return "".join(char for word in words for char in word.text if char.isalnum())
