"""服务质量综合考评表: what is known of an agent's month; people fill in the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.agents.figures import AgentFigures, agents_of_month, moments_of
from pipeline.agents.months import days_of_week
from pipeline.agents.trend import PointRecord, points_of
from pipeline.domain import Appeal, AppealState, Decision, Severity
from pipeline.effective import decided_results
from pipeline.means import Moments
from pipeline.rules.kept import kept_grades
from pipeline.store import Appeals, Decided, Filters, Snapshot, ask_decided

EVERYTHING = 2**31 - 1
Row = Mapping[str, Any]
Grades = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a week that lie in the month; `heard_total`: of the scores of heard calls."""

    first: date
    last: date
    scores: Moments
    heard: int
    heard_total: float
    vetoed: int


@dataclass(frozen=True, slots=True)
class HeardCall:
    """A call that a person listened to; `score` counts, `machine_score` was before."""

    call_id: str
    at: datetime
    business_line: str
    reviewer: str
    machine_score: float
    score: float
    grade: str
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """A finding that costs points, or would, had an appeal not been upheld; `quote` is masked.

    `decision`: of a person, by `reviewer`; None: of nobody. `machine_failed`: the machine said so.
    `counts`: it costs `points`. `severity` is None of an item that only people judge; its `quote`
    is the level that was chosen.
    """

    call_id: str
    content_sha256: str
    at: datetime
    scored_at: datetime
    rule: str
    title: str
    title_en: str
    pack: str
    control_point: str
    severity: Severity | None
    veto: bool
    points: float
    quote: str
    segment: int | None
    decision: Decision | None
    reviewer: str
    appeal: Appeal | None
    counts: bool
    machine_failed: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an agent and month; times are local. `grades`: of the pack of most calls."""

    figures: AgentFigures
    first: date
    last: date
    weeks: tuple[Week, ...]
    points: tuple[PointRecord, ...]  # sections that applied, and what was lost below them
    heard: tuple[HeardCall, ...]
    deductions: tuple[Deduction, ...]
    grades: Grades
    graded: tuple[tuple[str, int], ...]

    @property
    def grade(self) -> str | None:
        """What the mean score is called."""
        mean = self.figures.mean
        if mean is None:
            return None
        return next((name for name, low in self.grades if round(mean, 2) >= low), None)

    @property
    def appeals(self) -> Counter[AppealState]:
        """How many stand where."""
        return Counter(one.appeal.state for one in self.deductions if one.appeal)


def forms_of(snapshot: Snapshot, month: Filters) -> list[Form]:
    """The forms of all agents with calls in a month that filters leave, by team and number."""
    assert month.since is not None
    assert month.until is not None
    decided = decided_results(snapshot, month)
    parts = _Parts.of(snapshot, month, decided)
    figures = agents_of_month(snapshot, month)
    ordered = sorted(figures, key=lambda one: (one.team or "", one.agent_id))
    return [
        Form(
            one, month.since, month.until, parts.weeks(one.agent_id, month.since, month.until),
            parts.points(one.agent_id), parts.heard(one.agent_id),
            tuple(parts.deductions[one.agent_id]), *parts.grades(one.agent_id),
        )
        for one in ordered
    ]  # fmt: skip


def list_counted(
    snapshot: Snapshot, month: Filters, show: str, point: tuple[str, str] | None, limit: int
) -> list[dict[str, Any]]:
    """The latest calls as they count; `point`: those that lost it, by pack and number."""
    pack, number = point or (None, None)
    decided = decided_results(snapshot, month)
    values = {"show": show, "pack": pack, "point": number, "limit": limit}
    return ask_decided(snapshot, month, decided, "list_counted", **values)


def deductions(snapshot: Snapshot, month: Filters) -> list[Deduction]:
    """What cost points in these calls, oldest call first."""
    decided = decided_results(snapshot, month)
    return [one for _, one in _deductions(snapshot, month, decided)]


def settled(snapshot: Snapshot, month: Filters) -> list[tuple[str, Deduction]]:
    """What people decided, every veto, and what was appealed against, with whose it is."""
    decided = decided_results(snapshot, month)
    return _deductions(snapshot, month, decided, settled=True)


def _deductions(
    snapshot: Snapshot, month: Filters, decided: Decided, *, settled: bool = False
) -> list[tuple[str, Deduction]]:
    """The deductions of these agents with whose they are, oldest call first."""
    appeals = {appeal.id: appeal for appeal in Appeals(snapshot.people).all()}
    known = decided.with_appeals(appeals.values())
    rows = ask_decided(snapshot, month, known, "list_deductions", settled=settled)
    return [(row["agent_id"], _deduction(row, appeals, snapshot)) for row in rows]


def _deduction(row: Row, appeals: Mapping[int, Appeal], snapshot: Snapshot) -> Deduction:
    decision = None if row["decision"] is None else Decision(row["decision"])
    counts, severity = bool(row["counts"]), row["severity"]
    return Deduction(
        row["call_id"], row["content_sha256"], row["started_at"].astimezone(snapshot.zone),
        row["scored_at"], row["rule"], row["title"], row["title_en"], row["pack"],
        row["control_point"], severity and Severity(severity), row["veto"],
        row["points"] if counts else 0.0, row["quote"] or "", row["segment"], decision,
        row["reviewer"] or "", appeals.get(row["appeal"]), counts, row["machine_failed"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is asked of all agents at once, by agent."""

    snapshot: Snapshot
    _weeks: Mapping[str, list[Row]]
    _points: Mapping[str, list[Row]]
    _heard: Mapping[str, list[Row]]
    _grades: Mapping[str, list[Row]]
    deductions: Mapping[str, list[Deduction]]

    @classmethod
    def of(cls, snapshot: Snapshot, month: Filters, decided: Decided) -> _Parts:
        def asked(name: str, **values: object) -> Mapping[str, list[Row]]:
            return _by_agent(ask_decided(snapshot, month, decided, name, **values))

        found: dict[str, list[Deduction]] = defaultdict(list)
        for agent, one in _deductions(snapshot, month, decided):
            found[agent].append(one)
        every = {"show": "heard", "pack": None, "point": None, "limit": EVERYTHING}
        return cls(
            snapshot, asked("trend_of_agents", grain="week"),
            _by_agent(points_of(snapshot, month, decided)), asked("list_counted", **every),
            asked("count_grades"), found,
        )  # fmt: skip

    def weeks(self, agent: str, first: date, last: date) -> tuple[Week, ...]:
        return tuple(
            Week(
                *days_of_week(row["begins"], first, last), moments_of(row), row["heard"],
                row["heard_total"], row["vetoed"],
            )
            for row in self._weeks[agent]
        )  # fmt: skip

    def points(self, agent: str) -> tuple[PointRecord, ...]:
        names = ("pack", "number", "title", "key_point", "calls", "fails", "points")
        return tuple(
            PointRecord(*(row[name] for name in names))
            for row in self._points[agent]
            if row["fails"] or row["points"] or (row["calls"] and "." not in row["number"])
        )

    def heard(self, agent: str) -> tuple[HeardCall, ...]:
        return tuple(
            HeardCall(
                row["call_id"], row["started_at"].astimezone(self.snapshot.zone),
                row["business_line"], row["reviewer"] or "", row["machine_score"], row["score"],
                row["grade"], row["vetoed"],
            )
            for row in reversed(self._heard[agent])
        )  # fmt: skip

    def grades(self, agent: str) -> tuple[Grades, tuple[tuple[str, int], ...]]:
        """The scale, and how many calls have which grade of it."""
        rows = self._grades[agent]
        by_pack: Counter[str] = Counter()
        by_grade: Counter[str] = Counter()
        for row in rows:
            by_pack[row["pack_hash"]] += row["calls"]
            by_grade[row["grade"]] += row["calls"]
        content = self.snapshot.pack_content(by_pack.most_common(1)[0][0]) if rows else None
        scale = kept_grades(content or {})
        order = [name for name, _ in scale]
        order += sorted(name for name in by_grade if name not in order)
        return scale, tuple((name, by_grade[name]) for name in order)


def _by_agent(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["agent_id"]].append(row)
    return found
