"""From the store to the report of a month: asked once of everything, then put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline.agents import agents_of_month, list_counted, settled
from pipeline.agents.figures import moments_of
from pipeline.agents.months import days_of_week, month_before
from pipeline.agents.trend import lowest
from pipeline.effective import decided_results
from pipeline.errors import BadInput
from pipeline.monthly.period import MonthPeriod
from pipeline.monthly.ranking import ranked
from pipeline.monthly.report import (
    Basis,
    Cited,
    Compared,
    Counts,
    Failing,
    MonthReport,
    Reader,
    Span,
)
from pipeline.monthly.rewarding import Month, reward_lines
from pipeline.monthly.waiting import still_open
from pipeline.problems import weekly
from pipeline.reward_rules import RewardRule
from pipeline.settings import Settings
from pipeline.store import Decided, Filters, Snapshot, ask_decided
from pipeline.store.filters import midnight
from pipeline.weeks import Week

MOST_FAILING = 15
EVERYTHING = 2**31 - 1
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be reported, by which rules; `made` is the day that stands on it."""

    period: MonthPeriod
    made: date
    rewards: Sequence[RewardRule] = ()
    leader_days: int = 2
    team: str | None = None


def month_report(
    snapshot: Snapshot, settings: Settings, month: str | None, made: date, team: str | None = None
) -> MonthReport:
    """`report_of` by the settings of a site, with common problems.

    `month` None: the one in which it is made.
    """
    begins, due = settings.reports.monthly.begins, settings.reports.monthly.day
    period = (
        MonthPeriod.of(month, begins, due) if month else MonthPeriod.around(made, begins, due)
    )  # fmt: skip
    wish = Wish(period, made, settings.rewards, settings.appeals.leader_days, team)
    report = report_of(snapshot, wish)
    return replace(report, problems=weekly(snapshot, last_week(period)))


def report_of(snapshot: Snapshot, wish: Wish) -> MonthReport:
    """The report for a reader, of whose calls alone it is; BadInput for a month without calls.

    `wish.team` only names the team: narrow the reader to it. Common problems are not looked for.
    """
    period = wish.period
    month = Filters(since=period.first, until=period.last)
    both = replace(month, since=month_before(period.first))
    decided = decided_results(snapshot, both)
    sums = _Sums(ask_decided(
        snapshot, both, decided, "sum_days", pass_score=snapshot.pass_score
    ), period.first)  # fmt: skip
    if not sums.whole().now.calls:
        raise BadInput(
            f"no calls {f'of {wish.team} ' if wish.team else ''}from {period.first} to "
            f"{period.last}: calls without a start time or an agent's number are in no report"
        )
    agents = agents_of_month(snapshot, month)
    of = {one.agent_id: one for one in agents}
    cited = _cited(snapshot, month, {k: (a.agent_name or "", a.team or "") for k, a in of.items()})
    heard = defaultdict(list)
    for row in list_counted(snapshot, month, "heard", None, EVERYTHING):
        heard[row["agent_id"]].append(str(row["call_id"]))
    return MonthReport(
        period, wish.team, wish.made, sums.whole(), sums.by("team"), sums.by("business_line"),
        sums.weeks(period), sums.days(),
        *_failing(snapshot, both, decided, period.first),
        (), ranked(agents),
        reward_lines(Month(agents, cited, heard), wish.rewards),
        tuple(one for one in cited if one.veto), still_open(snapshot, month, wish.leader_days),
        _basis(snapshot, month), _readers(snapshot, month), bool(wish.rewards),
    )  # fmt: skip


