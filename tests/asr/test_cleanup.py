from __future__ import annotations

import pytest

from pipeline.asr.cleanup import Heard, clean
from pipeline.domain import Word


def heard(text: str, *, nothing_said: bool = False) -> Heard:
    """Two characters a word, half a second each."""
    pieces = [text[i : i + 2] for i in range(0, len(text), 2)]
    words = (Word(piece, n * 0.5, n * 0.5 + 0.4, 0.9) for n, piece in enumerate(pieces))
    return Heard(tuple(words), nothing_said)


def cleaned(text: str, prompt: str | None = None) -> tuple[str, list[str]]:
    words, removed = clean([heard(text)], 0, prompt)
    said = "".join(word.text for word in words)
    return said.removesuffix("，"), [item.reason for item in removed]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("您好,這裡是東方銀行", "您好，这里是东方银行"),
        ("請問您要辦理什麼業務?", "请问您要办理什么业务？"),
        ("您好 這裡是 客服中心", "您好，这里是，客服中心"),
        ("年化收益5.8%,期限180天.", "年化收益5.8%，期限180天。"),
        ("金額1,200元", "金额1,200元"),
        ("我要查 APP 的 VIP code 吗", "我要查APP的VIP code吗"),
    ],
)
def test_script_is_simplified_and_marks_are_full_width(raw: str, text: str) -> None:
    assert cleaned(raw) == (text, [])


@pytest.mark.parametrize(
    ("raw", "text", "reason"),
    [
        ("好的再见。字幕由志愿者提供", "好的再见。", "caption"),
        ("請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目", "", "caption"),
        ("谢谢大家的观看", "", "caption"),
        ("中文字幕志愿者 李宗盛", "", "caption"),
        ("再见见见见见见见见见", "再见", "loop"),
        ("好的我知道了好的我知道了好的我知道了", "好的我知道了", "loop"),
    ],
)
def test_inventions_are_removed_and_counted(raw: str, text: str, reason: str) -> None:
    words, reasons = cleaned(raw)
    assert words == text
    assert reason in reasons


@pytest.mark.parametrize(
    "said",
    [
        "对对对对，好的好的好的",
        "卡号是6222888888888888",
        "嗯嗯嗯，您说您说",
        "谢谢您的来电，感谢您的耐心等待",
        "您的订阅服务已经取消",
        "请转发给客户经理",
    ],
)
def test_what_people_say_stays(said: str) -> None:
    assert cleaned(said) == (said, [])


def test_a_phrase_that_whisper_left_open_ends_with_a_comma() -> None:
    words, _ = clean([heard("通话会被录音"), heard("今天给您推荐。"), heard("收益16.")], 0)
    assert "".join(word.text for word in words) == "通话会被录音，今天给您推荐。收益16."


def test_a_prompt_that_was_printed_as_if_said_is_removed() -> None:
    text, reasons = cleaned("这是客服中心的电话录音。", prompt="这是客服中心的电话录音。")
    assert text.strip("。") == ""
    assert reasons == ["prompt"]


def test_what_whisper_itself_calls_no_speech_is_removed_with_its_time() -> None:
    words, removed = clean([heard("我以为你", nothing_said=True), heard("你好")], 1)
    assert "".join(word.text for word in words) == "你好，"
    assert [(r.reason, r.start, r.channel, r.characters) for r in removed] == [
        ("no_speech", 0.0, 1, 4)
    ]
