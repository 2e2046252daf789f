"""How loud people speak: the power of every 50 ms, kept while a recording is decoded.

The transcript is there long after the samples are gone, so the powers of a channel are kept, plain
and weighted (3.5 MB for six hours), and what a segment needs is read from them. A level is an RMS
in dBFS: 0 is digital full scale, and a sine that just fills it has -3.0. Loudness is in LUFS after
ITU-R BS.1770: weighted by frequency, in blocks of 0.4 s, pauses gated out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import ceil, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.acoustics.weighting import Weighting
from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds

BLOCK: Seconds = 0.05
SIZE = int(BLOCK * RATE)
# Two gates, as in EBU Tech 3342: what lies under them is a pause, not quiet speech.
SILENT_DB = -70.0
PAUSE_DB = 20.0
SHORTEST_PAUSE = 5  # blocks: 0.25 s
# BS.1770: blocks of 0.4 s, one every 0.1 s; those under -70 LUFS, then those more than 10 under the
# mean of the others, do not count.
MOMENT, STEP = 8, 2
OFFSET_DB = -0.691
GATE_DB = 10.0
SLOPE_BLOCKS = 30  # 1.5 s of speech: a slope over less is the melody of a word

Spans = Iterable[tuple[Seconds, Seconds]]
Powers = NDArray[np.float32]
Blocks = NDArray[np.int64]


class LevelTrack:
    """One channel of a recording; `add` its samples (n,) in order, at 16 kHz, in any portions."""

    def __init__(self) -> None:
        self._powers: list[Powers] = []
        self._weighted: list[Powers] = []
        self._weighting = Weighting()
        self._rest: Samples = np.zeros((2, 0), np.float32)

    def add(self, samples: Samples) -> None:
        """The next stretch; less than one block waits for the stretch after it."""
        both = np.stack([samples, self._weighting.add(samples)])
        both = np.concatenate([self._rest, both], axis=1)
        whole = both.shape[1] // SIZE * SIZE
        blocks = both[:, :whole].reshape(2, -1, SIZE)
        powers, weighted = np.einsum("kij,kij->ki", blocks, blocks) / SIZE
        self._powers.append(powers)
        self._weighted.append(weighted)
        self._rest = both[:, whole:].copy()  # a view would keep the whole stretch alive

    @property
    def powers(self) -> Powers:
        """Mean square of each block; shape (blocks,)."""
        return _joined(self._powers)

    @property
    def weighted(self) -> Powers:
        """The same of the sound as it is weighted for loudness."""
        return _joined(self._weighted)

    def level(self, spans: Spans) -> float | None:
        """Mean level in dBFS of what is heard in some stretches; None when they are silent.

        Blocks under -70 dBFS, and blocks more than 20 dB under the mean of the others, are pauses
        and do not count: a turn with a pause in it is as loud as without.
        """
        speech = self.powers[self._heard(spans)].astype(np.float64)
        return round(10 * log10(speech.mean()), 1) if speech.size else None

    def loudness(self, spans: Spans) -> float | None:
        """Gated loudness in LUFS of some stretches; None where none of them lasts 0.4 s."""
        moments = np.concatenate(
            [np.zeros(0), *(self._moments(start, end) for start, end in spans)]
        )
        loud = moments[moments > _power(SILENT_DB)]
        if not loud.size:
            return None
        loud = loud[loud > loud.mean() / 10 ** (GATE_DB / 10)]
        return round(OFFSET_DB + 10 * log10(loud.mean()), 1)

    def speech(self, start: Seconds, end: Seconds, words: Spans = ()) -> list[bool]:
        """Whether somebody is heard in each block of a turn, from the first such block to the last.

        `words`: where the recogniser heard some; what lies between them is a pause, loud or not.
        """
        heard = set(self._heard(list(words) or [(start, end)]).tolist())
        if not heard:
            return []
        return [block in heard for block in range(min(heard), max(heard) + 1)]

    def slope(self, spans: Spans) -> float | None:
        """By how many dB a second it grows louder; None where less than 1.5 s are heard."""
        heard = self._heard(spans)
        if heard.size < SLOPE_BLOCKS:
            return None
        decibels = 10 * np.log10(self.powers[heard].astype(np.float64))
        times = (heard - heard.mean()) * BLOCK
        return round(float(times @ decibels / (times @ times)), 2)

    def _heard(self, spans: Spans) -> Blocks:
        """The blocks of some stretches that are no pause, in order."""
        places = [np.arange(int(start / BLOCK), ceil(end / BLOCK)) for start, end in spans]
        wanted = np.unique(np.concatenate(places)) if places else np.zeros(0, np.int64)
        wanted = wanted[wanted < self.powers.size]
        power = self.powers[wanted].astype(np.float64)
        loud = power > _power(SILENT_DB, 0.0)
        if not loud.any():
            return wanted[:0]
        floor = float(power[loud].mean()) / 10 ** (PAUSE_DB / 10)
        return np.asarray(wanted[loud & (power > floor)], np.int64)

    def _moments(self, start: Seconds, end: Seconds) -> NDArray[np.float64]:
        """Mean weighted power of the blocks of 0.4 s that lie in a stretch."""
        first, last = round(start / BLOCK), min(round(end / BLOCK), self.weighted.size)
        if last - first < MOMENT:
            return np.zeros(0)
        part = self.weighted[first:last].astype(np.float64)
        windows = np.lib.stride_tricks.sliding_window_view(part, MOMENT)[::STEP]
        return np.asarray(windows.mean(axis=1))


def pauses(speech: list[bool]) -> list[Seconds]:
    """The pauses of 0.25 s and longer inside a turn, from its blocks."""
    marks = [at for at, heard in enumerate(speech) if heard]
    gaps = [later - earlier - 1 for earlier, later in pairwise(marks)]
    return [round(gap * BLOCK, 2) for gap in gaps if gap >= SHORTEST_PAUSE]


def _joined(parts: list[Powers]) -> Powers:
    if len(parts) != 1:
        parts[:] = [np.concatenate([np.zeros(0, np.float32), *parts])]
    return parts[0]


def _power(decibels: float, offset: float = OFFSET_DB) -> float:
    return float(10 ** ((decibels - offset) / 10))
