"""Turns that stand out from their speaker's usual voice."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.acoustics import measure
from pipeline.domain import CallInfo, CallMetrics, Role, Segment, Tone, ToneMark, Transcript, Voice

CAN = frozenset({"roles", "times", "stereo", "overlap", "loudness"})


def turn(role: Role = Role.AGENT, **measured: Any) -> tuple[Role, dict[str, Any]]:
    return role, {"level": -25.0, "pitch": 200.0, "movement": 6.0, "speech": 2.0, **measured}


def a_call(*turns: tuple[Role, dict[str, Any]], can: frozenset[str] = CAN) -> Transcript:
    """Turns of ten characters, one behind the other."""
    segments = []
    for number, (role, given) in enumerate(turns):
        level = given.pop("level")
        segments.append(
            Segment(role, "一共是五十元您看可以", 3.0 * number, 3.0 * number + 2.0,
                    level=level, voice=Voice(pauses=0, longest_pause=0.0, **given))
        )  # fmt: skip
    return Transcript(CallInfo("c"), tuple(segments), 3.0 * len(turns), capabilities=can)


def measured(*changed: dict[str, Any], usual: int = 5) -> CallMetrics:
    return measure(a_call(*(turn() for _ in range(usual)), *(turn(**one) for one in changed)))


@pytest.mark.parametrize(
    ("change", "tone"),
    [
        ({"level": -21.5}, Tone.CALM),  # 3.5 dB
        ({"level": -20.0}, Tone.CALM),  # clearly louder, and nothing else
        ({"level": -17.0}, Tone.RAISED),  # much louder
        ({"pitch": 250.0}, Tone.RAISED),  # 3.9 semitones
        ({"pitch": 225.0}, Tone.CALM),  # 2.0
        ({"level": -20.0, "pitch": 230.0}, Tone.RAISED),
        ({"level": -20.0, "speech": 1.5}, Tone.RAISED),  # and a third faster
        ({"level": -20.0, "movement": 9.5}, Tone.RAISED),
        ({"speech": 1.2}, Tone.CALM),  # hurried is not raised
        ({"movement": 12.0, "speech": 1.2}, Tone.CALM),
        ({"level": -17.0, "pitch": 230.0}, Tone.AGITATED),
        ({"level": -20.0, "pitch": 250.0}, Tone.AGITATED),
        ({"level": -17.0, "speech": 1.3, "movement": 10.0}, Tone.AGITATED),
        ({"level": -35.0, "pitch": 150.0}, Tone.CALM),  # softer and lower
    ],
)
def test_a_turn_stands_out_by_what_is_above_the_speakers_usual_voice(
    change: dict[str, Any], tone: Tone
) -> None:
    found = measured(change)
    assert [mark.tone for mark in found.tones] == [tone] * (tone is not Tone.CALM)
    assert found.agent is not None
    assert (found.agent.raised, found.agent.agitated) == (
        int(tone is Tone.RAISED),
        int(tone is Tone.AGITATED),
    )


def test_a_mark_says_by_how_much() -> None:
    (mark,) = measured({"level": -19.0, "pitch": 245.0, "speech": 1.6, "movement": 9.0}).tones
    assert mark == ToneMark(5, Tone.AGITATED, louder=6.0, higher=3.5, faster=25.0, wider=3.0)


def test_who_always_varies_so_much_does_not_stand_out() -> None:
    levels = (-31.0, -19.0, -25.0, -30.0, -20.0, -27.0, -23.0, -17.0)
    assert measure(a_call(*(turn(level=level) for level in levels))).tones == ()


def test_fewer_than_five_turns_are_no_usual_voice() -> None:
    found = measured({"level": -10.0}, usual=3)
    assert found.tones == ()
    assert found.agent is not None
    assert (found.agent.compared, found.agent.raised) == (None, None)
    enough = measured({"level": -10.0}, usual=4).agent
    assert enough is not None
    assert (enough.compared, enough.raised) == (5, 1)


def test_short_turns_are_neither_usual_nor_marked() -> None:
    short = turn(speech=0.8, level=-5.0)
    found = measure(a_call(*(turn() for _ in range(5)), short))
    assert found.tones == ()
    assert found.agent is not None
    assert found.agent.compared == 5


def test_every_speaker_is_compared_with_himself() -> None:
    """A customer who is always loud and high is as usual; the agent's one loud turn is not."""
    loud = [turn(Role.CUSTOMER, level=-12.0, pitch=300.0) for _ in range(5)]
    agent = [turn() for _ in range(5)]
    found = measure(a_call(*loud, *agent, turn(level=-12.0)))
    assert [mark.segment for mark in found.tones] == [10]


def test_unmeasured_pitch_is_left_out_of_the_comparison() -> None:
    calls = [turn(pitch=None, movement=None) for _ in range(5)]
    (mark,) = measure(a_call(*calls, turn(level=-15.0, pitch=None, movement=None))).tones
    assert (mark.louder, mark.higher, mark.wider) == (10.0, None, None)


@pytest.mark.parametrize("without", ["loudness", "roles"])
def test_one_channel_or_unknown_speakers_have_no_tone(without: str) -> None:
    found = measure(a_call(*(turn() for _ in range(5)), turn(level=-5.0), can=CAN - {without}))
    assert found.tones == ()
