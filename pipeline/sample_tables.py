"""What `callqa sample` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.sampling import Board, Estimate, Repeated
from pipeline.terminal import make_console

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "none": "{month} 还没有抽检计划。抽取：callqa sample draw --month {month} --db FILE",
        "plans": ("计划", "日期", "抽取人", "种子", "可抽通话", "其中未命中", "抽取", "已听"),
        "agents": ("坐席", "姓名", "班组", "本月通话", "已抽", "已听", "应抽"),
        "inspectors": ("质检员", "已听", "分配"),
        "missed": "未命中的通话中，估计 {share}% [{low}–{high}] 实有违规（已听 {heard} 通，其中 "
        "{violations} 通有违规，可抽 {calls} 通）",
        "nothing": "未命中的通话还没有听过，无法估计漏检",
        "short": "{count} 名坐席通话不足，未达到应抽数",
        "same": "计划 {id}：按种子 {seed} 重新抽取，结果完全一致",
        "changed": "计划 {id}：抽取之后，这些日期的通话有增减或重新评分，重新抽取的结果不同",
        "other": "计划 {id}：通话没有变化，但重新抽取的结果不同，记录可能被改动，请调查",
    },
    "en": {
        "none": "no sampling plan for {month} yet. Draw one: callqa sample draw --month {month} "
        "--db FILE",
        "plans": ("plan", "days", "drawn by", "seed", "calls", "unflagged", "drawn", "heard"),
        "agents": ("agent", "name", "team", "calls in month", "drawn", "heard", "quota"),
        "inspectors": ("inspector", "heard", "given"),
        "missed": "of unflagged calls, an estimated {share}% [{low}–{high}] held a violation "
        "({heard} heard, {violations} of them with one, {calls} to draw from)",
        "nothing": "no unflagged call was listened to yet: what the rules miss cannot be estimated",
        "short": "{count} agents have fewer calls than the quota",
        "same": "plan {id}: drawn again by the seed {seed}, exactly the same calls",
        "changed": "plan {id}: calls of these days came, went or were scored anew since; drawing "
        "again gives other calls",
        "other": "plan {id}: the calls are the same, and drawing again gives others: the plan may "
        "have been altered, find out why",
    },
}


def print_board(shown: Board, language: str) -> None:
    """Plans, agents, inspectors of a month, and the estimate of what the rules miss."""
    words, console = WORDS[language], make_console()
    month = f"{shown.since:%Y-%m}"
    if not shown.plans:
        console.print(words["none"].format(month=month))
        return
    table = Table(*words["plans"])
    for plan in shown.plans:
        mine = [heard for heard in shown.calls if heard.plan == plan.id]
        days = f"{plan.wish.since} – {plan.wish.until}"
        counts = (plan.calls, plan.calls_unflagged, len(mine), sum(heard.done for heard in mine))
        cells = (str(plan.id), days, plan.who, plan.wish.seed, *(f"{n:,}" for n in counts))
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    table = Table(*words["agents"])
    for agent in shown.agents:
        names = (agent.agent_id, agent.agent_name or "", agent.team or "")
        counts = (agent.calls, agent.drawn, agent.done, agent.quota)
        style = "yellow" if agent.short else ""
        table.add_row(*(Text(cell) for cell in (*names, *map(str, counts))), style=style)
    console.print(table)
    if shown.inspectors:
        table = Table(*words["inspectors"])
        for name, (done, given) in shown.inspectors.items():
            table.add_row(Text(name), str(done), str(given))
        console.print(table)
    if short := sum(agent.short for agent in shown.agents):
        console.print(words["short"].format(count=short))
    console.print(missed_line(shown.missed, language))


def missed_line(missed: Estimate | None, language: str) -> str:
    """How many unflagged calls held a violation, in words."""
    words = WORDS[language]
    if missed is None:
        return str(words["nothing"])
    values = asdict(missed)
    for name in ("share", "low", "high"):
        values[name] = f"{100 * values[name]:.1f}"
    return str(words["missed"]).format(**values)


def board_json(shown: Board) -> dict[str, object]:
    """All of it for machines."""
    return {
        "since": shown.since,
        "until": shown.until,
        "plans": [asdict(plan) for plan in shown.plans],
        "calls": [
            {**asdict(heard.call), "plan": heard.plan, "done": heard.done,
             "violation": bool(heard.row and heard.row["violation"])}
            for heard in shown.calls
        ],
        "agents": [asdict(agent) for agent in shown.agents],
        "inspectors": {name: {"done": a, "of": b} for name, (a, b) in shown.inspectors.items()},
        "missed": shown.missed and asdict(shown.missed),
    }  # fmt: skip


def print_repeated(done: Repeated, language: str) -> None:
    """Whether a plan comes out the same again."""
    key = "same" if done.same_calls else "other" if done.same_population else "changed"
    plan = done.plan
    make_console().print(WORDS[language][key].format(id=plan.id, seed=plan.wish.seed))
