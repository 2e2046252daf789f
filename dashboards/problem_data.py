"""Common problems for whoever is signed in: looked at, and put in order by those who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from dashboards import data, signed
from dashboards.data import Stamp
from pipeline import problems
from pipeline.access import Act, Page
from pipeline.domain import Problem
from pipeline.errors import BadInput, NotAllowed
from pipeline.problems import Weekly
from pipeline.store import ProblemAct, ProblemRegister, Scope, Words
from pipeline.weeks import Week

MOST_WEEKS = 26
Changed = tuple[int, int, tuple[str, ...]]


def weeks() -> list[Week]:
    """The weeks that have calls, latest first."""
    _refuse_outsiders()
    found = data.choices()
    first, last = found["first_day"], found["last_day"]
    if first is None or last is None:
        return []
    known: list[Week] = []
    day: date = last
    while len(known) < MOST_WEEKS and Week.of(day).sunday >= first:
        known.append(Week.of(day))
        day -= timedelta(weeks=1)
    return known


def seen(week: Week, team: str | None) -> Weekly:
    """The problems of a week in one's own calls."""
    _refuse_outsiders()
    return look(data.stamp(), changed(), week, team)


@st.cache_resource(max_entries=20, ttl=3600, show_spinner=False)
def look(key: Stamp, changed_: Changed, week: Week, team: str | None) -> Weekly:
    """The problems of a week. What is said in its calls is kept: a review does not change it."""
    db, version, _, scope = key
    said = _said((db, version, scope), changed_, week, team)
    return problems.look(data.snapshot().within(scope), week, team, said)


@st.cache_resource(max_entries=20, ttl=24 * 3600, show_spinner=False)
def _said(
    key: tuple[str, str, Scope], changed_: Changed, week: Week, team: str | None
) -> problems.Said:
    del changed_
    *_, scope = key
    return problems.hear(data.snapshot().within(scope), week, team)


def changed() -> Changed:
    """What people changed that problems show: names and merges, words of the cutter."""
    return *register().stamp(), tuple(sorted(Words(data.people()).accepted()))


def register() -> ProblemRegister:
    """What is kept of problems; names of topics are words that several calls share."""
    return ProblemRegister(data.people())


def acts() -> list[tuple[ProblemAct, bool]]:
    """What people did, latest first, and whether it still holds."""
    _refuse_outsiders()
    every = register().acts()
    undone = {act.undoes for act in every}
    return [(act, act.id not in undone) for act in reversed(every) if act.act != "undo"]


def rename(typed: str, seen_: Weekly, problem: Problem, name: str) -> None:
    """Another name for it."""
    _act(typed, lambda who: problems.rename(register(), who, seen_, problem, name))


def merge(typed: str, seen_: Weekly, problem: Problem, into: Problem) -> None:
    """Make it part of another one."""
    _act(typed, lambda who: problems.merge(register(), who, seen_, problem, into))


def split(typed: str, seen_: Weekly, problem: Problem, parted: tuple[str, str]) -> None:
    """Part what holds a word from it."""
    _act(typed, lambda who: problems.split(register(), who, seen_, problem, parted))


def hide(typed: str, problem: Problem) -> None:
    """Show it no more."""
    _act(typed, lambda who: problems.hide(register(), who, problem))


def undo(typed: str, number: int) -> None:
    """Take an act back."""
    _act(typed, lambda who: register().undo(who, number))


def find(seen_: Weekly, problem_id: str) -> Problem:
    """One of a week's problems; BadInput for an id that none has."""
    found = next((one for one in seen_.problems if one.id == problem_id), None)
    if found is None:
        raise BadInput(f"there is no problem {problem_id} in this week; look at it again")
    return found


def _act(typed: str, change: Callable[[str], object]) -> None:
    _refuse_outsiders()
    change(signed.acting(Act.ARRANGE, typed))


def _refuse_outsiders() -> None:
    if Page.PROBLEMS not in signed.who().pages:
        raise NotAllowed("this role sees no common problems")
