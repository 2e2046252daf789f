"""Keys that are pressed: two tones at once, one of a row and one of a column (ITU-T Q.23).

Which key it was is looked at to tell keys from speech, and forgotten: digits that are keyed in may
be a PIN. Speech is kept out by the frequencies (exact to 2 %), by the share of power that the two
have, by their balance (twist), and by lasting at least 50 ms unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples
from pipeline.domain import LineSound, Seconds, SoundKind
from pipeline.linesounds.spectrum import Floats, decibels, framed, seconds

HOP = 160  # 10 ms
FRAME = 512  # 32 ms
FINE = 1024  # transformed with zeros behind, for finer bins
HERTZ = RATE / FINE
ROWS = (697.0, 770.0, 852.0, 941.0)
COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
LOW_BAND, HIGH_BAND = (660.0, 985.0), (1165.0, 1690.0)
WHOLE_BAND = (250.0, 3600.0)
PURE = 0.7
TWIST_DB = 9.0
QUIETEST_DB = -52.0
EXACT = 0.02
SHORTEST = 4  # frames that are alike: a key of 50 ms and more
LONE = 0.6  # confidence of a single key: speech makes two an hour
TOGETHER: Seconds = 2.5  # keys with less between them are entered together
_WINDOW = np.hanning(FRAME + 1)[:FRAME].astype(np.float32)
_SCALE = np.float32(2.0 / (FINE * float((_WINDOW**2).sum())))


@dataclass(frozen=True, slots=True)
class Key:
    """One key: when; not which."""

    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class Pressed:
    """Frames in which a key sounds: their numbers, and marks by which keys differ."""

    frame: NDArray[np.int64]
    mark: NDArray[np.int64]


def pressed(samples: Samples, first: int) -> Pressed:
    """The frames of samples (n,) in which a key sounds; the first frame has number `first`."""
    spectra = np.fft.rfft(framed(samples, FRAME, HOP) * _WINDOW, n=FINE, axis=1)
    power = ((spectra.real**2 + spectra.imag**2) * _SCALE).astype(np.float32)
    whole = _bins(power, WHOLE_BAND).sum(axis=1)
    low, row = _peak(power, LOW_BAND, ROWS)
    high, column = _peak(power, HIGH_BAND, COLUMNS)
    twist = np.abs(decibels(low) - decibels(high))
    both = (low + high > PURE * whole) & (twist < TWIST_DB) & (decibels(whole) > QUIETEST_DB)
    found = np.flatnonzero(both & (row >= 0) & (column >= 0))
    return Pressed(found + first, row[found] * len(COLUMNS) + column[found])


def keys(parts: Sequence[Pressed]) -> list[Key]:
    """Keys that last long enough, in the portions of one channel."""
    none = np.zeros(0, np.int64)
    frame = np.concatenate([none, *(part.frame for part in parts)])
    mark = np.concatenate([none, *(part.mark for part in parts)])
    edges = [0, *(np.flatnonzero((np.diff(frame) > 1) | (np.diff(mark) != 0)) + 1), frame.size]
    found = []
    for first, last in pairwise(edges):
        if last - first >= SHORTEST:
            start = int(frame[first]) * HOP + FRAME // 2 - HOP
            found.append(Key(seconds(start), seconds(start + (last - first + 1) * HOP)))
    return found


def _bins(power: Floats, band: tuple[float, float]) -> Floats:
    return power[:, int(band[0] / HERTZ) : int(band[1] / HERTZ) + 1]


def _peak(
    power: Floats, band: tuple[float, float], tones: Sequence[float]
) -> tuple[Floats, NDArray[np.int64]]:
    """Power of the strongest peak in a band, and which of the tones it is (-1: none)."""
    first = int(band[0] / HERTZ)
    part = _bins(power, band)
    best = np.clip(part.argmax(axis=1), 1, part.shape[1] - 2)
    rows = np.arange(power.shape[0])
    left, mid, right = (decibels(part[rows, best + step]) for step in (-1, 0, 1))
    curve = np.minimum(left - 2 * mid + right, -1e-3)
    hertz = (first + best + 0.5 * (left - right) / curve) * HERTZ
    near = np.clip(first + best[:, None] + np.arange(-4, 5), 0, power.shape[1] - 1)
    total = power[rows[:, None], near].sum(axis=1)
    off = np.abs(hertz[:, None] / np.asarray(tones, np.float32) - 1)
    which = np.where(off.min(axis=1) < EXACT, off.argmin(axis=1), -1)
    return total, which


def entries(found: Sequence[Key], channel: int) -> list[tuple[LineSound, list[Key]]]:
    """Keys that are entered together, with how many there are."""
    groups: list[list[Key]] = []
    for key in found:
        if groups and key.start - groups[-1][-1].end <= TOGETHER:
            groups[-1].append(key)
        else:
            groups.append([key])
    return [
        (
            LineSound(
                SoundKind.KEYPAD,
                group[0].start,
                group[-1].end,
                channel,
                LONE if len(group) == 1 else 0.98,
                str(len(group)),
            ),
            group,
        )
        for group in groups
    ]
