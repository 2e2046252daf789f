"""The one definition of a character error rate."""

from __future__ import annotations

import pytest

from pipeline.evaluation.cer import Errors, errors, read_out


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("您好，这里是东方银行。", "您好这里是东方银行", Errors(0, 0, 0, 9)),
        ("请您稍等", "请你稍", Errors(1, 1, 0, 4)),
        ("好", "好的好的", Errors(0, 0, 3, 1)),
        ("謝謝您的來電", "谢谢您的来电", Errors(0, 0, 0, 6)),
        ("一百八十元", "180元", Errors(0, 0, 0, 5)),
        ("幺三八零零", "13800", Errors(0, 0, 0, 5)),
        ("百分之五点八", "5.8%", Errors(0, 0, 0, 6)),
        ("APP登录", "app 登录", Errors(0, 0, 0, 5)),
        ("", "啊", Errors(0, 0, 1, 0)),
        ("", "", Errors(0, 0, 0, 0)),
    ],
)
def test_script_punctuation_case_and_the_reading_of_numbers_do_not_count(
    said: str, heard: str, expected: Errors
) -> None:
    assert errors(said, heard) == expected


def test_rates_of_parts_are_pooled_and_not_averaged() -> None:
    whole = Errors(1, 0, 0, 2) + Errors(0, 1, 1, 18)
    assert (whole.count, whole.length, whole.rate) == (3, 20, 0.15)
    assert Errors(insertions=3).rate == 3, "nothing said, three characters heard"


def test_long_numbers_are_read_out() -> None:
    assert [read_out(n) for n in ("10", "105", "10000", "20300", "0571")] == [
        "十", "一百零五", "一万", "二万零三百", "零五七一",
    ]  # fmt: skip
