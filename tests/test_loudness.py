"""Levels of segments: measured on real sound files, decoded and gated as always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.asr import ChannelAudio, ChannelText
from pipeline.audio import RATE
from pipeline.domain import (
    CallInfo,
    EngineInfo,
    Recording,
    Role,
    Segment,
    Transcript,
    Word,
)
from pipeline.listening import listen
from pipeline.loudness import LevelTrack, with_levels
from pipeline.settings import Settings
from tests.sounds import Samples, a_tone, encode

SINE = -3.01  # dBFS of a sine that fills the scale


def tone(seconds: float, dbfs: float, rate: int = RATE) -> Samples:
    """A sine of a known RMS level."""
    return a_tone(seconds, rate, level=10 ** ((dbfs - SINE) / 20))


def quiet(seconds: float, rate: int = RATE) -> Samples:
    return np.zeros(int(seconds * rate), np.float32)


def track(*stretches: Samples) -> LevelTrack:
    made = LevelTrack()
    for samples in stretches:
        made.add(samples)
    return made


class Scripted:
    """Hears given (channel, start, end) words: what is tested is the sound, not the recogniser."""

    info = EngineInfo("scripted", "", "", "cpu")

    def __init__(self, *words: tuple[int, float, float]) -> None:
        self._words = words

    def transcribe(self, channels: Iterable[ChannelAudio]) -> Iterator[ChannelText]:
        for audio in channels:
            end = audio.start + audio.samples.size / RATE
            own = [w for w in self._words if w[0] == audio.channel and audio.start <= w[1] < end]
            words = tuple(Word("您好请讲", start, stop, 0.9) for _, start, stop in own)
            yield ChannelText(audio.key, audio.channel, words)


def heard(path: Path, *words: tuple[int, float, float]) -> Transcript:
    recording = Recording(CallInfo("c", agent_channel=0), (path,), "k", path.stat().st_size)
    (result,) = listen([recording], Scripted(*words), Settings())
    assert result.transcript is not None, result.error
    return result.transcript


@pytest.mark.parametrize("dbfs", [-3.0, -12.5, -26.0, -50.0])
def test_a_tone_has_the_level_that_it_was_made_with(dbfs: float) -> None:
    assert track(tone(2, dbfs)).level([(0.5, 1.5)]) == pytest.approx(dbfs, abs=0.1)


def test_the_portions_in_which_sound_comes_make_no_difference() -> None:
    sound = np.concatenate([tone(1, -20), tone(1.013, -10), tone(1, -30)])
    whole, parts = track(sound), track(*np.array_split(sound, 7))
    np.testing.assert_allclose(parts.powers, whole.powers, rtol=1e-5)
    assert parts.level([(2.1, 2.9)]) == whole.level([(2.1, 2.9)]) == -30.0


def test_powers_are_averaged_not_decibels() -> None:
    made = track(tone(1, -20), tone(1, -10))
    assert made.level([(0, 2)]) == pytest.approx(-12.6, abs=0.1)


def test_pauses_do_not_count() -> None:
    """Neither digital silence nor the noise of the line between two words."""
    made = track(tone(1, -20), quiet(1), tone(1, -55), tone(1, -20))
    assert made.level([(0, 4)]) == pytest.approx(-20, abs=0.1)


def test_silence_and_what_lies_outside_of_the_recording_have_no_level() -> None:
    made = track(tone(1, -80), quiet(1))
    assert made.level([(0, 2)]) is None
    assert made.level([(5, 6)]) is None
    assert made.level([]) is None
    assert LevelTrack().level([(0, 1)]) is None


def test_six_hours_take_less_than_two_megabytes() -> None:
    made, minutes = LevelTrack(), tone(300, -20)
    for _ in range(6 * 12):
        made.add(minutes)
    assert made.powers.nbytes < 2_000_000
    assert made.level([(6 * 3600 - 2, 6 * 3600 - 1)]) == -20.0


def test_each_side_of_a_recording_has_its_own_level(tmp_path: Path) -> None:
    agent = np.concatenate([tone(2, -30, 8000), quiet(2, 8000), tone(2, -18, 8000)])
    customer = np.concatenate([quiet(2, 8000), tone(2, -12, 8000), quiet(2, 8000)])
    path = encode(tmp_path / "call.wav", np.stack([agent, customer]), "pcm_s16le")
    call = heard(path, (0, 0.2, 1.8), (1, 2.2, 3.8), (0, 4.2, 5.8))
    assert [(s.role, s.level) for s in call.segments] == [
        (Role.AGENT, pytest.approx(-30, abs=0.2)),
        (Role.CUSTOMER, pytest.approx(-12, abs=0.2)),
        (Role.AGENT, pytest.approx(-18, abs=0.2)),
    ]
    assert "loudness" in call.capabilities


def test_the_echo_of_the_other_side_is_not_measured(tmp_path: Path) -> None:
    """The customer's echo lies in the agent's pause, where the gate mutes it."""
    agent = np.concatenate([tone(2, -20, 8000), quiet(2, 8000)])
    customer = np.concatenate([quiet(2, 8000), tone(2, -15, 8000)])
    both = np.stack([agent + 0.02 * customer, customer])
    call = heard(encode(tmp_path / "call.wav", both, "pcm_s16le"), (0, 0.2, 1.8), (0, 2.2, 3.8))
    assert [s.level for s in call.segments] == [pytest.approx(-20, abs=0.2)]
    only_echo = heard(tmp_path / "call.wav", (0, 2.2, 3.8))
    assert [s.level for s in only_echo.segments] == [None]
    assert "loudness" not in only_echo.capabilities


def test_utterances_that_were_joined_to_one_turn_have_the_level_of_their_words(
    tmp_path: Path,
) -> None:
    """Between them somebody coughs: louder than both, and no word of theirs."""
    agent = [tone(1, -20, 8000), tone(1, -6, 8000), tone(1, -20, 8000), quiet(1, 8000)]
    customer = [quiet(3, 8000), tone(1, -20, 8000)]
    both = np.stack([np.concatenate(agent), np.concatenate(customer)])
    path = encode(tmp_path / "call.wav", both, "pcm_s16le")
    call = heard(path, (0, 0.1, 0.95), (0, 2.05, 2.9), (1, 3.1, 3.9))
    assert [s.text for s in call.segments] == ["您好请讲，您好请讲。", "您好请讲。"]
    assert call.segments[0].level == pytest.approx(-20, abs=0.2)


def test_a_long_recording_is_measured_across_its_blocks(tmp_path: Path) -> None:
    """Blocks end in a quiet place, which need not be a multiple of anything."""
    minutes = np.concatenate([np.append(tone(7.3, -24, 8000), quiet(0.4, 8000))] * 45)
    late = np.concatenate([minutes, tone(4, -14, 8000)])
    path = encode(tmp_path / "long.wav", late, "pcm_alaw")
    at = minutes.size / 8000
    call = heard(path, (0, 1.0, 3.0), (0, at + 0.5, at + 3.5))
    assert [s.level for s in call.segments] == [
        pytest.approx(-24, abs=0.3),
        pytest.approx(-14, abs=0.3),
    ]


def test_a_segment_without_a_known_channel_or_time_has_no_level() -> None:
    call = Transcript(CallInfo("c"), (Segment(Role.AGENT, "您好", 0, 1), Segment(Role.AGENT, "好")))
    assert with_levels(call, {0: track(tone(1, -20))}) is call
