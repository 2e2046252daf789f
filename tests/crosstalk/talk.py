"""Two made sides of a call: noise with syllables, which no two people share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.audio import RATE, Samples

Turns = Sequence[tuple[float, float]]
AGENT: Turns = ((1, 6), (9, 14), (18, 23), (26, 30))
CUSTOMER: Turns = ((6.5, 8.5), (14.5, 17.5), (23.5, 25.5))
SECONDS = 31.0


def a_side(turns: Turns, seed: int, level: float = 0.1, seconds: float = SECONDS) -> Samples:
    """One side (n,) that speaks in these turns, with the noise of a line at -66 dB."""
    random = np.random.default_rng(seed)
    size = int(seconds * RATE)
    spectrum = np.fft.rfft(random.normal(size=size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    voice = np.fft.irfft(spectrum, size)
    time = np.arange(size) / RATE
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * (4 + 0.3 * seed) * time + seed)
    speaks = np.zeros(size)
    for start, end in turns:
        speaks[int(start * RATE) : int(end * RATE)] = 1
    sound = level * voice / voice.std() * syllables * speaks
    return (sound + 0.0005 * random.normal(size=size)).astype(np.float32)


def leaking(one: Samples, other: Samples, level: float, delay: float) -> Samples:
    """`one` with `other` on it, so many dB below and so many seconds later."""
    late = int(delay * RATE)
    mixed = one.copy()
    mixed[late:] += 10 ** (level / 20) * other[: other.size - late]
    return mixed
