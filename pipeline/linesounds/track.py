"""What the line of one channel sounds like, listened to while a recording is decoded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from pipeline.audio import RATE, Samples
from pipeline.domain import LineSound
from pipeline.linesounds import keypad, music, tones
from pipeline.linesounds.outside import Stretch, mute
from pipeline.linesounds.spectrum import FRAME, HOP, Floats, powers

CELL = music.CELL * HOP  # samples
CONTEXT = (music.AROUND + 1) * CELL  # that a cell needs on both sides
MOST = 0.5
PORTION = 40 * CELL  # looked at in one go: 20 s stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Heard:
    """The sounds of a channel, in order.

    `nobody`: when a tone or key sounds and so nobody is heard; in the pauses between somebody may
    speak. `certain`: when there is certainly music, over which somebody may speak still: a sixth of
    speech that is as loud as the music goes unnoticed in it.
    """

    sounds: tuple[LineSound, ...]
    nobody: tuple[Stretch, ...] = ()
    certain: tuple[Stretch, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was noticed so far, before it is put together."""

    pure: list[tones.Pure] = field(default_factory=list)
    pressed: list[keypad.Pressed] = field(default_factory=list)
    cells: list[music.Cells] = field(default_factory=list)

    def __add__(self, other: _Found) -> _Found:
        return _Found(
            self.pure + other.pure, self.pressed + other.pressed, self.cells + other.cells
        )


class SoundTrack:
    """One channel of a recording; give its samples (n,) in order, at 16 kHz, in any portions.

    Keeps two seconds of samples and what was found: 60 kB an hour, and some bytes a tone or key.
    """

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._found = _Found()
        self._rest: Samples = np.zeros(0, np.float32)
        self._before = 0  # samples of `_rest` that serve as context only
        self._done = 0  # sample up to which everything is looked at

    def hear(self, samples: Samples) -> Samples:
        """The next stretch; comes back silent where tones and keys sound (a copy then)."""
        start = self._done + self._rest.size - self._before
        self.add(samples)
        return mute(samples, start / RATE, self.heard().nobody)

    def add(self, samples: Samples) -> None:
        """The next stretch; its last two seconds wait for what follows."""
        self._rest = np.concatenate([self._rest, samples])
        while True:
            before = self._before
            ready = (self._rest.size - before - CONTEXT) // CELL * CELL
            if ready <= 0:
                break
            size = min(ready, PORTION)
            self._found += self._look(self._rest[: before + size + CONTEXT], size)
            self._done += size
            self._before = min(before + size, CONTEXT)
            self._rest = self._rest[before + size - self._before :].copy()

    def heard(self) -> Heard:
        """All sounds so far, the stretch that still waits included."""
        before = self._before
        size = (self._rest.size - before) // CELL * CELL
        found = self._found
        if size > 0:
            found += self._look(self._rest, size)
        return _together(found, self._channel)

    def _look(self, samples: Samples, size: int) -> _Found:
        """The next `size` samples, with their context; where it is missing, it is mirrored."""
        before = self._before
        left, right = CONTEXT - before, CONTEXT - (samples.size - before - size)
        samples = np.pad(samples, (left, max(right, 0) + FRAME), mode="reflect")
        power = powers(samples)
        first, count = CONTEXT // HOP, size // HOP
        own = samples[CONTEXT : CONTEXT + size + keypad.FRAME - keypad.HOP]
        inner = power[first : first + count]
        return _Found(
            [tones.pure(inner, self._done // HOP)],
            [keypad.pressed(own, self._done // keypad.HOP)],
            [_cells(power, size)],
        )


def _cells(power: Floats, size: int) -> music.Cells:
    """The cells of the middle; one cell on each side is there for peaks that stand still."""
    count = size // CELL + 2 * (music.AROUND + 1)
    found = music.cells(power[: count * music.CELL])
    return music.Cells(found.likely[1:-1], found.change[1:-1])


def _together(found: _Found, channel: int) -> Heard:
    """Tones and keys where they are most of what sounds, music elsewhere."""
    signals = tones.tones(tones.bursts(tones.all_of(found.pure)), channel)
    pressed = keypad.entries(keypad.keys(found.pressed), channel)
    cells = music.joined(found.cells)
    named = [sound for sound, _ in (*signals, *pressed)]
    melodies = [m for m in music.stretches(cells, channel) if _share(m, named) < MOST]
    inside = [s for s in named if any(_share(s, [m]) > MOST for m in melodies)]
    named = [sound for sound in named if sound not in inside]
    nobody = [(b.start, b.end) for sound, own in signals if sound in named for b in own]
    nobody += [
        (key.start, key.end)
        for sound, own in pressed
        if sound in named and sound.confidence > keypad.LONE
        for key in own
    ]
    certain = [
        (max(start, melody.start), min(end, melody.end))
        for start, end in music.certain(cells)
        for melody in melodies
        if melody.start < end and start < melody.end
    ]
    sounds = tuple(sorted([*named, *melodies], key=lambda sound: sound.start))
    return Heard(sounds, tuple(sorted(nobody)), tuple(certain))


def _share(sound: LineSound, others: Iterable[LineSound]) -> float:
    """How much of a sound lies in others."""
    inside = sum(max(min(sound.end, o.end) - max(sound.start, o.start), 0.0) for o in others)
    return inside / max(sound.end - sound.start, 1e-3)
