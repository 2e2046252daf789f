"""Mobile numbers: 11 digits that begin with 13 to 19."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit

_MOBILE = re.compile(r"(?:0?0?86)?1[3-9]\d{9}")
SHORTEST, LONGEST = 10, 12  # what recognition makes of 11 digits


class Phone:
    """Mobile numbers, with or without 86 before them; 10–12 digits when a phone was asked for."""

    kind = "phone"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Exact ones anywhere but under a look-alike's label; misheard ones by context."""
        for number in passage.numbers:
            if len(number.run) < SHORTEST:
                continue
            exact = list(self._exact(number))
            yield from exact or self._misheard(number)

    def _exact(self, number: Number) -> Iterator[Hit]:
        digits, context = number.run.digits, number.about(self.kind)
        for first, last in number.run.slices(11, 15):
            if first == 0 and number.look_alike:
                continue
            if _MOBILE.fullmatch(digits, first, last):
                yield hit(number, first, last, context=context, valid=True)

    def _misheard(self, number: Number) -> Iterator[Hit]:
        size = len(number.run)
        if not number.about(self.kind) or is_hotline(number.run.digits):
            return
        if SHORTEST <= size <= LONGEST:
            yield hit(number, 0, size, context=True, valid=False)

    def keep(self, number: str) -> tuple[int, int]:
        """138****8000; of a part that is read back nothing."""
        if len(number) < SHORTEST:
            return 0, 0
        return (3 if len(number) <= LONGEST else len(number) - 8), 4
