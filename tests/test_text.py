"""Digits said in Chinese, and where they stand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text as module
from pipeline.text import (
    cells,
    digits_view,
    may_answer,
    may_hold_digits,
    may_reach,
    quotable,
    spoken_length,
    trim_separators,
)


def _digits(text: str) -> list[str]:
    return [run.digits for run in digits_view(text).runs]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("幺三八零零幺三八零零零", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("138 0013-8000", "13800138000"),
        ("幺三八，嗯，零零幺三，那个，八零零零", "13800138000"),
        ("妖三八零零腰三八零零零", "13800138000"),
        ("一三八，五七幺九，四零二妖", "13857194026"[:10] + "1"),
        ("四八两九幺三", "482913"),
        ("三四零二零三一九三七零幺零幺零五幺X", "34020319370101051X"),
        ("三四零二零三一九三七零幺零幺零五幺艾克斯", "34020319370101051X"),
        ("三四零二零三一九三七零幺零幺零五幺，叉", "34020319370101051X"),
        ("壹贰叁肆", "1234"),
    ],
)
def test_digits_said_one_by_one_are_a_run(text: str, digits: str) -> None:
    assert _digits(text) == [digits]


@pytest.mark.parametrize(
    "text",
    [
        "三千五百",
        "三万六千八百块",
        "六十八万四千三百元四角",
        "一百零五天",
        "二零二六年十一月二十五号",
        "2026-11-25",
        "百分之三点二五",
        "万分之二点五",
        "五点八",
        "三点一四一五九二六",
        "12,650.50元",
        "¥12,650",
        "8326.40",
        "3.25%",
        "180天",
        "50000元",
        "五零零零块",
        "三七分成",
        "我要一下",
        "不要，不要，要",
    ],
)
def test_numbers_that_count_something_are_no_run(text: str) -> None:
    assert _digits(text) == []


def test_a_homophone_alone_is_a_word() -> None:
    assert _digits("我要三份，腰疼，要八九天") == []


def test_a_guessed_digit_at_the_edge_may_be_left_out() -> None:
    (run,) = digits_view("我要幺三八零零幺三八零零零一下").runs
    assert [run.digits[slice(*part)] for part in run.slices(11, 11)] == ["13800138000"]


def test_an_amount_ends_a_run() -> None:
    assert _digits("转三千幺三八零零幺三八零零零") == ["13800138000"]


def test_every_digit_knows_its_place() -> None:
    text = "身份证三三零，嗯，一零六。"
    (run,) = digits_view(text).runs
    assert [text[at] for at in run.positions] == list("三三零一零六")
    assert (text[run.start_char : run.end_char], run.breaks) == ("三三零，嗯，一零六", (3,))
    assert run.span(3, 6) == (9, 12)


def test_digits_said_one_at_a_time_are_one_group() -> None:
    (run,) = digits_view("1 3 8 0 0 1 3 8 0 0 0").runs
    assert run.breaks == ()


def test_the_flat_text_maps_back() -> None:
    text = "密码是四八二，九一三谢谢"
    flat, offsets = digits_view(text).flat()
    assert flat == "密码是482913谢谢"
    assert [text[at] for at in offsets] == list("密码是四八二九一三谢谢")


@given(st.text(st.sampled_from("零一二三幺要两138 ，。-x点十万号年是艾克斯"), max_size=60))
def test_offsets_always_fit(text: str) -> None:
    view = digits_view(text)
    flat, offsets = view.flat()
    assert len(flat) == len(offsets)
    assert list(offsets) == sorted(set(offsets))
    for run in view.runs:
        assert len(run.digits) == len(run.positions) >= 3
        assert run.start_char == run.positions[0]
        assert run.positions[-1] < run.end_char <= len(text)


@given(st.text(st.sampled_from("零一二三幺要两138 ，。-x点十是就双个八"), max_size=40))
def test_what_cheap_tests_rule_out_is_not_there(text: str) -> None:
    view, asked = digits_view(text), digits_view(text, asked=True)
    assert bool(view.runs or asked.runs or may_answer(text)) <= may_hold_digits(text)
    assert all(may_reach(text, len(run)) for run in (*view.runs, *asked.runs))


@given(st.text(st.sampled_from("零一二三幺要两洞138，嗯个双三八十x就是"), max_size=24))
def test_stretches_are_those_of_three_digits(text: str) -> None:
    """The expression leaves out at once what is too short to be a run."""
    said, often = module._SAID, module._OFTEN
    clean = module._REPEATED.sub(module._said_often, text)
    every = re.finditer(rf"[{said}](?:{module._SEPARATOR}[{said}])*", clean)
    marks = [(each.span(), re.findall(f"[{said}]", each[0])) for each in every]
    long = [span for span, digits in marks if len(digits) >= 3 or any(d in often for d in digits)]
    assert [each.span() for each in module._STRETCH.finditer(clean)] == long


def test_cells_are_the_characters_that_carry_a_number() -> None:
    text = "幺3，嗯艾克斯，艾特a"
    found = [(text[start:end], plain) for start, end, plain in cells(text, 0, len(text))]
    assert found == [("幺", "1"), ("3", "3"), ("艾克斯", "X"), ("艾特", "@"), ("a", "a")]


def test_trim_separators() -> None:
    assert trim_separators("嗯，幺三。", 0, 5) == (2, 4)
    assert trim_separators("，。", 0, 2)[0] == 2


@pytest.mark.parametrize(
    ("text", "length"), [("您好，Zoe 12！", 7), ("", 0), ("，。！ _", 0), ("ＡＢ１", 3)]
)
def test_spoken_length_counts_what_is_said(text: str, length: int) -> None:
    assert spoken_length(text) == length


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800138000", "***********"),
        ("幺三八零零幺三八零零零", "***********"),
        ("boss", "boss"),
        (1024, "1024"),
        ("x" * 99, "x" * 40),
    ],
)
def test_what_an_error_may_quote(value: object, shown: str) -> None:
    assert quotable(value) == shown
