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
APART: Seconds = 0.3  # pieces nearer than that are one run of speech
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
    loudest = max(_level(_cut(window, [piece]).samples) for piece in window.pieces)
    return [
        _cut(window, run, start - MARGIN, end + MARGIN)
        for run in _runs(window.pieces)
        for start, end in _without_words(run, taken)
        if _level(_cut(window, run, start, end).samples) >= loudest - FAINTER
    ]


def added(again: Sequence[Word], words: Sequence[Word]) -> list[Word]:
    """The words of a second hearing that count: sure ones that stand nowhere beside already."""
    text = _plain(again)
    if not text or sum(word.confidence or 0.0 for word in again) < SURE * len(again):
        return []
    start, end = again[0].start, again[-1].end
    near = [word for word in words if word.end > start - 10.0 and word.start < end + 10.0]
    return [] if text in _plain(near) else list(again)


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces that follow each other at once: digits told one by one are parted by the detector."""
    run: list[Piece] = []
    for piece in pieces:
        if run and piece.source - run[-1].source - run[-1].length > APART:
            yield run
            run = []
        run.append(piece)
    yield run


def _without_words(
    run: Sequence[Piece], taken: Sequence[tuple[Seconds, Seconds]]
) -> Iterator[tuple[Seconds, Seconds]]:
    """Stretches of a run, in seconds of the recording, of at least SHORTEST."""
    at, end = run[0].source + EDGE, run[-1].source + run[-1].length - EDGE
    for start, last in [*sorted(taken), (end, end)]:
        if min(start, end) - at >= SHORTEST:
            yield at, min(start, end)
        at = max(at, last)


def _cut(
    window: Window, run: Sequence[Piece], start: Seconds = 0.0, end: Seconds = float("inf")
) -> Window:
    """The part of some pieces between two seconds of the recording."""
    sounds: list[Samples] = []
    pieces: list[Piece] = []
    at = 0
    for piece in run:
        first = max(start, piece.source) - piece.source
        last = min(end, piece.source + piece.length) - piece.source
        if first < last:
            begin = round((piece.at + first) * RATE)
            sounds.append(window.samples[begin : round((piece.at + last) * RATE)])
            pieces.append(Piece(at / RATE, piece.source + first, sounds[-1].size / RATE))
            at += sounds[-1].size
    return Window(np.concatenate(sounds), tuple(pieces))


def _level(sound: Samples) -> float:
    """How loud the louder parts are, in dB."""
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME)
    if not frames.size:
        return -120.0
    power = np.sort(np.mean(frames**2, axis=1))
    return float(10 * np.log10(power[int(0.8 * (power.size - 1))] + 1e-12))


def _plain(words: Sequence[Word]) -> str:
    return "".join(char for word in words for char in word.text if char.isalnum())
