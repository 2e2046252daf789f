"""E-mail addresses, written or spelled out (艾特, 点)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit
from pipeline.privacy.spelled import EMAIL

NEAR, FAR = 12, 30  # characters before: an agent tells mostly addresses of the house
_HOUSE = re.compile(
    r"我[司行]|我们公司|公共|客服|官方|服务|(?:公司|本行|我们|咱们)的?(?:公共|客服|企业)?(?:邮箱|邮件)"
)
_SIGN = re.compile(r"@|＠|艾特|爱特|圈\s?[aAａ诶]|小老鼠|a(?<=\ba)[tT]\b|A(?<=\bA)[tT]\b")


class Email:
    """E-mail addresses; digits in them may be said in Chinese (一六三点com)."""

    kind = "email"
    data_class = DataClass.C2
    wordy = False
    cue = Cue(
        words="@|＠|艾特|爱特|小老鼠",
        form=re.compile(r"圈\s?[aAａ诶]|\b[aA][tT]\b"),
        hints="圈|at|At|aT|AT",
        needed=True,
    )

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Addresses, apart from those that are said to be the institution's own."""
        if not _SIGN.search(passage.text):
            return
        for match in EMAIL.finditer(passage.text):
            reach = FAR if passage.role is Role.AGENT else NEAR
            before = passage.text[max(match.start() - reach, 0) : match.start()]
            if not _HOUSE.search(before):
                yield Hit(match.start(), match.end(), True, 0.95, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """z*******@qq.com: the first character and the domain; of a spelled "at" only the first."""
        return 1, len(number) - number.index("@") if "@" in number else 0
