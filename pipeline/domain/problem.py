"""What many calls of a week have in common: found anew each week, known again by its id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.call import Role
from pipeline.domain.score import Severity
from pipeline.domain.voice import Seconds


class ProblemKind(StrEnum):
    """What makes it a problem.

    RULE: calls that break the same rule. ASKED: customers ask the same. DISSATISFIED: customers
    are discontent with the same. REPEATED: the same question had to be asked again. WAITED: the
    same question was followed by a long silence.
    """

    RULE = "rule"
    ASKED = "asked"
    DISSATISFIED = "dissatisfied"
    REPEATED = "repeated"
    WAITED = "waited"


class Trend(StrEnum):
    """Against the weeks before; UP and DOWN are more than chance, UNKNOWN is too little to tell."""

    NEW = "new"
    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """Where it can be heard; `quote` is masked and without the agent's name and number.

    `start` and `end` are seconds, None in a chat.
    """

    call_id: str
    content_sha256: str
    segment: int
    start: Seconds | None
    end: Seconds | None
    role: Role
    quote: str
    agent_id: str
    agent_name: str
    team: str


@dataclass(frozen=True, slots=True)
class WeekCount:
    """In how many of a week's calls; `week` as in `2026-W47`."""

    week: str
    calls: int
    of: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """An agent, team or product: in `calls` of its `of` calls of the week.

    `key` tells it apart, `name` is shown. `excess`: in more of them than elsewhere, beyond chance.
    """

    key: str
    name: str
    calls: int
    of: int
    excess: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """What the calls with it have more often than the others, as a sign of its cause.

    `what` names the sign (such as `team`, `product`, `hour`, `hold`, `rule`, `reason` of the
    metadata, `read_reason` of a model), `value` which one. `share` of the calls with the problem,
    `elsewhere` of the week's other calls.
    """

    what: str
    value: str
    share: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A common problem of a week, as trainers left it.

    `id` stays from week to week. `words` are what its passages share. `weeks` are oldest first and
    end with the week asked for. `chance`: the p-value of the trend, corrected for how many problems
    were looked at. `rule`, `control_point` and `severity` of RULE only. `renamed`: its name is a
    person's. Ranked by `weight` (what it costs: calls, graver kinds first).
    """

    id: str
    kind: ProblemKind
    name: str
    words: tuple[str, ...]
    weeks: tuple[WeekCount, ...]
    trend: Trend
    chance: float | None
    weight: float
    moments: tuple[Moment, ...]
    agents: tuple[Concerned, ...] = ()
    teams: tuple[Concerned, ...] = ()
    products: tuple[Concerned, ...] = ()
    hints: tuple[Hint, ...] = ()
    rule: str | None = None
    control_point: str | None = None
    severity: Severity | None = None
    name_en: str = ""
    renamed: bool = False
    first_week: str = ""

    @property
    def calls(self) -> int:
        """In how many calls of the week."""
        return self.weeks[-1].calls

    @property
    def of(self) -> int:
        """Of how many."""
        return self.weeks[-1].of


@dataclass(frozen=True, slots=True)
class Gone:
    """A problem of the weeks before that is in no call of the week; never one that is ranked.

    `weeks` and `chance` as of a Problem. `trend` DOWN: it fell by more than chance.
    """

    id: str
    kind: ProblemKind
    name: str
    weeks: tuple[WeekCount, ...]
    trend: Trend
    chance: float | None
    severity: Severity | None = None
    name_en: str = ""

    @property
    def last(self) -> WeekCount:
        """The latest week that had it."""
        return next(week for week in reversed(self.weeks) if week.calls)
