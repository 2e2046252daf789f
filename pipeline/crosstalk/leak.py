"""How much of one channel leaks into the other, how late, and where nothing but that is heard.

The path from one channel to the other is estimated over the recording while its blocks pass by,
from cross spectra of the stretches in which one side is clearly louder: its strongest place is the
delay, its power the level. Faint leaks are left alone, because the voice detector passes them by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import FRAME, RATE, Samples
from pipeline.domain import Removed, Seconds

STRETCH = 1 << 14  # 1.0 s
LONGEST = int(0.35 * RATE)  # a later echo is not looked for
PATH = (RATE // 200, RATE * 3 // 100)  # what belongs to one echo, before and after its peak
LOUDER = 4.0  # power by which the side that speaks is above the other one
SPEAKS = 1e-5  # power of a stretch with speech, -50 dBFS
SURE = 12.0  # peak over the median of the path; channels that never met reach 8
FAINTEST_DB = -36.0
MARGIN_DB = 6.0
AROUND = 5  # frames kept on both sides of a person's own speech
SHORTEST = 3  # frames; anything shorter is no speech of this side
PAUSE = 25  # frames
SPREAD = (1, 2)  # frames by which an echo may be earlier and later than its delay
QUIET = 10  # percentile of a channel's power that is its noise
ABOVE_NOISE = 4.0  # power
REASON = "crosstalk"
ONE_PLACE: Seconds = 2.0  # what is found with less between it is one place

Power = NDArray[np.float64]
Mask = NDArray[np.bool_]
Stretch = tuple[Seconds, Seconds]


@dataclass(frozen=True, slots=True)
class Leak:
    """One side is heard on the other's channel, `delay` later and at `level` dB (negative)."""

    delay: Seconds
    level: float


@dataclass(slots=True)
class _Path:
    """Sums over the stretches in which one side speaks: its spectrum, and the cross spectrum."""

    own: Power = field(default_factory=lambda: np.zeros(STRETCH + 1))
    cross: NDArray[np.complex128] = field(
        default_factory=lambda: np.zeros(STRETCH + 1, np.complex128)
    )

    def add(self, source: Samples, target: Samples) -> None:
        """A block of both channels, each (n,)."""
        for at in range(0, source.size - STRETCH - LONGEST, STRETCH):
            said = source[at : at + STRETCH]
            power = float(np.mean(said**2))
            if power < SPEAKS or power < LOUDER * float(np.mean(target[at : at + STRETCH] ** 2)):
                continue
            spectrum = np.fft.rfft(said, 2 * STRETCH)
            heard = np.fft.rfft(target[at : at + STRETCH + LONGEST], 2 * STRETCH)
            self.own += np.abs(spectrum) ** 2
            self.cross += np.conj(spectrum) * heard

    def leak(self) -> Leak | None:
        """What is found; None where nothing sure, or nothing loud enough to be recognised."""
        if not self.own.any():
            return None
        path = np.fft.irfft(self.cross / (self.own + 1e-3 * self.own.mean()))
        path = np.roll(path, PATH[0])[: LONGEST + PATH[0]]  # an echo's peak is wide
        envelope = np.convolve(np.abs(path), np.ones(16) / 16, "same")
        if envelope.max() < SURE * np.median(envelope):
            return None
        peak = int(np.abs(path).argmax())
        echo = np.fft.rfft(path[max(peak - PATH[0], 0) : peak + PATH[1]], 2 * STRETCH)
        share = float((np.abs(echo) ** 2 * self.own).sum() / self.own.sum())
        level = 10 * np.log10(max(share, 1e-10))
        return Leak(max(peak - PATH[0], 0) / RATE, float(level)) if level >= FAINTEST_DB else None


class Crosstalk:
    """The leaks of a recording, kept while its blocks pass by; only the places grow."""

    def __init__(self) -> None:
        self._onto = (_Path(), _Path())
        self._places: tuple[list[Removed], list[Removed]] = ([], [])

    @property
    def removed(self) -> tuple[Removed, ...]:
        """Where channels only carried the other side, in order of time; nothing was recognised."""
        return tuple(sorted(chain(*self._places), key=lambda place: (place.start, place.channel)))

    @property
    def leaks(self) -> dict[int, Leak]:
        """By the channel on which the other side is heard; empty where the channels are apart."""
        found = ((channel, path.leak()) for channel, path in enumerate(self._onto))
        return {channel: leak for channel, leak in found if leak}

    def hear(self, samples: Samples, start: Seconds = 0.0) -> dict[int, tuple[Stretch, ...]]:
        """Of each channel of the next block (2, n) where it only carries the other side.

        `start` is where the block begins in the recording; the stretches are its seconds. Empty
        where no leak is found so far, in a block under a second, and where there are not two
        channels. The sound itself is not changed.
        """
        if samples.shape[0] != 2 or samples.shape[1] < RATE:
            return {}
        for onto, path in enumerate(self._onto):
            path.add(samples[1 - onto], samples[onto])
        powers = [_power(channel) for channel in samples]
        found = {
            onto: tuple(_stretches(_only_echo(powers[onto], powers[1 - onto], leak), start))
            for onto, leak in self.leaks.items()
        }
        for onto, stretches in found.items():
            self._note(onto, stretches)
        return found

    def _note(self, channel: int, stretches: Iterable[Stretch]) -> None:
        places = self._places[channel]
        for begin, end in stretches:
            near = places and begin - places[-1].end < ONE_PLACE
            first = places.pop().start if near else begin
            places.append(Removed(REASON, first, end, channel, 0))


def _power(signal: Samples) -> Power:
    usable = signal.size // FRAME * FRAME
    return np.asarray((signal[:usable].reshape(-1, FRAME) ** 2).mean(axis=1), np.float64)


def _only_echo(own: Power, other: Power, leak: Leak) -> Mask:
    """Frames whose power the leak explains, away from speech that it does not explain."""
    delay = round(leak.delay * RATE / FRAME)
    expected = np.zeros_like(other)
    for shift in range(delay - SPREAD[0], delay + SPREAD[1] + 1):
        np.maximum(expected, _later(other, shift), out=expected)
    explained = own <= expected * 10 ** ((leak.level + MARGIN_DB) / 10)
    speech = ~explained & (own > ABOVE_NOISE * np.percentile(own, QUIET))
    echo = ~_lasting(~explained, PAUSE)  # with the pauses between its words
    return _lasting(echo & ~_widened(_lasting(speech, SHORTEST), AROUND), AROUND)


def _stretches(mask: Mask, start: Seconds) -> Iterator[Stretch]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield (
            round(start + int(first) * FRAME / RATE, 3),
            round(start + int(last) * FRAME / RATE, 3),
        )


def _lasting(mask: Mask, frames: int) -> Mask:
    """Without runs that are shorter than so many frames (odd)."""
    return _widened(~_widened(~mask, frames // 2), frames // 2)


def _later(power: Power, frames: int) -> Power:
    moved = np.zeros_like(power)
    if frames >= 0:
        moved[frames:] = power[: power.size - frames]
    else:
        moved[:frames] = power[-frames:]
    return moved


def _widened(mask: Mask, frames: int) -> Mask:
    return np.convolve(mask, np.ones(2 * frames + 1), "same") > 0.5
