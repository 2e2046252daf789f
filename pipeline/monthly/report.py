"""The 服务质量分析报告 of a month, before it is written anywhere: figures and lists, no layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.agents import AgentFigures
from pipeline.domain import AppealState, Decision, Problem, Severity
from pipeline.means import Moments, beyond_chance
from pipeline.monthly.period import MonthPeriod
from pipeline.reward_rules import Figure, Limits, RewardRule
from pipeline.shares import differ, wilson

NOTHING = Moments()


@dataclass(frozen=True, slots=True)
class Counts:
    """Calls as they count after reviews and appeals; `heard`: people listened to them."""

    calls: int = 0
    heard: int = 0
    vetoed: int = 0
    passed: int = 0
    scores: Moments = NOTHING

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.calls + other.calls, self.heard + other.heard, self.vetoed + other.vetoed,
            self.passed + other.passed, self.scores + other.scores,
        )  # fmt: skip

    @property
    def mean(self) -> float | None:
        """Of the scores."""
        return self.scores.mean

    @property
    def pass_rate(self) -> float | None:
        """The share that reached the passing score without a veto."""
        return self.passed / self.calls if self.calls else None

    @property
    def pass_interval(self) -> tuple[float, float] | None:
        """Of it, 95 %."""
        return None if self.pass_rate is None else wilson(self.pass_rate, self.calls)


@dataclass(frozen=True, slots=True)
class Compared:
    """A team, a business line or everybody (`key` None), and the month before."""

    key: str | None
    now: Counts
    before: Counts

    @property
    def mean_change(self) -> int:
        """1 when the mean rose by more than chance (99 %), -1 when it fell, else 0."""
        if self.now.mean is None or self.before.mean is None:
            return 0
        difference = self.now.mean - self.before.mean
        return beyond_chance(difference, self.now.scores.error, self.before.scores.error)

    @property
    def pass_change(self) -> int:
        """The same of the pass rate."""
        return differ(self.now.passed, self.now.calls, self.before.passed, self.before.calls)

    @property
    def veto_change(self) -> int:
        """The same of the share of vetoed calls: 1 is worse."""
        return differ(self.now.vetoed, self.now.calls, self.before.vetoed, self.before.calls)


@dataclass(frozen=True, slots=True)
class Span:
    """A day, or the days of a week that lie in the month."""

    first: date
    last: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Failing:
    """A control point or rule that was broken in `fails` of `calls`, and in the month before.

    `number` is empty and `title_en` may be filled for a rule; `key`: it is a key control point.
    """

    pack: str
    number: str
    title: str
    title_en: str
    key: bool
    fails: int
    calls: int
    fails_before: int
    calls_before: int
    points: float = 0.0

    @property
    def rate(self) -> float:
        """Of the calls to which it applies."""
        return self.fails / self.calls if self.calls else 0.0

    @property
    def rate_before(self) -> float | None:
        """In the month before; None where it applied to no call."""
        return self.fails_before / self.calls_before if self.calls_before else None

    @property
    def interval(self) -> tuple[float, float]:
        """Of the rate, 95 %."""
        return wilson(self.rate, self.calls) if self.calls else (0.0, 1.0)

    @property
    def change(self) -> int:
        """1 when it is broken more often by more than chance (99 %), -1 less, else 0."""
        return differ(self.fails, self.calls, self.fails_before, self.calls_before)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An agent by place.

    Agents whose distance from the best of their group is no more than chance share a group and its
    place; `last` is the place of its last one. None and none for those with too few calls.
    """

    place: int | None
    last: int | None
    figures: AgentFigures


