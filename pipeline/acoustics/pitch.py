"""How high people speak: the fundamental of every 10 ms, kept while a recording is decoded.

A telephone carries nothing under 300 Hz, so the fundamental itself is missing: what is looked for
is the period at which the sound repeats, by autocorrelation of the flattened spectrum below 2 kHz.
Of the candidates of a voiced stretch the smoothest path is taken, because the best one of a single
moment is often an octave off. The limits were chosen on voices of known pitch (bench/voice.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds

HOP: Seconds = 0.01
STEP = int(HOP * RATE)
WINDOW = 768  # samples: 48 ms, three periods of the lowest voice
SPECTRUM = 1024
LAG_RATE = 8000  # the band below 4 kHz turned back gives lags in steps of 1/8000 s
LOWEST, HIGHEST = 65.0, 500.0  # Hz
BAND = (100.0, 2000.0)  # Hz; what carries the period on a telephone
FLATTER = 0.4  # power spectrum to this exponent: one strong formant must not decide alone
QUIET = 10 ** (-60 / 10)
NOISE = 10 ** (30 / 10)  # what lies so far under the loud moments is the line, and costs time
VOICED = 0.2  # of the autocorrelation at no lag, which the exponent makes small
CANDIDATES = 4
JUMP_COST = 1.0  # per octave from one moment to the next
PORTION = 3000  # moments worked on at once: 30 s
LEAST_VOICED = 20  # moments: 0.2 s

Hertz = NDArray[np.float32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pitch:
    """Of some stretches: median in Hz, and semitones between the 10th and 90th percentile.

    Moments more than an octave away from the median are errors and do not count.
    """

    median: float
    movement: float


class PitchTrack:
    """One channel of a recording; `add` its samples (n,) in order, at 16 kHz, in any portions."""

    def __init__(self) -> None:
        self._done: list[Hertz] = []
        # half a window of silence before: moment k lies at k * 10 ms
        self._rest: Samples = np.zeros(WINDOW // 2, np.float32)

    def add(self, samples: Samples) -> None:
        """The next stretch; what is less than 30 s waits for the stretch after it."""
        sound = np.concatenate([self._rest, samples])
        size = (PORTION - 1) * STEP + WINDOW
        while sound.size >= size:
            self._done.append(_fundamentals(sound[:size]))
            sound = sound[PORTION * STEP :]
        self._rest = sound.copy()

    @property
    def hertz(self) -> Hertz:
        """Fundamental of each moment, 0 where there is none; shape (moments,)."""
        if self._rest.size >= WINDOW:
            self._done.append(_fundamentals(self._rest))
            self._rest = self._rest[:0]  # a recording is read when it is complete
        if len(self._done) != 1:
            self._done = [np.concatenate([np.zeros(0, np.float32), *self._done])]
        return self._done[0]

    def pitch(self, spans: Iterable[tuple[Seconds, Seconds]]) -> Pitch | None:
        """Pitch of some stretches; None where less than 0.2 s are voiced."""
        track = self.hertz
        parts = [track[ceil(start / HOP) : int(end / HOP) + 1] for start, end in spans]
        found = np.concatenate([track[:0], *parts])
        found = found[found > 0]
        if found.size < LEAST_VOICED:
            return None
        middle = float(np.median(found))
        semitones = 12 * np.log2(found[(found > middle / 2) & (found < middle * 2)] / middle)
        low, high = np.percentile(semitones, (10, 90))
        return Pitch(round(middle, 1), round(float(high - low), 1))


def _fundamentals(sound: Samples) -> Hertz:
    """Fundamental of each moment of a stretch, 0 where there is none."""
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::STEP]
    found = np.zeros(len(windows), np.float32)
    power = np.einsum("ij,ij->i", windows, windows) / WINDOW
    (loud,) = np.nonzero(power > max(QUIET, np.percentile(power, 95) / NOISE))
    if not loud.size:
        return found
    hertz, strength = _candidates(_repeats(windows[loud]))
    (voiced,) = np.nonzero(strength[:, 0] > VOICED)
    if voiced.size:
        found[loud[voiced]] = _smoothest(loud[voiced], hertz[voiced], strength[voiced])
    return found


def _repeats(windows: Samples) -> Floats:
    """How like itself each window is after each lag; shape (moments, lags), 1 at no lag."""
    spectrum = np.fft.rfft(windows * _taper(), SPECTRUM, axis=1)[:, : SPECTRUM // 4 + 1]
    power = (spectrum.real**2 + spectrum.imag**2) ** FLATTER * _band()
    alike = np.fft.irfft(power, axis=1)[:, : int(LAG_RATE / LOWEST) + 2]
    return np.asarray(alike / np.maximum(alike[:, :1], 1e-20) / _fading(), np.float32)


def _candidates(alike: Floats) -> tuple[Floats, Floats]:
    """The best lags of each moment as Hz and their strength, best first; shape (moments, 4)."""
    inner = alike[:, 1:-1]
    peak = (inner > alike[:, :-2]) & (inner >= alike[:, 2:])
    lags = np.arange(1, alike.shape[1] - 1)
    peak &= lags >= LAG_RATE / HIGHEST
    worth = np.where(peak, inner, np.float32(-1))
    best = np.argpartition(-worth, CANDIDATES, axis=1)[:, :CANDIDATES]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(worth, best, 1), axis=1), 1)
    before, at, behind = (np.take_along_axis(alike, best + k, 1) for k in range(3))
    bend = np.minimum(before - 2 * at + behind, -1e-6)
    shift = np.clip(0.5 * (before - behind) / bend, -0.5, 0.5)
    strength = np.where(np.take_along_axis(worth, best, 1) > -1, at, -1)
    return (LAG_RATE / (best + 1 + shift)).astype(np.float32), strength.astype(np.float32)


def _smoothest(moments: NDArray[np.int64], hertz: Floats, strength: Floats) -> Hertz:
    """Of each moment the candidate on the best path through its voiced stretch (Viterbi).

    All stretches are walked through side by side, so that numpy does the work.
    """
    begins = np.flatnonzero(np.diff(moments, prepend=-2) != 1)
    sizes = np.diff(np.append(begins, moments.size))
    longest = int(sizes.max())
    place = np.minimum(np.arange(longest) + begins[:, None], moments.size - 1)
    inside = np.arange(longest) < sizes[:, None]
    octaves = np.log2(hertz)[place]
    gains = strength[place]
    score = gains[:, 0]
    came_from = np.zeros(gains.shape, np.int8)
    for k in range(1, longest):
        jump = np.abs(octaves[:, k, :, None] - octaves[:, k - 1, None, :])
        ways = score[:, None, :] - JUMP_COST * jump
        came_from[:, k] = ways.argmax(axis=2)
        score = np.where(inside[:, k, None], ways.max(axis=2) + gains[:, k], score)
    state = score.argmax(axis=1)
    chosen = np.zeros(moments.size, np.float32)
    rows = np.arange(len(begins))
    for k in range(longest - 1, -1, -1):
        here = inside[:, k]
        chosen[place[here, k]] = hertz[place[here, k], state[here]]
        if k:
            state = np.where(here, came_from[rows, k, state], state)
    return chosen


@cache
def _taper() -> Floats:
    return np.hanning(WINDOW + 2)[1:-1].astype(np.float32)


@cache
def _band() -> Floats:
    """1 in the band that is listened to, with soft edges; shape (bins,)."""
    hertz = np.arange(SPECTRUM // 4 + 1) * RATE / SPECTRUM
    low, high = BAND
    rise, fall = (hertz - low / 2) / (low / 2), (high * 1.25 - hertz) / (high * 0.25)
    return np.asarray(np.clip(np.minimum(rise, fall), 0, 1), np.float32)


@cache
def _fading() -> Floats:
    """How the window itself fades with the lag; what is divided by it does not."""
    size = int(LAG_RATE / LOWEST) + 2
    whole = np.fft.irfft(np.abs(np.fft.rfft(_taper(), 4 * SPECTRUM)) ** 2)
    return np.asarray((whole[: 2 * size : 2] / whole[0])[:size], np.float32)
