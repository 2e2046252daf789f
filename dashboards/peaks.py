"""The wave of a sound file as few figures: what the strip above a transcript draws.

Made from the very copy that is played, so a stretch that is silenced there has no wave here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from pipeline.domain import Seconds

MOST_POINTS = 2000
SHORTEST: Seconds = 0.01  # of a point: less is no more than one pixel of a short call
BLOCK_FRAMES = 1 << 20
FULL = 255
FULL_SHARE = 0.995  # points louder than this share of all are drawn as high as the lane
QUIETEST = 0.05  # of full scale: the noise of an empty line is not blown up


@dataclass(frozen=True, slots=True)
class Pcm:
    """Where the samples lie in the file, for whoever draws a short stretch exactly."""

    offset: int
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Peaks:
    """Of each channel how loud (0 to 255) it is at most in steps of `step` seconds.

    At most 2000 steps. 255 is the amplitude `full` (1 is digital full scale), alike in all
    channels.
    """

    channels: tuple[tuple[int, ...], ...]
    step: Seconds
    seconds: Seconds
    full: float
    pcm: Pcm


def peaks_of(wav: Path) -> Peaks:
    """Read a 16-bit WAV block by block: memory does not grow with its length."""
    with soundfile.SoundFile(wav) as sound:
        rate, frames = sound.samplerate, sound.frames
        step = max(-(-frames // MOST_POINTS), int(SHORTEST * rate), 1)
        size = max(BLOCK_FRAMES // step, 1) * step
        parts = [
            _loudest(np.asarray(block, np.int16), step)
            for block in sound.blocks(size, dtype="int16", always_2d=True)
            if block.size
        ]
        pcm = Pcm(_offset(wav), rate, sound.channels)
    loudest = np.concatenate(parts) if parts else np.zeros((0, pcm.channels))
    full = _full(loudest)
    scaled = np.minimum(np.ceil(loudest * (FULL / full)), FULL).astype(int)
    channels = tuple(tuple(channel) for channel in scaled.T.tolist())
    return Peaks(channels, step / rate, frames / rate, full, pcm)


def _loudest(block: NDArray[np.int16], step: int) -> NDArray[np.float64]:
    """Greatest amplitude of each step, shape (steps, channels), 1 is digital full scale."""
    starts = np.arange(0, block.shape[0], step)
    highest = np.maximum.reduceat(block, starts, axis=0).astype(np.float64)
    lowest = np.minimum.reduceat(block, starts, axis=0).astype(np.float64)
    return np.maximum(highest, -lowest) / 32768


def _full(loudest: NDArray[np.float64]) -> float:
    """One click must not make the whole call look quiet; silence does not count."""
    heard = loudest[loudest > 0]
    return max(float(np.quantile(heard, FULL_SHARE)), QUIETEST) if heard.size else QUIETEST


def _offset(wav: Path) -> int:
    """Where the samples begin."""
    with wav.open("rb") as file:
        return file.read(4096).index(b"data") + 8
