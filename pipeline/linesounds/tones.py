"""Tones of the network: ringback, busy and its relatives, told by their cadence.

A burst is a steady tone of one or two frequencies. China's are of 450 Hz (GF 002-9002.1): ringback
1 s every 5 s, busy 0.35 s on and off, congestion 0.7 s, continuous dial tone. Other networks ring
with pairs of 400 to 480 Hz and give special information tones before an announcement; they differ
in frequency, hardly in cadence. A person can hold a note, but not to a few hertz and decibels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import LineSound, Seconds, SoundKind
from pipeline.linesounds.spectrum import FRAME, HERTZ, HOP, LOWEST, Floats, decibels, seconds

PURE = 0.75  # of the power in the band; what a tone 5 dB over white line noise still has
QUIETEST_DB = -60.0
SHORTEST = 4  # frames
STEADY_HERTZ, STEADY_DB = 4.0, 2.5  # AMR lets a tone waver by this much
EDGE_DB = 5.0
CALL_PROGRESS = (330.0, 680.0)  # Hz, mean of the pair
INFORMATION = (960.0, 1410.0, 1790.0)  # ITU-T E.180: three tones, rising
RING, RING_GAP = (0.8, 2.3), (1.5, 5.2)
DOUBLE_RING, DOUBLE_GAP = (0.3, 0.55), 0.28  # of each half; a busy signal has longer gaps
SINGLE_RING, SINGLE_HERTZ = (0.85, 1.25), (435.0, 465.0)
BEAT = (0.08, 0.85)  # tone and pause of a busy signal
DIAL_TONE: Seconds = 3.0
SAME_TONE = 12.0  # Hz between bursts of one signal


@dataclass(frozen=True, slots=True)
class Burst:
    """A steady tone: mean frequency in Hz, and how much it wavers."""

    start: Seconds
    end: Seconds
    hertz: float
    wavers: float

    @property
    def length(self) -> Seconds:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Pure:
    """Frames that are one or two tones: their numbers, frequencies in Hz, levels in dBFS."""

    frame: NDArray[np.int64]
    hertz: Floats
    level: Floats


def pure(power: Floats, first: int) -> Pure:
    """The pure frames of spectra (frames, bins), the first of which has number `first`."""
    purity, hertz = _two_peaks(power)
    level = decibels(power.sum(axis=1))
    found = np.flatnonzero((purity > PURE) & (level > QUIETEST_DB))
    return Pure(found + first, hertz[found], level[found])


def all_of(parts: Sequence[Pure]) -> Pure:
    """Portions of one channel in a row."""
    none = Pure(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
    parts = [none, *parts]
    return Pure(
        np.concatenate([part.frame for part in parts]),
        np.concatenate([part.hertz for part in parts]),
        np.concatenate([part.level for part in parts]),
    )


def bursts(found: Pure) -> list[Burst]:
    """Steady tones among the pure frames."""
    result = []
    breaks = (np.diff(found.frame) > 1) | (np.abs(np.diff(found.hertz)) > SAME_TONE)
    edges = [0, *(np.flatnonzero(breaks) + 1), found.frame.size]
    for whole in pairwise(edges):
        if whole[1] - whole[0] < SHORTEST:
            continue
        first, last = _core(found.level, *whole)
        inner = slice(first + 1, last - 1) if last - first > 5 else slice(first, last)
        middle, wavers = _spread(found.hertz[inner])
        steady = wavers <= STEADY_HERTZ and _spread(found.level[inner])[1] <= STEADY_DB
        if last - first >= SHORTEST and steady:
            start, end = _time(found.frame[first]), _time(found.frame[last - 1] + 1)
            result.append(Burst(start, end, middle, wavers))
    return result


def _time(frame: int) -> Seconds:
    """When a frame begins to speak for the sound: 10 ms before its middle."""
    return seconds(int(frame) * HOP + (FRAME - HOP) // 2)


def _core(level: Floats, first: int, last: int) -> tuple[int, int]:
    """Without the edges at which a codec lets the tone swell and die away."""
    loud = np.flatnonzero(level[first:last] > np.median(level[first:last]) - EDGE_DB)
    return first + int(loud[0]), first + int(loud[-1]) + 1


def _spread(values: Floats) -> tuple[float, float]:
    """Median, and the standard deviation without outliers' weight."""
    middle = float(np.median(values))
    return middle, 1.48 * float(np.median(np.abs(values - middle)))


