"""What people type, and which texts answer it."""

from __future__ import annotations

import pytest

from pipeline.search import LONGEST, BadQuery, parse
from pipeline.search.words import cut, fold, places, terms


def marks(typed: str, text: str, *, sound: bool = False) -> list[str] | None:
    spans = parse(typed, sound=sound).answer(text)
    return None if spans is None else [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("保本", "这款产品保本吗?", ["保本"]),
        ("保本 收益", "收益高，也保本。", ["收益", "保本"]),
        ("保本 收益", "也保本。", None),
        ('"保本收益"', "保本，收益高。", ["保本，收益"]),
        ('"保本收益"', "收益保本。", None),
        ("“您好请问”", "您好, 请问您贵姓？", ["您好, 请问"]),
        ("保本 -收益", "保本。", ["保本"]),
        ("保本 -收益", "保本收益。", None),
        ('保本 -"高收益"', "保本，收益高。", ["保本"]),
        ("－收益　保本", "保本。", ["保本"]),
        ("APP", "请打开ａｐｐ和App。", ["ａｐｐ", "App"]),
        ("１２３４", "卡号是6222****1234。", ["1234"]),
        ("6222****", "卡号是6222****1234。", ["6222****"]),
        ("吗", "保本吗？", ["吗"]),
        ("保证收益", "收益我们是保证的。", ["收益", "保证"]),
        ("不保本", "不保本。", ["不保本"]),
        ("不保本", "不，保证本金。", None),
        ("嗯", "嗯嗯嗯", ["嗯嗯嗯"]),
    ],
)
def test_what_answers(typed: str, text: str, expected: list[str] | None) -> None:
    assert marks(typed, text) == expected


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("工号", "我的公号是1024。", ["公号"]),
        ("工号", "我的工号是1024。", ["工号"]),
        ("录音", "本次通话会被露印。", ["露印"]),
        ("老师", "那是老司机。", ["老司"]),
        ("工号 -客服", "公号，课服。", None),
        ("1024", "我的公号是1024。", ["1024"]),
        ("银行", "这里是某某银航。", ["银航"]),
        ("工号", "请问您贵姓。", None),
    ],
)
def test_what_sounds_alike(typed: str, text: str, expected: list[str] | None) -> None:
    assert marks(typed, text, sound=True) == expected


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ('""', "letters"),
        ("，。！", "letters"),
        ("-保本", "excluded"),
        ('"保本', "quote"),
        ("保" * (LONGEST + 1), "long"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(typed: str, why: str) -> None:
    with pytest.raises(BadQuery) as error:
        parse(typed)
    assert error.value.why == why
    assert str(error.value)


def test_words_are_cut_where_no_space_is() -> None:
    assert list(cut("保证收益吗")) == ["保证", "收益", "吗"]
    assert list(cut("没有风险")) == ["没有", "风险"]
    assert list(cut("不承诺")) == ["不承诺"], "a denial stays with what it denies"
    assert "".join(cut("公号是多少app")) == "公号是多少app", "nothing is lost"


def test_folding_keeps_what_is_said_and_where() -> None:
    text = "您好， ＡＢＣ：６２２２****１２３４！"
    assert fold(text) == "您好abc6222****1234"
    assert [text[at] for at in places(text)] == list("您好ＡＢＣ６２２２****１２３４")
    assert terms(fold("，。")) == ""


def test_terms_of_the_index_hold_every_answer() -> None:
    """A text that answers a query holds its terms: else the index would hide it."""
    text = "您好，这里是某某银行，APP里能看到3.5%的收益。"
    held = set(terms(fold(text)).split())
    for typed in ("银行", '"这里是某某"', "app", "3.5%", "收益 银行", "您", "看到3"):
        for sound in (False, True):
            query = parse(typed, sound=sound)
            assert query.answer(text) is not None
            wanted, beginnings = query.index_terms()
            assert all(
                any(one.startswith(term) for one in held) if beginnings else term in held
                for term in wanted
            ), (typed, sound)
