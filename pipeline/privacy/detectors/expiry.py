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
    rf"(?<!证)(?<!件)(?:有效期限?)[是到至为的卡上写着:：,，\s]{{0,6}}"
    rf"((?:{_D}{{1,3}})(?:月份?)(?:[,，/\s]|二零|20)*{_D}{{2,3}}年?"
    rf"|(?:二零|20)?{_D}{{2,3}}年[,，\s]*{_D}{{1,3}}月)"
)
_OTHERS = re.compile(r"身份证|证件|护照|驾驶证|优惠|活动|合同|保单|保险|产品|报价|积分|券")


class Expiry:
    """有效期 with month and year of a card; the validity of a document or an offer is none."""

    kind = "expiry"
    data_class = DataClass.C3
    wordy = False
    cue = r"有效期"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """MM/YY in digits by context, 十二月二八年 after the word."""
        for number in passage.numbers:
            if number.about(self.kind) and _MONTH_YEAR.fullmatch(number.run.digits):
                yield hit(number, 0, len(number.run), context=True, valid=True)
        for match in _IN_WORDS.finditer(passage.text):
            if not _OTHERS.search(passage.text, max(0, match.start() - 12), match.start()):
                yield Hit(match.start(1), match.end(1), True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
