"""Tables on the terminal, Chinese first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from pipeline.domain import CallReport, Finding, HumanItem, Verdict
from pipeline.modelfiles import ModelStatus
from pipeline.store import Filters, Snapshot
from pipeline.terminal import make_console

CALL_COLUMNS = {
    "zh": ("通话", "业务", "坐席", "时长", "得分", "等级", "最严重问题"),
    "en": ("call", "line", "agent", "length", "score", "grade", "worst finding"),
}
RUN_ROWS = {
    "zh": {
        "recordings": "录音与会话",
        "processed": "本次处理",
        "skipped": "已处理过",
        "removed_before": "曾被删除，不再处理（purge 会再删）",
        "rescored": "按新规则重新评分",
        "failed": "失败",
        "left_for_next_run": "仍在上传",
        "audio_seconds": "音频（秒）",
        "wall_seconds": "用时（秒）",
    },
    "en": {
        "recordings": "recordings and chats",
        "processed": "processed now",
        "skipped": "done before",
        "removed_before": "removed before, left alone (purge removes them again)",
        "rescored": "scored again by changed rules",
        "failed": "failed",
        "left_for_next_run": "still uploading",
        "audio_seconds": "audio (s)",
        "wall_seconds": "time (s)",
    },
}
STAGES = {
    "zh": {
        "intake": "读取文件",
        "metadata": "元数据",
        "transcript": "会话记录",
        "decode": "录音解码",
        "asr": "语音识别",
        "rules": "规则",
        "store": "写入结果",
        "run": "程序缺陷",
    },
    "en": {},
}
LOOKED_AT = {"zh": "查找范围（未发现） ", "en": "looked for here, not found: "}
HUMAN = {"zh": "待人工评定", "en": "for a person to judge"}
NOTHING_NEW = {"zh": "没有新的录音：全部已处理过。", "en": "Nothing is new: all calls are done."}


def print_run(summary: Mapping[str, Any], db: Path, language: str) -> None:
    """What a run did, and each failure in one line."""
    console = make_console()
    if not summary["processed"] and not summary["failed"] and not summary["rescored"]:
        console.print(NOTHING_NEW[language])
    table = Table(show_header=False)
    for key, title in RUN_ROWS[language].items():
        if key == "removed_before" and not summary[key]:
            continue
        table.add_row(title, f"{summary[key]:,}")
    console.print(table)
    for failure in summary["failures"]:
        stage = STAGES[language].get(failure["stage"], failure["stage"])
        console.print(f"✗ [{stage}] {failure['message']}", markup=False)
    console.print(f"→ {db}")


def print_calls(snapshot: Snapshot, language: str) -> None:
    """One line per call, lowest score first."""
    console = make_console()
    table = Table(*CALL_COLUMNS[language])
    for row in snapshot.list_calls(Filters(), sort="worst", limit=200).to_pylist():
        length = "—" if row["duration"] is None else f"{row['duration']:.0f} s"
        table.add_row(
            row["call_id"],
            row["business_line"],
            row["agent_id"] or "—",
            length,
            f"{row['score']:.0f}",
            row["grade"],
            (language == "en" and row["top_title_en"]) or row["top_title"] or "—",
        )
    console.print(table)


def print_report(report: CallReport, language: str) -> None:
    """One scored transcript: the findings that are not simply fine."""
    console = make_console()
    card = report.scorecard
    pack = f"{card.pack} {card.pack_version}"
    console.print(f"{report.info.call_id}: {card.score:g} {card.grade} ({pack})", style="bold")
    for finding in report.findings:
        if finding.verdict in (Verdict.FAIL, Verdict.UNSURE):
            title = _title(finding, language)
            mark = "✗" if finding.verdict is Verdict.FAIL else "?"
            console.print(f" {mark} {title} ({finding.points:g})  {finding.why}", markup=False)
            for item in finding.evidence[:3]:
                at = LOOKED_AT[language] if item.sought else ""
                at += "" if item.start is None else f"{item.start:.1f}s "
                console.print(f"     {at}“{item.quote}”", markup=False)
        elif finding.points > 0:
            title = _title(finding, language)
            console.print(f" ✓ {title} (+{finding.points:g})", markup=False)
    for human in card.human_items:
        console.print(f" … {_title(human, language)}: {HUMAN[language]}", markup=False)


def _title(item: Finding | HumanItem, language: str) -> str:
    return (language == "en" and item.title_en) or item.title


def print_models(models: Iterable[ModelStatus]) -> None:
    """Known models and their state."""
    table = Table("name", "state", "MB", "engine", "licence", "what", "measured")
    for model in models:
        name = f"{model.name} (default)" if model.default else model.name
        size = str(model.megabytes)
        about = (model.engine, model.licence, model.title, model.metric)
        table.add_row(name, model.state, size, *about)
    make_console().print(table)
