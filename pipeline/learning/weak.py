"""Weak labels: what word lists say of a call or a turn; right often enough to learn from."""

from __future__ import annotations

from collections import Counter

from pipeline.domain import Flag
from pipeline.learning.names import reasons
from pipeline.learning.texts import TURN, Passage
from pipeline.rules.lexicon import Lexicon, lexicon

STRONG = 0.6  # from here on a word list raises a flag, as the rules of the packs do
AGENT_COUNTS = 0.5  # what an agent says may be advice


def weak_reason(passage: Passage) -> str | None:
    """The reason that most words speak for; None where none does, or two are alike."""
    found: Counter[str] = Counter()
    for key, reason in reasons().items():
        for side, weight in ((passage.customer, 1.0), (passage.agent, AGENT_COUNTS)):
            words = {match.group() for match in reason.words.finditer(side)}
            found[key] += weight * min(len(words), 3)  # type: ignore[assignment]
    (best, most), (_, next_most) = found.most_common(2)
    return best if most >= 1 and most > next_most else None


def weak_flags(passage: Passage) -> dict[Flag, int]:
    """1 raised, 0 not, -1 where the words are too few to tell."""
    turns = passage.customer.split(TURN)
    found = {flag: max(_score(lexicon(flag.value), turn) for turn in turns) for flag in Flag}
    known = {flag: 1 if s >= STRONG else 0 if s == 0 else -1 for flag, s in found.items()}
    others = any(known[flag] == 1 for flag in Flag if flag is not Flag.DISSATISFACTION)
    if others and known[Flag.DISSATISFACTION] == 0:  # who complains is discontent, in other words
        known[Flag.DISSATISFACTION] = -1
    return known


def without_words(passage: Passage, reason: str) -> Passage:
    """The same without the words that gave its reason, so that others are learned too."""
    words = reasons()[reason].words
    return Passage(words.sub("", passage.customer), words.sub("", passage.agent))


def _score(words: Lexicon, turn: str) -> float:
    rest = 1.0
    for _, _, weight in words.found(turn):
        rest *= 1 - weight
    return 1 - rest
