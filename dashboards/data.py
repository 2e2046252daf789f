"""What the pages read, cached per published version; and the one thing they write: reviews.

The key of every cached answer is a `Stamp`: which database, which published version, and the latest
review, so that a new review is seen at once and a nightly run when it publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import streamlit as st

from dashboards.options import options, settings
from pipeline.authority import trail_of
from pipeline.domain import SamplePlan, SampleWish
from pipeline.errors import BadInput
from pipeline.sampling import Board, board, days_left, make_plan
from pipeline.store import Filters, People, Review, ReviewDraft, Samples, Snapshot, StoredCall

Row = dict[str, Any]
Stamp = tuple[str, str, tuple[int, str]]
EVERYTHING: Final = Filters()


@st.cache_resource(show_spinner=False)
def _opened(db: Path, timezone: str) -> Snapshot:
    return Snapshot.open(db, timezone=timezone)


def snapshot() -> Snapshot:
    """Return the shared reader; `BadInput` while nothing is published."""
    return _opened(options().db, settings().timezone)


def people() -> People:
    """Return the file of reviews of this database."""
    return snapshot().people


def stamp() -> Stamp:
    """Return the key of everything that is cached."""
    return str(options().db), snapshot().version, people().stamp()


@st.cache_data(max_entries=400, ttl=3600, show_spinner=False)
def _answer(key: Stamp, question: str, filters: Filters | None, more: Row) -> object:
    """Ask the reader's method `question` and keep the answer as plain rows."""
    del key
    method = getattr(snapshot(), question)
    answer = method(**more) if filters is None else method(filters=filters, **more)
    return answer.to_pylist() if isinstance(answer, pa.Table) else answer


def _ask(question: str, filters: Filters | None = None, **more: object) -> Any:  # noqa: ANN401 - its callers say what
    return _answer(stamp(), question, filters, more)


def totals(filters: Filters = EVERYTHING) -> Row:
    """Headline figures; columns as `Snapshot.totals`."""
    found: Row = _ask("totals", filters)
    return found


def by_day(filters: Filters = EVERYTHING) -> list[Row]:
    """One row per local day."""
    found: list[Row] = _ask("by_day", filters)
    return found


def by(group: str, filters: Filters = EVERYTHING) -> list[Row]:
    """One row per team, agent, business line, grade or pack."""
    found: list[Row] = _ask("by", filters, group=group)
    return found


def control_points(filters: Filters = EVERYTHING, limit: int = 10) -> list[Row]:
    """Worst control points first."""
    found: list[Row] = _ask("control_points", filters, limit=limit)
    return found


def rules(filters: Filters = EVERYTHING, limit: int = 10) -> list[Row]:
    """Worst rules first."""
    found: list[Row] = _ask("rules", filters, limit=limit)
    return found


def choices() -> Row:
    """Values that the filters may be set to."""
    found: Row = _ask("choices")
    return found


def list_calls(filters: Filters, sort: str, limit: int, offset: int) -> list[Row]:
    """A page of calls."""
    found: list[Row] = _ask("list_calls", filters, sort=sort, limit=limit, offset=offset)
    return found


def count_calls(filters: Filters = EVERYTHING) -> int:
    """How many calls there are in all."""
    found: int = _ask("count_calls", filters)
    return found


def call(call_id: str) -> StoredCall:
    """Everything of one call; `BadInput` for an unknown id."""
    found: StoredCall = _ask("call", call_id=call_id)
    return found


def last_run() -> Row | None:
    """The latest run, None before the first."""
    found: Row | None = _ask("last_run")
    return found


def failures() -> list[Row]:
    """Files that failed and have not succeeded since."""
    found: list[Row] = _ask("failures")
    return found


# ── reviews: never cached, they must be there at once and while a run loads ──────────────────────


def history(call: Mapping[str, Any]) -> list[Review]:
    """What people said about a call and its rules, under whatever id, oldest first."""
    return people().reviews_of(str(call["content_sha256"]))


def reviews(call: Mapping[str, Any], rule: str | None) -> list[Review]:
    """What people said about one rule of a call (None: about the call), oldest first."""
    return [review for review in history(call) if review.rule == rule]


def add_review(draft: ReviewDraft) -> Review:
    """Store a review; `TryAgain` when somebody else decided meanwhile."""
    return people().add_review(draft)


# ── sampling ─────────────────────────────────────────────────────────────────────────────────────


def sample_board(first: date, last: date) -> Board:
    """The plans of a month and how far the listening is; never cached, as reviews are not."""
    return board(snapshot(), first, last)


def may_draw() -> bool:
    """Whether whoever looks may draw plans."""
    return True


def days_to_draw(first: date, last: date) -> tuple[date, date]:
    """The days of a month that no plan has drawn from; `BadInput` when there are none."""
    today = datetime.now(settings().zone).date()
    return days_left(Samples(people()), first, last, today)


def draw_sample(who: str, wish: SampleWish) -> SamplePlan:
    """Draw and keep a plan in the name of `who`."""
    if not who.strip():
        raise BadInput("say who you are (side bar)")
    return make_plan(snapshot(), who.strip(), wish, trail_of(settings(), options().db))
