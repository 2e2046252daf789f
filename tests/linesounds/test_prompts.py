"""Announcements are told from what people say."""

from __future__ import annotations

import pytest

from pipeline.domain import LineSound, Role, Segment, SoundKind, Word
from pipeline.linesounds import Announced, announcements

AGENT, OTHER = 0, 1
RING = LineSound(SoundKind.RINGBACK, 6.0, 12.0, AGENT, 0.95)


def said(start: float, text: str, channel: int = AGENT) -> Segment:
    words = tuple(
        Word(character, start + 0.2 * n, start + 0.2 * (n + 1), 0.9)
        for n, character in enumerate(text)
    )
    return Segment(Role.UNKNOWN, text, start, start + 0.2 * len(text), 0.9, words, channel)


def texts(found: Announced) -> list[str]:
    return [turn.text for turn in found.spoken]


@pytest.mark.parametrize(
    "text",
    [
        "您好，您拨打的电话正在通话中，请稍后再拨。",
        "对不起，您拨打的用户暂时无法接通。",
        "您波打的电话暂时无人接听，请稍后再播。",  # as a recogniser writes it
        "您拨打的号码是空号，请查证后再拨。",
        "the number you have dialed is power off",
        "您好，请在提示音后留言，录音完成后请挂机。",
        "普通话请按1，英文服务请按2。",
        "个人业务请按一，信用卡业务请按二，人工服务请按零。",
        "您的输入有误，请重新输入，以井号键结束。",
        "请对本次服务进行评价，非常满意请按一，满意请按二。",
    ],
)
def test_what_only_machines_say_is_an_announcement(text: str) -> None:
    found = announcements([said(60, text)], [])
    assert texts(found) == []
    assert [prompt.kind for prompt in found.prompts] == [SoundKind.PROMPT]


@pytest.mark.parametrize(
    "text",
    [
        "您好，欢迎致电东方银行，工号一零二四，很高兴为您服务。",
        "您好，欢迎致电东方银行，本次通话会被录音，请问有什么可以帮您？",
        "为了保证服务质量，本次通话将被录音。",
        "请您不要挂机，我帮您查一下。",
        "您稍后会听到语音提示，请输入六位密码，以井号键结束。",
        "您打九五五八八，转人工请按零就可以了。",
        "上午打您电话无人接听。",
        "感谢您的耐心等待。",
        "正在为您转接，请不要挂机。",
    ],
)
@pytest.mark.parametrize("start", [1.0, 200.0])
def test_what_agents_say_stays_theirs(text: str, start: float) -> None:
    turns = [said(start, text), said(start + 20, "我想问一下。", OTHER)]
    assert announcements(turns, []) == Announced(tuple(turns))


def test_a_greeting_before_the_agents_own_greeting_is_a_machine() -> None:
    turns = [
        said(1, "欢迎致电东方银行，您的通话可能会被录音。"),
        said(12, "您好，工号一零二四，请问有什么可以帮您？"),
        said(20, "我的卡丢了。", OTHER),
    ]
    found = announcements(turns, [])
    assert texts(found) == [turns[1].text, turns[2].text]
    assert found.recorded
    assert not found.unreached


def test_a_tone_beside_it_makes_a_notice_an_announcement() -> None:
    notice = said(1, "欢迎致电东方银行，本次通话将被录音。")
    assert announcements([notice], [RING]).recorded
    assert not announcements([notice], []).recorded


def test_parts_between_pauses_are_one_announcement() -> None:
    turns = [
        said(1, "您好，欢迎致电东方银行，"),
        said(4.5, "为了保证服务质量，您的通话可能会被录音，"),
        said(10, "普通话请按一，英文服务请按二。"),
    ]
    found = announcements(turns, [])
    assert texts(found) == []
    assert [(p.start, round(p.end, 1)) for p in found.prompts] == [(1, 13.0)]
    assert found.recorded


def test_a_person_who_goes_on_in_the_same_breath_keeps_the_words() -> None:
    found = announcements([said(60, "转人工请按零，重听请按九。您好，工号八零六，请讲。")], [])
    assert texts(found) == ["您好，工号八零六，请讲。"]
    assert found.spoken[0].start == pytest.approx(60 + 0.2 * 13)


def test_a_number_that_a_machine_reads_back_stays_to_be_masked() -> None:
    turn = said(60, "您输入的卡号是六二二八四八零四零二，确认请按一，重输请按二。")
    assert texts(announcements([turn], [])) == [turn.text]
    hotline = said(1, "欢迎致电九五五八八，普通话请按一，英文请按二。")
    assert texts(announcements([hotline], [])) == []


def test_nobody_was_reached() -> None:
    found = announcements([said(3, "您拨打的用户已关机。", OTHER)], [])
    assert found.unreached
    assert found.prompts[0].channel == OTHER


def test_chat_like_turns_without_times_do_no_harm() -> None:
    turn = Segment(Role.UNKNOWN, "您好")
    assert announcements([turn], []).spoken == (turn,)
