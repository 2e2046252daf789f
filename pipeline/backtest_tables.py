"""What `callqa rules backtest` and `callqa rescore` print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.terminal import make_console

VERDICTS = ("fail", "unsure", "pass", "not_applicable", "absent")
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "head": "{pack} {pack_version}：{calls} 通通话，{changed} 通会有变化",
        "score": "平均分 {mean_score_before:g} → {mean_score_after:g}，"
        "一票否决 {vetoed_before} → {vetoed_after}",
        "same": "没有任何变化：与现有结果一致",
        "rules": ("规则", "标题", "不通过", "存疑", "通过", "不适用", "新增不通过", "不再不通过"),
        "calls": ("通话", "得分", "等级", "变化的规则"),
        "examples": "示例（变化后的理由）",
        "veto": "一票否决",
        "fail": "不通过", "unsure": "存疑", "pass": "通过", "not_applicable": "不适用",
        "absent": "无此规则",
        "rescored": "重新评分 {calls} 通，{changed} 通有变化；原结果已保留",
        "nothing": "没有需要重新评分的通话：均已按现行规则评分",
        "progress": "{done} / {all} 通",
    },
    "en": {
        "head": "{pack} {pack_version}: {calls} calls, {changed} would change",
        "score": "mean score {mean_score_before:g} → {mean_score_after:g}, "
        "vetoes {vetoed_before} → {vetoed_after}",
        "same": "nothing changes: the results are the same",
        "rules": ("rule", "title", "fail", "unsure", "pass", "n/a", "newly failed", "no longer"),
        "calls": ("call", "score", "grade", "rules that change"),
        "examples": "examples (with the new reason)",
        "veto": "veto",
        "fail": "fail", "unsure": "unsure", "pass": "pass", "not_applicable": "n/a",
        "absent": "no such rule",
        "rescored": "{calls} calls scored again, {changed} changed; the old results are kept",
        "nothing": "no call to score again: all have the rules in force",
        "progress": "{done} of {all} calls",
    },
}  # fmt: skip


def print_backtest(report: Mapping[str, Any], language: str, examples: int) -> None:
    """The sum, rules that change, calls that change most, and a few reasons."""
    words, console = WORDS[language], make_console()
    console.print(words["head"].format(**report), style="bold")
    console.print(words["score"].format(**report))
    if not report["changed"]:
        console.print(words["same"])
        return
    rules = Table(*words["rules"])
    for row in report["rules"]:
        if row["before"] != row["after"] or row["newly_failed"] or row["no_longer_failed"]:
            before, after = row["before"], row["after"]
            counts = (f"{before.get(v, 0)} → {after.get(v, 0)}" for v in VERDICTS[:4])
            rules.add_row(
                row["rule"], row["title"], *counts,
                str(row["newly_failed"]), str(row["no_longer_failed"]),
            )  # fmt: skip
    console.print(rules)
    console.print(_calls(report, words))
    _print_examples(report, words, examples)


def _print_examples(report: Mapping[str, Any], words: Mapping[str, Any], examples: int) -> None:
    console = make_console()
    console.print(words["examples"], style="bold")
    shown: dict[str, int] = {}
    for one in report["examples"]:
        shown[one["rule"]] = shown.get(one["rule"], 0) + 1
        if shown[one["rule"]] <= examples:
            change = f"{words[one['before']]} → {words[one['after']]}"
            line = f" {one['call_id']}  {one['title']}  {change}  {one['why']}"
            console.print(line, markup=False)


def _calls(report: Mapping[str, Any], words: Mapping[str, Any]) -> Table:
    table = Table(*words["calls"])
    for call in report["biggest"]:
        grades = [
            f"{call[f'grade_{when}']}{'·' + words['veto'] if call[f'vetoed_{when}'] else ''}"
            for when in ("before", "after")
        ]
        rules = ", ".join(call["rules"][:5]) + (" …" if len(call["rules"]) > 5 else "")
        table.add_row(
            call["call_id"],
            f"{call['score_before']:g} → {call['score_after']:g}",
            " → ".join(grades),
            rules,
        )
    return table


def print_rescored(counts: Mapping[str, int], language: str) -> None:
    """How many calls have new results."""
    words = WORDS[language]
    make_console().print(words["rescored" if counts["calls"] else "nothing"].format(**counts))


def teller(language: str) -> Callable[[int, int], None]:
    """Tells on standard error how far it is: on a terminal in one line, in a log every tenth."""
    told, console = [0], Console(stderr=True, highlight=False)

    def tell(done: int, whole: int) -> None:
        text = WORDS[language]["progress"].format(done=done, all=whole)
        if console.is_terminal:
            console.print(text, end="\n" if done >= whole else "\r")
        elif whole and (done >= whole or done * 10 // whole > told[0]):
            told[0] = done * 10 // whole
            console.print(text)

    return tell
