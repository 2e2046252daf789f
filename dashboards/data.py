"""What the pages read, cached per published version; and the one thing they write: reviews.

Everything is asked for whoever is signed in: of a reader for which nothing out of their scope
exists. The key of every cached answer is a `Stamp`: which database, which published version, the
latest review, so that a new review is seen at once and a nightly run when it publishes, and the
scope, so that nobody is given the answer to somebody else's question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import streamlit as st

from dashboards import signed
from dashboards.options import door, options, settings
from pipeline import corrected
from pipeline.access import Account, Act, Person
from pipeline.audit import Contents, Verified, verify
from pipeline.authority import keys_of, signed_trail, signing_of
from pipeline.chance import Learned, learned
from pipeline.domain import SamplePlan, SampleWish, Scorecard
from pipeline.effective import human_result
from pipeline.errors import BadPack, CallqaError, NotAllowed
from pipeline.process import Packs
from pipeline.rule_records import RuleRecord
from pipeline.rule_records import rule_records as records_of
from pipeline.sampling import Board, board, days_left, make_plan
from pipeline.search import Answer, Query, Question, SearchIndex, parse
from pipeline.search import search as search_for
from pipeline.store import (
    Calibrations,
    Filters,
    LevelChoice,
    LevelDraft,
    Levels,
    People,
    Review,
    ReviewDraft,
    Samples,
    Scope,
    Snapshot,
    StoredCall,
    Words,
)

Row = dict[str, Any]
Stamp = tuple[str, str, tuple[int, int], Scope]
EVERYTHING: Final = Filters()
SEARCH_PAGE = 50  # sentences


@st.cache_resource(show_spinner=False)
def _opened(db: Path, timezone: str) -> Snapshot:
    return Snapshot.open(db, timezone=timezone)


def snapshot() -> Snapshot:
    """Return the shared reader, of everything; `BadInput` while nothing is published."""
    return _opened(options().db, settings().timezone)


def people() -> People:
    """Return the file of reviews of this database."""
    return snapshot().people


def mine() -> Snapshot:
    """Return the reader of whoever is signed in; `NotAllowed` when nobody is."""
    *_, scope = stamp()
    return snapshot().within(scope)


def stamp() -> Stamp:
    """Return the key of everything that is cached."""
    return _stamp(signed.who(), signed.name())


def stamp_of(person: Person) -> Stamp:
    """Return the key for somebody who asks for a file, which is made outside of any page."""
    return _stamp(person, person.name)


def reader_of(person: Person) -> Snapshot:
    """Return the reader of somebody who asks for a file."""
    *_, scope = stamp_of(person)
    return snapshot().within(scope)


def _stamp(person: Person, name: str) -> Stamp:
    newest, scope = _seen_by(person, name)
    return str(options().db), snapshot().version, newest, scope


def _seen_by(person: Person, name: str) -> tuple[tuple[int, int], Scope]:
    """What people wrote last, and what somebody may see of it all.

    Out of scope are also calls that they have to score blind and have not submitted yet.
    """
    if person.may(Act.RATE):
        newest, hidden = Calibrations(people()).stamp(name)
    else:
        newest, hidden = people().stamp(), ()
    return newest, replace(person.scope, hidden=hidden)


@st.cache_data(max_entries=400, ttl=3600, show_spinner=False)
def _answer(key: Stamp, question: str, filters: Filters | None, more: Row) -> object:
    """Ask the reader's method `question` and keep the answer as plain rows."""
    *_, scope = key
    method = getattr(snapshot().within(scope), question)
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


def rule_records(filters: Filters, last: date) -> list[RuleRecord]:
    """How good every rule is by what people decided."""
    return _records(stamp(), filters, last)


@st.cache_data(max_entries=50, ttl=3600, show_spinner=False)
def _records(key: Stamp, filters: Filters, last: date) -> list[RuleRecord]:
    *_, scope = key
    return records_of(snapshot().within(scope), filters, last)


def choices() -> Row:
    """Values that the filters may be set to."""
    found: Row = _ask("choices")
    return found


def list_calls(filters: Filters, sort: str, limit: int, offset: int) -> list[Row]:
    """A page of calls."""
    return _listed(stamp(), filters, sort, (limit, offset))


@st.cache_data(max_entries=200, ttl=3600, show_spinner=False)
def _listed(key: Stamp, filters: Filters, sort: str, page: tuple[int, int]) -> list[Row]:
    *_, scope = key
    reader, table = snapshot().within(scope), chances().table
    found: list[Row] = reader.list_calls(filters, sort, *page, chances=table).to_pylist()
    return found


def chances() -> Learned:
    """What all decisions teach about findings; it knows no call and nobody who spoke."""
    return learned(snapshot())


def count_calls(filters: Filters = EVERYTHING) -> int:
    """How many calls there are in all."""
    found: int = _ask("count_calls", filters)
    return found


def call(call_id: str) -> StoredCall:
    """Everything of one call, as it reads with its corrections; `BadInput` for an unknown id."""
    return _call(stamp(), call_id)


@st.cache_data(max_entries=50, ttl=600, show_spinner=False)
def _call(key: Stamp, call_id: str) -> StoredCall:
    *_, scope = key
    return corrected.load(snapshot().within(scope), snapshot(), call_id, packs())


