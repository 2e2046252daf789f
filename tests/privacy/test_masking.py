"""Masking keeps the length of texts and words, and is the last line of defence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain import (
    CallInfo,
    DataClass,
    EngineInfo,
    MaskedTranscript,
    PrivateSpan,
    Role,
    Segment,
    Transcript,
    Word,
)
from pipeline.privacy import find_private, mask, stand_in
from tests.builders import a_dialogue


def _mask(*turns: str) -> MaskedTranscript:
    transcript = a_dialogue(*turns)
    return mask(transcript, find_private(transcript))


def _with_words(*texts: str, text: str | None = None) -> Transcript:
    words = tuple(Word(each, i * 0.5, i * 0.5 + 0.4, 0.9) for i, each in enumerate(texts))
    segment = Segment(Role.CUSTOMER, text or "".join(texts), 0.0, 9.0, words=words)
    return Transcript(CallInfo("c"), (segment,))


PHONE = ("您的手机号码是？", "幺三八", "零零幺三", "八零零零")
ID_CARD = ("身份证号报一下。", "三三零一零六", "一九八五零七一二", "四零一八")
CARD = ("卡号多少？", "六二二二零二一二", "零零零零一一二二", "三三七")


@pytest.mark.parametrize(
    ("told", "echo", "at_once"),
    [
        (PHONE, "嗯，零零幺三，您继续", True),
        (PHONE, "幺三八零零幺三，对吧", True),
        (ID_CARD, "一九八五零七一二", True),
        (ID_CARD, "四零一八，好的", False),
        (CARD, "零零零零一一二二", True),
    ],
)
def test_a_part_that_is_read_back_is_hidden_whole(
    told: tuple[str, ...], echo: str, at_once: bool
) -> None:
    """What a whole number keeps at its ends would be the hidden middle here."""
    asked, first, second, last = told
    between, after = (echo, "嗯") if at_once else ("嗯", echo)
    turns = (f"坐席: {asked}", f"客户: {first}", "坐席: 嗯", f"客户: {second}")
    heard = _mask(*turns, f"坐席: {between}", f"客户: {last}", f"坐席: {after}")
    assert not set(heard.quote(4) + heard.quote(6)) & set("零幺一二三四五六七八九")


def test_what_a_mask_keeps_may_be_read_back_and_a_year_is_no_part() -> None:
    told = ["坐席: 您的手机号码是？", "客户: 幺三八", "坐席: 嗯", "客户: 二零零七八零零零"]
    assert _mask(*told, "坐席: 八零零零，好的").quote(4) == "八零零零，好的"
    asked = "坐席: 您是二零零七年来的杭州？"
    assert _mask(*told, asked).quote(4) == asked[4:]


def test_words_are_cut_at_the_same_positions() -> None:
    transcript = _with_words("我是", "幺三八五", "七幺九，", "四零二六。")
    (segment,) = mask(transcript, find_private(transcript)).segments
    assert [word.text for word in segment.words] == ["我是", "幺三八*", "***，", "四零二六。"]
    assert [word.start for word in segment.words] == [0.0, 0.5, 1.0, 1.5]


def test_words_that_do_not_spell_the_text_are_left_out() -> None:
    """They cannot be cut safely, and raw words would leak."""
    transcript = _with_words("幺三八五七", "幺九四零二六", text="幺三八五七幺九四零二六。")
    (segment,) = mask(transcript, find_private(transcript)).segments
    assert segment.words == ()
    assert segment.text == "幺三八****四零二六。"


def test_untouched_segments_are_the_same_objects() -> None:
    transcript = a_dialogue("坐席: 您好。", "客户: 你好。")
    masked = mask(transcript, ())
    assert masked.segments[0] is transcript.segments[0]
    assert masked.info == transcript.info


def test_long_runs_that_nobody_claimed_are_masked() -> None:
    assert _mask("客户: 七零零零一二三四五六七八九零幺二三").quote(0) == "*" * 17


@pytest.mark.parametrize(
    ("text", "written", "heard"),
    [
        ("正见号码13990143150", "正见号码13990143150", "正见号码" + "*" * 11),
        ("保单号是13990143150", "保单号是13990143150", "保单号是13990143150"),
        ("请拨4008895588", "请拨4008895588", "请拨4008895588"),
        ("额度是386400", "额度是386400", "额度是386400"),
    ],
)
def test_recognised_speech_hides_shorter_runs_because_labels_are_misheard(
    text: str, written: str, heard: str
) -> None:
    plain = a_dialogue(f"客户: {text}")
    recognised = replace(plain, engine=EngineInfo("faster-whisper", "base", "r1", "cpu"))
    assert mask(plain, ()).quote(0) == written
    assert mask(recognised, ()).quote(0) == heard


def test_long_numbers_with_a_look_alikes_label_stay() -> None:
    text = "保单号是七零零零一二三四五六七八九零幺二三"
    assert _mask(f"客户: {text}").quote(0) == text


def test_defence_works_without_any_span() -> None:
    transcript = a_dialogue("客户: 6222 0210 0100 1234 597")
    assert mask(transcript, ()).quote(0) == "**** **** **** **** ***"


def test_defence_covers_a_run_over_two_segments() -> None:
    transcript = a_dialogue("客户: 62220210", "客户: 01001234597")
    assert [segment.text for segment in mask(transcript, ()).segments] == ["*" * 8, "*" * 11]


def test_a_kind_without_a_detector_is_masked_whole() -> None:
    transcript = a_dialogue("客户: 我叫张建国。")
    span = PrivateSpan("nickname", 0, 2, 5, Role.CUSTOMER, DataClass.C2, True, 0.9, "Test")
    assert mask(transcript, [span]).quote(0) == "我叫***。"


@pytest.mark.parametrize(
    ("text", "masked", "read"),
    [
        ("我存了三万两千块", "我存了*万*千块", "我存了一万一千块"),
        ("我存了三十二万", "我存了***万", "我存了一一一万"),
        ("我存了12,345.67元", "我存了**,***.**元", "我存了11,111.11元"),
        ("我存了12000", "我存了*****", "我存了11111"),
        ("我转了3.2w", "我转了*.*w", "我转了1.1w"),
        ("我账上有百来块", "我账上有***", "我账上有一一一"),
    ],
)
def test_of_a_sum_places_and_unit_stay_and_it_reads_as_a_sum_again(
    text: str, masked: str, read: str
) -> None:
    transcript = a_dialogue(f"客户: {text}")
    spans = find_private(transcript)
    hidden = mask(transcript, spans)
    assert hidden.quote(0) == masked
    assert stand_in(hidden, spans, None, frozenset()).segments[0].text == read


def test_a_name_read_back_in_other_characters_behind_a_space_is_masked() -> None:
    texts = (
        "坐席: 请问您贵姓？",
        "客户: 我叫曹艳丽。",
        "坐席: A B 好的 曹艳立女士。",
        "坐席: 曹 艳立",
    )
    masked = [segment.text for segment in _mask(*texts).segments]
    assert masked[1:3] == ["我叫曹**。", "A B 好的 曹**女士。"]
    assert len(masked[3]) == len("曹 艳立")
