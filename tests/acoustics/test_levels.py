"""Levels, loudness and pauses: measured on real sound files, decoded and gated as always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.acoustics import SoundTracks, with_voice
from pipeline.acoustics.levels import LevelTrack, pauses
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
from pipeline.settings import Settings
from tests.sounds import Samples, a_tone, encode

SINE = -3.01  # dBFS of a sine that fills the scale


def tone(seconds: float, dbfs: float, rate: int = RATE, pitch: float = 440.0) -> Samples:
    """A sine of a known RMS level."""
    return a_tone(seconds, rate, pitch, level=10 ** ((dbfs - SINE) / 20))


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


def test_half_an_hour_takes_less_than_a_third_of_a_megabyte() -> None:
    """So six hours take less than four."""
    made, minutes = LevelTrack(), tone(300, -20)
    for _ in range(6):
        made.add(minutes)
    assert made.powers.nbytes + made.weighted.nbytes < 333_000
    assert made.level([(1800 - 2, 1800 - 1)]) == -20.0


@pytest.mark.parametrize(
    ("hertz", "lufs"),
    [(997, -23.0), (100, -24.8), (300, -23.8), (3000, -19.9)],
)
def test_loudness_is_weighted_as_bs_1770_weights_it(hertz: float, lufs: float) -> None:
    """A sine with peaks at -19.99 dBFS: at 997 Hz -23.0 LUFS, else by the standard's curve."""
    sound = a_tone(3, RATE, pitch=hertz, level=10 ** (-19.99 / 20))
    assert track(sound).loudness([(0, 3)]) == pytest.approx(lufs, abs=0.1)


def test_loudness_leaves_pauses_and_what_is_much_softer_out() -> None:
    """As in EBU Tech 3341: a tone at -36 and silence beside one at -23 do not count."""
    loud, soft = (
        a_tone(seconds, RATE, pitch=997, level=10 ** (db / 20))
        for seconds, db in ((25, -19.99), (5, -33.0))
    )
    assert track(soft, loud, quiet(5)).loudness([(0, 35)]) == pytest.approx(-23.0, abs=0.15)


def test_a_turn_that_is_shorter_than_a_block_of_the_standard_has_no_loudness() -> None:
    made = track(tone(3, -20))
    assert made.loudness([(1.0, 1.35)]) is None
    assert made.loudness([(1.0, 1.4)]) is not None
    assert track(quiet(3)).loudness([(0, 3)]) is None


def test_pauses_are_a_quarter_of_a_second_and_longer() -> None:
    sounds = [tone(0.5, -20), quiet(0.2), tone(0.5, -20), tone(0.3, -50), tone(0.5, -20), quiet(1)]
    blocks = track(*sounds).speech(0, 3)
    assert pauses(blocks) == [0.3]
    assert len(blocks) * 0.05 == pytest.approx(2.0)
    assert track(quiet(3)).speech(0, 3) == []


def test_what_lies_between_the_words_is_a_pause_however_loud_it_is() -> None:
    blocks = track(tone(3, -20)).speech(0, 3, [(0.0, 1.0), (2.0, 3.0)])
    assert pauses(blocks) == [1.0]


def test_a_voice_that_grows_louder_has_a_slope() -> None:
    rising = np.concatenate([tone(0.05, -30 + 0.1 * k) for k in range(60)])
    assert track(rising).slope([(0, 3)]) == pytest.approx(2.0, abs=0.1)
    assert track(tone(3, -20)).slope([(0, 3)]) == pytest.approx(0.0, abs=0.05)
    assert track(tone(3, -20)).slope([(0, 1.4)]) is None


def test_each_side_of_a_recording_has_its_own_level(tmp_path: Path) -> None:
    # 300 Hz: a steady 440 Hz would be a ringing tone, and words inside it no words
    agent = np.concatenate([tone(2, -30, 8000, 300), quiet(2, 8000), tone(2, -18, 8000, 300)])
    customer = np.concatenate([quiet(2, 8000), tone(2, -12, 8000, 300), quiet(2, 8000)])
    path = encode(tmp_path / "call.wav", np.stack([agent, customer]), "pcm_s16le")
    call = heard(path, (0, 0.2, 1.8), (1, 2.2, 3.8), (0, 4.2, 5.8))
    assert [(s.role, s.level) for s in call.segments] == [
        (Role.AGENT, pytest.approx(-30, abs=0.2)),
        (Role.CUSTOMER, pytest.approx(-12, abs=0.2)),
        (Role.AGENT, pytest.approx(-18, abs=0.2)),
    ]
    assert "loudness" in call.capabilities


def test_the_echo_of_the_other_side_is_not_measured(tmp_path: Path) -> None:
    """The customer's echo lies in the agent's pause, where nobody of that side speaks."""
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
    voice = call.segments[0].voice
    assert voice is not None
    assert (voice.pauses, voice.longest_pause) == (1, pytest.approx(1.1, abs=0.06))
    assert voice.speech == pytest.approx(1.7, abs=0.1)


def test_a_long_recording_is_measured_across_its_blocks(tmp_path: Path) -> None:
    """Blocks end in a quiet place, which need not be a multiple of anything.

    On one channel the levels are there, but say nothing of either side.
    """
    minutes = np.concatenate([np.append(tone(7.3, -24, 8000), quiet(0.4, 8000))] * 45)
    late = np.concatenate([minutes, tone(4, -14, 8000)])
    path = encode(tmp_path / "long.wav", late, "pcm_alaw")
    at = minutes.size / 8000
    call = heard(path, (0, 1.0, 3.0), (0, at + 0.5, at + 3.5))
    assert [s.level for s in call.segments] == [
        pytest.approx(-24, abs=0.3),
        pytest.approx(-14, abs=0.3),
    ]
    assert "loudness" not in call.capabilities


def test_a_segment_without_a_known_channel_or_time_has_no_level() -> None:
    call = Transcript(CallInfo("c"), (Segment(Role.AGENT, "您好", 0, 1), Segment(Role.AGENT, "好")))
    tracks = SoundTracks()
    tracks.add(0, tone(1, -20))
    assert with_voice(call, tracks) is call
