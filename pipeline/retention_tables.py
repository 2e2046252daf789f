"""What `callqa purge`, `callqa erase` and `callqa hold` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from pipeline.retention import Due, Removed
from pipeline.settings import Keep
from pipeline.store import Hold, Part
from pipeline.terminal import make_console

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "due": ("业务条线", "保存期限 录音/原文/结果", "到期：全部", "到期：录音", "到期：原文"),
        "default": "其他条线",
        "as_results": "同结果",
        "forever": "不限",
        "held": "因法律保全保留：{count} 通（保全编号 {number}）",
        "undated": "{count} 通没有通话时间，按处理时间计算",
        "orphans": "没有对应通话的原文到期：{count} 份",
        "returned": "已删除的通话又出现在录音目录中：{count} 通，执行时会再次删除",
        "nothing": "没有到期的内容",
        "dry": "以上仅为预览，未删除任何内容。执行：callqa purge --apply",
        "removed": "已删除通话 {calls} 通",
        "waiting": "尚有 {waiting} 通未删完：请处理下列问题后再运行 purge 或 erase，会接着删除",
        "left": "未能删除：",
        "by_hand": "这些导出文件已无法读取，可能仍含有被删通话的内容，请人工检查或删除：",
        "found": "复查时仍然找到：",
        "proved": "复查：{ids} 个标识（各表）、{paths} 个路径、{files} 个内部文件，均未再找到",
        "covers": "目前涉及已入库的通话 {count} 通，今后的通话同样适用",
        "holds": ("编号", "时间", "用户", "对象", "标识", "理由"),
        "customer": "客户", "agent": "坐席", "call": "通话",
        "no_holds": "没有生效的法律保全",
        "released": "法律保全 {id} 已解除",
        "kinds": {
            "recording": "录音文件", "sidecar": "元数据文件", "metadata_row": "元数据表的行",
            "transcript": "聊天记录或转写", "original": "加密原文", "spool": "中间文件",
            "audio_copy": "脱敏录音副本", "exported_row": "导出文件的行", "form": "考评表",
            "reviews": "人工复核", "alerts": "预警",
            "search_day": "检索索引（按天重建）",
            "other": "同名但内容不同的文件（保留）",
            "absent": "已不在原处的文件（被移走，或存储未挂载：请确认）",
            "calls": "通话", "segments": "句子", "findings": "检查结果",
        },
    },
    "en": {
        "due": ("business line", "kept audio/originals/results", "due: all", "due: audio",
                "due: original"),
        "default": "other lines",
        "as_results": "as results",
        "forever": "no limit",
        "held": "kept by legal hold {number}: {count} calls",
        "undated": "{count} calls of unknown date count from the day they were processed",
        "orphans": "originals of no stored call that are due: {count}",
        "returned": "calls that were removed lie in the input again: {count}; applying removes "
        "them again",
        "nothing": "nothing is due",
        "dry": "This was only shown, nothing was removed. To do it: callqa purge --apply",
        "removed": "calls removed: {calls}",
        "waiting": "calls not removed completely: {waiting}; mend what is named below and run it "
        "again (any purge or erasure goes on with them)",
        "left": "could not be removed:",
        "by_hand": "these exported files cannot be read any more and may hold rows of removed "
        "calls; look at them or delete them by hand:",
        "found": "still found afterwards:",
        "proved": "searched again: {ids} ids in every table, {paths} paths, {files} files of the "
        "database: nothing is left",
        "covers": "stored calls that it covers now: {count}; those to come are covered too",
        "holds": ("number", "time", "user", "about", "id", "reason"),
        "customer": "customer", "agent": "agent", "call": "call",
        "no_holds": "no hold is in force",
        "released": "hold {id} is released",
        "kinds": {
            "recording": "recordings", "sidecar": "metadata files",
            "metadata_row": "rows of metadata tables", "transcript": "chats or transcripts",
            "original": "sealed originals", "spool": "files in between",
            "audio_copy": "redacted copies", "exported_row": "rows of exported files",
            "form": "forms", "reviews": "reviews", "alerts": "alerts",
            "search_day": "days of the search index (made anew)",
            "absent": "files not where they were (moved, or a share is not mounted: check)",
            "other": "files of the same name, other content (kept)",
            "calls": "calls", "segments": "segments", "findings": "findings",
        },
    },
}  # fmt: skip


def print_due(due: Due, rules: Mapping[str, Keep], language: str) -> None:
    """What a purge would remove, by business line, and what keeps the rest."""
    words, console = WORDS[language], make_console()
    table = Table(*words["due"])
    for line in sorted({*due.lines, *rules} - {"default"}):
        _add_line(table, line, due, rules, words)
    if "default" in rules and "default" not in due.lines:
        _add_line(table, "default", due, rules, words)
    console.print(table)
    for number, count in sorted(due.held.items()):
        console.print(words["held"].format(count=count, number=number))
    counts = {
        "undated": due.undated, "orphans": len(due.orphans), "returned": len(due.returned),
    }  # fmt: skip
    for name, count in counts.items():
        if count:
            console.print(words[name].format(count=count))
    console.print(words["nothing"] if due.nothing else words["dry"])


def _add_line(
    table: Table, line: str, due: Due, rules: Mapping[str, Keep], words: Mapping[str, Any]
) -> None:
    keep = rules.get(line, rules.get("default", Keep()))
    results = words["forever"] if keep.results is None else str(keep.results)
    own = [
        words["as_results"] if part is None else str(part) for part in (keep.audio, keep.originals)
    ]
    counts = (str(due.lines[line][part.value]) if line in due.lines else "0" for part in _ORDER)
    name = words["default"] if line == "default" else line
    table.add_row(name, "/".join([*own, results]), *counts)


_ORDER = (Part.EVERYTHING, Part.AUDIO, Part.ORIGINAL)


def print_removed(done: Removed, language: str) -> None:
    """What went, what is left, and the proof."""
    words, console = WORDS[language], make_console()
    console.print(words["removed"].format(calls=done.calls))
    for kind, name in words["kinds"].items():
        if done.counts[kind] and kind != "calls":
            console.print(f"  {name}: {done.counts[kind]}")
    if done.waiting:
        console.print(words["waiting"].format(waiting=done.waiting))
    for title in ("left", "by_hand", "found"):
        lines: Sequence[str] = getattr(done, title)
        if lines:
            console.print(words[title])
        for line in lines:
            console.print(f"  ✗ {line}", markup=False)
    if done.searched and not done.found:
        searched = {name: done.searched[name] for name in ("ids", "paths", "files")}
        console.print(words["proved"].format(**searched))


def print_holds(holds: Sequence[Hold], zone: ZoneInfo, language: str) -> None:
    """Holds in force, oldest first."""
    words = WORDS[language]
    if not holds:
        make_console().print(words["no_holds"])
        return
    table = Table(*words["holds"])
    for hold in holds:
        at = f"{hold.at.astimezone(zone):%Y-%m-%d %H:%M}"
        cells = (str(hold.id), at, hold.who, words[hold.kind], hold.subject, hold.reason)
        table.add_row(*(Text(cell) for cell in cells))
    make_console().print(table)


def print_covered(count: int, language: str) -> None:
    """How many calls a hold covers: a mistyped id shows."""
    make_console().print(WORDS[language]["covers"].format(count=count))


def print_released(hold: Hold, language: str) -> None:
    """The end of a hold."""
    make_console().print(WORDS[language]["released"].format(id=hold.id))
