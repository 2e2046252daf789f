"""Music on the line: notes stand still where a voice glides, and leave few pauses.

Every half second is judged by the three and a half seconds around it. What tells most is how often
the same frequencies are active (continuous frequency activation, after Seyerlehner, Pohle, Schedl
and Widmer, ISMIR 2007) and how much of the power lies in peaks that do not move for a quarter of a
second. A logistic model of eight such measures was fitted with speech, speech with music behind it,
noise and hum as what is not music: what is called music is music alone (`bench/line_sounds.py fit`,
data and figures in bench/README.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import LineSound, Seconds, SoundKind
from pipeline.linesounds.spectrum import FRAMES, Floats, decibels, runs

CELL = FRAMES // 2  # frames; half a second
AROUND = 3  # cells before and behind one that are looked at with it
STILL = 12  # frames that a peak stands still: a quarter of a second
NEIGHBOURS = 15  # bins over which a peak must stand out
ACTIVE_DB, PEAK_DB, RANGE_DB = 3.0, 5.0, 30.0
LOUD_DB, LOW_DB = 15.0, 6.0  # under the mean level of the window
QUIETEST_DB = -55.0
SHORTEST: Seconds = 3.0
SURE, LIKELY = 0.9, 0.5
CERTAIN, LONG = 0.98, 4.0  # so likely, for so many seconds
SURE_CELLS = 4
LEAST_CHANGE = 0.1  # of what is active: hum and continuous tones stay as they are
MEASURES = ("activation", "still_frames", "still_power", "peaks", "flux", "flux_spread",
            "low_frames", "level_spread")  # fmt: skip
# Fitted: mean and deviation of every measure, its weight, and the constant.
MEANS = np.array([1.227, 0.3105, 0.3062, 14.15, 3.628, 1.644, 0.3861, 8.107], np.float32)
DEVIATIONS = np.array([0.8332, 0.3205, 0.3242, 4.696, 1.158, 1.098, 0.2639, 4.531], np.float32)
WEIGHTS = np.array([-3.362, 5.004, 2.493, 2.125, -3.826, 4.557, -1.459, -0.3757], np.float32)
CONSTANT = -2.474


@dataclass(frozen=True, slots=True)
class Cells:
    """Half seconds in a row: how likely each is music alone, and how much changes around it."""

    likely: Floats
    change: Floats


def cells(power: Floats) -> Cells:
    """Judge spectra (frames, bins); the first and the last `AROUND` cells serve as context only.

    Shape: cells - 2 * AROUND values.
    """
    found, change = _judged(power)
    score = ((found - MEANS) / DEVIATIONS) @ WEIGHTS + CONSTANT
    count = power.shape[0] // CELL
    level = decibels(power[: count * CELL].sum(axis=1).reshape(count, CELL).mean(axis=1))
    level = level[AROUND : count - AROUND]
    likely = np.where(level > QUIETEST_DB, 1 / (1 + np.exp(-score)), 0.0)
    return Cells(likely.astype(np.float32), change)


def measures(power: Floats) -> Floats:
    """The eight measures of every cell that has its context, shape (cells - 2 * AROUND, 8)."""
    return _judged(power)[0]


def _judged(power: Floats) -> tuple[Floats, Floats]:
    """The measures, and how much of what is active three seconds apart is not the same."""
    count = power.shape[0] // CELL
    power = power[: count * CELL]
    level = decibels(power)
    prominent = level - _neighbourhood(level)
    peak = _peaks(level, prominent)
    total = power.sum(axis=1)
    still = np.where(_still(peak), power, 0).sum(axis=1)
    still /= np.maximum(np.where(peak, power, 0).sum(axis=1), 1e-12)
    rows = level[:, :210].reshape(-1, 21, 10).mean(axis=2)
    flux = np.concatenate([[0], np.abs(np.diff(rows, axis=0)).mean(axis=1)])
    active = (prominent > ACTIVE_DB).reshape(count, CELL, -1).mean(axis=1)
    windowed = _windowed(total, still, peak.sum(axis=1), flux)
    found = np.column_stack([_activation(active), *windowed]).astype(np.float32)
    return found, _change(active)


def _change(active: Floats) -> Floats:
    before, after = active[: -2 * AROUND], active[2 * AROUND :]
    length = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.asarray(1 - (before * after).sum(axis=1) / np.maximum(length, 1e-6), np.float32)


def _neighbourhood(level: Floats) -> Floats:
    """Mean level of the bins around each bin."""
    half = NEIGHBOURS // 2
    padded = np.pad(level, ((0, 0), (half + 1, half)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.float32)
    return np.asarray((sums[:, NEIGHBOURS:] - sums[:, :-NEIGHBOURS]) / NEIGHBOURS)


def _peaks(level: Floats, prominent: Floats) -> NDArray[np.bool_]:
    peak = np.zeros(level.shape, np.bool_)
    inner = level[:, 1:-1]
    peak[:, 1:-1] = (inner >= level[:, :-2]) & (inner > level[:, 2:])
    near_top = level > level.max(axis=1, keepdims=True) - RANGE_DB
    return np.asarray(peak & (prominent > PEAK_DB) & near_top)


def _still(peak: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Peaks with a peak in the same or a neighbouring bin all through a quarter of a second."""
    near = peak.copy()
    near[:, 1:] |= peak[:, :-1]
    near[:, :-1] |= peak[:, 1:]
    sums = np.zeros((peak.shape[0] + 1, peak.shape[1]), np.int32)
    np.cumsum(near, axis=0, out=sums[1:])
    still = np.zeros(peak.shape, np.bool_)
    half = STILL // 2
    still[half:-half] = sums[STILL + 1 :] - sums[: -STILL - 1] == STILL + 1
    return still & peak


