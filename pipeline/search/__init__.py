"""Searching what was said: words, phrases, by sound, in masked text only.

::

    published copy ── sync ──▶ FILE.d/search/<day>.<mark>.sqlite    one file per day, never changed
                                   │ read_day: sentences that hold all terms, newest first
                                   ▼
    typed ── parse ──▶ Query ── answer: the text decides ──▶ Snapshot of whoever asks ──▶ Hit

`sync` runs where calls are published; what it did not come to, the next one does.
"""

from pipeline.search.find import COUNTED, LOOKED_AT, Answer, Hit, Question, search
from pipeline.search.index import SearchIndex, State, rebuild, sync
from pipeline.search.query import LONGEST, BadQuery, Query, Term, parse

__all__ = [
    "COUNTED",
    "LONGEST",
    "LOOKED_AT",
    "Answer",
    "BadQuery",
    "Hit",
    "Query",
    "Question",
    "SearchIndex",
    "State",
    "Term",
    "parse",
    "rebuild",
    "search",
    "sync",
]
