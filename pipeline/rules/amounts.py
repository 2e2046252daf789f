"""Amounts as they are said: 百分之三点六, 3.6%, 十块钱, 一万二, 三个月; with unit and position.

Read from folded text (`turns.fold`: no punctuation, the point inside a number kept), a clause at a
time: without the comma 零点六，一千块 would be one number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "yuan", "days", "months", "years", "times"]

_DIGITS = dict(zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGITS |= {"两": 2, "俩": 2, "幺": 1}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_D = "零〇一二两三四五六七八九幺"
_N = rf"(?:\d+(?:\.\d+)?[十百千万亿]*|[{_D}十百千万亿]+(?:点[{_D}]+)?|半)"
_FORMS: tuple[tuple[Unit, float, str], ...] = (
    ("percent", 1.0, rf"百分之({_N})"),
    ("percent", 0.1, rf"千分之({_N})"),
    ("percent", 0.01, rf"万分之({_N})"),
    ("percent", 1.0, rf"({_N})%"),
    ("percent", 1.0, rf"({_N})个(?:百分)?点(?!钟)"),
    ("yuan", 1.0, rf"({_N})(?:块钱|元钱|元|块)"),
    ("months", 1.0, rf"({_N})个?月(?!份|底|初|\d)"),
    ("years", 1.0, rf"({_N})年(?!级|底|初)"),
    ("days", 1.0, rf"({_N})(?:个?工作日|天|日)"),
    ("times", 1.0, rf"({_N})次"),
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IN_CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")  # 3万2千
_NO_SUM_SIGN = re.compile(r"[\s,，¥￥]|人民币|[钱整]")
_YUAN = re.compile("[元块圆]")
_CENTS = re.compile(rf"零?(?:([\d{_D}])[毛角]?)?(?:([\d{_D}])分?)?")
_ANY = re.compile("|".join(f"(?P<f{k}>{form})" for k, (_, _, form) in enumerate(_FORMS)))
_GROUPS = [_ANY.groupindex[f"f{k}"] + 1 for k in range(len(_FORMS))]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit at the folded characters [start, end)."""

    value: float
    unit: Unit
    start: int
    end: int

    def is_one_of(self, values: tuple[float, ...]) -> bool:
        """Whether it is one of some values, up to rounding."""
        return any(abs(self.value - value) < 1e-9 + 1e-6 * abs(value) for value in values)


def amounts(text: str, start: int = 0, end: int | None = None) -> Iterator[Amount]:
    """The amounts in a folded text, in order."""
    for match in _ANY.finditer(text, start, len(text) if end is None else end):
        number = int((match.lastgroup or "f0")[1:])
        unit, factor, _ = _FORMS[number]
        value = read_number(match[_GROUPS[number]])
        if value is not None:
            yield Amount(round(value * factor, 9), unit, *match.span())


def read_number(text: str) -> float | None:
    """三千五 is 3500, 一万二 12000, 零点六 0.6, 3.5万 35000; None for what is no number."""
    if text == "半":
        return 0.5
    written = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万亿]*)", text)
    if written:
        value = float(written[1])
        for sign in written[2]:
            value *= _SMALL.get(sign) or _LARGE[sign]
        return value
    whole, _, rest = text.partition("点")
    value_of_whole = _whole(whole)
    if value_of_whole is None or any(char not in _DIGITS for char in rest):
        return None
    return value_of_whole + (float("0." + "".join(str(_DIGITS[c]) for c in rest)) if rest else 0.0)


def read_sum(text: str) -> float | None:
    """A sum in yuan: 八千三百二十六元四角 is 8326.4, 3万2千 32000, 五块五 5.5; None for no sum."""
    plain = _NO_SUM_SIGN.sub("", text.translate(_HALF_WIDTH))
    whole, _, cents = _YUAN.sub("元", plain).partition("元")
    value = read_number(whole)
    if value is None:
        value = read_number(whole.translate(_IN_CHINESE))
    part = _CENTS.fullmatch(cents)
    if value is None or part is None:
        return None
    tenths, hundredths = (read_number(part[group] or "零") for group in (1, 2))
    return None if tenths is None or hundredths is None else value + tenths / 10 + hundredths / 100


def _whole(text: str) -> float | None:
    """A whole number in Chinese, said in digits (二零二六) or with places (三千五)."""
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in text):
        return None
    if all(char in _DIGITS for char in text):
        return float("".join(str(_DIGITS[char]) for char in text))
    total = section = 0.0
    digit: int | None = None
    last = 1.0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 10.0 if digit == 0 else last
        elif char in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[char]
            digit, last = None, float(_SMALL[char])
        else:
            total = (total + section + (digit or 0)) * _LARGE[char]
            section, digit, last = 0.0, None, float(_LARGE[char])
    if digit is not None:  # 三千五: the place below the last one
        section += digit * (last / 10 if last >= 100 else 1)
    return total + section
