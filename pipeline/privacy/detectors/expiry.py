"""Expiry dates of cards: month and year after 有效期."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit, hit

_MONTH_YEAR = re.compile(r"(?:0[1-9]|1[0-2])(?:20)?[2-4]\d|(?:20)?[2-4]\d(?:0[1-9]|1[0-2])")
_D = "[0-9零〇一二三四五六七八九幺十两]"
_IN_WORDS = re.compile(
    rf"(?<!{_D}){_D}{{1,3}}月份?(?:[,，/\s]|二零|20)*{_D}{{2,3}}年?(?![月号日元块])"
    rf"|(?:二零|20)?{_D}{{2,3}}年[,，\s]*(?:不是?[,，]?(?:二零)?{_D}{{2,3}}年)?{_D}{{1,3}}月份?(?!{_D})"
)
_NAMED = re.compile(
    r"(?<!证)(?<!件)有效期|卡[^，。？！?!证单]{0,8}[到过]期|卡[面上]|月份?年份?|(?<!出生)年月"
)
_OTHERS = re.compile(
    r"身份证|证件|护照|驾驶证|优惠|活动|合同|保单|保险|产品|报价|积分|券|理财|存|贷|分期|办"
)

_NEAR = 12


class Expiry:
    """有效期 with month and year of a card; the validity of a document or an offer is none."""

    kind = "expiry"
    data_class = DataClass.C3
    wordy = False
    cue = r"有效期|月|到期|卡[面上]"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """MM/YY in digits by context, 十二月二八年 after the word."""
        for number in passage.numbers:
            if number.about(self.kind) and _MONTH_YEAR.fullmatch(number.run.digits):
                yield hit(number, 0, len(number.run), context=True, valid=True)
        asked: bool | None = None
        for match in _IN_WORDS.finditer(passage.text):
            if asked is None:
                asked = bool(_NAMED.search(passage.recent) and not _OTHERS.search(passage.recent))
            near = passage.text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if "卡" in near and not _NAMED.search(near):  # 有效期是 …，新卡是 …
                near = passage.text[: match.end() + _NEAR]
            if (asked or _NAMED.search(near)) and not _OTHERS.search(near):
                yield Hit(match.start(), match.end(), True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
