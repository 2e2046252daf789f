"""Asking: the index proposes sentences, their text decides, the reader's calls have the last word.

Whatever a reader does not have (not theirs, erased, of another version) is dropped before it is
shown or counted, by asking the narrowed snapshot for the calls of every sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from pipeline.errors import BadInput
from pipeline.search.days import Sentence, read_day
from pipeline.search.index import NONE, SearchIndex
from pipeline.search.query import Query
from pipeline.store import Filters, Snapshot, chosen_calls, found_calls

COUNTED = 1000  # hits that are counted and can be paged through
LOOKED_AT = 300_000  # sentences that are looked at for them
FEW = 100_000  # calls that are so few that the index is asked for them alone
MOST = 8192  # sentences that are checked at once


_Answering = tuple[Sentence, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that answers; `spans`: where, in `sentence.text`. `call`: sql/search_found.sql."""

    sentence: Sentence
    spans: list[tuple[int, int]]
    call: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits, newest call first.

    `count`: of all hits; `more`: there are more than that. `stopped`: after LOOKED_AT sentences,
    older ones were not looked at.
    """

    hits: list[Hit]
    count: int
    more: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a query within calls, said by a role or by anybody."""

    query: Query
    filters: Filters = field(default_factory=Filters)
    role: str | None = None


def search(snapshot: Snapshot, question: Question, limit: int = 50, offset: int = 0) -> Answer:
    """Hits [offset, offset + limit) of at most COUNTED.

    `snapshot` is narrowed to whoever asks. BadInput where there is no index yet.
    """
    index = SearchIndex(snapshot.layout)
    if not index.state().there:
        raise BadInput(
            f"there is no search index yet: run `callqa search rebuild --db {snapshot.layout.db}`"
        )
    looking = _Looking(snapshot, index, question)
    found = list(islice(looking.found(), COUNTED + 1))
    shown = found[:COUNTED]
    return Answer(
        hits=shown[offset : offset + limit],
        count=len(shown),
        more=len(found) > COUNTED,
        stopped=looking.stopped,
    )


class _Looking:
    """One search under way."""

    def __init__(self, snapshot: Snapshot, index: SearchIndex, question: Question) -> None:
        self.snapshot, self.question = snapshot, question
        self.stopped = False
        self._files = index.files()
        self._known: dict[str, dict[str, Any] | None] = {}  # calls that were asked for

    def found(self) -> Iterator[Hit]:
        """Hits, newest first."""
        answers = self._answers()
        size = COUNTED + 1
        while batch := list(islice(answers, size)):
            yield from self._checked(batch)
            size = min(size * 2, MOST)

    def _answers(self) -> Iterator[_Answering]:
        """Sentences that answer, whoever they belong to."""
        candidates = self._candidates()
        for sentence in islice(candidates, LOOKED_AT):
            spans = self.question.query.answer(sentence.text)
            if spans is not None:
                yield sentence, spans
        self.stopped = next(candidates, None) is not None

    def _checked(self, answers: list[_Answering]) -> Iterator[Hit]:
        """Those that the reader has as the index has them."""
        new = {sentence.call_id for sentence, _ in answers} - self._known.keys()
        if new:
            there = found_calls(self.snapshot, self.question.filters, new)
            self._known.update((call_id, there.get(call_id)) for call_id in new)
        for sentence, spans in answers:
            call = self._known[sentence.call_id]
            if call is not None and call["processed"] == sentence.processed:
                yield Hit(sentence, spans, call)

    def _candidates(self) -> Iterator[Sentence]:
        wanted, role = self.question.query.index_terms(), self.question.role
        few = self._few()
        for day, path in self._files:
            if not _within(day, self.question.filters):
                continue
            if few is None:
                yield from read_day(path, wanted, role)
            elif day in few:
                yield from read_day(path, wanted, role, few[day])

    def _few(self) -> dict[str, list[str]] | None:
        """Calls by day where scope and filters leave few; None where they leave many."""
        filters = replace(self.question.filters, since=None, until=None)
        if filters == Filters() and self.snapshot.whole:
            return None
        days = chosen_calls(self.snapshot, self.question.filters, FEW + 1)
        return days if sum(map(len, days.values())) <= FEW else None


def _within(day: str, filters: Filters) -> bool:
    if filters.since is None and filters.until is None:
        return True
    if day == NONE:
        return False
    held = date.fromisoformat(day)
    return (filters.since or held) <= held <= (filters.until or held)
