"""Sounds of the line made for measuring: tones, keys, music, singing; codecs, noise, levels.

Frequencies and cadences: GF 002-9002.1 (China), ITU-T E.180 supplement 2 (other networks), ITU-T
Q.23 (keys). Everything is 16 kHz float32, shape (n,), made from a seeded generator. Music comes in
styles that differ in timbre, harmony and beat; nothing of it is a recording.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from pipeline.audio import RATE, Decoder

Sound = NDArray[np.float32]
Generator = np.random.Generator

# Name: frequencies in Hz, then on and off in seconds, over and over.
RINGBACKS = {
    "China 450": ((450.0,), (1.0, 4.0)),
    "Europe 425": ((425.0,), (1.0, 4.0)),
    "North America 440+480": ((440.0, 480.0), (2.0, 4.0)),
    "United Kingdom, Hong Kong 400+450": ((400.0, 450.0), (0.4, 0.2, 0.4, 2.0)),
}
BUSIES = {
    "China busy 450": ((450.0,), (0.35, 0.35)),
    "China congestion 450": ((450.0,), (0.7, 0.7)),
    "China unobtainable 450": ((450.0,), (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4)),
    "Europe busy 425": ((425.0,), (0.5, 0.5)),
    "North America busy 480+620": ((480.0, 620.0), (0.5, 0.5)),
    "dial tone 450": ((450.0,), (1e9, 0.0)),
}
ROWS, COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
SCALE, PENTATONIC = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16), (0, 2, 4, 7, 9, 12, 14, 16)
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
CODECS = ("none", "alaw", "gsm", "amr 12.2", "amr 4.75", "mp3 16k")


def cadence(hertz: Sequence[float], pattern: Sequence[float], seconds: float) -> Sound:
    """A tone of the network with its pauses; edges of 5 ms."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * f * time) for f in hertz) / len(hertz)
    gate = np.zeros(time.size)
    clock, step = 0.0, 0
    while clock < seconds:
        length = pattern[step % len(pattern)]
        if step % 2 == 0:
            gate[int(clock * RATE) : int(min(clock + length, seconds) * RATE)] = 1.0
        clock, step = clock + length, step + 1
    edge = np.ones(80) / 80
    return (tone * np.convolve(gate, edge, mode="same")).astype(np.float32)


