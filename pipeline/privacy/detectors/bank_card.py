"""Bank card and account numbers: 13–19 digits, Luhn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.hits import Hit, hit

SHORTEST, LONGEST = 13, 19
MISHEARD = range(12, 22)
_ISSUED = re.compile(r"(?:62|4|5[1-5]|3[4-7]|6[05]|9[0-9])\d{13,17}")
_UNIONPAY = re.compile(r"62\d{14}|62\d{17}")


class BankCard:
    """Card numbers with a right check digit; wrong ones after 卡号 or by UnionPay's form."""

    kind = "bank_card"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Give the numbers that Luhn confirms, else those that context or form give away."""
        for number in passage.numbers:
            if number.look_alike or len(number.run) < MISHEARD.start:
                continue
            exact = list(self._exact(number))
            yield from exact or self._misheard(number)

    def _exact(self, number: Number) -> Iterator[Hit]:
        digits, context = number.run.digits, number.about(self.kind)
        for first, last in number.run.slices(SHORTEST, LONGEST):
            part = digits[first:last]
            known_form = context or _ISSUED.fullmatch(part)
            if known_form and part.isdigit() and luhn.is_valid(part):
                yield hit(number, first, last, context=context, valid=True, checked=True)

    def _misheard(self, number: Number) -> Iterator[Hit]:
        size = len(number.run)
        if number.about(self.kind):
            if size in MISHEARD and not number.run.digits.startswith("0"):
                yield hit(number, 0, size, context=True, valid=False)
        elif _UNIONPAY.fullmatch(number.run.digits):
            yield hit(number, 0, size, context=False, valid=False)

    def keep(self, number: str) -> tuple[int, int]:
        """622202******1234, at least six digits masked; of a part that is read back nothing."""
        if len(number) < MISHEARD.start:
            return 0, 0
        return max(0, min(6, len(number) - 10)), 4
