"""Number plates of vehicles: province, letter, five or six letters and digits (GA 36)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit
from pipeline.text import SPOKEN_DIGITS

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s,，、。·.•-]{0,2}(?:嗯|呃|那个)?[\s,，]?"
_SIGN = rf"[A-HJ-NP-Za-hj-np-z{SPOKEN_DIGITS}]"
_PLATE = re.compile(
    rf"[{_PROVINCE}]{_GAP}[A-HJ-NP-Ya-hj-np-y]{_GAP}(?:{_SIGN}{_GAP}){{4,5}}(?:{_SIGN}|[学警港澳挂])"
    rf"(?![A-Za-z{SPOKEN_DIGITS}])"
)
_BARE = re.compile(
    rf"(?<![A-Za-z])[A-HJ-NP-Ya-hj-np-y]{_GAP}(?:{_SIGN}{_GAP}){{4,5}}{_SIGN}(?![A-Za-z{SPOKEN_DIGITS}])"
)
_LETTER = re.compile("[A-Za-z]")
_LABEL = re.compile(r"车牌|牌照|车号|牌号")


class Plate:
    """Plates by their form; without the province only when a plate was named or asked for."""

    kind = "plate"
    data_class = DataClass.C2
    wordy = False
    cue = Cue(
        words="车牌|牌照|车号|牌号",
        form=re.compile(rf"[{_PROVINCE}]\s?[A-Za-z]"),
        hints="|".join(ascii_letters),
    )

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Give the plates of a passage."""
        text, done = passage.text, 0
        if not _LETTER.search(text):
            return
        for match in _PLATE.finditer(text):
            done = match.end()
            yield Hit(match.start(), match.end(), True, 0.95, context=True)
        if done == 0 and (_LABEL.search(text) or _LABEL.search(passage.earlier)):
            for match in _BARE.finditer(text):
                yield Hit(match.start(), match.end(), True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """沪A*****."""
        return 1, 0
