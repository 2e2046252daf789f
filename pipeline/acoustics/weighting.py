"""The K-weighting of ITU-R BS.1770 for sound at 16 kHz that comes in portions.

The standard gives its two filters as coefficients for 48 kHz. Their response below 8 kHz is applied
as one finite impulse response: the slower of the two has died away by 100 dB within 0.05 s, and
numpy needs no filter library for it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples

TAPS = 1024
LATE = 32
FRAME = 1 << 14
STANDARD_RATE = 48_000
# Numerator and denominator of the shelf and of the high pass, ITU-R BS.1770-5, tables 1 and 2.
FILTERS = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285),
     (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)  # fmt: skip


class Weighting:
    """One channel through the filter; `add` returns as many samples as it was given."""

    def __init__(self) -> None:
        self._past: Samples = np.zeros(TAPS - 1, np.float32)

    def add(self, samples: Samples) -> Samples:
        """The next stretch, weighted; shape (n,) in and out."""
        if not samples.size:
            return samples
        sound = np.concatenate([self._past, samples])
        self._past = sound[-(TAPS - 1) :].copy()
        step = FRAME - TAPS + 1
        frames = -(-samples.size // step)
        sound = np.pad(sound, (0, frames * step + TAPS - 1 - sound.size))
        windows = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::step]
        response = _response(FRAME)
        weighted = [_filtered(windows[k : k + 16], response) for k in range(0, frames, 16)]
        return np.concatenate(weighted)[: samples.size]


def _filtered(windows: Samples, response: NDArray[np.complex64]) -> Samples:
    spectrum = np.fft.rfft(windows, axis=1) * response
    whole = np.fft.irfft(spectrum, FRAME, axis=1)
    return whole[:, TAPS - 1 :].astype(np.float32, copy=False).ravel()


@cache
def _response(size: int) -> NDArray[np.complex64]:
    """Spectrum of the impulse response, cut to TAPS; 2 ms late, as a limited band begins early."""
    impulse = np.roll(np.fft.irfft(gain(np.arange(4097) / 4096 * RATE / 2)), LATE)[:TAPS]
    return np.asarray(np.fft.rfft(impulse, size), np.complex64)


def gain(hertz: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The complex gain of both filters at some frequencies in Hz."""
    back = np.exp(-2j * np.pi * np.asarray(hertz) / STANDARD_RATE)  # one sample of delay
    whole = np.ones(back.shape, np.complex128)
    for above, below in FILTERS:
        whole *= np.polyval(above[::-1], back) / np.polyval(below[::-1], back)
    return whole
