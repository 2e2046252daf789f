"""Tones, keys and music of the line in made signals, and speech, which is none of it."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from bench.line_signals import (
    BUSIES,
    RINGBACKS,
    Sound,
    at_level,
    cadence,
    keys_pressed,
    music,
    noisy,
    through,
)
from pipeline.audio import RATE
from pipeline.domain import LineSound, SoundKind
from pipeline.linesounds import Heard, SoundTrack
from tests.conftest import ROOT

QUIET = np.zeros(RATE, np.float32)


def listened(sound: Sound, codec: str = "alaw", noise: float = -55.0) -> Heard:
    """What is heard in a sound with a second of line noise around it."""
    whole = noisy(np.concatenate([QUIET, sound, QUIET]), noise, np.random.default_rng(1))
    track = SoundTrack(0)
    track.add(through(whole, codec))
    return track.heard()


def only(heard: Heard, kind: SoundKind) -> LineSound:
    assert [sound.kind for sound in heard.sounds] == [kind]
    return heard.sounds[0]


def a_sample() -> Sound:
    """A synthetic call of the repository, both sides mixed."""
    sound, rate = soundfile.read(ROOT / "sample_audio" / "bank_card_loss.wav", dtype="float32")
    mono = sound.mean(axis=1)
    return np.interp(np.arange(0, mono.size, rate / RATE), np.arange(mono.size), mono).astype("f4")


@pytest.mark.parametrize("network", RINGBACKS)
def test_ringback_is_known_by_its_cadence(network: str) -> None:
    sound = only(listened(at_level(cadence(*RINGBACKS[network], 8.0), -25)), SoundKind.RINGBACK)
    assert sound.start == pytest.approx(1.0, abs=0.05)
    assert sound.confidence > 0.9


@pytest.mark.parametrize("network", BUSIES)
def test_busy_signals_are_known(network: str) -> None:
    only(listened(at_level(cadence(*BUSIES[network], 5.0), -25)), SoundKind.BUSY)


@pytest.mark.parametrize("codec", ["gsm", "amr 12.2", "mp3 16k"])
def test_codecs_do_not_hide_a_ringback(codec: str) -> None:
    hertz, pattern = RINGBACKS["China 450"]
    only(listened(at_level(cadence(hertz, pattern, 7.0), -30), codec), SoundKind.RINGBACK)


def test_a_single_ring_is_enough_when_it_is_exact() -> None:
    assert only(listened(at_level(cadence((450.0,), (1.0, 4.0), 4.0), -25)), SoundKind.RINGBACK)
    assert listened(at_level(cadence((450.0,), (0.4, 4.0), 4.0), -25)).sounds == ()


def test_somebody_may_speak_between_two_rings() -> None:
    heard = listened(at_level(cadence((450.0,), (1.0, 4.0), 7.0), -25))
    assert len(heard.nobody) == 2
    assert sum(end - start for start, end in heard.nobody) == pytest.approx(2.0, abs=0.2)


def test_special_information_tones_say_that_there_is_no_connection() -> None:
    parts = [at_level(cadence((f,), (1.0, 0.0), 0.33), -25) for f in (950.0, 1400.0, 1800.0)]
    assert only(listened(np.concatenate(parts)), SoundKind.BUSY).detail == "special"


@pytest.mark.parametrize("codec", ["alaw", "gsm", "amr 12.2"])
def test_keys_are_counted_and_not_told(codec: str) -> None:
    tune, times = keys_pressed(np.random.default_rng(3), 6, 0.1)
    heard = listened(at_level(tune, -25), codec)
    assert only(heard, SoundKind.KEYPAD).detail == "6"
    for start, end in times:
        middle = 1.0 + (start + end) / 2
        assert any(low <= middle <= high for low, high in heard.nobody)


def test_a_single_key_may_be_speech_and_is_not_muted() -> None:
    tune, _ = keys_pressed(np.random.default_rng(3), 1, 0.1)
    heard = listened(at_level(tune, -25))
    assert only(heard, SoundKind.KEYPAD).confidence < 0.7
    assert heard.nobody == ()


def test_music_is_heard_where_it_plays() -> None:
    tune = at_level(music("piano, chords and melody", 8.0, np.random.default_rng(2)), -25)
    heard = listened(tune)
    sound = only(heard, SoundKind.MUSIC)
    assert sound.start == pytest.approx(1.0, abs=1.1)
    assert sound.end == pytest.approx(9.0, abs=1.1)
    assert sum(end - start for start, end in heard.certain) > 4


def test_speech_is_none_of_it() -> None:
    track = SoundTrack(0)
    track.add(a_sample())
    assert track.heard() == Heard(())


def test_noise_and_hum_are_no_music() -> None:
    assert listened(np.zeros(6 * RATE, np.float32), "alaw", -35.0).sounds == ()
    harmonics = tuple(50.0 * n for n in range(6, 30))
    assert listened(at_level(cadence(harmonics, (1e9, 0.0), 8.0), -40)).sounds == ()


def test_speech_over_soft_music_is_not_certain_music() -> None:
    voice = at_level(a_sample()[: 12 * RATE], -22)
    tune = at_level(music("strings, slow", 12.0, np.random.default_rng(2)), -32)
    heard = listened((voice + tune).astype(np.float32))
    assert (heard.nobody, heard.certain) == ((), ())


def test_portions_do_not_matter() -> None:
    tune = at_level(music("plucked with drums", 6.0, np.random.default_rng(2)), -25)
    ring = at_level(cadence((450.0,), (1.0, 4.0), 7.0), -25)
    sound = np.concatenate([tune, QUIET, QUIET, ring])
    whole, parts = SoundTrack(0), SoundTrack(0)
    whole.add(sound)
    for at in range(0, sound.size, 20_011):
        parts.add(sound[at : at + 20_011])
    assert parts.heard() == whole.heard()
    assert {s.kind for s in whole.heard().sounds} == {SoundKind.MUSIC, SoundKind.RINGBACK}


def test_what_is_given_to_the_recogniser_is_silent_where_the_line_sounds() -> None:
    ring = at_level(cadence((450.0,), (1.0, 4.0), 2.0), -25)
    sound = noisy(np.concatenate([QUIET, ring, QUIET]), -60, np.random.default_rng(1))
    track = SoundTrack(0)
    muted = track.hear(sound)
    assert np.abs(muted[int(1.1 * RATE) : int(1.9 * RATE)]).max() == 0.0
    assert np.array_equal(muted[: int(0.9 * RATE)], sound[: int(0.9 * RATE)])
    assert np.abs(sound[int(1.1 * RATE) :]).max() > 0  # a copy


@pytest.mark.parametrize("size", [0, 1, 100, 7_999, 8_001])
def test_short_and_empty_recordings(size: int) -> None:
    track = SoundTrack(0)
    assert track.hear(np.zeros(size, np.float32)).size == size
    assert track.heard() == Heard(())
