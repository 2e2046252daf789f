"""What people do to problems: name, merge, split, hide, undo; and noting a week's topics.

Names and words are read by everybody: private data is refused.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot

from pipeline.casebook import refuse_private
from pipeline.domain import Problem, ProblemKind
from pipeline.errors import BadInput
from pipeline.problems.edits import edits_of
from pipeline.problems.topics import Centre
from pipeline.problems.weekly import Weekly, look
from pipeline.store import ProblemRegister, Snapshot, Topic
from pipeline.weeks import Week

LONGEST_NAME = 40
LEAST_NOTED = 50  # calls of a week: from fewer nothing is kept


def subject_of(problem: Problem) -> str:
    """What its name belongs to: its topic, which it shares with other kinds, or its rule."""
    return problem.id.split("-", 1)[1]


def rename(register: ProblemRegister, who: str, seen: Weekly, problem: Problem, name: str) -> int:
    """Give a problem another name, from now on and in all weeks; returns the act's number."""
    topics = _topics(seen, problem)
    return register.add(who, ("rename", subject_of(problem), _clean(name)), topics)


def merge(
    register: ProblemRegister, who: str, seen: Weekly, problem: Problem, into: Problem
) -> int:
    """Make a problem part of another one; both are asked, resented …, none is a rule."""
    one, other = subject_of(problem), subject_of(into)
    if ProblemKind.RULE in (problem.kind, into.kind):
        raise BadInput("problems of rules are not merged: each is its rule")
    edits = edits_of(register.acts())
    if edits.remaining(one) == edits.remaining(other):
        raise BadInput("these are the same problem already")
    return register.add(who, ("merge", one, other), [*_topics(seen, problem), *_topics(seen, into)])


def split(
    register: ProblemRegister, who: str, seen: Weekly, problem: Problem, parted: tuple[str, str]
) -> int:
    """Part from a problem what holds a word of it: `parted` is the word and the new name."""
    word, name = parted
    topic = seen.topics.get(subject_of(problem))
    if topic is None or word not in topic.terms:
        raise BadInput(f"'{word}' is no word of this problem: choose one of its words")
    rest = {one: weight for one, weight in topic.terms.items() if one != word}
    terms = {**rest, word: round(hypot(*rest.values()), 5) or 1.0}
    # an id of its own, also when the same is split off again after an undo
    number = f"{Centre(terms).made_id}{len(register.acts())}"
    new = Topic(number, topic.source, _clean(name), terms, topic.noted_week, topic.first_week, who)
    return register.add(who, ("split", topic.id, new.id), [topic, new])


def hide(register: ProblemRegister, who: str, problem: Problem) -> int:
    """Show a problem no more, in any week; the numbers of others do not change."""
    return register.add(who, ("hide", problem.id, problem.name))


def note(snapshot: Snapshot, week: Week, *, least: int = LEAST_NOTED) -> int | None:
    """Keep a finished week's topics, so that later weeks know them; returns how many.

    A week without any problem is kept too: it was looked at. None where the week has no call, or
    fewer than `least`. BadInput for a week not after those noted.
    """
    register = ProblemRegister(snapshot.people)
    register.refuse_old(week)
    seen = look(snapshot, week)
    if seen.size < max(least, 1):
        return None
    register.note(week, [replace(topic, noted_week=week) for topic in seen.topics.values()])
    return len(seen.topics)


def _topics(seen: Weekly, problem: Problem) -> list[Topic]:
    """What must be in the register for an act on a problem."""
    if problem.kind is ProblemKind.RULE:
        return []
    topic = seen.topics.get(subject_of(problem))
    if topic is None:
        raise BadInput(f"there is no problem {problem.id} in this week; look at it again")
    return [topic]


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"a problem has a name of 1 to {LONGEST_NAME} characters")
    refuse_private(name)
    return name
