"""From what Whisper wrote to text that rules can rely on.

Simplified script (OpenCC), full-width punctuation, and no invented text: caption credits, thanks
for watching, loops and an echoed prompt are taken out and counted, never silently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pipeline.domain import Removed, Word

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
FULL_WIDTH = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "："})

# Captions that Whisper learned from video subtitles and writes on unclear sound.
INVENTIONS = re.compile(
    r"(?:中文|粤语)?字幕(?:组|社区)?志愿者[^。！？，]{0,6}(?:，[^。！？，]{1,4})?"
    r"|(?:中文|粤语)?字幕(?:由|by|制作|製作|提供|:|：)[^。！？，]{0,20}(?:提供|制作)?"
    r"|(?:[^。！？，]{0,10})?字幕(?:组|社区|志愿者)[^。！？，]{0,10}"
    r"|请不吝点赞[^。！？]{0,30}"
    r"|(?:点赞|订阅|转发|打赏)(?:[、，, ]?(?:点赞|订阅|转发|打赏|支持))+[^。！？，]{0,16}"
    r"|明镜与点点栏目|优优独播剧场[^。！？，]{0,20}|Amara\.org[^。！？，]{0,10}"
    r"|(?:谢谢|感谢|多谢)(?:您|大家|各位)?(?:的)?(?:观看|收看|收听)"
    r"|(?:请)?(?:订阅|关注)(?:我的|我们的|本)频道",
    re.IGNORECASE,
)
# A unit of letters (never digits: 8888 is a phone number) said over and over.
SHORT_LOOP = re.compile(r"((?!\d)[^\d\s]{1,3}?)(?:[，。、\s]?\1){5,}")
LONG_LOOP = re.compile(r"((?!\d)[^\d\s]{4,20}?)(?:[，。、\s]?\1){2,}")
EDGES = "，。！？、；： "


@dataclass(frozen=True, slots=True)
class Heard:
    """One segment as Whisper wrote it. `nothing_said`: its own no-speech test says so."""

    words: tuple[Word, ...]
    nothing_said: bool = False


@lru_cache(maxsize=1)
def _converter() -> Any:  # noqa: ANN401
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional to Simplified script."""
    return str(_converter().convert(text))


def clean(
    heard: Sequence[Heard], channel: int, prompt: str | None = None
) -> tuple[list[Word], list[Removed]]:
    """Words with clean text, and what was taken out with its reason and time."""
    words: list[Word] = []
    removed: list[Removed] = []
    for segment in heard:
        if not segment.words:
            continue
        if segment.nothing_said:
            removed.append(_removal("no_speech", segment.words, channel))
            continue
        kept = _normalised(segment.words)
        for reason, span in _inventions("".join(word.text for word in kept), prompt):
            removed.append(_removal(reason, _overlapping(kept, span), channel))
            kept = _cut(kept, span)
        words += _phrase([word for word in kept if word.text])
    return _across_segments(words, removed, channel)


def _phrase(words: list[Word]) -> list[Word]:
    """Whisper's segments are phrases: each ends with a mark, which it often leaves out."""
    if words and words[-1].text[-1] not in EDGES + ".…":
        words[-1] = replace(words[-1], text=words[-1].text + "，")
    return words


def _across_segments(
    words: list[Word], removed: list[Removed], channel: int
) -> tuple[list[Word], list[Removed]]:
    """Loops that run over several segments of one window."""
    text = "".join(word.text for word in words)
    for reason, span in _loops(text):
        removed.append(_removal(reason, _overlapping(words, span), channel))
        words = _cut(words, span)
    return [word for word in words if word.text], removed


def _normalised(words: Sequence[Word]) -> list[Word]:
    """Simplified script and full-width punctuation; each word keeps its own characters."""
    raw = "".join(word.text for word in words)
    text = simplify(raw)
    if len(text) != len(raw):
        text = "".join(simplify(character)[:1] or character for character in raw)
    text = _punctuated(text)
    result, position = [], 0
    for word in words:
        result.append(replace(word, text=text[position : position + len(word.text)]))
        position += len(word.text)
    return [replace(word, text=word.text.replace("\0", "")) for word in result]


def _punctuated(text: str) -> str:
    """Same length: marks beside Han become full-width, a space between Han a comma.

    A character to be dropped becomes NUL, so that words can still be cut at their positions.
    """
    characters = list(text)
    for index, character in enumerate(characters):
        before = characters[index - 1] if index else ""
        after = characters[index + 1] if index + 1 < len(characters) else ""
        beside_han = bool(re.match(HAN, before) or re.match(HAN, after))
        between_digits = before.isdigit() and after.isdigit()
        if character in ",?!;:" and beside_han and not between_digits:
            characters[index] = character.translate(FULL_WIDTH)
        elif character == "." and re.match(HAN, before) and not after.isdigit():
            characters[index] = "。"
        elif character == " ":
            both = re.match(HAN, before) and re.match(HAN, after)
            latin = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
            characters[index] = "，" if both else " " if latin else "\0"
    return "".join(characters)


def _inventions(text: str, prompt: str | None) -> list[tuple[str, tuple[int, int]]]:
    """Spans to take out, last first, so that earlier positions stay right."""
    spans = [("caption", match.span()) for match in INVENTIONS.finditer(text)]
    if prompt and (at := text.find(prompt.strip(EDGES))) >= 0:
        spans.append(("prompt", (at, at + len(prompt.strip(EDGES)))))
    spans += _loops(text)
    chosen: list[tuple[str, tuple[int, int]]] = []
    for reason, span in sorted(spans, key=lambda item: item[1], reverse=True):
        if not chosen or span[1] <= chosen[-1][1][0]:
            chosen.append((reason, span))
    return chosen


def _loops(text: str) -> list[tuple[str, tuple[int, int]]]:
    """All repetitions of a loop but the first one."""
    found = []
    for pattern in (SHORT_LOOP, LONG_LOOP):
        for match in pattern.finditer(text):
            if match.end() - match.end(1) >= 4:
                found.append(("loop", (match.end(1), match.end())))
    found.sort(key=lambda item: item[1], reverse=True)
    return [item for n, item in enumerate(found) if n == 0 or item[1][1] <= found[n - 1][1][0]]


def _overlapping(words: Sequence[Word], span: tuple[int, int]) -> list[Word]:
    position, hits = 0, []
    for word in words:
        if position < span[1] and position + len(word.text) > span[0]:
            hits.append(word)
        position += len(word.text)
    return hits


def _cut(words: Sequence[Word], span: tuple[int, int]) -> list[Word]:
    """The words without the characters of the span."""
    position, kept = 0, []
    for word in words:
        low, high = span[0] - position, span[1] - position
        text = word.text[: max(low, 0)] + word.text[max(high, 0) :]
        kept.append(replace(word, text=text) if low < len(word.text) and high > 0 else word)
        position += len(word.text)
    return kept


def _removal(reason: str, words: Sequence[Word], channel: int) -> Removed:
    characters = sum(len(word.text.strip()) for word in words)
    return Removed(reason, words[0].start, words[-1].end, channel, characters)
