"""WeChat names after their label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit, hit, whole_or_each
from pipeline.privacy.labels import ANSWER_REACH
from pipeline.privacy.spelled import LETTER, SPELLED, size

SHORTEST, LONGEST = 6, 11
_LABEL = re.compile(
    r"[微薇威]信|[vV]\s?信|加了?我|搜|我的号是|wechat|(?<![A-Za-z])[vV]x?(?![A-Za-z])|加[你您我]?[vV]",
    re.I,
)
# One of these is in every label.
_OF_A_LABEL = re.compile("微信|薇信|威信|加了我|加我|搜|我的号是|w|W|v|V")
_HOUSE = re.compile(
    r"企业微信|公众号|小程序|(?:客服|官方|公司|我们|咱们|本行|我行|我司)的?微信|微信群|群[号聊叫]|进群|备注|支付"
)
_NUMBERED = re.compile(r"(?:工号|代码|编号|邀请码|兑换码|口令|单号|版本|指令|密码)[^，。]{0,4}$")
_QQ = re.compile(r"q\s?q", re.I)
_NUMBER = re.compile(r"工号|代码|编号|邀请码|兑换码|单号")
_REACH = 24


def _labelled(text: str) -> bool:
    return _OF_A_LABEL.search(text) is not None and _LABEL.search(text) is not None


class Wechat:
    """WeChat names (letter first, six or more characters) and numbers used as such."""

    kind = "wechat"
    data_class = DataClass.C2
    wordy = False
    cue = Cue(words="微信|薇信|威信|加我|加了我|搜|我的号|v|V|w|W", needed=True)

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Names after the label; plain digits by context (mobile numbers are phones)."""
        text = passage.text
        if not _labelled(text) and not _labelled(passage.earlier):
            return
        bare = _LABEL.sub(lambda match: "。" * len(match[0]), text)
        for match in SPELLED.finditer(bare):
            if (
                size(match[0]) < SHORTEST
                or not LETTER.search(match[0])
                or "@" in text
                or _QQ.match(match[0])
            ):
                continue
            if _NUMBERED.search(text, 0, match.start()) or _NUMBER.search(passage.earlier):
                continue
            near = text[max(match.start() - _REACH, 0) : match.end() + ANSWER_REACH]
            if _HOUSE.search(near + passage.earlier):
                continue
            if _LABEL.search(near) or _LABEL.search(passage.earlier):
                yield Hit(match.start(), match.end(), True, 0.9, context=True)
        for number in passage.numbers:
            if number.said == self.kind:
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """wa******: the first two."""
        return 2, 0
