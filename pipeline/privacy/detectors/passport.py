"""Passport numbers: a letter or two and seven or eight digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit

_NUMBER = re.compile(r"(?<![A-Za-z])[A-Za-zＡ-Ｚ][\s,，]?[A-Za-zＡ-Ｚ]?[\s,，]?\d{7,9}(?!\d)")
_LABEL = re.compile(r"护照|passport", re.I)
_OTHER = re.compile(r"单号|编号|流水|工单|订单|保单|合同|案件|代码")
_REACH = 40


class Passport:
    """Numbers of a passport's form that 护照 names or the question asked for."""

    kind = "passport"
    data_class = DataClass.C2
    wordy = False
    cue = r"护照|passport|[A-Za-zＡ-Ｚ]"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Letters and digits, digits said in Chinese written out."""
        asked = _LABEL.split(passage.earlier)
        if not _LABEL.search(passage.text) and (len(asked) == 1 or _OTHER.search(asked[-1])):
            return
        flat, offsets = passage.view.flat()
        for match in _NUMBER.finditer(flat):
            before = flat[max(match.start() - _REACH, 0) : match.start()]
            label = list(_LABEL.finditer(before))
            if _OTHER.search(before[label[-1].end() :] if label else before):
                continue
            start, last = offsets[match.start()], offsets[match.end() - 1]
            yield Hit(start, last + 1, True, 0.9, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """E******34."""
        return 1, 2
