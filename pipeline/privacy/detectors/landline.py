"""Landline numbers: area code and 7–8 digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit
from pipeline.text import SPOKEN_DIGITS

_WITH_AREA = re.compile(r"0(?:10|2[0-57-9])[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
MISHEARD = range(9, 14)
_EXTENSION = re.compile(rf"[\s,，]*转(?:分机)?[\s,，]*[{SPOKEN_DIGITS}]{{1,5}}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")


class Landline:
    """Landlines with an area code; without one only when a landline was named."""

    kind = "landline"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Numbers that begin with an area code, or local ones by context."""
        for number in passage.numbers:
            digits, size = number.run.digits, len(number.run)
            named = number.about(self.kind)
            if number.look_alike or is_hotline(digits):
                continue
            if _WITH_AREA.fullmatch(digits):
                context = named or number.about("phone")
                found = hit(number, 0, size, context=context, valid=True)
                more = _EXTENSION.match(passage.text, found.end)
                yield found._replace(end=more.end()) if more else found
            elif named and digits[0] == "0" and size in MISHEARD:
                yield hit(number, 0, size, context=True, valid=False)
            elif named and _LOCAL.fullmatch(digits):
                yield hit(number, 0, size, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """0571******34; a local number keeps its last two digits."""
        if not number.startswith("0"):
            return 0, 2
        return (3 if number[1] in "12" else 4), 2
