"""What is in a weekly briefing, before it is in any language or file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.domain import (
    BriefingText,
    BriefingVersion,
    Concerned,
    Gone,
    Problem,
    ProblemText,
    Severity,
    TrainingAction,
    Whom,
)
from pipeline.means import Moments, beyond_chance
from pipeline.shares import differ
from pipeline.weeks import Week


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The calls of a week as they count. `complaints`: threats to complain; None: not watched.

    `flagged`: a model reads a complaint, of `read` calls that a model looked at.
    """

    week: str
    calls: int = 0
    passed: int = 0
    vetoed: int = 0
    heard: int = 0
    agents: int = 0
    complaints: int | None = None
    watched: int = 0
    scores: Moments = field(default_factory=Moments)
    read: int = 0
    flagged: int = 0

    @property
    def pass_rate(self) -> float | None:
        """None without calls."""
        return self.passed / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Headline:
    """The weeks up to this one, oldest first, those without calls too; the last is this one.

    Changes are 1 up, -1 down beyond chance (99 %), else 0.
    """

    weeks: tuple[WeekFigures, ...]

    @property
    def now(self) -> WeekFigures:
        """The week of the briefing."""
        return self.weeks[-1]

    @property
    def before(self) -> WeekFigures:
        """The week before."""
        return self.weeks[-2]

    @property
    def passed(self) -> int:
        """How the pass rate changed."""
        now, before = self.now, self.before
        return differ(now.passed, now.calls, before.passed, before.calls)

    @property
    def vetoed(self) -> int:
        """How the share of vetoed calls changed."""
        now, before = self.now, self.before
        return differ(now.vetoed, now.calls, before.vetoed, before.calls)

    @property
    def complaints(self) -> int:
        """How the share of threats to complain changed."""
        now, before = self.now, self.before
        return differ(now.complaints or 0, now.watched, before.complaints or 0, before.watched)

    @property
    def flagged(self) -> int:
        """How the share of calls in which a model reads a complaint changed."""
        now, before = self.now, self.before
        return differ(now.flagged, now.read, before.flagged, before.read)

    @property
    def mean(self) -> int:
        """How the mean score changed."""
        one, other = self.now.scores, self.before.scores
        if one.mean is None or other.mean is None:
            return 0
        return beyond_chance(one.mean - other.mean, one.error, other.error)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a broken rule matters.

    `lost`: points of all its `calls` of the week. `reference`: the law, standard or house rule
    behind it, as the pack names it.
    """

    point: str
    point_title: str
    severity: Severity | None
    veto: bool
    calls: int
    lost: float
    meaning: str
    reference: str


class Match(StrEnum):
    """By what a case of the library was found for a problem."""

    RULE = "rule"
    POINT = "point"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreed answer (统一答复口径) of a case."""

    case: int
    title: str
    answer: str
    why: str
    by: Match


@dataclass(frozen=True, slots=True)
class Training:
    """A suggestion. `whom` None: nothing yet, there are too few calls to say.

    The problem is in `calls` of `of` calls of those named, in `rest` of `rest_of` of the others.
    """

    whom: Whom | None
    who: tuple[Concerned, ...] = ()
    calls: int = 0
    of: int = 0
    rest: int = 0
    rest_of: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A common problem with all that is said about it; `text` is what a person wrote."""

    problem: Problem
    why: Why | None
    agreed: Agreed | None
    training: tuple[Training, ...]
    text: ProblemText


@dataclass(frozen=True, slots=True)
class GoodExample:
    """How it is done well: a good case of the library, or a call that people confirmed.

    `case` or `call_id` says which; `rule_title` what it is an example of.
    """

    title: str
    rule_title: str
    turns: tuple[tuple[str, str], ...]
    why: str = ""
    case: int | None = None
    call_id: str = ""
    segment: int | None = None
    start: float | None = None
    score: float | None = None
    agent: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action of the week before: (calls, of) then and now, of those it was for.

    `now` None: it is no common problem of theirs any more. `change` as in `Headline`.
    """

    action: TrainingAction
    before: tuple[int, int] | None
    now: tuple[int, int] | None
    change: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What stood behind the results, as (name, calls), most calls first.

    `readers`: models that read reasons and flags, as (kind, id and version, calls); none where no
    model has looked. `pass_score`: from which score on a call passes.
    """

    packs: tuple[tuple[str, int], ...]
    models: tuple[tuple[str, int], ...]
    readers: tuple[tuple[str, str, int], ...]
    versions: tuple[tuple[str, int], ...]
    code: str
    pass_score: float


@dataclass(frozen=True, slots=True)
class Briefing:
    """A week's briefing of all teams, or of `team`; `items` in their order, hidden ones too.

    `gone`: problems of the weeks before that are in no call of this one. `titles`: of rules,
    Chinese and English. `edited`: the version of the people's text that is in it; None where nobody
    wrote anything.
    """

    week: Week
    team: str | None
    headline: Headline
    items: tuple[Item, ...]
    good: tuple[GoodExample, ...]
    outcomes: tuple[Outcome, ...]
    basis: Basis
    titles: Mapping[str, tuple[str, str]]
    edited: BriefingVersion | None
    gone: tuple[Gone, ...] = ()

    @property
    def text(self) -> BriefingText:
        """What people wrote."""
        return self.edited.text if self.edited else BriefingText()

    @property
    def shown(self) -> tuple[Item, ...]:
        """Without the hidden problems."""
        return tuple(item for item in self.items if not item.text.hidden)
