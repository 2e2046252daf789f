"""Short real calls, cut from the sample calls, so that a test with the real model stays quick."""

from __future__ import annotations

from pathlib import Path

import soundfile

SAMPLES = Path(__file__).resolve().parent.parent / "sample_audio"
SPOKEN = ("bank_card_loss.wav", "wealth_suitability.flac", "general_no_notice.flac")


def a_clip(
    target: Path, sample: str, start: float = 0.0, seconds: float = 7.0, *, mono: bool = False
) -> Path:
    """A stretch of a sample call as WAV (8 kHz calls stay 8 kHz); `mono`: half the recognition."""
    sound, rate = soundfile.read(SAMPLES / sample, always_2d=True)
    sound = sound.mean(axis=1) if mono else sound
    target.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(target, sound[int(start * rate) : int((start + seconds) * rate)], rate)
    return target


def some_clips(folder: Path, count: int, seconds: float = 7.0) -> list[Path]:
    """Different stretches of the sample calls, mono."""
    return [
        a_clip(folder / f"call {n:02}.wav", SPOKEN[n % 3], 2.0 * (n // 3), seconds, mono=True)
        for n in range(count)
    ]
