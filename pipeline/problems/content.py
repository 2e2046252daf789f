"""The words of a passage that say what it is about, and which turns ask or are discontent.

`own` are everywhere the words that people accepted besides those of the dictionary, folded.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pipeline.cutting import NO_WORDS, is_word
from pipeline.rules.lexicon import Kind, lexicon
from pipeline.search import words

ASKS = (
    "怎么|为什么|为啥|什么|多少|多久|哪|吗|呢$|几[天号个点月年]|能不能|可不可以|可以不"
    "|有没有|是不是|会不会|要不要|咋|如何"
)
SIGNS: tuple[Kind, ...] = ("dissatisfaction", "anger", "complaint")
LEAST_WEIGHT = 0.5  # of a sign of discontent
AGAIN = re.compile(
    r"我(刚才?)?问的(是|就是)|(还|都|也)没(有)?(告诉|回答|说清|讲清)|你没(说|讲)清|再问(一遍|一次)|刚才?(不是)?问"
)
_AROUND = re.compile(r"\(\?<?[=!](?:[^()]|\([^()]*\))*\)")
_CLAUSE = re.compile(r"[^\w*]+")
_EMPTY = re.compile(r"[\d*a-z]*\d[\d*a-z]*|.*\*.*")
# What is said in questions about anything.
STOP = frozenset(Path(__file__).with_name("everyday.txt").read_text(encoding="utf-8").split())


def discontent_pattern() -> str:
    """What RE2 can look for: all signs of discontent, looser where it cannot look around."""
    found = [
        _AROUND.sub("", pattern)
        for kind in SIGNS
        for entry in lexicon(kind).entries
        if entry.weight >= LEAST_WEIGHT
        for pattern in entry.patterns
    ]
    return "|".join(f"(?:{pattern})" for pattern in found)


@lru_cache(maxsize=65_536)
def is_discontent(folded: str) -> bool:
    """Whether a folded turn says that its speaker is discontent."""
    return any(
        weight >= LEAST_WEIGHT for kind in SIGNS for *_, weight in lexicon(kind).found(folded)
    )


def asks_besides(text: str) -> bool:
    """Whether a discontent turn asks something: 凭什么 and 什么态度 alone are no question."""
    if "？" in text or "?" in text:
        return True
    folded = words.fold(text)
    for kind in SIGNS:
        for start, end, _ in lexicon(kind).found(folded):
            folded = folded[:start] + " " * (end - start) + folded[end:]
    return re.search(ASKS, folded) is not None


def asks_again(text: str) -> bool:
    """Whether a turn says itself that it was asked before."""
    return AGAIN.search(words.fold(text)) is not None


@lru_cache(maxsize=200_000)  # people ask the same in the same words
def cut(text: str, own: frozenset[str] = NO_WORDS) -> tuple[str, ...]:
    """All words of a text in order; numbers, stars and ends of clauses are marked as empty."""
    found: list[str] = []
    for clause in _CLAUSE.split(text):
        cut_ = words.cut(words.fold(clause), own)
        found += ["" if _EMPTY.fullmatch(word) else word for word in cut_]
        found.append("")
    return tuple(found)


def content(text: str, own: frozenset[str] = NO_WORDS) -> tuple[str, ...]:
    """What may tell one question from another: its words; what is none in pairs of characters.

    What a trade says and no dictionary knows (定损, 犹豫期) comes out of the cutter together with
    what stands beside it; its pairs are the same wherever it stands.
    """
    return tuple(piece for word in cut(text, own) for piece in pieces(word, own))


@cache
def pieces(word: str, own: frozenset[str] = NO_WORDS) -> tuple[str, ...]:
    """A word as it is, characters that make none as their pairs; nothing of what says nothing."""
    if not word or (is_stop(word) and word not in own):
        return ()
    if len(word) <= 2 or word in own or is_word(word):
        return (word,)
    parts = "".join(" " if char in STOP else char for char in word).split()
    return tuple("".join(pair) for part in parts for pair in pairwise(part))


@cache
def is_stop(word: str) -> bool:
    """Whether a word, or each of its characters, is said in questions about anything."""
    return word in STOP or (len(word) > 1 and all(char in STOP for char in word))
