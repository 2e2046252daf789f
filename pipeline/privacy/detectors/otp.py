"""One-time codes: 4–8 digits that a label or a question calls a code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit, whole_or_each
from pipeline.privacy.labels import REACH, leads

SHORTEST, LONGEST = 4, 8
USUAL = 6
# Talk about a code that nobody calls so: 收到了没你念我输.
_TALK = re.compile(
    r"短信|验证|收到|获取|下发|[发给]您手机|念我|我来?输|告诉别人|告诉任何人|任何人|[你您]们发的|倒数|失效|过期|重[新]?发|手机上"
)
_CONFIRMS = re.compile(
    r"(?:验证|校验|动态|确认)码[^。？！?!]{0,4}(?:对的?[,，。]|没错|正确|有效|过期|收到|不对|错)"
)
_GOODS = re.compile(
    r"基金|股票|代码|邮编|工号|编号|单号|尾号|行情|涨|跌|只|错误|系统|号码|条款|合同|金额|转账|余额|数量|额度|排队|订单|取件"
)


def _unnamed(passage: Passage, number: Number) -> bool:
    """Whether six digits that a customer says by themselves belong to talk about a code."""
    if passage.role is not Role.CUSTOMER or len(number.run) != USUAL:
        return False
    if number.said or number.asked or number.glued or number.run.guessed == {*range(USUAL)}:
        return False
    talk = passage.text + passage.recent
    alone = leads(passage.text[max(0, number.run.start_char - REACH) : number.run.start_char])
    return alone and bool(_TALK.search(talk)) and not _GOODS.search(talk)


def _confirmed(passage: Passage, number: Number) -> bool:
    """Whether the other side calls a number without a name a code right after it."""
    if passage.role is not Role.CUSTOMER or number.said or number.asked or number.glued:
        return False
    begin = max(0, number.run.start_char - REACH)
    alone = leads(passage.text[begin : number.run.start_char])
    return alone and _CONFIRMS.search(passage.later) is not None


class Otp:
    """Codes from a text message (验证码, 校验码, 动态码), said or asked for in the turns before."""

    kind = "otp"
    data_class = DataClass.C3
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Numbers of a code's length under its label; hotlines are none."""
        for number in passage.numbers:
            if is_hotline(number.run.digits):
                continue
            if not number.about(self.kind):
                if _confirmed(passage, number):
                    for first, last in whole_or_each(number, SHORTEST, LONGEST):
                        yield hit(number, first, last, context=True, valid=True)
                elif _unnamed(passage, number):
                    yield hit(number, 0, USUAL, context=True, valid=True)._replace(confidence=0.6)
                continue
            for first, last in whole_or_each(number, SHORTEST, LONGEST):
                yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
