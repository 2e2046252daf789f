"""Card verification values: the three digits on the back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit, hit, whole_or_each

SHORTEST, LONGEST = 3, 4  # four on some cards
_CARD = re.compile(r"卡|背面|反面")  # 卡片验证码


class Cvv:
    """CVV, CVN2, 安全码, 背面三位: three or four digits by context."""

    kind = "cvv"
    data_class = DataClass.C3
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Short numbers under the label or after the question."""
        for number in passage.numbers:
            of_card = len(number.run) == SHORTEST and number.about("otp")
            if number.about(self.kind) or (
                of_card and _CARD.search(passage.text + passage.earlier)
            ):
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
