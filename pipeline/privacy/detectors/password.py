"""Passwords: digits or letters that a label or a question calls a password."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit, whole_or_each

SHORTEST, LONGEST = 4, 12
_WORD = re.compile(
    r"(?:密码|口令)(?:就?是|为|设(?:置|成|为)?(?:的|成)?(?:是|为)?|[:：])?\s*[:：]?\s*"
    r"([A-Za-z0-9@#$%^&*+=!_-]{4,24})"
)


class Password:
    """Passwords in digits (said or written) and, after 密码是, in letters and signs."""

    kind = "password"
    data_class = DataClass.C3
    wordy = False
    cue = r"密码|口令"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Digits by context, words by the phrase before them."""
        for number in passage.numbers:
            if number.about(self.kind) and not is_hotline(number.run.digits):
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)
        flat, offsets = passage.view.flat()
        for match in _WORD.finditer(flat):
            if re.search(r"[A-Za-z]", match[1]):
                start, last = offsets[match.start(1)], offsets[match.end(1) - 1]
                yield Hit(start, last + 1, True, 0.9, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
