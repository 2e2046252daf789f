"""Whose turn it is: replies, silences, overlaps, waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.acoustics import measure
from pipeline.domain import (
    CallHold,
    CallMetrics,
    LineSound,
    Overlap,
    Role,
    Segment,
    SoundKind,
    Transcript,
    Word,
)
from tests.builders import a_dialogue

AGENT, CUSTOMER, NOBODY = Role.AGENT, Role.CUSTOMER, Role.UNKNOWN


def measured(*lines: str) -> CallMetrics:
    return measure(a_dialogue(*lines))


@pytest.mark.parametrize(
    ("left_by", "lines"),
    [
        # a question waits for the other side
        (AGENT, ("客户: 手续费是多少？", "+6 客服: 一共五十元。")),
        (CUSTOMER, ("客服: 您的合同号是多少？", "+6 客户: 七五零三。")),
        (AGENT, ("客户: 这个能退吗", "+6 客户: 您说句话呀。")),
        # so does a request
        (CUSTOMER, ("客服: 请您报一下合同号。", "+6 客户: 七五零三。")),
        # who announces a wait leaves it, whatever he asks besides
        (AGENT, ("客服: 我帮您查一下，请稍等好吗？", "+6 客户: 查到了吗？")),
        (AGENT, ("客服: 请您稍等。", "客户: 好的。", "+9 客服: 让您久等了。")),
        (CUSTOMER, ("客户: 我去找一下合同。", "+9 客服: 找到了吗？")),
        # who asks whether the other is still there has waited for him
        (AGENT, ("客服: 您的年费是一百元。", "+6 客户: 喂，还在吗？")),
        (CUSTOMER, ("客服: 您的年费是一百元。", "+6 客服: 喂，您好，听得到吗？")),
        # a customer who has spoken waits for the agent
        (AGENT, ("客户: 我要投诉。", "+6 客服: 领导不在。")),
        # a listener's 嗯 takes no turn
        (
            AGENT,
            ("客服: 您的年费是一百元。", "客户: 嗯。", "客服: 从三月起收。", "+6 客服: 好了。"),
        ),
        # not to be told: the agent may have waited, or the customer thought it over
        (NOBODY, ("客服: 需要两年的交易经验。", "+6 客户: 好的，我记一下。")),
        (NOBODY, ("客户: 我的卡丢了。", "+6 客户: 在商场丢的。")),
        (NOBODY, ("客户: 喂。", "+6 未知: 您好。")),
    ],
)
def test_a_silence_is_left_by_the_one_whose_turn_it_was(
    left_by: Role, lines: tuple[str, ...]
) -> None:
    (silence,) = measured(*lines).silences
    assert silence.left_by is left_by


def test_silence_at_the_edges_is_nobodys() -> None:
    call = replace(a_dialogue("+4 客服: 您好，请问有什么可以帮您？"), duration=20.0)
    assert [s.left_by for s in measure(call).silences] == [NOBODY, NOBODY]


def test_silence_left_is_added_up_by_side() -> None:
    found = measured("客户: 多少钱？", "+6 客服: 五十元。", "客户: 为什么？", "+4 客服: 系统扣的。")
    assert found.agent is not None
    assert found.customer is not None
    assert found.agent.silence_left == pytest.approx(10)
    assert found.customer.silence_left == 0


def test_replies_are_how_long_one_side_lets_the_other_wait() -> None:
    found = measured(
        "客服: 您好，请讲。", "+1 客户: 年费是多少？", "+3 客服: 一百元。", "客户: 嗯。",
        "客服: 从三月起收。", "+2 客户: 可以减免吗？", "+7 客服: 不可以。",
    )  # fmt: skip
    assert found.agent is not None
    assert found.customer is not None
    assert (found.agent.reply_median, found.agent.reply_longest) == (5.0, 7.0)
    assert (found.customer.reply_median, found.customer.reply_longest) == (1.5, 2.0)


def test_the_answer_to_a_question_is_a_reply_though_it_is_only_a_yes() -> None:
    found = measured("客服: 是您本人吗？", "+3 客户: 是的。", "客服: 请讲。")
    assert found.customer is not None
    assert found.customer.reply_median == 3.0


def one_overlap(*lines: str) -> Overlap:
    (overlap,) = measured(*lines).overlaps
    return overlap


def test_who_is_broken_in_upon_and_stops_unfinished_gives_way() -> None:
    overlap = one_overlap("客户: 我上个月就反映过了但是", "-0.6 客服: 您先听我把话说完。")
    assert (overlap.by, overlap.over, overlap.yields, overlap.backchannel) == (1, 0, 0, False)


def test_who_breaks_in_and_is_talked_down_gives_way() -> None:
    overlap = one_overlap("客服: 这款产品的封闭期是一百八十天。", "-3 客户: 可是因为")
    assert overlap.yields == 1


def test_a_finished_sentence_gives_no_way() -> None:
    """Two turns that touch: the end of the one was foreseen."""
    assert one_overlap("客户: 我要挂失。", "-0.4 客服: 好的，请问您的卡号。").yields is None


def test_who_goes_on_for_more_than_a_second_gives_no_way() -> None:
    overlap = one_overlap("客户: 我上个月就反映过这个问题了但是", "-2 客服: 您先听我把话说完好吗。")
    assert overlap.yields is None


def test_a_listeners_hum_breaks_in_on_nobody() -> None:
    found = measured("客户: 我上个月就反映过这个问题了到现在。", "-2 客服: 嗯嗯，好的。")
    (overlap,) = found.overlaps
    assert overlap.backchannel
    assert found.agent is not None
    assert found.agent.breaks_in == 0


def test_breaking_in_and_giving_way_are_counted_by_side() -> None:
    found = measured(
        "客户: 我上个月就反映过了但是", "-0.6 客服: 您先听我把话说完。",
        "客户: 你们这个利息算得不对吧因为", "-0.8 客服: 系统算出来的不会错的。",
    )  # fmt: skip
    assert found.agent is not None
    assert found.customer is not None
    assert (found.agent.breaks_in, found.agent.gives_way) == (2, 0)
    assert (found.customer.breaks_in, found.customer.gives_way) == (0, 2)


def test_a_hold_is_announced_or_thanked_for() -> None:
    found = measured(
        "客服: 我帮您查询一下，请稍等。", "+12 客服: 让您久等了，查到了。",
        "客户: 是多少？", "+8 客服: 不好意思让您久等了。", "客户: 好。", "+9 客服: 您好。",
    )  # fmt: skip
    assert [(round(h.duration), h.announced, h.thanked) for h in found.holds] == [
        (12, True, True),
        (8, False, True),
    ]


def test_a_short_or_an_unannounced_wait_is_no_hold() -> None:
    assert measured("客服: 请稍等。", "+4 客服: 查到了。").holds == ()
    assert measured("客户: 是多少？", "+9 客服: 五十元。").holds == ()


def test_music_is_a_hold_though_it_is_no_silence() -> None:
    call = a_dialogue("客户: 是多少？", "+1.5 客服: 五十元。", "+12 客户: 好的，再见。")
    (start, end) = (call.segments[1].end or 0.0) + 2, (call.segments[2].start or 0.0) - 3
    music = LineSound(SoundKind.MUSIC, start, end, 0, 0.9)
    found = measure(replace(call, sounds=(music,)))
    assert [(round(h.duration), h.announced, h.thanked) for h in found.holds] == [
        (12, False, False)
    ]
    assert [round(s.duration, 1) for s in found.silences] == [1.5, 2.0, 3.0]
    assert measure(call).holds == ()


def test_whose_turn_it_was_is_told_by_who_speaks_next_though_music_plays_first() -> None:
    call = a_dialogue("客户: 年费是多少？", "+9 客服: 一百元。")
    music = LineSound(SoundKind.MUSIC, 4.0, 9.0, 0, 0.9)
    silences = measure(replace(call, sounds=(music,))).silences
    assert [s.left_by for s in silences] == [AGENT, AGENT]


def test_a_customer_who_asks_in_between_does_not_end_the_thanks() -> None:
    found = measured("客户: 是多少？", "+9 客户: 喂？", "客服: 感谢您的耐心等待。")
    assert found.holds == (CallHold(*_edges(found), announced=False, thanked=True),)


def _edges(found: CallMetrics) -> tuple[float, float]:
    (silence,) = found.silences
    return silence.start, silence.end


def test_unknown_speakers_have_no_sides() -> None:
    call = replace(a_dialogue("客服: 您好。", "客户: 你好。"), capabilities=frozenset({"times"}))
    found = measure(call)
    assert (found.agent, found.customer, found.tones) == (None, None, ())


def test_what_one_channel_cannot_carry_is_not_measured_of_a_side() -> None:
    call = a_dialogue("客服: 您好，请讲。", "客户: 我的卡丢了。")
    mono = replace(call, capabilities=frozenset({"times", "roles"}))
    side = measure(mono).agent
    assert side is not None
    assert side.talk > 0
    assert (side.breaks_in, side.gives_way, side.loudness, side.compared) == (None,) * 4


def test_articulation_leaves_the_pauses_between_words_out() -> None:
    words = tuple(
        Word(char, start, start + 0.2, 0.9)
        for char, start in zip(
            "您好请讲您的卡号", (0, 0.2, 0.4, 0.6, 1.8, 2.0, 2.2, 2.4), strict=True
        )
    )
    segment = Segment(AGENT, "您好请讲您的卡号", 0.0, 2.6, words=words)
    call = Transcript(
        a_dialogue("客服: 好").info, (segment,), 2.6, capabilities=frozenset({"roles"})
    )
    side = measure(call).agent
    assert side is not None
    assert side.articulation == pytest.approx(300)
    assert (side.pauses, side.longest_pause) == (1, 1.0)
    assert measure(call).agent_rate == pytest.approx(8 * 60 / 2.6)
