"""Sums of money as they are said and written: 三万两千块, 3.2万, ¥12,345.67, 五十来万, 两千多.

Whose money it is is not told here. A number that counts something else (三十六期, 两千股, 百分之五,
三点半) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_A = "0-9０-９"
_C = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖幺"
# 一 is no digit in 三千一个月, but it is in 十一.
_ONE = r"(?:(?<!一)|(?<=[十百]一)|(?![个年天次笔位下起般样直共定月旦边]))"
_DIGIT = rf"[{_A}{_C}几]{_ONE}"
_PAUSED = rf"(?<=万)[\s,，嗯呃啊]{{1,3}}(?=零?[{_C}][千百])|(?<=[万千百])\n(?=零?[{_C}])"
_CENTS = rf"[{_A}{_C}]{{1,2}}(?:[毛角](?:[{_A}{_C}]分?)?|分)?(?![{_A}{_C}十百千万个年天次月])"
_UNIT = (
    rf"\s?[多来余]?(?:人民币|[美欧日港]元|美金|港币|英镑|(?:元整|[元圆])(?:零?{_CENTS})?"
    rf"|块大洋|块钱|块(?!儿)(?:零?{_CENTS})?|[毛角](?![度落色]))"
)
# A class of characters stands first: so the places where nothing begins are passed fast.
_SUM = re.compile(
    rf"(?P<number>[{_A}{_C}几十百千万](?:(?<![百千万]){_ONE}(?<![A-Za-z0-9.:/_-].)"
    rf"(?:{_DIGIT}|[十百千万亿]|[点.．](?=[{_A}{_C}](?!十))|[来多余](?=[万亿])"
    rf"|[,，](?=[0-9]{{3}}(?![0-9]))|{_PAUSED})*"
    rf"|(?<=[百千万])(?:把|来)(?=[万块元])万?))(?P<unit>{_UNIT}|\s?[wWkK](?![A-Za-z]))?"
)
# What a number counts that is no money: directly behind it, or with 多 between.
_COUNTED = re.compile(
    r"\s?[多来余几]?(?:[%％‰]|[天年月号日岁期笔次位名户股份台辆平米斤克度折倍秒分字页项种套级楼层"
    r"步章间只路点户成遍轮张件条部家本人个:：]|小时|公里|积分|基点|工作日)|\s?[-—–/:：]\s?[0-9]|[A-Za-z]"
)
_NO_SUM = re.compile(
    r"(?:[百千万]分之|第|[尾编工账帐卡件单同证]号[是为码]{0,2}|[后末][四三六]位[是为]?|[A-Za-z]|[点.．])$"
)
_SHORT = re.compile(r"\s?[wWkK]")  # 3.2w: of a unit that is a letter nothing is masked
_SIGNS = "¥￥$"
_PLACE = re.compile(r"[百千万亿]|(?!十$)十(?!.?点)|[.．][0-9]|[0-9][,，][0-9]{3}")
_LARGE = re.compile(r"[百千万亿]")
# A turn without a match holds no sum that is looked for; of its characters one of these.
A_SUM = re.compile(rf"[{_A}{_C}几十百千万把来多余](?:\s?[百千万亿元块毛wW]|(?<=[{_A}])[{_A}]{{2}})")
OF_A_SUM = "|".join("百千万亿元块毛wW0123456789０１２３４５６７８９")
_TELLING = re.compile(r"[1-9１-９一二两三四五六七八九壹贰叁肆伍陆柒捌玖]")
_NUMERAL = re.compile(rf"[{_A}{_C}几十百千万亿.．]")
_IN_ARABIC = re.compile(r"\*[.．,，]\*|\*{4}")
FEWEST, MOST = 3, 8  # digits of a sum that has neither place nor unit


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money at [start, end) of a text.

    `bare`: nothing but digits, without place, unit or sign.
    """

    start: int
    end: int
    bare: bool


def sums(text: str) -> Iterator[Sum]:
    """The sums of money in a text, in order."""
    for match in _SUM.finditer(text):
        number, unit = match.groups()
        start = match.start()
        clear = unit is not None or (start > 0 and text[start - 1] in _SIGNS)
        if not clear and len(number) == 1:
            continue  # no place, and too short without
        placed = clear or _PLACE.search(number) is not None
        if not placed and not FEWEST <= len(number) <= MOST:
            continue
        if not clear and _COUNTED.match(text, match.end()):
            continue
        if not clear and text[start - 1 : start] == "月" and not _LARGE.search(number):
            continue  # 三月十五
        if not _NO_SUM.search(text, max(0, start - 6), start):
            end = match.end("number") if _SHORT.fullmatch(unit or "") else match.end()
            yield Sum(start, end, not placed)


def telling(text: str) -> str | None:
    """The number of a sum that nobody says by chance (两万一千六, no 五万), without its unit."""
    match = _SUM.match(text)
    number = match["number"] if match else ""
    return number if len(_TELLING.findall(number)) > 1 else None


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no other digit or place stands beside [start, end), and no money is counted."""
    if _NUMERAL.match(text, end) or (start and _NUMERAL.match(text, start - 1)):
        return False
    return not _COUNTED.match(text, end)


def a_digit_of(masked: str) -> str:
    """A digit as a masked sum was written: *万*千块 with Chinese ones, **,***.** with Arabic ones.

    In Chinese no four digits stand together, but those that are told one by one.
    """
    return "1" if _IN_ARABIC.search(masked) and "点" not in masked else "一"
