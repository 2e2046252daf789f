"""Expiry dates of cards: month and year after 有效期."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit, hit

_MONTH_YEAR = re.compile(r"(?:0[1-9]|1[0-2])(?:20)?[2-4]\d|(?:20)?[2-4]\d(?:0[1-9]|1[0-2])")
_D = "[0-9零〇一二三四五六七八九幺十两]"
_IN_WORDS = re.compile(
    rf"(?<!{_D}){_D}{{1,3}}月份?(?:[,，/\s]|二零|20)*{_D}{{2,3}}年?(?![月号日元块])"
    rf"|(?:二零|20)?{_D}{{2,3}}年[,，\s]*(?:不是?[,，]?(?:二零)?{_D}{{2,3}}年)?{_D}{{1,3}}月份?(?!{_D})"
)
_NAMED = re.compile(
    r"(?<!证)(?<!件)有效期|卡[^，。？！?!证单]{0,8}[到过]期|卡[面上]|月份?年份?|(?<!出生)年月"
    r"|[这那]张[^，。？！?!]{0,4}用到|正面[^，。？！?!]{0,6}(?:小字|日期|数)"
)
_OTHERS = re.compile(
    r"身份证|证件|护照|驾驶证|驾照|行驶证|执照|签证|资格|优惠|活动|合同|保单|保险|产品|报价|积分|券|理财|存|贷|分期|办"
)

# 零二月二七年: so a card has it; other terms are told year first.
_MONTH_FIRST = re.compile(rf"{_D}{{1,3}}月[,，\s]*(?:二零|20)?{_D}{{2}}年")
_NEAR = 12


def _beside_others(passage: Passage, number: Number) -> bool:
    """Whether a number without a name is told with the code of a card."""
    if number.said not in (None, "bank_card") or number.asked or number.glued:
        return False
    return any(other.said == "cvv" for other in passage.numbers)


class Expiry:
    """有效期 with month and year of a card; the validity of a document or an offer is none."""

    kind = "expiry"
    data_class = DataClass.C3
    wordy = False
    cue = Cue(words="有效期|月|到期|卡面|卡上|用到")

    def find(self, passage: Passage) -> Iterator[Hit]:
        """MM/YY in digits by context, 十二月二八年 after the word."""
        for number in passage.numbers:
            named = number.about(self.kind) or _beside_others(passage, number)
            if named and _MONTH_YEAR.fullmatch(number.run.digits):
                yield hit(number, 0, len(number.run), context=True, valid=True)
        asked: bool | None = None
        for match in _IN_WORDS.finditer(passage.text) if "月" in passage.text else ():
            if asked is None:
                asked = bool(_NAMED.search(passage.recent) and not _OTHERS.search(passage.recent))
            near = passage.text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if "卡" in near and not _NAMED.search(near):  # 有效期是 …，新卡是 …
                near = passage.text[: match.end() + _NEAR]
            due = _MONTH_FIRST.match(match[0]) is not None and "到期" in near
            if (asked or due or _NAMED.search(near)) and not _OTHERS.search(near):
                yield Hit(match.start(), match.end(), True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
