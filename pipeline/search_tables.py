"""What `callqa search` prints."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.search import Answer, Hit
from pipeline.search.index import Told
from pipeline.settings import Settings
from pipeline.terminal import make_console

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "columns": ("通话时间", "通话", "坐席", "说话人", "位置", "原话"),
        "roles": {"agent": "坐席", "customer": "客户"},
        "none": "没有找到",
        "some": "找到 {count} 处，显示最新的 {shown} 处",
        "more": "找到 {count} 处以上，显示最新的 {shown} 处",
        "stopped": "只查看了较新的部分，请缩小范围（日期、坐席等）",
        "rebuilt": "检索索引已重建：{days} 天",
        "told": "检索索引：{done} / {all} 天",
    },
    "en": {
        "columns": ("held", "call", "agent", "said by", "at", "sentence"),
        "roles": {"agent": "agent", "customer": "customer"},
        "none": "nothing was found",
        "some": "{count} found, the newest {shown} are shown",
        "more": "more than {count} found, the newest {shown} are shown",
        "stopped": "only the newer part was looked at: narrow it down (dates, agent, …)",
        "rebuilt": "the search index was made anew: {days} days",
        "told": "search index: {done} / {all} days",
    },
}


def print_answer(answer: Answer, settings: Settings, *, as_json: bool = False) -> None:
    """A table of sentences with what was looked for in bold, or JSON."""
    if as_json:
        print(json.dumps(answer_json(answer), ensure_ascii=False, default=str))  # noqa: T201
        return
    words, console = WORDS[settings.language], make_console()
    if answer.hits:
        table = Table(*words["columns"])
        for hit in answer.hits:
            table.add_row(*_row(hit, words, settings))
        console.print(table)
    said = words["more" if answer.more else "some"] if answer.count else words["none"]
    console.print(said.format(count=f"{answer.count:,}", shown=len(answer.hits)))
    if answer.stopped:
        console.print(words["stopped"])


def answer_json(answer: Answer) -> dict[str, object]:
    """Hits with spans in the text, and how many there are."""
    hits = [
        {
            **{key: hit.call[key] for key in hit.call if key != "processed"},
            **{k: v for k, v in asdict(hit.sentence).items() if k not in ("processed", "call_id")},
            "spans": hit.spans,
        }
        for hit in answer.hits
    ]
    return {
        "count": answer.count, "more": answer.more, "stopped": answer.stopped, "hits": hits,
    }  # fmt: skip


def print_rebuilt(days: int, language: str) -> None:
    """How many days there are."""
    make_console().print(WORDS[language]["rebuilt"].format(days=f"{days:,}"))


def teller(language: str) -> Told:
    """Tells a terminal how far it is."""

    def told(done: int, all_: int) -> None:
        if sys.stderr.isatty():
            text = WORDS[language]["told"].format(done=done, all=all_)
            end = "\n" if done == all_ else ""
            print(f"\r{text}", end=end, file=sys.stderr, flush=True)  # noqa: T201

    return told


def _row(hit: Hit, words: dict[str, Any], settings: Settings) -> tuple[Text, ...]:
    call, sentence = hit.call, hit.sentence
    text = Text(sentence.text)
    for start, end in hit.spans:
        text.stylize("bold yellow", start, end)
    held = call["started_at"]
    seconds = sentence.start
    cells = (
        "—" if held is None else f"{held.astimezone(settings.zone):%Y-%m-%d %H:%M}",
        call["call_id"],
        call["agent_name"] or call["agent_id"] or "—",
        words["roles"].get(sentence.role, "—"),
        "—" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}",
    )
    return (*(Text(cell) for cell in cells), text)
