"""Passwords: digits or letters that a label or a question calls a password."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Number, Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.hits import Hit, hit, whole_or_each
from pipeline.privacy.labels import labels, leads, refused
from pipeline.privacy.spelled import SPELLED, size
from pipeline.text import SPOKEN_DIGITS

SHORTEST, LONGEST = 4, 12
USUAL = 6
_WARNING = re.compile(
    r"密码|(?:别|不要|不用|请勿|勿|不能)[^，。？！?!]{0,6}(?:说|报|告诉|念|透露|讲|泄露)"
)
_CODE = re.compile(r"验证码|代码|编号|单号|号码")
_WORD = re.compile(
    r"(?:密码|口令)(?:就?是|为|设(?:置|成|为)?[的成了]{0,2}(?:是|为)?|[:：])?\s*[:：]?\s*"
    r"([A-Za-z0-9@#$%^&*+=!_-]{4,24})"
)
_LABEL = re.compile(r"密码|口令|登[录陆][^，。？！?!]{0,6}[用填输打]的?")
_SIGNS = re.compile(r"[\s,，]{0,2}(?:感叹号|艾特(?:符号)?|井号|星号|问号|符号)")
_LETTER, _DIGIT = re.compile("[A-Za-z]"), re.compile(f"[{SPOKEN_DIGITS}]")
_FAR = 8  # characters between a label and a spelled password


def _mixed(text: str) -> bool:
    """Whether there is a letter and a digit; two searches: one for both takes ages on long runs."""
    return bool(_LETTER.search(text) and _DIGIT.search(text))


def _warned(passage: Passage, number: Number) -> bool:
    """Whether the other side says at once that a number without a name must not be told."""
    if number.said or number.asked or len(number.run) != USUAL or passage.role is Role.AGENT:
        return False
    return _WARNING.search(passage.later) is not None and not _CODE.search(passage.later)


class Password:
    """Passwords in digits (said or written) and, after 密码是, in letters and signs."""

    kind = "password"
    data_class = DataClass.C3
    wordy = False
    cue = Cue(words="密码|口令|登录|登陆")

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Digits by context, words by the phrase before them."""
        for number in passage.numbers:
            named = number.about(self.kind) or _warned(passage, number)
            if named and not is_hotline(number.run.digits):
                for first, last in whole_or_each(number, SHORTEST, LONGEST):
                    yield hit(number, first, last, context=True, valid=True)
        lettered = _LETTER.search(passage.text) is not None
        if lettered or any(run.digits.endswith("X") for run in passage.runs):
            flat, offsets = passage.view.flat()
            for match in _WORD.finditer(flat):
                if _LETTER.search(match[1]):
                    start, last = offsets[match.start(1)], offsets[match.end(1) - 1]
                    yield Hit(start, last + 1, True, 0.9, context=True)
        if lettered:
            yield from self._spelled(passage)

    @staticmethod
    def _spelled(passage: Passage) -> Iterator[Hit]:
        """大写 L i u 九五二七 感叹号, behind the label or the question."""
        text = passage.text
        if not _mixed(text):
            return
        asked = passage.role is not Role.AGENT and any(
            label.topic == "password" and not refused(passage.earlier, label)
            for label in labels(passage.earlier)
        )
        for match in SPELLED.finditer(text):
            before = text[: match.start()]
            label = _LABEL.search(before, max(0, len(before) - _FAR - 2))
            named = label is not None and leads(before[label.end() :])
            if (named or (asked and leads(before))) and _mixed(match[0]):
                signs = _SIGNS.match(text, match.end())
                if size(match[0]) >= SHORTEST:
                    end = signs.end() if signs else match.end()
                    yield Hit(match.start(), end, True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
