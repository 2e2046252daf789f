"""Overdriven recordings, through the codecs that telephone systems write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.acoustics.clipping import ClipTrack
from pipeline.audio import Decoder
from tests.sounds import Samples, a_tone, encode

# A sine of 220 Hz driven to twice the scale stands at its end for two thirds of the time.
OVERDRIVEN = 2 / 3
QUIET, FULL, TWICE = 0.3, 0.999, 2.0


def clipped(path: Path, *spans: tuple[float, float], channel: int = 0) -> float | None:
    track = ClipTrack()
    for _ in Decoder(path, tap=track.frame).blocks():
        pass
    return track.share(channel, spans)


def driven(level: float, seconds: float = 2.0, rate: int = 8000) -> Samples:
    return np.clip(a_tone(seconds, rate, pitch=220, level=level), -1, 1)


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_f32le"])
def test_an_overdriven_tone_is_found_whatever_the_codec(tmp_path: Path, codec: str) -> None:
    path = encode(tmp_path / "a.wav", driven(TWICE), codec)
    assert clipped(path, (0.5, 1.5)) == pytest.approx(OVERDRIVEN, abs=0.05)


def test_what_was_clipped_and_sent_as_a_law_is_found_in_the_wav_made_of_it(tmp_path: Path) -> None:
    """Its tops stand at 0.98 of full scale, and never above."""
    line = encode(tmp_path / "a.wav", driven(TWICE), "pcm_alaw")
    (block,) = Decoder(line).blocks()
    assert np.abs(block.samples[:, 100:-100:2]).max() < 1.2
    tops = np.clip(driven(TWICE), -0.984, 0.984)
    assert clipped(encode(tmp_path / "b.wav", tops, "pcm_s16le"), (0.5, 1.5)) > 0.5  # type: ignore[operator]


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_alaw"])
@pytest.mark.parametrize("level", [QUIET, FULL])
def test_a_tone_that_fits_is_not_clipped(tmp_path: Path, codec: str, level: float) -> None:
    """Not even one that just fills the scale: its tops are round (in A-law, at 700 Hz)."""
    sound = a_tone(2, 8000, pitch=700, level=level)
    assert clipped(encode(tmp_path / "a.wav", sound, codec), (0, 2)) == 0.0


def test_only_the_stretch_and_the_side_that_is_overdriven_counts(tmp_path: Path) -> None:
    agent = np.concatenate([driven(QUIET), driven(TWICE), driven(QUIET)])
    both = np.stack([agent, np.concatenate([driven(QUIET)] * 3)])
    path = encode(tmp_path / "call.wav", both, "pcm_alaw")
    assert clipped(path, (0, 1.9)) == 0.0
    assert clipped(path, (2.1, 3.9)) == pytest.approx(OVERDRIVEN, abs=0.05)
    assert clipped(path, (0, 6), channel=1) == 0.0
    assert clipped(path) is None
