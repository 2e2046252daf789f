"""Sounds for `bench.voice` whose truth is known, made of real recordings: no dependencies of ours.

WORLD (pyworld) takes a voice apart and speaks it again with a pitch that is then known exactly; a
phase vocoder (librosa) raises a turn or makes it faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.audio import RATE, Decoder, Samples
from pipeline.domain import Segment

# Sets of ../shared/data with human Mandarin; the tracker's limits were chosen on these.
CLIPS = ("zh_azure_customspeech", "zh_fleurs_clips", "zh_wenet_tests", "zh_funasr_examples",
         "zh_aliyun_bailian", "zh_charsiu_aishell3")  # fmt: skip
# Synthetic voices of another kind, at 16 kHz; nothing was chosen on them.
SAMPLES = ("wealth_suitability.flac", "bank_otp.mp3")
HIGHER = (0.75, 1.0, 1.35)
# What is done to a turn: dB, semitones, times faster.
CHANGES = {
    "+6 dB": (6.0, 0.0, 1.0),
    "+9 dB": (9.0, 0.0, 1.0),
    "+3 semitones": (0.0, 3.0, 1.0),
    "+5 semitones": (0.0, 5.0, 1.0),
    "+5 dB, +3 semitones": (5.0, 3.0, 1.0),
    "+8 dB, +4 semitones": (8.0, 4.0, 1.0),
    "+8 dB, +4 semitones, 25 % faster": (8.0, 4.0, 1.25),
}
LONGEST = 12.0


def read(path: Path) -> Samples:
    """A sound file as (channels, n) at 16 kHz."""
    return np.concatenate([block.samples for block in Decoder(path).blocks()], axis=1)


def line(sound: Samples, noise: float = 0.0015) -> Samples:
    """A sound (n,) as a telephone line carries it: 300-3400 Hz, A-law steps, a little noise."""
    chance = np.random.default_rng(sound.size)
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    edges = np.clip(np.minimum((hertz - 250) / 100, (3500 - hertz) / 200), 0, 1)
    carried = np.fft.irfft(spectrum * edges, sound.size) + chance.normal(0, noise, sound.size)
    size = np.clip(np.abs(carried), 1e-6, 1)
    a = 87.6
    small = size < 1 / a
    code = np.where(small, a * size, 1 + np.log(np.maximum(a * size, 1))) / (1 + np.log(a))
    code = (np.floor(code * 128) + 0.5) / 128
    back = np.where(
        code < 1 / (1 + np.log(a)),
        code * (1 + np.log(a)) / a,
        np.exp(code * (1 + np.log(a)) - 1) / a,
    )
    return (np.sign(carried) * back).astype(np.float32)


def known_pitch(data: Path) -> Iterator[tuple[str, Samples, Samples]]:
    """Group, sound (n,) on a telephone line, and its pitch every 10 ms (0: unvoiced)."""
    import pyworld

    for group, voice in _voices(data):
        sound = voice.astype(np.float64)
        pitch, times = pyworld.harvest(sound, RATE, f0_floor=65, f0_ceil=500, frame_period=5)
        shape = pyworld.cheaptrick(sound, pitch, times, RATE)
        breath = pyworld.d4c(sound, pitch, times, RATE)
        for times_higher in HIGHER:
            truth = pitch * times_higher
            truth[(truth < 66) | (truth > 490)] = 0
            spoken = pyworld.synthesize(truth, shape, breath, RATE, 5.0)
            spoken *= 0.4 / max(np.abs(spoken).max(), 1e-9)
            yield group, line(spoken.astype(np.float32)), truth[::2].astype(np.float32)


def _voices(data: Path) -> Iterator[tuple[str, Samples]]:
    for folder in CLIPS:
        for path in sorted((data / folder).rglob("*.wav")):
            sound = read(path)[0, : int(LONGEST * RATE)]
            if sound.size > RATE:
                yield "human clips, chosen on", sound
    for name in SAMPLES:
        for side in read(Path("sample_audio") / name):
            for start in range(0, side.size - 8 * RATE, 8 * RATE):
                part = side[start : start + 8 * RATE]
                if np.abs(part).max() > 0.05:
                    yield "synthetic voices, never looked at", part


def spliced(sound: Samples, turn: Segment, seconds: float) -> Samples:
    """A turn (n,) with a pause of the line's own noise put where it is softest in its middle."""
    part = _cut(sound, turn)
    third = part.size // 3
    frame = RATE // 100
    middle = part[third : 2 * third]
    power = (middle[: middle.size // frame * frame].reshape(-1, frame) ** 2).mean(axis=1)
    at = third + int(power.argmin()) * frame + frame // 2
    noise = np.random.default_rng(at).normal(0, 0.001, int(seconds * RATE)).astype(np.float32)
    return np.concatenate([part[:at], noise, part[at:]])


def changed(name: str, sound: Samples, turn: Segment) -> tuple[Samples, Segment]:
    """A turn (n,) made louder, higher, faster, and the turn with its new times; from 0 s on."""
    import librosa

    decibels, semitones, faster = CHANGES[name]
    part = _cut(sound, turn)
    if semitones:
        part = librosa.effects.pitch_shift(part, sr=RATE, n_steps=semitones)
    if faster != 1:
        part = librosa.effects.time_stretch(part, rate=faster)
    part = part * _power(_cut(sound, turn)) / _power(part)  # a phase vocoder makes it softer
    part = np.clip(part * 10 ** (decibels / 20), -1, 1).astype(np.float32)
    return part, replace(turn, start=0.0, end=part.size / RATE, voice=None, level=None)


def _power(part: Samples) -> float:
    return float(np.sqrt(np.mean(part**2)))


def _cut(sound: Samples, turn: Segment) -> Samples:
    start, end = turn.start or 0.0, turn.end or 0.0
    return sound[turn.channel or 0, int(start * RATE) : int(end * RATE)]
