"""Plans of a month: drawn, verified, and how far the listening is."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline.audit import Trail
from pipeline.domain import DrawnAs, SampledCall, SamplePlan, SampleWish
from pipeline.errors import BadInput
from pipeline.sampling.draw import digest_of, draw
from pipeline.sampling.estimate import Estimate, Stratum, estimate
from pipeline.store import Samples, Snapshot, agents_calls, candidates, sampled

MOST_PER_AGENT = 20
MOST_UNFLAGGED = 10_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """A drawn call of a plan, and what is known of it now; `row` None: gone, or out of scope."""

    plan: int
    call: SampledCall
    row: Row | None

    @property
    def done(self) -> bool:
        """Whether somebody listened to it and said so."""
        return self.row is not None and bool(self.row["heard"])


@dataclass(frozen=True, slots=True)
class AgentProgress:
    """Of an agent: calls in the month, drawn, listened to, and how many should be."""

    agent_id: str
    agent_name: str | None
    team: str | None
    calls: int
    drawn: int
    done: int
    quota: int

    @property
    def short(self) -> bool:
        """There are fewer calls than the quota wants."""
        return self.calls < self.quota


@dataclass(frozen=True, slots=True)
class Board:
    """A month: its plans, all drawn calls, progress, and what was found in unflagged calls."""

    since: date
    until: date
    plans: tuple[SamplePlan, ...]
    calls: tuple[Heard, ...]
    agents: tuple[AgentProgress, ...]
    inspectors: Mapping[str, tuple[int, int]]  # name: done, of how many
    missed: Estimate | None

    @property
    def done(self) -> int:
        """Calls that were listened to."""
        return sum(call.done for call in self.calls)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A plan drawn again. `same_population` False: calls came, went or were scored anew since."""

    plan: SamplePlan
    same_population: bool
    same_calls: bool


def month_of(text: str) -> tuple[date, date]:
    """First and last day of a month written 2026-11; BadInput for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadInput(f"'{text}' is no month; write it as 2026-11") from error
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def days_left(samples: Samples, first: date, last: date, today: date) -> tuple[date, date]:
    """What no plan of the month has drawn from yet, up to yesterday; BadInput when nothing."""
    plans = samples.plans(first, last)
    since = max([first, *(plan.wish.until + timedelta(days=1) for plan in plans)])
    until = min(last, today - timedelta(days=1))
    if since > until:
        drawn = f"plan {plans[-1].id} reaches to {plans[-1].wish.until}" if plans else "none yet"
        raise BadInput(
            f"there is no whole day of {first:%Y-%m} left to draw from ({drawn}); draw tomorrow, "
            "or choose another month"
        )
    return since, until


def make_plan(snapshot: Snapshot, who: str, wish: SampleWish, trail: Trail) -> SamplePlan:
    """Draw and keep a plan, noted on the trail first; without a seed one is made up.

    BadInput for a wish that nobody can fill, or days that were drawn from before.
    """
    _check(wish)
    wish = wish if wish.seed else replace(wish, seed=secrets.token_hex(8))
    population = candidates(snapshot, wish.since, wish.until)
    if not population:
        raise BadInput(
            f"no calls from {wish.since} to {wish.until} are stored; calls without a start time "
            "cannot be drawn (give `started_at` in the metadata)"
        )
    samples = Samples(snapshot.people)
    samples.refuse_overlap(wish)
    drawn = draw(population, wish, _drawn_before(samples, wish))
    digest = digest_of(population)
    days = {"since": wish.since.isoformat(), "until": wish.until.isoformat()}
    trail.append("sample_draw", details={**asdict(wish), **days, "by": who, "digest": digest})
    return samples.add(who, wish, population, digest, drawn)


def repeat(snapshot: Snapshot, number: int) -> Repeated:
    """Draw a plan again from what is stored now, and compare."""
    samples = Samples(snapshot.people)
    plan = samples.plan(number)
    population = candidates(snapshot, plan.wish.since, plan.wish.until)
    drawn = draw(population, plan.wish, _drawn_before(samples, plan.wish))
    return Repeated(plan, digest_of(population) == plan.digest, drawn == samples.calls(number))


def board(snapshot: Snapshot, first: date, last: date) -> Board:
    """How far the listening of a month is."""
    samples = Samples(snapshot.people)
    plans = samples.plans(first, last)
    drawn = [(plan.id, call) for plan in plans for call in samples.calls(plan.id)]
    known = sampled(snapshot, (call.content_sha256 for _, call in drawn))
    calls = tuple(Heard(plan, call, known.get(call.content_sha256)) for plan, call in drawn)
    quota = max((plan.wish.per_agent for plan in plans), default=0)
    return Board(
        first, last, tuple(plans), calls,
        _agents(agents_calls(snapshot, first, last) if plans else [], calls, quota),
        _inspectors(calls), estimate([_stratum(plan, calls) for plan in plans]),
    )  # fmt: skip


def _check(wish: SampleWish) -> None:
    if not 0 <= wish.per_agent <= MOST_PER_AGENT:
        raise BadInput(f"calls per agent: 0 to {MOST_PER_AGENT}, not {wish.per_agent}")
    if not 0 <= wish.unflagged <= MOST_UNFLAGGED:
        raise BadInput(f"unflagged calls: 0 to {MOST_UNFLAGGED:,}, not {wish.unflagged}")
    if wish.per_agent == wish.unflagged == 0:
        raise BadInput("a plan of nothing: ask for calls per agent, unflagged ones, or both")
    if wish.since > wish.until or (wish.since.year, wish.since.month) != (
        wish.until.year, wish.until.month,
    ):  # fmt: skip
        raise BadInput(f"a plan lies in one month, not from {wish.since} to {wish.until}")


def _drawn_before(samples: Samples, wish: SampleWish) -> Counter[str]:
    """Of each agent: calls of earlier plans of the month, which count for the quota."""
    first = wish.since.replace(day=1)
    earlier = samples.plans(first, wish.since - timedelta(days=1)) if wish.since > first else []
    calls = (call for plan in earlier for call in samples.calls(plan.id))
    return Counter(call.agent_id for call in calls if call.agent_id is not None)


def _agents(rows: Sequence[Row], calls: Sequence[Heard], quota: int) -> tuple[AgentProgress, ...]:
    drawn = Counter(heard.call.agent_id for heard in calls)
    done = Counter(heard.call.agent_id for heard in calls if heard.done)
    return tuple(
        AgentProgress(
            row["agent_id"], row["agent_name"], row["team"], row["calls"],
            drawn[row["agent_id"]], done[row["agent_id"]], quota,
        )
        for row in rows
    )  # fmt: skip


def _inspectors(calls: Sequence[Heard]) -> dict[str, tuple[int, int]]:
    names = sorted({heard.call.inspector for heard in calls if heard.call.inspector})
    return {
        name: (
            sum(heard.done for heard in calls if heard.call.inspector == name),
            sum(heard.call.inspector == name for heard in calls),
        )
        for name in names
    }


def _stratum(plan: SamplePlan, calls: Sequence[Heard]) -> Stratum:
    mine = [
        heard.row
        for heard in calls
        if heard.plan == plan.id and heard.call.drawn_as is DrawnAs.UNFLAGGED and heard.done
    ]
    violations = sum(bool(row["violation"]) for row in mine if row is not None)
    return Stratum(plan.calls_unflagged, len(mine), violations)
