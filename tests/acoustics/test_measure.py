"""What is measured of a call from its times and from the voices of its turns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.acoustics import measure
from pipeline.domain import (
    AudioFormat,
    CallInfo,
    LineSound,
    Medium,
    Overlap,
    Role,
    Segment,
    Silence,
    SoundKind,
    Transcript,
    Word,
)

ALL = frozenset({"roles", "times", "overlap"})
FORMAT = AudioFormat("wav", "pcm_s16le", 8000, 2, 20.0)


def a_call(*segments: Segment, duration: float | None = 20.0) -> Transcript:
    return Transcript(CallInfo("c"), segments, duration, capabilities=ALL)


def said(
    role: str, start: float, end: float, text: str = "您好", channel: int | None = None
) -> Segment:
    return Segment(Role(role), text, start, end, channel=channel)


def test_silences_with_both_edges() -> None:
    metrics = measure(a_call(said("agent", 2, 4), said("customer", 4.9, 6), said("agent", 9, 15)))
    assert metrics.silences == (
        Silence(0, 2, None),
        Silence(6, 9, 1, left_by=Role.AGENT),
        Silence(15, 20, 2),
    )
    assert metrics.silence_total == 10
    assert metrics.silence_longest == 5
    assert metrics.hangup_lag == 5


def test_speech_of_the_other_side_is_no_silence() -> None:
    metrics = measure(a_call(said("agent", 0, 12), said("customer", 3, 5), said("agent", 12.5, 20)))
    assert metrics.silences == ()
    assert metrics.silence_longest == 0


def test_a_silence_behind_a_long_turn_names_that_turn() -> None:
    """The customer's short 嗯 lies inside the agent's turn; the silence follows the agent."""
    metrics = measure(a_call(said("agent", 0, 12), said("customer", 3, 5), said("agent", 17, 20)))
    assert metrics.silences == (Silence(12, 17, 0, left_by=Role.AGENT),)


def test_a_pause_between_words_counts() -> None:
    words = (Word("您", 0, 1, 0.9), Word("好", 4, 5, 0.9))
    call = a_call(Segment(Role.AGENT, "您好", 0, 5, words=words), duration=5)
    assert measure(call).silences == (Silence(1, 4, 0, left_by=Role.AGENT),)


def test_overlap_is_the_later_over_the_earlier() -> None:
    call = a_call(said("customer", 0, 6), said("agent", 4, 9), said("customer", 8.9, 10))
    assert measure(call).overlaps == (Overlap(4, 6, by=1, over=0),)


def test_channels_tell_speakers_apart_where_roles_do_not() -> None:
    call = a_call(said("unknown", 0, 6, channel=0), said("unknown", 4, 9, channel=1))
    assert len(measure(call).overlaps) == 1
    assert measure(a_call(said("unknown", 0, 6), said("unknown", 4, 9))).overlaps == ()


def test_no_overlap_without_the_capability() -> None:
    call = a_call(said("customer", 0, 6), said("agent", 4, 9))
    assert measure(replace(call, capabilities=frozenset({"roles", "times"}))).overlaps == ()


def test_rates_and_share_count_speech_not_punctuation() -> None:
    call = a_call(said("agent", 0, 6, "您好，这里是东方银行。"), said("customer", 6, 8, "我要挂失"))
    metrics = measure(call)
    assert metrics.agent_rate == pytest.approx(90)
    assert metrics.customer_rate == pytest.approx(120)
    assert metrics.agent_share == pytest.approx(0.75)
    assert metrics.characters == 13
    assert metrics.turns == 2


def test_too_little_speech_has_no_rate() -> None:
    metrics = measure(a_call(said("agent", 0, 0.5), said("customer", 1, 4)))
    assert metrics.agent_rate is None
    assert metrics.customer_rate == pytest.approx(40)


def test_unknown_roles_have_no_rates() -> None:
    call = replace(a_call(said("agent", 0, 5)), capabilities=frozenset({"times"}))
    metrics = measure(call)
    assert (metrics.agent_rate, metrics.customer_rate, metrics.agent_share) == (None, None, None)


def test_a_chat_has_no_acoustics() -> None:
    info = CallInfo("c", medium=Medium.CHAT)
    metrics = measure(Transcript(info, (Segment(Role.AGENT, "您好"),)))
    assert metrics.characters == 2
    assert metrics.duration is None
    assert metrics.silence_total is None
    assert metrics.hangup_lag is None


def test_no_segments_and_no_duration() -> None:
    assert measure(a_call(duration=None)).silences == ()
    assert measure(a_call(said("agent", 0, 2), duration=None)).hangup_lag is None


def test_what_the_line_sounds_like_is_no_silence() -> None:
    """请稍等, music while the agent looks it up, and on with the talk."""
    music = LineSound(SoundKind.MUSIC, 5.5, 14.0, 0, 0.95)
    keypad = LineSound(SoundKind.KEYPAD, 16.0, 17.5, 1, 0.98, "6")
    call = a_call(said("agent", 0, 5), said("agent", 15.5, 16), said("customer", 19, 20))
    metrics = measure(replace(call, sounds=(music, keypad), audio=FORMAT))
    silences = [(s.start, s.end, s.after) for s in metrics.silences]
    assert silences == [(14, 15.5, 0), (17.5, 19, 1)]
    assert metrics.hold_seconds == 8.5


def test_music_behind_somebody_who_speaks_is_no_hold() -> None:
    both = tuple(LineSound(SoundKind.MUSIC, 4.0, 12.0, side, 0.9) for side in (0, 1))
    call = a_call(said("agent", 0, 6), said("customer", 10, 20))
    assert measure(replace(call, sounds=both, audio=FORMAT)).hold_seconds == 4
    assert measure(replace(a_call(), sounds=both[:1], audio=FORMAT)).hold_seconds == 8


def test_without_a_recording_nobody_knows_of_music() -> None:
    assert measure(a_call(said("agent", 0, 6))).hold_seconds is None
