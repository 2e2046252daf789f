"""QQ numbers after their label."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit, hit, whole_or_each

SHORTEST, LONGEST = 5, 11


class Qq:
    """QQ numbers (5–11 digits) that the label or the question names."""

    kind = "qq"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Numbers under the label."""
        for number in passage.numbers:
            if number.about(self.kind) and number.run.digits[0] != "0":
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)

    def keep(self, number: str) -> tuple[int, int]:
        """88*****: the first two."""
        return 2, 0
