"""A small database with a search index."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from pipeline.domain import CallReport
from pipeline.search import Answer, Question, parse, search, sync
from pipeline.store import Filters, Snapshot, Store
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_report

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)


def a_call(name: str, *turns: str, day: int = 0, **changes: object) -> CallReport:
    """A call of 2026-11-20 + `day`; `turns` are said by agent and customer in turn."""
    return a_report(name, turns=turns, **{"started_at": NOON + timedelta(days=day), **changes})


def make(folder: Path, *reports: CallReport) -> Path:
    """A published and indexed database of these calls."""
    db = fresh(folder / "calls.duckdb")
    add(db, *reports)
    return db


def add(db: Path, *reports: CallReport) -> int:
    """What a run does with new calls; returns the days that were written."""
    with Store.open(db) as store:
        store.save(reports)
        store.publish()
        return sync(store)


def ask(
    db: Path | Snapshot, typed: str, filters: Filters | None = None, *, sound: bool = False,
    role: str | None = None, limit: int = 50, offset: int = 0,
) -> Answer:  # fmt: skip
    """What is found."""
    question = Question(parse(typed, sound=sound), filters or Filters(), role)
    if isinstance(db, Snapshot):
        return search(db, question, limit, offset)
    with Snapshot.open(db) as snapshot:
        return search(snapshot, question, limit, offset)


def found(answer: Answer) -> list[tuple[str, int]]:
    """Call and segment of every hit."""
    return [(hit.sentence.call_id, hit.sentence.segment) for hit in answer.hits]


def marked(answer: Answer) -> list[list[str]]:
    """What is marked in every hit."""
    return [[hit.sentence.text[start:end] for start, end in hit.spans] for hit in answer.hits]
