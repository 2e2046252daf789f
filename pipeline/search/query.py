"""What somebody types, and whether a text answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pipeline.cutting import NO_WORDS
from pipeline.errors import BadInput
from pipeline.search.words import cut, fold, places, sounds, spoken_terms, written_terms

LONGEST = 100  # characters
_QUOTES = str.maketrans(
    {char: '"' for char in "“”„‟「」『』＂〝〞"} | {"－": "-", "−": "-", "　": " "}
)
_PART = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+))')


class BadQuery(BadInput):
    """A query that cannot be answered; `why`: empty, quote, excluded, letters or long."""

    stage = "search"

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Term:
    """Characters that must stand side by side, folded; `sounds`: symbols that do, when by sound."""

    text: str
    sounds: str = ""

    def found(self, written: str, spoken: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text [start, end)."""
        sought, there = (self.sounds, spoken) if self.sounds else (self.text, written)
        at = there.find(sought)
        while at >= 0:
            yield at, at + len(sought)
            at = there.find(sought, at + len(sought))


@dataclass(frozen=True, slots=True)
class Query:
    """All `terms` in one sentence and none of `excluded`. `sound`: as they sound."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    sound: bool = False

    def index_terms(self) -> tuple[tuple[str, ...], bool]:
        """Terms that an index holds where the query is answered; True: beginnings of terms.

        Texts without one of them cannot answer; those with all of them nearly always do.
        """
        make = spoken_terms if self.sound else written_terms
        pairs = dict.fromkeys(chain.from_iterable(make(term.text)[:-1] for term in self.terms))
        if pairs:
            return tuple(pairs), False
        return tuple(dict.fromkeys(make(term.text)[0] for term in self.terms)), True

    def answer(self, text: str) -> list[tuple[int, int]] | None:
        """Where the terms stand in a text, in order, as [start, end); None: no answer."""
        written = fold(text)
        spoken = sounds(written) if self.sound else ""
        found: list[tuple[int, int]] = []
        for term in self.terms:
            own = list(term.found(written, spoken))
            if not own:
                return None
            found += own
        if any(True for term in self.excluded for _ in term.found(written, spoken)):
            return None
        at = places(text)
        return _joined(sorted((at[start], at[end - 1] + 1) for start, end in found))


def parse(typed: str, *, sound: bool = False, own: frozenset[str] = NO_WORDS) -> Query:
    """Words, which jieba cuts where no spaces do; "phrases" in quotes; -without. BadQuery.

    `own`: words that were accepted besides those of jieba's dictionary.
    """
    text = typed.translate(_QUOTES).strip()
    if len(text) > LONGEST:
        raise BadQuery("long", f"the query is longer than {LONGEST} characters; shorten it")
    if text.count('"') % 2:
        raise BadQuery("quote", 'a quotation mark has no second one; write "words like this"')
    wanted: list[str] = []
    excluded: list[str] = []
    for part in _PART.finditer(text):
        phrase = fold(part["phrase"] if part["phrase"] is not None else part["words"])
        if phrase and part["no"]:
            excluded.append(phrase)
        elif phrase:
            wanted += [phrase] if part["phrase"] is not None else cut(phrase, own)
    if not wanted:
        raise _nothing(text, excluded)
    make = _spoken if sound else Term
    return Query(
        tuple(make(term) for term in dict.fromkeys(wanted)),
        tuple(make(term) for term in dict.fromkeys(excluded)),
        sound,
    )


def _spoken(text: str) -> Term:
    return Term(text, sounds(text))


def _nothing(text: str, excluded: list[str]) -> BadQuery:
    if excluded:
        return BadQuery("excluded", "say also what to look for, not only what to leave out")
    if text:
        return BadQuery("letters", "there is no letter, digit or Chinese character in the query")
    return BadQuery("empty", "the query is empty; type the words to look for")


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without overlaps."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
