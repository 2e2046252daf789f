"""Character error rate: the one definition, for sites that measure their own audio and for bench/.

Text is compared in simplified script, without punctuation, spaces or case, and with numbers in
either reading: Arabic digits of the hypothesis are also tried as spoken words, and the reading with
fewer errors counts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.asr.cleanup import simplify

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
GROUPS = ("", "万", "亿")


@dataclass(frozen=True, slots=True)
class Errors:
    """Edit counts of a text against its reference of `length` characters."""

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    length: int = 0

    @property
    def count(self) -> int:
        """All errors."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors per reference character."""
        return self.count / max(self.length, 1)

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.length + other.length,
        )


def folded(text: str) -> str:
    """Simplified, half-width, lower case; 幺 as 一, 两 as 二; 50,000 as 50000."""
    text = unicodedata.normalize("NFKC", simplify(text)).lower()
    text = text.replace("幺", "一").replace("两", "二").replace("〇", "零")
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def letters(text: str) -> str:
    """Letters and Han only."""
    return re.sub(r"[^a-z\u3400-\u4dbf\u4e00-\u9fff]", "", text)


def read_out(number: str) -> str:
    """An Arabic number as words: 5.8 → 五点八, 180 → 一百八十."""
    whole, _, part = number.partition(".")
    spoken = _whole(whole)
    return spoken + ("点" + "".join(DIGITS[int(d)] for d in part) if part else "")


def _whole(digits: str) -> str:
    if len(digits) > 12 or (len(digits) > 1 and digits[0] == "0"):
        return "".join(DIGITS[int(d)] for d in digits)
    value, words, group = int(digits), "", 0
    if value == 0:
        return "零"
    while value:
        value, rest = divmod(value, 10_000)
        if rest:
            words = _four(rest, lead=bool(value)) + GROUPS[group] + words
        group += 1
    return words.removeprefix("零").replace("一十", "十", 1) if words.startswith("一十") else words


def _four(value: int, *, lead: bool) -> str:
    text, zero = "", lead and value < 1000
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += ("零" if zero and (text or lead) else "") + DIGITS[digit] + UNITS[place]
            zero = False
        elif text:
            zero = True
    return text


def readings(text: str) -> list[str]:
    """The text with its numbers digit by digit, as quantities, and short ones as quantities."""
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"百分之\1", folded(text))

    def singly(match: re.Match[str]) -> str:
        return "".join("点" if d == "." else DIGITS[int(d)] for d in match[0])

    def valued(match: re.Match[str]) -> str:
        return read_out(match[0])

    def mixed(match: re.Match[str]) -> str:
        return valued(match) if len(match[0]) < 4 or "." in match[0] else singly(match)

    return [letters(re.sub(r"\d+(?:\.\d+)?", how, text)) for how in (singly, valued, mixed)]


def errors(reference: str, hypothesis: str) -> Errors:
    """Fewest errors over the readings of both texts; of equal ones those of the first readings."""
    pairs = [(a, b) for a in readings(reference) for b in readings(hypothesis)]
    truth, heard = min(dict.fromkeys(pairs), key=lambda pair: _rate(*pair))
    counts = {"replace": 0, "delete": 0, "insert": 0}
    for op in Levenshtein.editops(truth, heard):
        counts[op.tag] += 1
    return Errors(counts["replace"], counts["delete"], counts["insert"], len(truth))


def _rate(truth: str, heard: str) -> float:
    return Levenshtein.distance(truth, heard) / max(len(truth), 1)
