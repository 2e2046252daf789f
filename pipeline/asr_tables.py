"""What `callqa asr eval` prints: numbers and phrases of rule packs, no text of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.evaluation.intervals import FEWEST, Interval
from pipeline.evaluation.keywords import PATTERN, PHRASE, Kept
from pipeline.evaluation.result import CallResult, Difference, ModelResult, Rate, Recall, Report
from pipeline.intake.metadata import LINES_ZH
from pipeline.terminal import make_console

MOST_CALLS = 20
MOST_LOST = 20
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "nothing": "没有可测的录音：{source}",
        "sample": "{source}：{files} 个录音，{seconds:.0f} 秒，{characters} 字",
        "unreferenced": "另有 {count} 个录音旁边没有参考文本，未测",
        "models": ("模型", "引擎", "修订", "设备", "字错率 %", "替换", "删除", "插入",
                   "倍实时", "RTF", "载入秒"),
        "parts": "字错率 %（95% 区间，按通话重采样）",
        "part": "部分", "calls": "通话", "characters": "字数",
        "lines": {line: name for name, line in LINES_ZH.items()},
        "agent": "坐席", "customer": "客户", "whole": "整段（未分声道）", "channel": "声道",
        "few": "[—]：少于 {fewest} 通，不给区间",
        "difference": "{name} 与 {baseline} 相差 {difference:+.1f} 个百分点{interval}："
        "{calls} 通中 {better} 通更好，{worse} 通更差",
        "verdict": {"better": "，更好", "worse": "，更差", "open": "，不能断定"},
        "by_call": "逐通字错率 %，最差的在前", "file": "录音", "line": "业务", "seconds": "秒",
        "more": "… 还有 {count} 个录音（--json 列出全部）",
        "recall": "规则包中说到的内容，识别后还在多少",
        "kinds": {PHRASE: "短语", PATTERN: "句式"},
        "recall_columns": ("模型", "", "说到", "原样", "规则仍能找到", "丢失", "保留率 %",
                           "凭空出现"),
        "lost": "丢失最多", "lost_columns": ("", "短语或规则条件", "说到", "丢失", "规则"),
        "invented": "凭空出现最多",
        "invented_columns": ("", "短语或规则条件", "说到", "多出", "规则"),
        "contradicted": "{file}：文本表明坐席在另一声道，与 agent_channel 不符",
        "failed": "{count} 项无法测量：",
        "progress": "{done} / {all}",
        "material": "{folder}：更正 {written} 句，各一个片段；"
        "corrections.jsonl 是 callqa asr eval 的清单",
        "left": {"private": "含隐私信息，未写出 {count} 句",
                 "no_times": "没有时间，未写出 {count} 句",
                 "no_recording": "没有录音，未写出 {count} 句"},
    },
    "en": {
        "nothing": "nothing to measure: {source}",
        "sample": "{source}: {files} recordings, {seconds:.0f} s, {characters} characters",
        "unreferenced": "{count} more recordings have no reference beside them and were left out",
        "models": ("model", "engine", "revision", "device", "CER %", "sub", "del", "ins",
                   "x real time", "RTF", "load s"),
        "parts": "CER % (95 % interval, calls resampled)",
        "part": "part", "calls": "calls", "characters": "characters",
        "lines": {},
        "agent": "agent", "customer": "customer", "whole": "whole (channels not apart)",
        "channel": "channel",
        "few": "[—]: fewer than {fewest} calls, no interval",
        "difference": "{name} differs from {baseline} by {difference:+.1f} points{interval}: "
        "better on {better}, worse on {worse} of {calls} calls",
        "verdict": {"better": ", better", "worse": ", worse", "open": ", not decided"},
        "by_call": "CER % by recording, worst first", "file": "recording", "line": "line",
        "seconds": "s",
        "more": "… and {count} more recordings (--json lists all)",
        "recall": "what the rule packs look for: what was said and is still there",
        "kinds": {PHRASE: "phrases", PATTERN: "patterns"},
        "recall_columns": ("model", "", "said", "as said", "still found", "lost", "kept %",
                           "invented"),
        "lost": "most often lost",
        "lost_columns": ("", "phrase or condition", "said", "lost", "rules"),
        "invented": "most often invented",
        "invented_columns": ("", "phrase or condition", "said", "more", "rules"),
        "contradicted": "{file}: the text shows the agent on the other channel than agent_channel",
        "failed": "{count} could not be measured:",
        "progress": "{done} of {all}",
        "material": "{folder}: {written} corrected turns, a clip each; corrections.jsonl is the "
        "manifest for callqa asr eval",
        "left": {"private": "left out, private data: {count}",
                 "no_times": "left out, no times: {count}",
                 "no_recording": "left out, no recording: {count}"},
    },
}  # fmt: skip
Words = Mapping[str, Any]


def print_report(report: Report, language: str) -> None:
    """All models side by side, then what was lost, then what could not be measured."""
    words, console = WORDS[language], make_console()
    measured = [model for model in report.models if model.calls]
    if measured:
        first = measured[0]
        facts = {"files": len(first.calls), "seconds": first.audio_seconds}
        size = first.whole.errors.length
        head = words["sample"].format(source=report.source, characters=size, **facts)
        console.print(head, style="bold")
        console.print(_models(measured, words))
        for one in report.differences if len(measured) > 1 else ():
            console.print(_difference(one, words), markup=False)
        console.print(_parts(measured, words))
        console.print(_calls(measured, words))
        _print_kept(measured, words, console)
    else:
        console.print(words["nothing"].format(source=report.source))
    _print_failures(report, words, console)


def _models(models: list[ModelResult], words: Words) -> Table:
    table = Table(*words["models"], caption=_few(words, (m.whole.interval for m in models)))
    for model in models:
        errors, engine = model.whole.errors, model.engine
        counts = (errors.substitutions, errors.deletions, errors.insertions)
        table.add_row(
            model.name, engine.name, engine.revision, engine.device,
            _rate(model.whole), *map(str, counts),
            f"{model.times_real_time:.1f}", f"{1 / max(model.times_real_time, 1e-9):.3f}",
            f"{model.load_seconds:.1f}",
        )  # fmt: skip
    return table


def _rate(rate: Rate) -> str:
    if not rate.errors.length:
        return f"— (+{rate.errors.insertions})" if rate.errors.insertions else "—"
    return f"{100 * rate.errors.rate:.1f}{_between(rate.interval)}"


def _between(interval: Interval | None) -> str:
    if interval is None:
        return " [—]"
    return f" [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def _few(words: Words, intervals: Iterable[Interval | None]) -> str | None:
    """What [—] means, where it stands."""
    few: str = words["few"]
    return few.format(fewest=FEWEST) if any(one is None for one in intervals) else None


def _difference(one: Difference, words: Words) -> str:
    verdict = ""
    if one.interval is not None:
        sign = "better" if one.interval.high < 0 else "worse" if one.interval.low > 0 else "open"
        verdict = words["verdict"][sign]
    text = words["difference"].format(
        name=one.name, baseline=one.baseline, difference=100 * one.difference,
        interval=_between(one.interval), calls=one.calls, better=one.better,
        worse=one.worse,
    )  # fmt: skip
    return f"{text}{verdict}"


def _parts(models: list[ModelResult], words: Words) -> Table:
    """By side, then by business line, a column for each model."""
    table = Table(words["part"], words["calls"], words["characters"], *(m.name for m in models))
    table.title = words["parts"]
    shown: list[Interval | None] = []
    for which in ("by_side", "by_line"):
        parts: list[Mapping[str, Rate]] = [getattr(model, which) for model in models]
        if which == "by_line" and len(parts[0]) == 1:
            continue
        for name in dict.fromkeys(name for part in parts for name in part):
            rates = [part.get(name) for part in parts]
            size = next(rate for rate in rates if rate is not None)
            cells = ("—" if rate is None else _rate(rate) for rate in rates)
            shown += [rate.interval for rate in rates if rate is not None]
            title = words.get(name) or words["lines"].get(name)
            title = title or name.replace("channel", words["channel"])
            table.add_row(title, str(size.calls), str(size.errors.length), *cells)
    table.caption = _few(words, shown)
    return table


def _calls(models: list[ModelResult], words: Words) -> Table:
    columns = (words["file"], words["line"], words["seconds"], words["characters"])
    table = Table(*columns, *(model.name for model in models), title=words["by_call"])
    others = [{call.file: call for call in model.calls} for model in models]
    worst = sorted(models[0].calls, key=lambda call: -call.errors.rate)
    for call in worst[:MOST_CALLS]:
        cells = (_call_rate(known.get(call.file)) for known in others)
        size = str(call.errors.length)
        line = words["lines"].get(call.line, call.line)
        table.add_row(call.file, line, f"{call.seconds:.0f}", size, *cells)
    if len(worst) > MOST_CALLS:
        table.caption = words["more"].format(count=len(worst) - MOST_CALLS)
    return table


def _call_rate(call: CallResult | None) -> str:
    """The rate, then the sides that it is made of."""
    if call is None:
        return "—"
    parts = " / ".join(f"{100 * side.errors.rate:.1f}" for side in call.sides)
    return f"{100 * call.errors.rate:.1f}" + (f" ({parts})" if len(call.sides) > 1 else "")


def _print_kept(models: list[ModelResult], words: Words, console: Console) -> None:
    table = Table(*words["recall_columns"], title=words["recall"])
    for model in models:
        for kind in (PHRASE, PATTERN):
            table.add_row(model.name, words["kinds"][kind], *_recall(model.recall(kind)))
    console.print(table)
    for model in models:
        ordered = list(model.kept.items())
        lost = [item for item in ordered if item[1].lost][:MOST_LOST]
        more = sorted((i for i in ordered if i[1].invented), key=lambda i: -i[1].invented)
        for title, rows, count in (("lost", lost, _lost), ("invented", more[:MOST_LOST], _more)):
            if rows:
                table = Table(*words[f"{title}_columns"], title=f"{model.name}: {words[title]}")
                for (kind, text), kept in rows:
                    rules = "、".join(sorted(kept.rules)[:3])
                    rules += " …" if len(kept.rules) > 3 else ""
                    cells = (str(kept.said), str(count(kept)), rules)
                    table.add_row(words["kinds"][kind], text, *cells)
                console.print(table)


def _lost(kept: Kept) -> int:
    return kept.lost


def _more(kept: Kept) -> int:
    return kept.invented


def _recall(recall: Recall) -> tuple[str, ...]:
    counts = recall.counts
    share = "—"
    if counts.said:
        kept = 100 * (counts.written + counts.found) / counts.said
        share = f"{kept:.1f}{_between(recall.interval)}"
    numbers = (counts.said, counts.written, counts.found, counts.lost)
    return (*map(str, numbers), share, str(counts.invented))


def _print_failures(report: Report, words: Words, console: Console) -> None:
    for call in report.models[0].calls if report.models else ():
        if call.contradicted:
            console.print(words["contradicted"].format(file=call.file), markup=False)
    if report.unreferenced:
        console.print(words["unreferenced"].format(count=report.unreferenced))
    if report.failures:
        console.print(words["failed"].format(count=len(report.failures)))
        for failure in report.failures:
            console.print(f"  {failure.message}", markup=False)


def print_material(folder: str, written: int, left: Mapping[str, int], language: str) -> None:
    """How many corrected turns were written, and why others were left out."""
    words, console = WORDS[language], make_console()
    console.print(words["material"].format(folder=folder, written=written), markup=False)
    for why, count in left.items():
        console.print(f"  {words['left'][why].format(count=count)}", markup=False)


def teller(language: str) -> Callable[[int, int], None]:
    """Tells on standard error how far it is: on a terminal in one line, in a log every tenth."""
    told, console = [0], Console(stderr=True, highlight=False)

    def tell(done: int, whole: int) -> None:
        text = WORDS[language]["progress"].format(done=done, all=whole)
        if console.is_terminal:
            console.print(text, end="\n" if done >= whole else "\r")
        elif whole > 10 and done * 10 // whole > told[0]:
            told[0] = done * 10 // whole
            console.print(text)

    return tell
