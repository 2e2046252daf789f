"""Resident identity numbers: 18 characters after GB 11643."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.hits import Hit, hit

LENGTH = 18
SHORTEST, LONGEST = 14, 20  # what recognition makes of 18, and the old number of 15
_FORM = re.compile(r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


class IdCard:
    """Resident ID numbers with a right check digit anywhere; wrong ones by form or by context."""

    kind = "id_card"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Give the surest reading of each number."""
        for number in passage.numbers:
            if len(number.run) < SHORTEST:
                continue
            exact = [] if number.named_other else list(self._exact(number))
            yield from exact or self._misheard(number)

    def _exact(self, number: Number) -> Iterator[Hit]:
        """Right check digits, in whole groups or, where numbers are run together, anywhere."""
        size = len(number.run)
        windows = ((first, first + LENGTH) for first in range(size - LENGTH + 1))
        for first, last in chain(number.run.slices(LENGTH, LENGTH), windows):
            if is_resident_id(number.run.digits[first:last]):
                context = number.about(self.kind)
                yield hit(number, first, last, context=context, valid=True, checked=True)
                return

    def _misheard(self, number: Number) -> Iterator[Hit]:
        digits, size = number.run.digits, len(number.run)
        if number.about(self.kind):
            if size <= LONGEST:
                yield hit(number, 0, size, context=True, valid=False)
        elif not number.look_alike and (_FORM.fullmatch(digits) or self._ends_like_one(digits)):
            yield hit(number, 0, size, context=False, valid=False)

    @staticmethod
    def _ends_like_one(digits: str) -> bool:
        """Whether it ends in X, as no other number does; a digit may be lost or added."""
        return digits.endswith("X") and len(digits) in range(LENGTH - 2, LENGTH + 2)

    def keep(self, number: str) -> tuple[int, int]:
        """3****************3: the last four are asked as a proof of identity, so they go too.

        Of a part that is read back nothing is kept.
        """
        return (0, 0) if len(number) < SHORTEST else (1, 1)


def is_resident_id(digits: str) -> bool:
    """Form, date of birth and check digit; the region is not looked up: codes get withdrawn."""
    if not _FORM.fullmatch(digits):
        return False
    try:
        ric.get_birth_date(digits)
    except ValidationError:
        return False
    return bool(ric.calc_check_digit(digits) == digits[-1])
