"""What `callqa train` and `callqa words` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.learning import reason_name
from pipeline.learning.card import told
from pipeline.learning.measuring import Measured
from pipeline.learning.suggesting import Suggestion
from pipeline.learning.training import Trained
from pipeline.settings import Settings
from pipeline.store import DecidedWord
from pipeline.terminal import make_console

FLAGS = {
    "complaint": "投诉", "dissatisfaction": "不满", "abuse": "辱骂", "churn": "流失风险",
}  # fmt: skip
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "compared": ("标签", "现用 精确率", "现用 召回率", "新 精确率", "新 召回率"),
        "held_out": "{examples:,} 个留出样本（{groups:,} 个坐席，未参与训练），"
        "标签来自词表与人工复核",
        "mean": "平均 F1：现用 {old_id} {old:.3f}（{old_low:.3f}–{old_high:.3f}），"
        "新 {new:.3f}（{new_low:.3f}–{new_high:.3f}），差 {better:+.3f}（{low:+.3f}–{high:+.3f}）",
        "few": "样本太少，未学习：{few}",
        "written": "新版本：{target}",
        "swapped": "已启用。新通话与下一次运行使用它；callqa train use 可以换回",
        "worse": "未启用：比现用的差",
        "kept": "未启用：加 --accept 启用，或 callqa train use",
        "versions": ("模型", "版本", "启用"),
        "suggested": ("词", "次数", "通话", "坐席", "凝合度", "自由度"),
        "none": "没有可建议的词",
        "words": ("词", "决定", "谁", "何时"),
        "accepted": "采纳",
        "rejected": "不采纳",
    },
    "en": {
        "compared": ("label", "old precision", "old recall", "new precision", "new recall"),
        "held_out": "{examples:,} held-out examples of {groups:,} agents that nothing was learned "
        "from; labels of word lists and people's decisions",
        "mean": "mean F1: in force {old_id} {old:.3f} ({old_low:.3f}–{old_high:.3f}), "
        "new {new:.3f} ({new_low:.3f}–{new_high:.3f}), {better:+.3f} ({low:+.3f} to {high:+.3f})",
        "few": "too few to be learned: {few}",
        "written": "new version: {target}",
        "swapped": "in force for new calls and the next run; `callqa train use` goes back",
        "worse": "not put in force: worse than what is",
        "kept": "not put in force: give --accept, or `callqa train use`",
        "versions": ("model", "version", "in force"),
        "suggested": ("word", "times", "calls", "agents", "cohesion", "freedom"),
        "none": "no word to suggest",
        "words": ("word", "decision", "who", "when"),
        "accepted": "accepted",
        "rejected": "rejected",
    },
}


def print_trained(
    done: Trained, target: Path, language: str, *, swapped: bool, asked: bool
) -> None:
    """Old against new on the same held-out examples, and what became of the new one."""
    words, console = WORDS[language], make_console()
    table = Table(*words["compared"])
    for old, new in zip(done.old.labels, done.new.labels, strict=True):
        shares = (old.precision, old.recall, new.precision, new.recall)
        table.add_row(Text(_name(new.label, language)), *map(told, shares))
    console.print(table)
    console.print(words["held_out"].format(examples=done.new.examples, groups=done.new.groups))
    (old_low, old_high), (new_low, new_high) = done.old.interval, done.new.interval
    low, high = done.interval
    console.print(
        words["mean"].format(
            old_id=done.old_id, old=done.old.macro_f1, old_low=old_low, old_high=old_high,
            new=done.new.macro_f1, new_low=new_low, new_high=new_high, better=done.better,
            low=low, high=high,
        )
    )  # fmt: skip
    if done.material.few:
        few = (f"{_name(label, language)} {n}" for label, n in done.material.few.items())
        console.print(words["few"].format(few=", ".join(few)))
    console.print(words["written"].format(target=target))
    console.print(words["swapped" if swapped else "worse" if asked else "kept"])


def trained_json(done: Trained) -> dict[str, object]:
    """The same for programs."""
    return {
        "model": done.model.id, "old_model": done.old_id, "better": done.better,
        "interval": done.interval, "new": _measured(done.new), "old": _measured(done.old),
        "few": dict(done.material.few), "calls": done.material.calls,
    }  # fmt: skip


def print_versions(found: Mapping[str, Mapping[str, Any]], language: str) -> None:
    """A line per version."""
    table = Table(*WORDS[language]["versions"])
    for kind, of_kind in found.items():
        for version in of_kind["versions"]:
            table.add_row(kind, version, "✓" if version == of_kind["in_force"] else "")
    make_console().print(table)


def print_suggested(found: Sequence[Suggestion], language: str) -> None:
    """A line per word."""
    words, console = WORDS[language], make_console()
    if not found:
        console.print(words["none"])
        return
    table = Table(*words["suggested"])
    for one in found:
        counts = (f"{n:,}" for n in (one.times, one.calls, one.agents))
        table.add_row(Text(one.word), *counts, f"{one.cohesion:.1f}", f"{one.freedom:.1f}")
    console.print(table)


def print_words(found: Sequence[DecidedWord], settings: Settings) -> None:
    """A line per word."""
    words = WORDS[settings.language]
    table = Table(*words["words"])
    for one in found:
        decision = words["accepted" if one.accepted else "rejected"]
        when = f"{one.at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
        table.add_row(Text(one.word), decision, Text(one.who), when)
    make_console().print(table)


def _name(label: str, language: str) -> str:
    if label in FLAGS:
        return FLAGS[label] if language == "zh" else label
    return reason_name(label, language)


def _measured(found: Measured) -> dict[str, object]:
    return {"macro_f1": found.macro_f1, "interval": found.interval,
            "labels": [asdict(one) for one in found.labels]}  # fmt: skip
