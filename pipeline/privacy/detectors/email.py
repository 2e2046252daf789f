"""E-mail addresses, written or spelled out (艾特, 点)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit

_AT = r"(?:@|艾特|\s+at\s+)"
_DOT = r"(?:\s?(?:\.|点)\s?)"
_ADDRESS = re.compile(
    rf"[A-Za-z0-9](?:[A-Za-z0-9_+-]|{_DOT}(?=\w)|(?<=\w) (?=\w\b)){{0,63}}\s?{_AT}\s?"
    rf"[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,5}}{_DOT}(?:[A-Za-z]{{2,12}})",
    re.ASCII,
)


class Email:
    """E-mail addresses; digits in them may be said in Chinese (一六三点com)."""

    kind = "email"
    data_class = DataClass.C2
    wordy = False
    cue = r"@|艾特|\bat\b"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Addresses in the text with its digits written out."""
        flat, offsets = passage.view.flat()
        for match in _ADDRESS.finditer(flat):
            start, last = offsets[match.start()], offsets[match.end() - 1]
            yield Hit(start, last + 1, True, 0.95)

    def keep(self, number: str) -> tuple[int, int]:
        """z*******@qq.com: the first character and the domain; of a spelled "at" only the first."""
        return 1, len(number) - number.index("@") if "@" in number else 0
