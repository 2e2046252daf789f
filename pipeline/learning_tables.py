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
from pipeline.learning.model import FLAGS as MODEL_OF_FLAGS
from pipeline.learning.people import LEAST_SAID, LEAST_YES
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
        "people": "人工标注：留出坐席的 {calls:,} 通通话 {statements:,} 条，{figure}：现用 "
        "{old:.3f}（{old_low:.3f}–{old_high:.3f}），新 {new:.3f}（{new_low:.3f}–{new_high:.3f}），"
        "差 {better:+.3f}（{low:+.3f}–{high:+.3f}）；以此判断好坏",
        "people_few": "留出坐席的人工标注只有 {n:,} 条（至少 {least} 条{yes}），"
        "仍按全部留出样本判断好坏",
        "people_yes": "，其中“有”{least} 条",
        "taught": "人工标注：{n:,} 条用于训练，{out:,} 条只用于比较",
        "right": "正确率",
        "f1": "全部标记的 F1",
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
        "people": "labels of people: {statements:,} about {calls:,} calls of the held-out agents, "
        "{figure}: in force {old:.3f} ({old_low:.3f}–{old_high:.3f}), new {new:.3f} "
        "({new_low:.3f}–{new_high:.3f}), {better:+.3f} ({low:+.3f} to {high:+.3f}); they decide",
        "people_few": "only {n:,} labels of people about the held-out agents' calls (at least "
        "{least}{yes}): all held-out examples decide",
        "people_yes": ", {least} of them yes",
        "taught": "labels of people: {n:,} trained on, {out:,} to compare by alone",
        "right": "share right",
        "f1": "F1 over all flags",
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
    _print_people(done, words)
    if done.material.few:
        few = (f"{_name(label, language)} {n}" for label, n in done.material.few.items())
        console.print(words["few"].format(few=", ".join(few)))
    console.print(words["written"].format(target=target))
    console.print(words["swapped" if swapped else "worse" if asked else "kept"])


def _print_people(done: Trained, words: Mapping[str, Any]) -> None:
    """How many labels people gave, and both models beside those of the held-out agents' calls."""
    console, material, found = make_console(), done.material, done.people
    console.print(words["taught"].format(n=material.taught, out=len(material.said)))
    flags = material.kind == MODEL_OF_FLAGS
    if found is None:
        yes = words["people_yes"].format(least=LEAST_YES) if flags else ""
        text = words["people_few"].format(n=len(material.said), least=LEAST_SAID, yes=yes)
    else:
        (low, high), (old_low, old_high) = found.interval, found.old_interval
        text = words["people"].format(
            calls=found.calls, statements=found.statements,
            figure=words["f1" if flags else "right"],
            old=found.old, old_low=old_low, old_high=old_high, new=found.new,
            new_low=found.new_interval[0], new_high=found.new_interval[1], better=found.better,
            low=low, high=high,
        )  # fmt: skip
    console.print(text)


def trained_json(done: Trained) -> dict[str, object]:
    """The same for programs."""
    counts = {"trained_on": done.material.taught, "held_out": len(done.material.said)}
    return {
        "model": done.model.id, "old_model": done.old_id, "better": done.better,
        "interval": done.interval, "new": _measured(done.new), "old": _measured(done.old),
        "few": dict(done.material.few), "calls": done.material.calls,
        "labels_of_people": counts,
        "people": None if done.people is None else asdict(done.people),
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
