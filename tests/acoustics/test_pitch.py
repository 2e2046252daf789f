"""How high a voice is, on sounds of known pitch as a telephone carries them."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.acoustics.pitch import PitchTrack
from pipeline.audio import RATE
from tests.sounds import Samples

FORMANTS = ((500.0, 80.0), (1500.0, 120.0), (2500.0, 160.0))


def a_voice(hertz: Samples | float, seconds: float = 2.0, noise: float = 0.002) -> Samples:
    """Harmonics of a fundamental through three formants, cut to the telephone's band."""
    course = np.broadcast_to(np.asarray(hertz, np.float64), int(seconds * RATE))
    phase = 2 * np.pi * np.cumsum(course) / RATE
    sound = np.zeros(course.size)
    for number in range(1, 60):
        own = course * number
        gain = sum(1 / (1 + ((own - middle) / width) ** 2) for middle, width in FORMANTS)
        carried = (own > 300) & (own < 3400)
        sound += carried * np.sqrt(gain) / number * np.sin(number * phase + number)
    sound *= 0.2 / max(np.abs(sound).max(), 1e-9)
    chance = np.random.default_rng(0).normal(0, noise, sound.size)
    return (sound + chance).astype(np.float32)


def track(*stretches: Samples) -> PitchTrack:
    made = PitchTrack()
    for samples in stretches:
        made.add(samples)
    return made


@pytest.mark.parametrize("hertz", [75, 95, 120, 160, 210, 260, 330, 420])
def test_a_voice_without_its_fundamental_has_the_pitch_that_it_was_made_with(hertz: float) -> None:
    found = track(a_voice(hertz)).pitch([(0.1, 1.9)])
    assert found is not None
    assert found.median == pytest.approx(hertz, rel=0.01)
    assert found.movement < 0.3


def test_movement_is_in_semitones() -> None:
    """An octave up and down: 9.6 semitones between the 10th and the 90th percentile."""
    octaves = np.concatenate([np.linspace(0, 1, RATE), np.linspace(1, 0, RATE)])
    found = track(a_voice(150 * 2**octaves)).pitch([(0.05, 1.95)])
    assert found is not None
    assert found.median == pytest.approx(150 * 2**0.5, rel=0.03)
    assert found.movement == pytest.approx(9.6, abs=0.6)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)
    assert track(noise).pitch([(0, 2)]) is None
    assert track(np.zeros(2 * RATE, np.float32)).pitch([(0, 2)]) is None
    assert PitchTrack().pitch([(0, 2)]) is None
    assert track(a_voice(120)).pitch([]) is None


def test_less_than_a_fifth_of_a_second_is_too_little() -> None:
    made = track(a_voice(120))
    assert made.pitch([(1.0, 1.1)]) is None
    assert made.pitch([(1.0, 1.3)]) is not None
    assert made.pitch([(5.0, 6.0)]) is None


def test_the_portions_in_which_sound_comes_make_no_difference() -> None:
    """Work is done 30 s at a time: the seams lie elsewhere than those of the portions."""
    sound = np.concatenate([a_voice(hertz, 8.0) for hertz in (110, 180, 260, 140, 220)])
    whole, parts = track(sound), track(*np.array_split(sound, 9))
    np.testing.assert_array_equal(parts.hertz, whole.hertz)
    for number, hertz in enumerate((110, 180, 260, 140, 220)):
        found = whole.pitch([(8 * number + 0.5, 8 * number + 7.5)])
        assert found is not None
        assert found.median == pytest.approx(hertz, rel=0.01)


def test_each_moment_lies_where_it_was_said() -> None:
    made = track(a_voice(120, 1.0), np.zeros(RATE, np.float32), a_voice(240, 1.0))
    voiced = made.hertz > 0
    assert voiced[10:90].all()
    assert not voiced[105:195].any()
    assert voiced[210:290].all()
