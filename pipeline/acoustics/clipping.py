"""Where a recording is overdriven: samples that stand at the end of the scale, several in a row.

Counted at the file's own rate before anything is resampled, because afterwards a clipped top is no
longer flat. The end of the scale is not always full scale: what was clipped and then sent as G.711
has its tops at 0.98, in A-law and u-law files and in WAV files made from them. Clipping that a
lossy coder (mp3, opus, GSM, AMR) smeared, or that was made quieter afterwards, is not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.acoustics.levels import BLOCK
from pipeline.domain import Seconds

RAIL = 0.98  # of full scale; the last step of A-law and u-law
FULL = 0.9999
LEAST_RUN = 3  # samples: one or two are a peak that just fits

Native = NDArray[np.float32]


class ClipTrack:
    """One recording; `frame` takes what the decoder decodes, in order."""

    def __init__(self) -> None:
        self._counts: dict[int, Counter[int]] = {}  # channel, block of 50 ms: clipped samples
        self._waiting: list[Native] = []
        self._size = self._begin = self._rate = 0

    def frame(self, frame: av.AudioFrame) -> None:
        """The next decoded frame, at the file's own rate and with its own channels."""
        self._rate = frame.sample_rate
        self._waiting.append(_samples(frame))
        self._size += frame.samples
        if self._size >= self._rate:  # a second at once
            self._count()

    def share(self, channel: int, spans: Iterable[tuple[Seconds, Seconds]]) -> float | None:
        """Share (0-1) of the samples of some stretches that are clipped; None without samples."""
        self._count()
        places = {b for start, end in spans for b in range(int(start / BLOCK), ceil(end / BLOCK))}
        samples = len(places) * BLOCK * self._rate
        if not samples:
            return None
        own = self._counts.get(channel, Counter())
        return round(sum(count for block, count in own.items() if block in places) / samples, 4)

    def _count(self) -> None:
        if not self._waiting:
            return
        sound = np.concatenate(self._waiting, axis=1)
        if np.abs(sound).max(initial=0.0) >= RAIL:
            for channel, samples in enumerate(sound):
                places = (self._begin + _clipped(samples)) / (self._rate * BLOCK)
                self._counts.setdefault(channel, Counter()).update(places.astype(int).tolist())
        self._begin += sound.shape[1]
        self._waiting, self._size = [], 0


def _clipped(samples: Native) -> NDArray[np.int64]:
    """Which samples stand at the end of the scale in runs of three or more."""
    size = np.abs(samples)
    same = np.diff(samples) == 0
    beside = np.append(same, False) | np.insert(same, 0, False)
    flat = (size >= RAIL) & (beside | (size >= FULL))
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=False))
    runs = zip(edges[::2], edges[1::2], strict=True)
    found = [np.arange(start, end) for start, end in runs if end - start >= LEAST_RUN]
    return np.concatenate([np.zeros(0, np.int64), *found]).astype(np.int64)


def _samples(frame: av.AudioFrame) -> Native:
    """A frame as (channels, n) in [-1, 1]; what is mixed to one channel later is one here."""
    raw = frame.to_ndarray()
    channels = frame.layout.nb_channels
    if not frame.format.is_planar:
        raw = raw.reshape(-1, channels).T
    sound: Native = raw.astype(np.float32)
    if raw.dtype.kind == "u":
        sound = sound / np.float32(128) - np.float32(1)
    elif raw.dtype.kind == "i":
        sound = sound / np.float32(1 << (8 * raw.dtype.itemsize - 1))
    return sound if channels <= 2 else sound[:1]