def last_week(period: MonthPeriod) -> Week:
    """The last whole week of the month, whose problems are told with the weeks before it."""
    return Week.of(period.last + timedelta(days=1)).back(1)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Rows of sql/sum_days.sql, put together as asked."""

    rows: Sequence[Row]
    first: date

    def whole(self) -> Compared:
        return self._compared(None, self.rows)

    def by(self, column: str) -> tuple[Compared, ...]:
        """Those with calls in the month, by name."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row[column]].append(row)
        found = (self._compared(key, rows) for key, rows in sorted(groups.items()))
        return tuple(one for one in found if one.now.calls)

    def days(self) -> tuple[Span, ...]:
        return tuple(Span(day, day, counts) for day, counts in sorted(self._by_day().items()))

    def weeks(self, period: MonthPeriod) -> tuple[Span, ...]:
        weeks: dict[date, Counts] = defaultdict(Counts)
        for day, counts in sorted(self._by_day().items()):
            weeks[day - timedelta(days=day.weekday())] += counts
        return tuple(
            Span(*days_of_week(monday, period.first, period.last), counts)
            for monday, counts in weeks.items()
        )

    def _by_day(self) -> dict[date, Counts]:
        days: dict[date, Counts] = defaultdict(Counts)
        for row in self.rows:
            if row["day"] >= self.first:
                days[row["day"]] += _counts(row)
        return days

    def _compared(self, key: str | None, rows: Iterable[Row]) -> Compared:
        now, before = Counts(), Counts()
        for row in rows:
            if row["day"] >= self.first:
                now += _counts(row)
            else:
                before += _counts(row)
        return Compared(key, now, before)


def _counts(row: Row) -> Counts:
    return Counts(row["calls"], row["heard"], row["vetoed"], row["passed"], moments_of(row))


def _failing(
    snapshot: Snapshot, both: Filters, decided: Decided, first: date
) -> tuple[tuple[Failing, ...], tuple[Failing, ...]]:
    """Control points and rules that were broken in most calls of the month."""
    middle = midnight(first, snapshot.zone)

    def asked(name: str) -> list[dict[str, Any]]:
        return ask_decided(snapshot, both, decided, name, middle=middle)

    packs = {row["pack"]: row for row in asked("count_packs")}
    points = [
        Failing(
            row["pack"], row["number"], row["title"], "", row["key_point"], row["fails"],
            row["calls"], row["fails_before"], row["calls_before"], row["points"],
        )
        for row in lowest(asked("points_of_months"))
    ]  # fmt: skip
    rules = [
        Failing(
            row["pack"], "", row["title"], row["title_en"], False, row["fails"],
            packs[row["pack"]]["calls"], row["fails_before"], packs[row["pack"]]["calls_before"],
            row["points"],
        )
        for row in asked("rules_of_months")
    ]  # fmt: skip
    return _worst(points), _worst(rules)


def _worst(found: Iterable[Failing]) -> tuple[Failing, ...]:
    lost = [one for one in found if one.fails]
    lost.sort(key=lambda one: (-one.fails, -one.rate, one.pack, one.number, one.title))
    return tuple(lost[:MOST_FAILING])


def _cited(
    snapshot: Snapshot, month: Filters, names: Mapping[str, tuple[str, str]]
) -> tuple[Cited, ...]:
    """What people decided, every veto and every appeal, oldest call first."""
    found = [
        Cited(
            one.call_id, one.at, agent, *names[agent], one.rule, one.title, one.title_en,
            one.severity, one.veto, one.points if one.counts else 0.0, one.decision, one.reviewer,
            None if one.appeal is None else one.appeal.state,
        )
        for agent, one in settled(snapshot, month)
        if agent in names
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.at, one.call_id, one.rule)))


def _readers(snapshot: Snapshot, month: Filters) -> tuple[Reader, ...]:
    rows = ask_decided(snapshot, month, Decided(), "count_readers")
    return tuple(Reader(row["kind"], row["model"], row["calls"]) for row in rows)


def _basis(snapshot: Snapshot, month: Filters) -> tuple[Basis, ...]:
    return tuple(
        Basis(
            row["pack"], row["pack_version"], row["pack_hash"], row["engine"], row["model"],
            row["revision"], row["code_version"], row["calls"],
        )
        for row in ask_decided(snapshot, month, Decided(), "list_basis")
    )  # fmt: skip
