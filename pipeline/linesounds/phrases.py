"""The phrases of `prompts.yaml`, found as they are written or by their sound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

FILE = Path(__file__).with_name("prompts.yaml")
BY_SOUND = 5  # syllables from which on a phrase is also found by its sound
ALIKE = 84.0  # % of its syllables: one wrong of seven
BETWEEN = 8  # characters that … stands for
DIGITS = str.maketrans("0123456789幺", "零一二三四五六七八九一")
_DROPPED = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without punctuation, digits as Han; `places`: where each character stood."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a group at [start, end) of a plain text."""

    group: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    weight: float
    phrases: tuple[tuple[str, ...], ...]
    patterns: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What machines say, how they give notice of a recording, and words of people."""

    groups: tuple[_Group, ...]
    notice: re.Pattern[str]
    person: re.Pattern[str]

    def hits(self, text: Plain) -> list[Hit]:
        """Phrases in a text; where two overlap, only the weightier one counts."""
        sound = _Sound(text.text)
        found = [hit for group in self.groups for hit in _of_group(group, sound)]
        found.sort(key=lambda hit: (-hit.weight, hit.start - hit.end))
        chosen: list[Hit] = []
        for hit in found:
            if all(hit.end <= other.start or other.end <= hit.start for other in chosen):
                chosen.append(hit)
        return chosen

    def gives_notice(self, text: str) -> bool:
        """Whether a plain text says that the call is recorded."""
        return self.notice.search(text) is not None

    def is_person(self, text: str) -> bool:
        """Whether a plain text holds words that only people say."""
        return self.person.search(text) is not None


class _Sound:
    """A plain text and its syllables, which are looked up only when they are needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._syllables: list[str] | None = None

    @property
    def syllables(self) -> list[str]:
        """One per character, toneless."""
        if self._syllables is None:
            self._syllables = _syllables(self.text)
        return self._syllables


def plain(text: str) -> Plain:
    """Letters and digits only, lower case; between Latin words one space stays."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.lower()):
        between = character == " " and kept and kept[-1].isascii() and kept[-1] != " "
        if between or not _DROPPED.match(character):
            kept.append(character.translate(DIGITS))
            places.append(place)
    return Plain("".join(kept), tuple(places))


def _syllables(text: str) -> list[str]:
    return [_syllable(character) for character in text]


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    """Toneless, without what recognisers confuse: z/zh, c/ch, s/sh, n/ng at the end."""
    syllable = str(lazy_pinyin(character)[0])
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def _of_group(group: _Group, sound: _Sound) -> Iterator[Hit]:
    if group.patterns is not None:
        for match in group.patterns.finditer(sound.text):
            yield Hit(group.name, group.weight, *match.span())
    for phrase in group.phrases:
        span = _find(phrase, sound)
        if span is not None:
            yield Hit(group.name, group.weight, *span)


def _find(phrase: Sequence[str], sound: _Sound) -> tuple[int, int] | None:
    """The parts of a phrase in their order, the next one at most eight characters behind."""
    first, last = None, 0
    for number, part in enumerate(phrase):
        span = _place(part, sound, last)
        if span is None or (number and span[0] - last > BETWEEN):
            return None
        first = span[0] if first is None else first
        last = span[1]
    return None if first is None else (first, last)


def _place(part: str, sound: _Sound, after: int) -> tuple[int, int] | None:
    at = sound.text.find(part, after)
    if at >= 0:
        return at, at + len(part)
    if len(part) < BY_SOUND or len(sound.text) - after < len(part) - 1:
        return None
    alike = fuzz.partial_ratio_alignment(
        _part_syllables(part), sound.syllables[after:], score_cutoff=ALIKE
    )
    if alike is None or alike.dest_end - alike.dest_start < len(part) - 1:
        return None
    return after + alike.dest_start, after + alike.dest_end


@lru_cache(maxsize=1024)
def _part_syllables(part: str) -> list[str]:
    return _syllables(part)


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The phrases of `prompts.yaml`."""
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    notice, person = ("|".join(raw.pop(name)) for name in ("notice", "person"))
    groups = tuple(_group(name, entry) for name, entry in raw.items())
    return Phrasebook(groups, re.compile(notice), re.compile(person))


def _group(name: str, entry: dict[str, Any]) -> _Group:
    phrases = tuple(
        tuple(part.translate(DIGITS) for part in phrase.split("…"))
        for phrase in entry.get("phrases", ())
    )
    patterns = "|".join(f"(?:{pattern})" for pattern in entry.get("patterns", ()))
    return _Group(name, float(entry["weight"]), phrases, re.compile(patterns) if patterns else None)
