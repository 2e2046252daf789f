"""However a valid number is said, it is found, and its middle does not survive masking."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from pipeline.domain import CallInfo, Role, Segment, Transcript, Word
from pipeline.privacy import find_private, mask
from pipeline.privacy.detectors.hotlines import is_hotline
from tests.builders import a_dialogue

SPOKEN = {
    "0": "零〇0０",
    "1": "幺一1１",
    "2": "二2２",
    "3": "三3３",
    "4": "四4４",
    "5": "五5５",
    "6": "六6６",
    "7": "七7７",
    "8": "八8８",
    "9": "九9９",
}
SEPARATORS = ("，", "、", " ", "-", "，嗯，", "啊", "，那个，", "。", "\n")
BEFORE = ("", "是", "好的，", "嗯，", "你记一下，是", "对，")
AFTER = ("", "。", "，谢谢。", "，对吗？")


def _digits(size: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from("0123456789"), min_size=size, max_size=size)


phones = st.tuples(st.sampled_from("3456789"), _digits(9)).map(lambda parts: "1" + "".join(parts))
cards = st.tuples(st.sampled_from((13, 16)), _digits(16)).map(
    lambda parts: (body := "62" + parts[1][: parts[0]]) + luhn.calc_check_digit(body)
)


@st.composite
def ids(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(("110101", "330106", "440306", "510104")))
    born = draw(st.dates(date(1930, 1, 1), date(2015, 12, 31)))
    body = f"{region}{born:%Y%m%d}{draw(_digits(3))}"
    return body + str(ric.calc_check_digit(body + "0"))


@st.composite
def said(draw: st.DrawFn, number: str, *, misheard: bool = False) -> tuple[str, str]:
    """(text, number part): the number in groups, in one style or a mixture of styles."""
    style = draw(st.sampled_from(("spoken", "plain", "mixed")))
    cuts = set(draw(st.lists(st.integers(1, len(number) - 1), max_size=4)))
    separator = draw(st.sampled_from(SEPARATORS))
    part = ""
    for index, digit in enumerate(number):
        part += separator if index in cuts else ""
        forms = SPOKEN.get(digit, digit)
        if misheard and digit == "1" and style == "spoken" and not cuts:
            part += draw(st.sampled_from("妖腰要吆"))
        else:
            choice = {"spoken": forms[:1], "plain": forms[-2:][:1], "mixed": forms}[style]
            part += draw(st.sampled_from(choice))
    return draw(st.sampled_from(BEFORE)) + part + draw(st.sampled_from(AFTER)), part


def _transcript(text: str) -> Transcript:
    words = tuple(
        Word(text[at : at + 3], at / 5, at / 5 + 0.5, 0.9) for at in range(0, len(text), 3)
    )
    return Transcript(CallInfo("c"), (Segment(Role.CUSTOMER, text, 0.0, 9.0, words=words),))


def _assert_hidden(text: str, part: str, kind: str, visible: int) -> None:
    transcript = _transcript(text)
    spans = find_private(transcript)
    assert [(span.kind, span.valid) for span in spans] == [(kind, True)]
    span, at = spans[0], text.index(part)
    assert (span.start_char, span.end_char) == (at, at + len(part))
    (segment,) = mask(transcript, spans).segments
    assert len(segment.text) == len(text)
    assert "".join(word.text for word in segment.words) == segment.text
    said_digits = set("".join(SPOKEN.values()) + "Xx妖腰要吆")
    assert sum(char in said_digits for char in segment.text[at : at + len(part)]) == visible


@given(phones.flatmap(said))
def test_phones(case: tuple[str, str]) -> None:
    _assert_hidden(*case, kind="phone", visible=7)


@given(phones.flatmap(lambda number: said(number, misheard=True)))
def test_phones_with_misheard_ones(case: tuple[str, str]) -> None:
    _assert_hidden(*case, kind="phone", visible=7)


@given(ids().flatmap(said))
def test_ids(case: tuple[str, str]) -> None:
    _assert_hidden(*case, kind="id_card", visible=2)


@given(cards.flatmap(said))
def test_cards_after_their_label(case: tuple[str, str]) -> None:
    text, part = case
    _assert_hidden("卡号" + text, part, kind="bank_card", visible=10)


codes = st.integers(4, 8).flatmap(_digits).filter(lambda number: not is_hotline(number))


@given(codes.flatmap(said))
def test_codes_after_their_label(case: tuple[str, str]) -> None:
    text, part = case
    _assert_hidden("验证码" + text, part, kind="otp", visible=0)


@given(
    st.lists(
        st.text(
            st.sampled_from("零一二三四五六七八九幺要两138 ，。-x点十万号年是卡密码"), max_size=40
        )
    )
)
def test_any_text_keeps_its_length_and_valid_positions(texts: list[str]) -> None:
    segments = tuple(Segment(Role.CUSTOMER, text) for text in texts)
    transcript = Transcript(CallInfo("c"), segments)
    spans = find_private(transcript)
    for span in spans:
        assert 0 <= span.start_char < span.end_char <= len(texts[span.segment])
    for raw, masked in zip(segments, mask(transcript, spans).segments, strict=True):
        assert len(raw.text) == len(masked.text)
        assert all(new in (old, "*") for old, new in zip(raw.text, masked.text, strict=True))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "lines",
    [
        ["客户: " + "please contact me at the office with all the documents that we need " * 9],
        ["客户: " + "a" * 2000 + " @"],
        ["坐席: 幺三八零", "客户: " + "您说" * 200 + "哇", "坐席: 八零零零"],
        ["坐席: 幺三八零", "客户: " + "三个" * 200 + "哇", "坐席: 八零零零"],
        ["客户: 微信" + "a_" * 1000],
        ["客户: " + "一二三，不对，" * 300],
    ],
    ids=["English", "one word", "prompts", "repeated", "signs", "corrections"],
)
def test_a_text_with_many_readings_comes_to_an_end(lines: list[str]) -> None:
    transcript = a_dialogue(*lines)
    assert len(mask(transcript, find_private(transcript)).segments) == len(lines)
