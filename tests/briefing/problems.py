"""Common problems made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.domain import (
    Concerned,
    Gone,
    Hint,
    Moment,
    Problem,
    ProblemKind,
    Role,
    Severity,
    Trend,
    WeekCount,
)
from pipeline.problems import Weekly
from pipeline.store import Snapshot
from pipeline.weeks import Week
from tests.agents.month import CARD

W46, W47 = Week.parse("2026-W46"), Week.parse("2026-W47")
QUOTE = "您的卡号是 6222****1234,对吗"
MOMENT = Moment(
    "c-A1-2026-W47-1", "x" * 64, 1, 72.4, 76.0, Role.AGENT, QUOTE, "A1", "坐席A1", "一组"
)


def a_problem(calls: int = 5, before: int = 0, of: int = 48, **changes: Any) -> Problem:
    """A broken rule in so many of a week's calls."""
    given = Problem(
        "p-card", ProblemKind.RULE, "复述完整卡号", ("卡号", "复述"),
        (WeekCount("2026-W46", before, of), WeekCount("2026-W47", calls, of)),
        Trend.UP, 0.004, 10.0, (MOMENT,),
        agents=(Concerned("A1", "坐席A1", calls, 12, excess=True),),
        teams=(Concerned("一组", "一组", calls, 24, excess=True),),
        hints=(Hint("rule", "greeting", 0.6, 0.1), Hint("line", "bank", 0.8, 0.4)),
        rule=CARD, control_point="2.1", severity=Severity.MAJOR, name_en="Reads out card numbers",
    )  # fmt: skip
    return replace(given, **changes)


ASKED = a_problem(
    11, 9, id="p-date", kind=ProblemKind.ASKED, name="还款日怎么改", words=("还款日", "怎么改"),
    trend=Trend.SAME, chance=0.6, agents=(), teams=(), hints=(), rule=None, control_point=None,
    severity=None, name_en="", weight=5.0,
)  # fmt: skip


def finds(*problems: Problem, gone: tuple[Gone, ...] = ()) -> Any:
    """A finder of these problems, with the figures of whichever week is asked for."""

    def find(_snapshot: Snapshot, week: Week, _team: str | None) -> Weekly:
        if week == W47:
            return Weekly(problems, {}, {}, gone)
        found = []
        for problem in problems:
            weeks = problem.weeks[:1]
            agents = tuple(
                replace(one, calls=min(weeks[0].calls, one.of)) for one in problem.agents
            )
            if weeks[0].calls:
                found.append(replace(problem, weeks=weeks, agents=agents))
        return Weekly(tuple(found), {}, {})

    return find
