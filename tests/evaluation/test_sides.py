"""What was heard beside what was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain import CallInfo, Recording, Role, Segment, Transcript
from pipeline.errors import BadMetadata
from pipeline.evaluation.cer import Errors
from pipeline.evaluation.manifest import Item, Kind
from pipeline.evaluation.sides import compare
from tests.builders import a_dialogue

HEARD = (
    Segment(Role.UNKNOWN, "我要挂失。", 0, 1, channel=0),
    Segment(Role.UNKNOWN, "您好，东方银行。", 1, 2, channel=1),
)


def an_item(said: Transcript, kind: Kind, agent_channel: int | None = None) -> Item:
    info = CallInfo("c-1", agent_channel=agent_channel)
    recording = Recording(info, (Path("a.wav"),), "sha", 1)
    return Item("m.csv, line 2", "a.wav", "m.csv, line 2", recording, kind, said)


def heard(*segments: Segment, stereo: bool = True) -> Transcript:
    able = frozenset({"stereo"} if stereo else ())
    return Transcript(CallInfo("c-1"), segments or HEARD, capabilities=able)


def channels(*texts: str) -> Transcript:
    segments = tuple(Segment(Role.UNKNOWN, text, channel=n) for n, text in enumerate(texts))
    return Transcript(CallInfo("c-1"), segments)


ROLES = a_dialogue("客户: 我要挂失。", "客服: 您好，这里是东方银行。")


def test_each_channel_is_compared_with_its_own_text() -> None:
    found = compare(an_item(channels("我要挂失", "你好，东方银行"), Kind.CHANNELS), heard())
    assert [(s.channel, s.errors) for s in found.sides] == [
        (0, Errors(0, 0, 0, 4)), (1, Errors(1, 0, 0, 6)),
    ]  # fmt: skip
    assert found.errors == Errors(1, 0, 0, 10)
    assert not found.by_role


def test_a_channel_without_a_reference_is_left_out() -> None:
    found = compare(an_item(channels("我要挂失"), Kind.CHANNELS), heard())
    assert found.errors == Errors(0, 0, 0, 4)
    assert [s.text for s in found.heard.segments] == ["我要挂失。"], (
        "nor are phrases looked for there"
    )


def test_a_side_on_which_nobody_should_speak_counts_what_is_heard_there() -> None:
    found = compare(an_item(channels("我要挂失", ""), Kind.CHANNELS), heard())
    assert found.sides[1].errors == Errors(0, 0, 6, 0)


def test_the_agent_is_on_the_channel_that_fits_whatever_the_metadata_say() -> None:
    for given, contradicted in ((None, False), (1, False), (0, True)):
        found = compare(an_item(ROLES, Kind.ROLES, given), heard())
        sides = {side.role: side for side in found.sides}
        assert sides[Role.AGENT].channel == 1
        assert sides[Role.AGENT].errors == Errors(0, 3, 0, 9)
        assert sides[Role.CUSTOMER].errors == Errors(0, 0, 0, 4)
        assert [s.role for s in found.heard.segments] == [Role.CUSTOMER, Role.AGENT]
        assert found.contradicted is contradicted
        assert found.by_role


def test_mono_is_compared_as_a_whole_in_the_order_of_time() -> None:
    mono = heard(*(replace(s, channel=0) for s in HEARD), stereo=False)
    found = compare(an_item(ROLES, Kind.ROLES, 0), mono)
    assert [(s.role, s.channel, s.errors) for s in found.sides] == [
        (Role.UNKNOWN, None, Errors(0, 3, 0, 13))
    ]
    assert not found.by_role


def test_texts_of_channels_do_not_fit_a_mono_recording() -> None:
    item = an_item(channels("我要挂失", "您好"), Kind.CHANNELS)
    with pytest.raises(BadMetadata, match=r"m\.csv, line 2: a\.wav has one channel.*as `text`"):
        compare(item, heard(stereo=False))


def test_a_whole_text_is_compared_with_both_channels_of_a_stereo_recording() -> None:
    said = Transcript(CallInfo("c-1"), (Segment(Role.UNKNOWN, "我要挂失，您好东方银行"),))
    found = compare(an_item(said, Kind.WHOLE), heard())
    assert found.errors == Errors(0, 0, 0, 10)
