"""Names that people can read: the phrases that a topic's turns share and others do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from pipeline.cutting import NO_WORDS
from pipeline.problems.content import cut, is_stop, pieces

LONGEST = 5  # words of a phrase
CHARACTERS = (2, 12)
SHARED = 3  # calls that must say a phrase: a name is nobody's own sentence
PHRASES = 2
LEAST_SHARE = 0.08  # of the calls that a phrase must cover
SAID_BEFORE = 0.4  # worth of a call that says what was chosen before
MOST_TURNS = 400
BETWEEN = " · "

Said = tuple[int, str]  # number of the call, text


def name_of(
    said: Sequence[Said], terms: Mapping[str, float], own: frozenset[str] = NO_WORDS
) -> str:
    """One or two phrases, those first that most calls share and that say most; or its words.

    `own`: words that people accepted, which stay whole.
    """
    where = _phrases(said[:MOST_TURNS], terms, own)
    calls = len({call for call, _ in said[:MOST_TURNS]})
    least = max(SHARED, LEAST_SHARE * calls)
    open_ = {phrase: found for phrase, found in where.items() if len(found) >= least}
    chosen: list[str] = []
    covered: set[int] = set()
    while open_ and len(chosen) < PHRASES:
        best = max(open_, key=lambda one: (_worth(one, open_[one], covered, terms, own), one))
        covered |= open_.pop(best)
        chosen.append("".join(best))
        open_ = {one: found for one, found in open_.items() if not _overlaps(one, best)}
    return BETWEEN.join(chosen) or BETWEEN.join(_first(terms, 3))


def words_of(terms: Mapping[str, float], count: int = 8) -> tuple[str, ...]:
    """What its turns share, most telling first."""
    return tuple(_first(terms, count))


def _phrases(
    said: Iterable[Said], terms: Mapping[str, float], own: frozenset[str]
) -> dict[tuple[str, ...], set[int]]:
    """Runs of words that begin and end with a telling one, with the calls that say them."""
    where: dict[tuple[str, ...], set[int]] = {}
    for call, text in said:
        words = cut(text, own)
        for start in range(len(words)):
            if not _tells(words[start], terms, own):
                continue
            for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                run = words[start:end]
                if not run[-1]:
                    break
                size = sum(map(len, run))
                if CHARACTERS[0] <= size <= CHARACTERS[1] and _tells(run[-1], terms, own):
                    where.setdefault(run, set()).add(call)
    return where


def _tells(word: str, terms: Mapping[str, float], own: frozenset[str]) -> bool:
    return any(piece in terms for piece in pieces(word, own))


def _worth(
    phrase: tuple[str, ...], calls: set[int], covered: set[int], terms: Mapping[str, float],
    own: frozenset[str],
) -> float:  # fmt: skip
    """Calls that say it, those first that say nothing chosen yet, times how much it tells."""
    new = len(calls - covered)
    told = sum(terms.get(one, 0.0) for one in {p for word in phrase for p in pieces(word, own)})
    content = sum(not is_stop(word) for word in phrase)
    return (new + SAID_BEFORE * (len(calls) - new)) * told * log(1.5 + content)


def _overlaps(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two phrases mostly say the same."""
    both = sum((Counter(one) & Counter(other)).values())
    return both * 2 >= min(len(one), len(other))


def _first(terms: Mapping[str, float], count: int) -> list[str]:
    return sorted(terms, key=lambda word: (-terms[word], word))[:count]
