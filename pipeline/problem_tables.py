"""What `callqa problems` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.domain import Gone, Hint, Problem, Trend
from pipeline.learning import reason_name
from pipeline.problems import REASONS, Weekly
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
        "gone": ("{week} 消失的问题", "最近一次", "是否偶然"),
        "said": {True: "不是偶然", False: "可能是偶然", None: "通话太少，不能判断"},
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
        "gone": ("gone in {week}", "last heard", "chance?"),
        "said": {True: "more than chance", False: "may be chance", None: "too few to tell"},
        "signs": {"read_reason": "reason (model)"},
    },
}  # fmt: skip


def print_problems(week: Week, found: Weekly, language: str) -> None:
    """A table, heaviest first; below it what is gone."""
    words, console = WORDS[language], make_console()
    if found.problems:
        table = Table(*words["columns"], title=str(week))
        for problem in found.problems:
            table.add_row(*(Text(cell) for cell in _row(problem, words, language)))
        console.print(table)
    else:
        console.print(words["none"].format(week=week))
    if found.gone:
        title, last, said = words["gone"]
        kind, name, *_ = words["columns"]
        table = Table(kind, name, last, said, title=title.format(week=week))
        for one in found.gone:
            table.add_row(*(Text(cell) for cell in _gone(one, words, language)))
        console.print(table)


def problems_json(week: Week, team: str | None, found: Weekly) -> dict[str, Any]:
    """Everything that is known of the problems; `gone`: those that are in no call any more."""
    problems, gone = ([asdict(one) for one in some] for some in (found.problems, found.gone))
    return {"week": str(week), "team": team, "problems": problems, "gone": gone}


def _row(problem: Problem, words: dict[str, Any], language: str) -> tuple[str, ...]:
    name = _name(problem, language)
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


def _gone(one: Gone, words: dict[str, Any], language: str) -> tuple[str, ...]:
    sure = None if one.chance is None else one.trend is Trend.DOWN
    last = f"{one.last.week}: {one.last.calls}/{one.last.of}"
    return (words["kinds"][one.kind], _name(one, language), last, words["said"][sure])


def _name(one: Problem | Gone, language: str) -> str:
    return one.name_en if language == "en" and one.name_en else one.name


def _sign(one: Hint, words: dict[str, Any], language: str) -> str:
    value = reason_name(one.value, language) if one.what in REASONS else one.value
    return f"{words['signs'].get(one.what, one.what)} {value}"
