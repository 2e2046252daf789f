"""Dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit

_D = r"[0-9０-９零〇洞一二三四五六七八九十两幺]"
_GAP = r"[\s,，、]?(?:嗯|呃|那个)?[\s,，]?"
_YEAR = rf"(?:一九|二零|二〇|两千|19|20|１９|２０)?[\s]?{_D}{{2}}{_GAP}年?"
_MONTH = rf"{_D}{{1,3}}{_GAP}月(?:份)?"
_DAY = rf"(?:初)?{_D}{{1,3}}(?:号|日)?"
_DATE = re.compile(
    rf"(?:(?:阴历|农历|阳历|公历)的?)?(?:{_YEAR}{_GAP}(?:的)?)?(?:(?:阴历|农历|阳历"
    rf"|公历)的?)?{_MONTH}{_GAP}{_DAY}"
    r"|(?:19|20)\d{2}[-./年]\s?[01]?\d[-./月]\s?[0-3]?\d日?"
    r"|(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?:一九|二[零〇]){_D}{{2}}[,，\s]?[零〇一幺]{_D}[,，\s]?[零〇一二三幺]{_D}(?!{_D})"
)
_BIRTH = re.compile(r"出生|生日|生辰|诞辰|几几年生|(?:哪年|什么时候|几月|哪天)生|生于|出世")
_BORN = re.compile(
    r"^(?:[,，]?(?:出)?生(?:的|人|日|$|[，。,])|[,，]?(?:这|那)?(?:就)?是?\w{0,8}(?:生日|出生))"
)
_OTHER = re.compile(
    r"办|开户|到期|还款|生效|扣款|账单|缴费|投保|签|保单|合同|入职|登记日|续费|来电|下单|活动|上市|成立|股票|发行"
)
_NEAR = 14


class DateOfBirth:
    """Dates that 出生 or 生日 names, or that answer the question for it."""

    kind = "date_of_birth"
    data_class = DataClass.C2
    wordy = False
    cue = r"出生|生日|生于|生的|生人|月|诞辰"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Dates beside such a word, or just asked for."""
        text = passage.text
        asked = bool(_BIRTH.search(passage.earlier))
        if not asked and "生" not in text:
            return
        for match in _DATE.finditer(text):
            before = text[max(match.start() - _NEAR, 0) : match.start()]
            named = _BIRTH.search(before) or _BORN.match(text[match.end() : match.end() + 24])
            later = re.split(r"生日|出生|生于", before)[-1]
            if later != before and _OTHER.search(later):
                continue
            if not named and (not asked or _OTHER.search(before + text[match.end() :][:6])):
                continue
            yield Hit(match.start(), match.end(), True, 0.9, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """****年**月**日."""
        return 0, 0