def _around(values: Floats) -> Floats:
    """Frames of a cell and of those around it, shape (cells - 2 * AROUND, frames)."""
    size = CELL * (2 * AROUND + 1)
    return np.lib.stride_tricks.sliding_window_view(values, size)[::CELL]


def _activation(active: Floats) -> Floats:
    """How far the five most active frequencies stand out of their neighbours."""
    window = 2 * AROUND + 1
    mean = np.lib.stride_tricks.sliding_window_view(active, window, axis=0).mean(axis=2)
    padded = np.pad(mean, ((0, 0), (5, 4)))
    sums = np.cumsum(padded, axis=1)
    contrast = mean - (sums[:, 9:] - sums[:, :-9]) / 9
    return np.asarray(np.partition(contrast, -5, axis=1)[:, -5:].sum(axis=1))


def _windowed(total: Floats, still: Floats, peaks: Floats, flux: Floats) -> list[Floats]:
    weight = np.maximum(_around(total), 1e-12)
    level, mean = decibels(weight), decibels(weight.mean(axis=1))[:, None]
    loud = (level > mean - LOUD_DB).astype(np.float32)
    heard = np.maximum(loud.sum(axis=1), 1)
    return [
        np.sqrt((_around(still) * loud).sum(axis=1) / heard),
        np.sqrt((_around(still) * weight).sum(axis=1) / weight.sum(axis=1)),
        (_around(peaks) * loud).sum(axis=1) / heard,
        (_around(flux) * loud).sum(axis=1) / heard,
        _around(flux).std(axis=1),
        (level < mean - LOW_DB).mean(axis=1),
        np.maximum(level, mean - 2 * LOUD_DB).std(axis=1),
    ]


def stretches(found: Cells, channel: int) -> list[LineSound]:
    """Music of at least three seconds: begins and ends where it is likely, sure somewhere."""
    result = []
    for first, last in runs(found.likely > LIKELY):
        likely = found.likely[first:last]
        sure_cells = int((likely > SURE).sum())
        changes = float(np.median(found.change[first:last])) >= LEAST_CHANGE
        if (last - first) / 2 >= SHORTEST and sure_cells >= SURE_CELLS and changes:
            sure = round(float(likely.mean()), 2)
            result.append(LineSound(SoundKind.MUSIC, first / 2, last / 2, channel, min(sure, 0.99)))
    return result


def certain(found: Cells) -> list[tuple[Seconds, Seconds]]:
    """Long stretches of nothing but certain music; a voice may still lie over it."""
    long = [(a, b) for a, b in runs(found.likely > CERTAIN) if (b - a) / 2 >= LONG]
    return [(a / 2, b / 2) for a, b in long]


def joined(parts: Sequence[Cells]) -> Cells:
    """Portions of one channel in a row."""
    none = np.zeros(0, np.float32)
    return Cells(
        np.concatenate([none, *(part.likely for part in parts)]),
        np.concatenate([none, *(part.change for part in parts)]),
    )
