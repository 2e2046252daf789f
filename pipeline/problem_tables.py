"""What `callqa problems` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.domain import Hint, Problem
from pipeline.learning import reason_name
from pipeline.problems import REASONS
from pipeline.terminal import make_console
from pipeline.weeks import Week

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "columns": ("类别", "共性问题", "通话", "趋势", "前几周", "涉及", "线索"),
        "kinds": {
            "rule": "违规", "asked": "咨询", "dissatisfied": "不满", "repeated": "反复追问",
            "waited": "提问后久等",
        },
        "trends": {"new": "新出现", "up": "上升", "down": "下降", "same": "持平", "unknown": "—"},
        "none": "{week} 没有发现共性问题",
        "signs": {
            "team": "班组", "product": "产品", "line": "业务", "channel": "渠道", "hour": "时段",
            "direction": "呼叫方向", "hold": "让客户等待", "reason": "来电原因", "rule": "同时违规",
            "read_reason": "来电原因（模型）",
        },
    },
    "en": {
        "columns": ("kind", "problem", "calls", "trend", "weeks before", "concerns", "signs"),
        "kinds": {
            "rule": "rule", "asked": "asked", "dissatisfied": "resented", "repeated": "asked again",
            "waited": "left waiting",
        },
        "trends": {"new": "new", "up": "up", "down": "down", "same": "same", "unknown": "—"},
        "none": "no common problem was found in {week}",
        "signs": {"read_reason": "reason (model)"},
    },
}  # fmt: skip


def print_problems(week: Week, found: Sequence[Problem], language: str) -> None:
    """A table, heaviest first."""
    words, console = WORDS[language], make_console()
    if not found:
        console.print(words["none"].format(week=week))
        return
    table = Table(*words["columns"], title=str(week))
    for problem in found:
        table.add_row(*(Text(cell) for cell in _row(problem, words, language)))
    console.print(table)


def problems_json(week: Week, team: str | None, found: Sequence[Problem]) -> dict[str, Any]:
    """Everything that is known of the problems."""
    return {"week": str(week), "team": team, "problems": [asdict(one) for one in found]}


def _row(problem: Problem, words: dict[str, Any], language: str) -> tuple[str, ...]:
    name = problem.name_en if language == "en" and problem.name_en else problem.name
    trend = words["trends"][problem.trend]
    if problem.chance is not None and trend not in ("—", words["trends"]["same"]):
        trend += f" p={max(problem.chance, 0.001):.3f}"
    groups = (*problem.products, *problem.teams, *problem.agents)
    concerned = "、".join(f"{one.name} {one.calls}/{one.of}" for one in groups if one.excess)
    signs = "、".join(
        f"{_sign(one, words, language)} {one.share:.0%}/{one.elsewhere:.0%}"
        for one in problem.hints
    )
    weeks = " ".join(str(week.calls) for week in problem.weeks[:-1])
    calls = f"{problem.calls}/{problem.of}"
    return (words["kinds"][problem.kind], name, calls, trend, weeks, concerned, signs)


def _sign(one: Hint, words: dict[str, Any], language: str) -> str:
    value = reason_name(one.value, language) if one.what in REASONS else one.value
    return f"{words['signs'].get(one.what, one.what)} {value}"
