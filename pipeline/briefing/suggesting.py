"""What to do about a problem: whom to train, and which agreed answer of the library fits it.

Nobody is named on few calls: a single agent is suggested only where the problem is in more of
their calls than chance explains, in at least `FEW_WITH` of at least `FEW_CALLS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.briefing.content import Agreed, Match, Training
from pipeline.casebook import Seen
from pipeline.domain import CaseKind, Concerned, Problem, ProblemKind, Whom

FEWEST = 5  # calls of a problem: with fewer there is nothing common about it
FEW_WITH, FEW_CALLS = 3, 10
TEAM_WITH, TEAM_CALLS = 5, 20
WIDE = 0.5  # of the whole share: with so much left elsewhere it is everybody's


def suggested(problem: Problem, team: str | None) -> tuple[Training, ...]:
    """For whom a training is suggested, single agents first; `team`: of whom the briefing is."""
    if problem.calls < FEWEST:
        return (Training(None, (), problem.calls, problem.of),)
    asked = problem.kind is ProblemKind.ASKED  # what customers want to know is nobody's fault
    single = [] if asked else _beyond(problem.agents, FEW_WITH, FEW_CALLS)
    found = [_of(problem, Whom.AGENT, single)] if single else []
    rest, rest_of = _rest(problem, single)
    share = problem.calls / problem.of if problem.of else 0.0
    if asked or _is_wide(rest, rest_of, share):
        teams = [] if asked or team or single else _beyond(problem.teams, TEAM_WITH, TEAM_CALLS)
        own = bool(teams) and not _is_wide(*_rest(problem, teams), share)
        found.append(_of(problem, Whom.TEAM if own else Whom.ALL, teams if own else ()))
    return tuple(found) or (Training(None, (), problem.calls, problem.of),)


def _is_wide(calls: int, of: int, share: float) -> bool:
    """Whether the others have it too, about as often."""
    return calls >= FEWEST and bool(of) and calls / of >= WIDE * share


def _beyond(concerned: Iterable[Concerned], least: int, of: int) -> list[Concerned]:
    return [one for one in concerned if one.excess and one.calls >= least and one.of >= of]


def _rest(problem: Problem, named: Sequence[Concerned]) -> tuple[int, int]:
    calls = problem.calls - sum(one.calls for one in named)
    return max(calls, 0), max(problem.of - sum(one.of for one in named), 0)


def _of(problem: Problem, whom: Whom, named: Sequence[Concerned]) -> Training:
    rest = _rest(problem, named)
    if not named:
        return Training(whom, (), problem.calls, problem.of)
    inside = sum(one.calls for one in named), sum(one.of for one in named)
    return Training(whom, tuple(named), *inside, *rest)


def agreed_answer(problem: Problem, library: Sequence[Seen]) -> Agreed | None:
    """The case that fits best: of the same rule, else of its control point, else by its words.

    By words: at least half of the problem's words, and two of them, stand in the case.
    """
    best: tuple[float, Agreed] | None = None
    for seen in library:
        if seen.case.retired is not None:
            continue
        rank, by = _fits(problem, seen)
        if by is not None and (best is None or rank > best[0]):
            text = seen.case.text
            best = rank, Agreed(seen.case.id, text.title, text.answer, text.why, by)
    return best[1] if best else None


def _fits(problem: Problem, seen: Seen) -> tuple[float, Match | None]:
    passage, text = seen.case.passage, seen.case.text
    bad = 0.1 if text.kind is CaseKind.BAD else 0.0  # its answer was agreed on against just this
    if problem.rule and passage.rule == problem.rule:
        return 3 + bad, Match.RULE
    if problem.control_point and passage.control_point == problem.control_point:
        return 2 + bad, Match.POINT
    words = "\n".join((text.title, text.answer, *text.tags, *(t.text for t in passage.quote)))
    found = sum(word in words for word in problem.words)
    if found >= 2 and found * 2 >= len(problem.words):
        return found / len(problem.words) + bad, Match.WORDS
    return 0.0, None