def _two_peaks(power: Floats) -> tuple[Floats, Floats]:
    """The share of power in the two strongest peaks of each frame, and their mean frequency."""
    rows = np.arange(power.shape[0])[:, None]
    last = power.shape[1] - 1
    rest = power.copy()
    around = np.arange(-3, 4)
    share = np.zeros(power.shape[0], np.float32)
    moment = np.zeros(power.shape[0], np.float32)
    strongest: Floats | None = None
    for _ in range(2):
        bins = np.clip(rest.argmax(axis=1)[:, None] + around, 0, last)
        near = rest[rows, bins]
        rest[rows, bins] = 0.0
        own = near.sum(axis=1)
        strongest = own if strongest is None else strongest
        own = np.where(own > 0.03 * strongest, own, 0.0)  # 15 dB less is no partner
        centre = (near * bins).sum(axis=1) / np.maximum(near.sum(axis=1), 1e-20)
        share += own
        moment += own * centre
    hertz = (moment / np.maximum(share, 1e-20) + LOWEST) * HERTZ
    purity = share / np.maximum(power.sum(axis=1), 1e-20)
    return purity.astype(np.float32), hertz.astype(np.float32)


def tones(found: Sequence[Burst], channel: int) -> list[tuple[LineSound, list[Burst]]]:
    """Signals of the network with the bursts that they are made of."""
    progress = [b for b in found if CALL_PROGRESS[0] <= b.hertz <= CALL_PROGRESS[1]]
    result = list(_information(found, channel))
    for series in _series(progress):
        groups = _fast_groups(series)
        result += _busy(groups, channel)
        result += _ringing(groups, channel)
    return sorted(result, key=lambda item: item[0].start)


def _series(found: Sequence[Burst]) -> list[list[Burst]]:
    """Bursts of one frequency that follow each other within a ringing pause."""
    result: list[list[Burst]] = []
    for burst in found:
        for series in result:
            last = series[-1]
            near = burst.start - last.end <= RING_GAP[1]
            if near and abs(burst.hertz - last.hertz) < SAME_TONE:
                series.append(burst)
                break
        else:
            result.append([burst])
    return result


def _fast_groups(series: Sequence[Burst]) -> list[list[Burst]]:
    groups: list[list[Burst]] = []
    for burst in series:
        if groups and burst.start - groups[-1][-1].end <= BEAT[1]:
            groups[-1].append(burst)
        else:
            groups.append([burst])
    return groups


def _busy(groups: Sequence[list[Burst]], channel: int) -> Iterator[tuple[LineSound, list[Burst]]]:
    for group in groups:
        dial = len(group) == 1 and group[0].length >= DIAL_TONE
        beats = len(group) >= 3 and all(BEAT[0] <= b.length <= BEAT[1] for b in group)
        if dial or beats:
            sure = 0.9 if dial else min(0.8 + 0.05 * (len(group) - 2), 0.98)
            yield _sound(SoundKind.BUSY, group, channel, sure), group


def _ringing(
    groups: Sequence[list[Burst]], channel: int
) -> Iterator[tuple[LineSound, list[Burst]]]:
    """Rings with long pauses; a single one only when it is China's to the tenth of a second."""
    rings: list[list[Burst]] = []
    for group in groups:
        if not _is_ring(group):
            continue
        if rings and not RING_GAP[0] <= group[0].start - rings[-1][-1].end <= RING_GAP[1]:
            yield from _rang(rings, channel)
            rings = []
        rings.append(group)
    yield from _rang(rings, channel)


def _is_ring(group: Sequence[Burst]) -> bool:
    if len(group) == 1:
        return RING[0] <= group[0].length <= RING[1]
    if len(group) != 2 or group[1].start - group[0].end > DOUBLE_GAP:
        return False
    return all(DOUBLE_RING[0] <= burst.length <= DOUBLE_RING[1] for burst in group)


def _rang(rings: Sequence[list[Burst]], channel: int) -> Iterator[tuple[LineSound, list[Burst]]]:
    own = [burst for ring in rings for burst in ring]
    if len(rings) >= 2:
        sure = min(0.9 + 0.03 * len(rings), 0.99)
        yield _sound(SoundKind.RINGBACK, own, channel, sure), own
    elif len(own) == 1:
        only = own[0]
        right_length = SINGLE_RING[0] <= only.length <= SINGLE_RING[1]
        if right_length and SINGLE_HERTZ[0] <= only.hertz <= SINGLE_HERTZ[1] and only.wavers < 2.0:
            yield _sound(SoundKind.RINGBACK, own, channel, 0.8), own


def _information(found: Sequence[Burst], channel: int) -> Iterator[tuple[LineSound, list[Burst]]]:
    """Three rising tones at once one after the other: an announcement of the network follows."""
    for three in zip(found, found[1:], found[2:], strict=False):
        right = all(
            abs(burst.hertz - wanted) < 0.04 * wanted and 0.15 <= burst.length <= 0.5
            for burst, wanted in zip(three, INFORMATION, strict=True)
        )
        if right and three[2].start - three[0].end < 0.6:
            yield _sound(SoundKind.BUSY, three, channel, 0.97, "special"), list(three)


def _sound(
    kind: SoundKind, own: Sequence[Burst], channel: int, sure: float, detail: str = ""
) -> LineSound:
    return LineSound(kind, own[0].start, own[-1].end, channel, round(sure, 2), detail)
