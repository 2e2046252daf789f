from __future__ import annotations

from pipeline.domain import CallInfo, Role, Segment
from pipeline.speakers import channel_roles, named


def turns(*texts: tuple[int, str]) -> list[Segment]:
    return [
        Segment(Role.UNKNOWN, text, n, n + 1, channel=side) for n, (side, text) in enumerate(texts)
    ]


GREETING = "您好，这里是东方银行客服中心，工号1024，请问有什么可以帮您？"


def test_metadata_decides() -> None:
    roles = channel_roles(CallInfo("c", agent_channel=1), turns((0, GREETING), (1, "你好")))
    assert roles == {1: Role.AGENT, 0: Role.CUSTOMER}


def test_without_metadata_the_side_that_speaks_like_an_agent_is_the_agent() -> None:
    spoken = turns((0, "喂，我的卡丢了"), (1, GREETING))
    assert channel_roles(CallInfo("c"), spoken) == {1: Role.AGENT, 0: Role.CUSTOMER}
    assert [turn.role for turn in named(spoken, channel_roles(CallInfo("c"), spoken))] == [
        Role.CUSTOMER,
        Role.AGENT,
    ]


def test_when_it_cannot_be_told_nobody_is_named() -> None:
    spoken = turns((0, "喂"), (1, "你好"))
    assert channel_roles(CallInfo("c"), spoken) == {}
    assert {turn.role for turn in named(spoken, {})} == {Role.UNKNOWN}
