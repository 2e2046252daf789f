"""One-time codes: 4–8 digits that a label or a question calls a code."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit, whole_or_each

SHORTEST, LONGEST = 4, 8


class Otp:
    """Codes from a text message (验证码, 校验码, 动态码), said or asked for in the turns before."""

    kind = "otp"
    data_class = DataClass.C3
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Numbers of a code's length under its label; hotlines are none."""
        for number in passage.numbers:
            if not number.about(self.kind) or is_hotline(number.run.digits):
                continue
            for first, last in whole_or_each(number, SHORTEST, LONGEST):
                yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
