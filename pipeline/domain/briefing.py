"""What people write into a weekly briefing: comment, texts of problems, who is trained in what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Whom(StrEnum):
    """For whom a training is: everybody (全员), teams, or single agents (单独)."""

    ALL = "all"
    TEAM = "team"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class TrainingAction:
    """What was decided to be done about a problem; `who` are teams or agents' numbers.

    `problem` is the id of a common problem, `name` what it was called then.
    """

    problem: str
    name: str
    whom: Whom
    who: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What a person wrote about a problem in place of what was suggested; empty: as suggested."""

    problem: str
    why: str = ""
    answer: str = ""
    training: str = ""
    note: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class BriefingText:
    """All that people wrote into a briefing; problems of `order` come first, in that order."""

    comment: str = ""
    problems: tuple[ProblemText, ...] = ()
    order: tuple[str, ...] = ()
    actions: tuple[TrainingAction, ...] = ()

    def of(self, problem: str) -> ProblemText:
        """About one problem; nothing of one that nobody wrote about."""
        return next((one for one in self.problems if one.problem == problem), ProblemText(problem))


@dataclass(frozen=True, slots=True)
class BriefingVersion:
    """A stored version; `at` is UTC, `team` empty for the briefing of all teams."""

    id: int
    week: str
    team: str
    at: datetime
    who: str
    text: BriefingText