class VetoState(StrEnum):
    """Where a veto stands: nobody looked, people said so, or an agent objected."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    APPEALED = "appealed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Cited:
    """A finding as reports name it; `appeal` is where an objection against it stands."""

    call_id: str
    at: datetime
    agent_id: str
    agent_name: str
    team: str
    rule: str
    title: str
    title_en: str
    severity: Severity | None
    veto: bool
    points: float
    decision: Decision | None
    reviewer: str
    appeal: AppealState | None

    @property
    def points_or_veto(self) -> bool:
        """Whether it costs anything."""
        return self.points < 0 or self.veto

    @property
    def appealed(self) -> bool:
        """Whether an objection waits for its end."""
        return self.appeal in (AppealState.FILED, AppealState.OPINION)

    @property
    def state(self) -> VetoState:
        """Where it stands."""
        if self.appealed:
            return VetoState.APPEALED
        if self.appeal in (AppealState.UPHELD, AppealState.DISMISSED):
            return VetoState(str(self.appeal))
        if self.decision is None:
            return VetoState.OPEN
        broken = self.decision in (Decision.CONFIRM, Decision.ADD)
        return VetoState.CONFIRMED if broken else VetoState.REJECTED


# ── rewards and penalties ────────────────────────────────────────────────────────────────────────


class LineState(StrEnum):
    """DUE; SUSPENDED by an open appeal; PENDING: a veto of the machine waits for a person."""

    DUE = "due"
    SUSPENDED = "suspended"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Reason:
    """A figure of the agent beside the condition that it keeps to."""

    figure: Figure
    value: float
    limits: Limits


@dataclass(frozen=True, slots=True)
class RewardLine:
    """A reward or penalty of an agent, with what it rests on.

    `amount` is above 0 also of a penalty. `findings`: what was confirmed (a penalty), the vetoes
    that wait (PENDING). `checked`: ids of the calls that people listened to.
    """

    agent_id: str
    agent_name: str
    team: str
    rule: RewardRule
    state: LineState
    amount: float
    reasons: tuple[Reason, ...]
    findings: tuple[Cited, ...] = ()
    checked: tuple[str, ...] = ()


# ── what is open, and what stood behind it ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OpenReviews:
    """Flagged calls of the month whose review is not done, by who has them (None: nobody)."""

    holder: str | None
    calls: int
    begun: int
    vetoed: int
    oldest: date


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An objection without an end: the leader is awaited until then, afterwards the decision."""

    number: int
    filed_at: datetime
    call_id: str
    agent_id: str
    agent_name: str
    team: str
    title: str
    title_en: str
    state: AppealState
    leader_until: datetime


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """Answered differently in a closed calibration round, and nothing was agreed."""

    round: int
    title: str
    closed_at: datetime
    call_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Open:
    """Everything that waits for somebody. `urgent`: ids of the most urgent open reviews."""

    reviews: tuple[OpenReviews, ...]
    urgent: tuple[str, ...]
    appeals: tuple[OpenAppeal, ...]
    disputes: tuple[OpenDispute, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """A version of a rule pack, a recogniser and the code, and how many calls it judged."""

    pack: str
    pack_version: str
    pack_hash: str
    engine: str
    model: str
    revision: str
    code: str
    calls: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A version of a model that read reasons or flags (`kind`), and how many calls it read."""

    kind: str
    model: str
    calls: int


@dataclass(frozen=True, slots=True)
class MonthReport:
    """Everything. `team` None: of all that the reader sees. `days` without calls are left out.

    `problems`: of the last whole week, each with the weeks before it. `rules_given`: the settings
    have rules for rewards. `forms`: names and addresses of the forms beside it.
    """

    period: MonthPeriod
    team: str | None
    made: date
    whole: Compared
    teams: tuple[Compared, ...]
    lines: tuple[Compared, ...]
    weeks: tuple[Span, ...]
    days: tuple[Span, ...]
    points: tuple[Failing, ...]
    rules: tuple[Failing, ...]
    problems: tuple[Problem, ...]
    ranking: tuple[Ranked, ...]
    rewards: tuple[RewardLine, ...]
    vetoes: tuple[Cited, ...]
    open: Open
    basis: tuple[Basis, ...]
    readers: tuple[Reader, ...]
    rules_given: bool = False
    forms: Mapping[str, str] | None = None
