"""WeChat names after their label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit, hit, whole_or_each

SHORTEST, LONGEST = 6, 11
_NAME = re.compile(
    r"(?:微信|v信|wechat|(?<![a-z])vx)(?:号码?)?(?:就?是|为|叫)?\s*[:：,，]?\s*"
    r"([a-z](?:[ ]?[a-z0-9_-]){5,29})",
    re.I,
)


class Wechat:
    """WeChat names (letter first, six or more characters) and numbers used as such."""

    kind = "wechat"
    data_class = DataClass.C2
    wordy = False
    cue = r"微信|v信|wechat|vx"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Names after the label; plain digits by context (mobile numbers are phones)."""
        flat, offsets = passage.view.flat()
        for match in _NAME.finditer(flat):
            start, last = offsets[match.start(1)], offsets[match.end(1) - 1]
            yield Hit(start, last + 1, True, 0.9, context=True)
        for number in passage.numbers:
            if number.said == self.kind:
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """wa******: the first two."""
        return 2, 0
