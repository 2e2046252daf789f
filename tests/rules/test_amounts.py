"""Amounts as they are said."""

from __future__ import annotations

import pytest

from pipeline.rules.amounts import amounts, read_number
from pipeline.rules.turns import fold


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("三千五", 3500), ("一万二", 12000),
        ("三千零五", 3005), ("一百零五", 105), ("两万三千四百", 23400), ("一亿", 1e8),
        ("二零二六", 2026), ("零点六", 0.6), ("三点二五", 3.25), ("十点五", 10.5),
        ("3.5万", 35000), ("5千", 5000), ("半", 0.5), ("12", 12), ("三十六万", 360000),
        ("一百一", 110),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, value: float) -> None:
    assert read_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "点五", "甲", "三点", "三点百"])
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) in (None, 3.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("年化百分之三点六", [(3.6, "percent")]),
        ("年化3.6%，借一万二", [(3.6, "percent")]),
        ("千分之六", [(0.6, "percent")]),
        ("大概三个点，十块钱一次", [(3, "percent"), (10, "yuan"), (1, "times")]),
        ("十二个月，每月两千块", [(12, "months"), (2000, "yuan")]),
        ("三个工作日", [(3, "days")]),
        ("一年一千二百元", [(1, "years"), (1200, "yuan")]),
        ("三点半到，五个点钟", []),
    ],
)
def test_amounts_are_found(text: str, found: list[tuple[float, str]]) -> None:
    read = [(amount.value, amount.unit) for amount in amounts(fold(text))]
    assert read == [(pytest.approx(value), unit) for value, unit in found]