def key_press(key: int, seconds: float, twist_db: float = 0.0, off: float = 0.0) -> Sound:
    """Key 0-15 by row and column; `off` shifts its frequencies relatively."""
    time = np.arange(int(seconds * RATE)) / RATE
    row, column = ROWS[key // 4] * (1 + off), COLUMNS[key % 4] * (1 - off)
    gain = 10 ** (twist_db / 20)
    tone = np.sin(2 * np.pi * row * time) + gain * np.sin(2 * np.pi * column * time)
    edge = np.minimum(np.minimum(np.arange(time.size), np.arange(time.size)[::-1]) / 32, 1)
    return (tone * edge / (1 + gain)).astype(np.float32)


def keys_pressed(
    chance: Generator, count: int, length: float = 0.1, gap: float = 0.15
) -> tuple[Sound, list[tuple[float, float]]]:
    """Random keys with pauses, and when each sounds."""
    pieces, times, clock = [], [], 0.0
    for _ in range(count):
        pressed = key_press(int(chance.integers(16)), length, chance.uniform(-4, 4),
                            chance.uniform(-0.008, 0.008))  # fmt: skip
        pause = gap * chance.uniform(0.6, 1.6)
        pieces += [pressed, np.zeros(int(pause * RATE), np.float32)]
        times.append((clock, clock + length))
        clock += pressed.size / RATE + int(pause * RATE) / RATE
    return np.concatenate(pieces), times


def _envelope(size: int) -> NDArray[np.float64]:
    time = np.arange(size) / RATE
    shape = np.minimum(time / 0.01, 1) * (0.6 + 0.4 * np.exp(-time / 0.3))
    tail = min(int(0.05 * RATE), size)
    shape[size - tail :] *= np.linspace(1, 0, tail)
    return shape


def _organ(f: float, t: NDArray[np.float64], _: Generator) -> NDArray[np.float64]:
    return sum(np.sin(2 * np.pi * f * h * t) / h for h in (1, 2, 3, 4, 6, 8))  # type: ignore[no-any-return]


def _strings(f: float, t: NDArray[np.float64], chance: Generator) -> NDArray[np.float64]:
    wave = 1 + 0.004 * np.sin(2 * np.pi * 5.5 * t + chance.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(f * wave) / RATE
    return sum(np.sin(h * phase) / h for h in range(1, 13))  # type: ignore[no-any-return]


def _piano(f: float, t: NDArray[np.float64], _: Generator) -> NDArray[np.float64]:
    partials = range(1, 10)
    return sum(  # type: ignore[no-any-return]
        np.exp(-t * (1.2 + 0.7 * h)) * np.sin(2 * np.pi * f * h * np.sqrt(1 + 4e-4 * h * h) * t) / h
        for h in partials
    )


def _music_box(f: float, t: NDArray[np.float64], _: Generator) -> NDArray[np.float64]:
    modes = enumerate((1.0, 2.76, 5.4))
    return sum(np.exp(-t * (3 + 2 * k)) * np.sin(2 * np.pi * f * m * t) for k, m in modes)  # type: ignore[no-any-return]


def _plucked(f: float, t: NDArray[np.float64], chance: Generator) -> NDArray[np.float64]:
    size = max(int(RATE / f), 2)
    loop, out = chance.uniform(-1, 1, size), np.empty(t.size)
    for at in range(0, t.size, size):
        out[at : at + size] = loop[: t.size - at]
        loop = 0.498 * (loop + np.roll(loop, 1))
    return out


def _chip(f: float, t: NDArray[np.float64], _: Generator) -> NDArray[np.float64]:
    return 0.5 * np.sign(np.sin(2 * np.pi * f * t))


VOICES = {
    "organ": _organ, "strings": _strings, "piano": _piano,
    "music_box": _music_box, "plucked": _plucked, "chip": _chip,
}  # fmt: skip
# Style: voice, beats a minute, chords, drums, melody, scale.
STYLES: dict[str, tuple[str, int, bool, bool, bool, tuple[int, ...]]] = {
    "piano, chords and melody": ("piano", 96, True, False, True, SCALE),
    "strings, slow": ("strings", 66, True, False, True, SCALE),
    "organ, chords only": ("organ", 80, True, False, False, SCALE),
    "music box, melody alone": ("music_box", 110, False, False, True, SCALE),
    "plucked, pentatonic": ("plucked", 100, False, False, True, PENTATONIC),
    "plucked with drums": ("plucked", 124, True, True, True, PENTATONIC),
    "chip with drums": ("chip", 140, True, True, True, SCALE),
}


def music(style: str, seconds: float, chance: Generator) -> Sound:
    """A piece of one style."""
    voice, tempo, chords, drums, melody, scale = STYLES[style]
    beat, root = 60 / tempo, 220 * 2 ** (chance.integers(0, 12) / 12)
    sound = np.zeros(int((seconds + 4) * RATE), np.float32)

    def play(at: float, semitone: int, length: float, gain: float) -> None:
        time = np.arange(int(length * RATE)) / RATE
        wave = VOICES[voice](root * 2 ** (semitone / 12), time, chance) * _envelope(time.size)
        first = int(at * RATE)
        sound[first : first + wave.size] += (gain * wave).astype(np.float32)

    for number in range(int(seconds / beat) + 1):
        at = number * beat
        if chords and number % 4 == 0:
            for semitone in CHORDS[number // 4 % 4]:
                play(at, semitone - 12, 4 * beat * 0.98, 0.25)
        if melody:
            parts = int(chance.choice([1, 1, 2, 2, 4]))
            for part in range(parts):
                if chance.random() > 0.1:
                    note = int(chance.choice(scale))
                    play(at + part * beat / parts, note, beat / parts * 0.95, 0.6)
        if drums:
            _drum(sound, at, beat, chance)
    return sound[: int(seconds * RATE)]


def _drum(sound: Sound, at: float, beat: float, chance: Generator) -> None:
    for half in (0, 1):
        first, size = int((at + half * beat / 2) * RATE), int(0.08 * RATE)
        hit = chance.normal(0, 1, size) * np.exp(-np.arange(size) / RATE * 60)
        sound[first : first + size] += ((0.5 if half else 0.25) * hit).astype(np.float32)


def at_level(sound: Sound, dbfs: float) -> Sound:
    """The same with this RMS where it sounds at all."""
    loud = sound[np.abs(sound) > 1e-4]
    rms = float(np.sqrt((loud.astype(np.float64) ** 2).mean())) if loud.size else 1.0
    return (sound * np.float32(10 ** (dbfs / 20) / rms)).astype(np.float32)


def noisy(sound: Sound, dbfs: float, chance: Generator) -> Sound:
    """With white noise of this level."""
    return (sound + chance.normal(0, 10 ** (dbfs / 20), sound.size)).astype(np.float32)


def through(sound: Sound, codec: str) -> Sound:
    """As a recording of this coding gives it back: 8 kHz, decoded as callqa decodes."""
    with tempfile.TemporaryDirectory() as folder:
        if codec in ("none", "alaw", "gsm"):
            subtype = {"none": "PCM_16", "alaw": "ALAW", "gsm": "GSM610"}[codec]
            path = Path(folder) / "sound.wav"
            soundfile.write(path, _halved(sound), RATE // 2, subtype=subtype)
        else:
            name, _, rate = codec.partition(" ")
            path = Path(folder) / f"sound.{name}"
            bits = int(float(rate.rstrip("k")) * 1000)
            _encode(path, sound, "libopencore_amrnb" if name == "amr" else "libmp3lame", bits)
        whole = np.concatenate([block.samples for block in Decoder(path).blocks()], axis=1)[0]
    if whole.size < sound.size:
        whole = np.pad(whole, (0, sound.size - whole.size))
    return whole[: sound.size]


def _halved(sound: Sound) -> Sound:
    """8 kHz, telephone band."""
    taps = np.arange(-127, 128)
    kernels = [2 * f / RATE * np.sinc(2 * f / RATE * taps) * np.hamming(255) for f in (280, 3450)]
    band = kernels[1] - kernels[0]
    size = sound.size + band.size
    wide = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(band, size), size)
    low = wide[127 : 127 + sound.size : 2]
    return np.clip(low, -1, 1).astype(np.float32)


def _encode(path: Path, sound: Sound, codec: str, bits: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=8000)
        stream.layout, stream.bit_rate = "mono", bits
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=8000)
        frame = av.AudioFrame.from_ndarray(_halved(sound)[None], format="fltp", layout="mono")
        frame.sample_rate = 8000
        fifo = av.AudioFifo()
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            piece.pts = None
            fifo.write(piece)
        size = stream.codec_context.frame_size or 160
        while fifo.samples:
            container.mux(stream.encode(fifo.read(size, partial=True)))
        container.mux(stream.encode(None))
