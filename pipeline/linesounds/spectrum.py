"""Frames of a channel and their spectra: what tones, keys and music are found in.

Only the telephone band is looked at, whatever the recording's rate: 250 to 3600 Hz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds

Floats = NDArray[np.float32]

HOP = 320  # 20 ms
FRAME = 1024  # 64 ms: neighbouring call-progress tones are told apart
HERTZ = RATE / FRAME  # one bin
LOWEST, HIGHEST = 16, 231  # bins, 250 to 3600 Hz
FRAMES = RATE // HOP  # a second
_WINDOW = np.hanning(FRAME + 1)[:FRAME].astype(np.float32)
# A sine that fills the scale has -3 dBFS: power summed over bins to mean square.
_SCALE = np.float32(2.0 / (FRAME * float((_WINDOW**2).sum())))


def framed(samples: Samples, size: int, hop: int) -> Samples:
    """Overlapping frames, shape (frames, size); a view."""
    return np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]


def powers(samples: Samples) -> Floats:
    """Power spectra of 64 ms frames every 20 ms, shape (frames, bins from 250 to 3600 Hz).

    Frame k is centred 32 ms behind sample 320 k; the sum over bins is the mean square in the band.
    """
    spectra = np.fft.rfft(framed(samples, FRAME, HOP) * _WINDOW, axis=1)[:, LOWEST:HIGHEST]
    return np.asarray((spectra.real**2 + spectra.imag**2) * _SCALE, dtype=np.float32)


def decibels(power: Floats) -> Floats:
    """Levels in dBFS, -100 for digital silence."""
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), dtype=np.float32)


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of true, as (first, behind the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def seconds(samples: int) -> Seconds:
    """Samples at 16 kHz as seconds, to the millisecond."""
    return round(float(samples) / RATE, 3)
