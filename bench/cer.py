"""Character error rate as `bench/README.md` defines it.

Text is compared in simplified script, without punctuation, spaces or case, and with numbers in
either reading: Arabic digits of the hypothesis are also tried as spoken words, and the reading with
fewer errors counts.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.asr.cleanup import simplify

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
GROUPS = ("", "万", "亿")


@dataclass(frozen=True, slots=True)
class Errors:
    """Edit counts of a text against its reference of `length` characters."""

    substitutions: int
    deletions: int
    insertions: int
    length: int

    @property
    def rate(self) -> float:
        """Errors per reference character."""
        return (self.substitutions + self.deletions + self.insertions) / max(self.length, 1)

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
    """Fewest errors over the readings of both texts."""
    best: Errors | None = None
    for truth in readings(reference):
        for heard in readings(hypothesis):
            counts = {"replace": 0, "delete": 0, "insert": 0}
            for op in Levenshtein.editops(truth, heard):
                counts[op.tag] += 1
            found = Errors(counts["replace"], counts["delete"], counts["insert"], len(truth))
            if best is None or found.rate < best.rate:
                best = found
    assert best is not None
    return best


def interval(parts: Sequence[Errors], seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95 % bootstrap interval of the pooled rate, resampling whole calls or clips."""
    generator = random.Random(seed)
    rates = []
    for _ in range(rounds):
        chosen = generator.choices(parts, k=len(parts))
        rates.append(sum(chosen, Errors(0, 0, 0, 0)).rate)
    rates.sort()
    return rates[int(0.025 * rounds)], rates[int(0.975 * rounds)]
