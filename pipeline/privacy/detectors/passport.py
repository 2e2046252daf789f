"""Passport numbers: a letter or two and seven or eight digits; foreign ones may be nine digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.hits import Hit
from pipeline.text import SPOKEN_DIGITS

DIGITS = range(7, 10)
CHINESE = 9  # letters and digits
WITH_LABEL = 8  # digits that are told without a letter
_A = r"[A-Za-zＡ-Ｚ]"
# Letters before the digits, perhaps explained: 大写的 E，英语的英; 易 is what is heard for E.
_LETTERS = re.compile(
    rf"(?:大写的?\s?)?(?:(?<![A-Za-z]){_A}(?:[\s,，]?{_A})?|易)"
    r"(?:[\s,，、:：]|然后|后面|再|是|[\u4e00-\u9fff]{1,2}的\s?[\u4e00-\u9fffA-Za-z])*$"
)
# G 五幺，不是，
_TAKEN_BACK = re.compile(
    rf"{_A}[\s,，]?(?:[{SPOKEN_DIGITS}][\s,，]?){{1,6}}(?:哦|哎|嗯)?(?:不是|不对|错了)[\s,，]*$"
)
_LABEL = re.compile(
    r"(?:护照|passport|出境证件|外籍|通行证|回乡证|台胞证|(?<!身份)证件)"
    r"(?:本|原件)?(?:上面?)?(?:登记|预留)?的?[,，\s]?(?:那个|证件)?(?:编号|号码?)?",
    re.I,
)
# E or G with eight digits, E and a letter with seven: a Chinese passport, unless it is named else.
_CHINESE = re.compile(r"(?<![A-Za-z])(?:[EeGg]|[Ee][\s,，]?[A-Za-z])(?=[^A-Za-z]*$)")
_OTHER = re.compile(
    r"单号|编[号码]|流水|工单|订单|保单|合同|案件|代码|航班|[^照件个尾\W]号(?!码)|SWIFT|这一?款",
    re.I,
)
_WORDS = re.compile(rf"(?P<label>{_LABEL.pattern})|{_OTHER.pattern}", re.I)
_REACH = 80
_AFTER = 24


class Passport:
    """Numbers of a passport's form that 护照 names or the question asked for."""

    kind = "passport"
    data_class = DataClass.C2
    wordy = False
    cue = None

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Letters and digits, digits said in Chinese too; without letters only foreign ones."""
        for number in passage.numbers:
            run = number.run
            if len(run) not in DIGITS:
                continue
            before = passage.text[: run.start_char]
            letters = _LETTERS.search(before, max(0, len(before) - _AFTER))
            plain = letters is None and len(run) >= WITH_LABEL and number.said in (None, "other")
            named = _named(passage, number)
            if named is None and letters is not None:
                form = _CHINESE.match(letters[0])
                size = form and len(run) + sum(char.isalpha() for char in form[0])
                named = size == CHINESE and not number.said and not number.asked
            if (letters or plain) and named:
                start = letters.start() if letters else run.start_char
                again = _TAKEN_BACK.search(before, max(0, start - _AFTER), start)
                yield Hit(again.start() if again else start, run.end_char, True, 0.9, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """E******34."""
        return 1, 2


def _named(passage: Passage, number: Number) -> bool | None:
    """Whether a passport is named last before a number, or else first behind it; None: nothing."""
    at = number.run.start_char
    before = f"{passage.recent}\n{passage.text[:at]}"[-_REACH:]
    named = list(_WORDS.finditer(before))
    if named:
        return named[-1]["label"] is not None
    end = number.run.end_char
    after = _WORDS.search(passage.text, end, end + _AFTER)
    return None if after is None else after["label"] is not None