def packs() -> Packs:
    """The rule packs in force, read anew now and then."""
    return _packs(settings().pack, settings().packs_dir)


@st.cache_resource(ttl=600, show_spinner=False)
def _packs(forced: str | None, folder: Path | None) -> Packs:
    return Packs(forced, folder)


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
    content = str(call["content_sha256"])
    return people().reviews_of(content) if is_mine(content) else []


def reviews(call: Mapping[str, Any], rule: str | None) -> list[Review]:
    """What people said about one rule of a call (None: about the call), oldest first."""
    return [review for review in history(call) if review.rule == rule]


def add_review(draft: ReviewDraft) -> Review:
    """Store a review in the name of whoever is signed in.

    `NotAllowed` for a role that reviews nothing, or a call that is out of its scope; `TryAgain`
    when somebody else decided meanwhile.
    """
    person = signed.who(active=True)
    person.need(Act.REVIEW)
    if not is_mine(draft.content_sha256):
        raise NotAllowed(f"there is no call {draft.call_id} for you")
    return people().add_review(replace(draft, reviewer=person.name or draft.reviewer))


def human_card(call: StoredCall) -> Scorecard | None:
    """What the call's findings come to as people decided them; None where that cannot be known."""
    pack_hash = str(call.call["pack_hash"])
    content: Row | None = _ask("pack_content", pack_hash=pack_hash)
    if content is None:
        return None
    try:
        _, card = human_result(
            call.findings, (pack_hash, content), history(call.call), levels(call.call)
        )
    except BadPack:
        return None
    return card


def levels(call: Mapping[str, Any]) -> list[LevelChoice]:
    """The levels that people chose for the items that only they can judge."""
    content = str(call["content_sha256"])
    return Levels(people()).of(content) if is_mine(content) else []


def choose_level(draft: LevelDraft) -> LevelChoice:
    """Store a level in the name of whoever is signed in; refuses as `add_review` does."""
    person = signed.who(active=True)
    person.need(Act.REVIEW)
    if not is_mine(draft.content_sha256):
        raise NotAllowed(f"there is no call {draft.call_id} for you")
    return Levels(people()).choose(replace(draft, reviewer=person.name or draft.reviewer))


def is_mine(content_sha256: str) -> bool:
    """Whether whoever is signed in has this call."""
    found: int = _ask("count_of", column="content_sha256", value=content_sha256)
    return found > 0


# ── search ───────────────────────────────────────────────────────────────────────────────────────


def search_state() -> tuple[bool, bool]:
    """Whether there is a search index, and whether the newest calls may be missing in it."""
    state = SearchIndex.of(options().db).state()
    return state.there, state.outdated(snapshot().version)


def search(typed: str, sound: bool, role: str | None, filters: Filters, page: int) -> Answer:
    """A page of sentences of the calls of whoever is signed in, newest first.

    BadQuery says what is wrong with the query, BadInput that there is no index.
    """
    version = SearchIndex.of(options().db).state().version
    asked = Question(parsed(typed, sound=sound), filters, role)
    return _searched(stamp(), version, asked, page)


def parsed(typed: str, *, sound: bool) -> Query:
    """What somebody types, by the words that people accepted."""
    return parse(typed, sound=sound, own=Words(people()).accepted())


@st.cache_data(max_entries=100, ttl=600, show_spinner=False)
def _searched(key: Stamp, version: str | None, asked: Question, page: int) -> Answer:
    *_, scope = key
    reader = snapshot().within(scope)
    return search_for(reader, asked, SEARCH_PAGE, (page - 1) * SEARCH_PAGE)


# ── administration: never cached either ──────────────────────────────────────────────────────────


def accounts() -> Sequence[Account]:
    """Who may sign in."""
    signed.who().need(Act.USERS)
    return door().accounts.list()


def audit_trail() -> tuple[Contents, Verified]:
    """The audit trail, and what it proves; signatures are checked where the key may be read."""
    signed.who().need(Act.AUDIT)
    contents = door().trail().read()
    try:
        keys = keys_of(settings())
    except CallqaError:
        keys = None
    return contents, verify(contents, signing_of(keys) if keys else None)


# ── sampling ─────────────────────────────────────────────────────────────────────────────────────


def sample_board(first: date, last: date) -> Board:
    """The plans of a month and how far the listening is; never cached, as reviews are not."""
    signed.who().need(Act.SAMPLES)
    return board(mine(), first, last)


def may_draw() -> bool:
    """Whether whoever looks may draw plans."""
    return signed.may(Act.DRAW)


def days_to_draw(first: date, last: date) -> tuple[date, date]:
    """The days of a month that no plan has drawn from; `BadInput` when there are none."""
    today = datetime.now(settings().zone).date()
    return days_left(Samples(people()), first, last, today)


def draw_sample(typed: str, wish: SampleWish) -> SamplePlan:
    """Draw and keep a plan in the name of whoever is signed in, without accounts in the one typed.

    `NotAllowed` for a role that draws nothing.
    """
    name = signed.acting(Act.DRAW, typed)
    return make_plan(mine(), name, wish, signed_trail(settings(), options().db))
