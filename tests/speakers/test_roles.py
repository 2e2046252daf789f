from __future__ import annotations

import pytest

from pipeline.domain import CallInfo, Role, Segment
from pipeline.speakers import SURE, find_roles, named

GREETING = "您好，这里是东方银行客服中心，工号1024，请问有什么可以帮您？"
OPENING = (
    (0, GREETING),
    (1, "你好，我想问一下我的卡怎么被锁了"),
    (0, "麻烦您提供一下身份证后四位，我帮您查一下"),
    (1, "你们银行怎么回事，三六二八"),
)


def turns(*texts: tuple[int, str]) -> list[Segment]:
    return [
        Segment(Role.UNKNOWN, text, n, n + 1, channel=side) for n, (side, text) in enumerate(texts)
    ]


def voices(*texts: tuple[int, str]) -> list[Segment]:
    return [
        Segment(Role.UNKNOWN, text, n, n + 1, channel=0, speaker=side)
        for n, (side, text) in enumerate(texts)
    ]


def flipped(*texts: tuple[int, str]) -> list[tuple[int, str]]:
    return [(1 - side, text) for side, text in texts]


def test_the_metadata_decide_where_the_talk_says_nothing() -> None:
    basis = find_roles(CallInfo("c", agent_channel=1), turns((0, "嗯"), (1, "对")))
    assert (basis.agent, basis.customer, basis.source) == (1, 0, "metadata")
    assert basis.confidence == pytest.approx(0.97, abs=0.01)


def test_metadata_and_talk_together_are_surer_than_either() -> None:
    alone = find_roles(CallInfo("c"), turns(*OPENING[:2]))
    both = find_roles(CallInfo("c", agent_channel=0), turns(*OPENING[:2]))
    assert (alone.source, both.source) == ("talk", "both")
    assert both.confidence >= alone.confidence > SURE


@pytest.mark.parametrize("side", [0, 1])
def test_without_metadata_the_side_that_speaks_like_an_agent_is_the_agent(side: int) -> None:
    spoken = turns(*(OPENING if side == 0 else flipped(*OPENING)))
    basis = find_roles(CallInfo("c"), spoken)
    assert (basis.agent, basis.customer) == (side, 1 - side)
    assert [s.role for s in named(spoken, basis)] == [Role.AGENT, Role.CUSTOMER] * 2


def test_what_was_said_is_kept_as_evidence_with_its_place() -> None:
    basis = find_roles(CallInfo("c"), turns(*OPENING))
    cues = {cue.name: (cue.side, cue.segment, cue.log_odds > 0) for cue in basis.cues}
    assert cues["staff_number"] == (0, 0, True)
    assert cues["verifies"] == (0, 2, True)
    assert cues["you_people"] == (1, 3, False)


def test_when_it_cannot_be_told_nobody_is_named() -> None:
    spoken = turns((0, "喂"), (1, "你好"))
    basis = find_roles(CallInfo("c"), spoken)
    assert (basis.agent, basis.customer) == (None, None)
    assert basis.confidence < SURE
    assert {turn.role for turn in named(spoken, basis)} == {Role.UNKNOWN}


def test_nobody_speaks_nobody_is_named() -> None:
    assert find_roles(CallInfo("c", agent_channel=0), []).agent is None


def test_metadata_that_the_talk_clearly_contradicts_are_noticed_and_not_followed() -> None:
    basis = find_roles(CallInfo("c", agent_channel=1), turns(*OPENING))
    assert basis.contradicted
    assert basis.agent != 1


def test_metadata_that_the_talk_doubts_leave_nobody_named() -> None:
    spoken = turns((0, "请您稍等"), (1, "那个嗯"))
    basis = find_roles(CallInfo("c", agent_channel=1), spoken)
    assert (basis.agent, basis.contradicted) == (None, True)


def test_one_side_alone_is_known_by_its_own_words() -> None:
    agent = find_roles(CallInfo("c"), turns((1, GREETING), (1, "请您稍等，帮您转接")))
    customer = find_roles(CallInfo("c"), turns((0, "你们银行怎么回事"), (0, "我要投诉，我的卡呢")))
    assert (agent.agent, agent.customer) == (1, None)
    assert (customer.agent, customer.customer) == (None, 0)


LATER = (
    (0, "好的，我帮您登记了，请您稍等"),
    (1, "你们能不能快点，我想取钱"),
    (0, "非常抱歉给您带来不便，系统显示已经为您处理"),
    (1, "那你帮我看看我的卡好了没有"),
    (0, "还有其他问题可以帮您吗？祝您生活愉快"),
)


def test_channels_that_change_places_in_the_middle_are_found_and_put_right() -> None:
    spoken = turns(*OPENING, *flipped(*LATER))
    basis = find_roles(CallInfo("c", agent_channel=0), spoken)
    assert basis.swapped_from == 4
    roles = [s.role for s in named(spoken, basis)]
    assert roles == [Role.AGENT, Role.CUSTOMER] * 4 + [Role.AGENT]


def test_channels_that_stay_are_not_called_swapped() -> None:
    assert find_roles(CallInfo("c"), turns(*OPENING, *LATER)).swapped_from is None


def test_voices_of_a_mono_call_are_named_and_the_metadatas_channel_says_nothing_of_them() -> None:
    spoken = voices(*flipped(*OPENING))
    basis = find_roles(CallInfo("c", agent_channel=0), spoken)
    assert (basis.agent, basis.customer, basis.source) == (1, 0, "talk")
    assert not basis.contradicted


def test_of_three_voices_the_third_is_nobody() -> None:
    spoken = voices(*OPENING, (2, "我是主管"))
    assert [s.role for s in named(spoken, find_roles(CallInfo("c"), spoken))][-1] is Role.UNKNOWN


@pytest.mark.parametrize(
    ("agent", "customer"),
    [
        ("thank you for calling, how can I help you", "hi, I need to check my account"),
        ("这里是平和保险，公号三三六五", "我要报案，你们怎么赔"),  # 工号, as recognisers write it
    ],
)
def test_english_and_misheard_openings_are_known(agent: str, customer: str) -> None:
    assert find_roles(CallInfo("c"), turns((0, customer), (1, agent))).agent == 1
