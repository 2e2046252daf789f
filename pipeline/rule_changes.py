"""What `callqa rules diff` prints: what changed between two packs, and what that can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from pipeline.rules import RulePack, handbook
from pipeline.rules.compare import Change, Changed, Difference, Effect, Part
from pipeline.terminal import make_console

EFFECTS = {
    "zh": {
        Effect.NOTHING: "完全相同",
        Effect.EXAMPLES: "只改了示例：结论、得分和文字都不变",
        Effect.TEXTS: "只改了文字：结论和得分都不变",
        Effect.SCORE: "得分可能改变，各条规则的结论不变",
        Effect.VERDICT: "结论可能改变",
    },
    "en": {
        Effect.NOTHING: "the same",
        Effect.EXAMPLES: "only examples: no verdict, score or text changes",
        Effect.TEXTS: "only texts: no verdict and no score changes",
        Effect.SCORE: "scores may change, verdicts of rules do not",
        Effect.VERDICT: "verdicts may change",
    },
}
SHORT = {
    "zh": {
        Effect.EXAMPLES: "示例", Effect.TEXTS: "文字", Effect.SCORE: "得分", Effect.VERDICT: "结论",
    },
    "en": {effect: str(effect) for effect in Effect},
}  # fmt: skip
KINDS = {
    "zh": {"control_points": "控制点", "rules": "规则", "human": "人工项", "pack": "规则包"},
    "en": {
        "control_points": "control points", "rules": "rules", "human": "human items",
        "pack": "pack",
    },
}  # fmt: skip
MODELS = {"control_points": "Point", "rules": "Rule", "human": "JudgedItem", "pack": "PackFile"}


def print_difference(
    packs: tuple[RulePack, RulePack], difference: Difference, language: str
) -> None:
    """The most that the change can do, then every part that differs."""
    out = make_console()
    names = " → ".join(f"{pack.name} {pack.version}" for pack in packs)
    out.print(Text(f"{names}：{EFFECTS[language][difference.effect]}", style="bold"))
    if difference.pack:
        out.print(Text(KINDS[language]["pack"], style="bold"))
        _print_changes("pack", difference.pack, language, indent=2)
    for part in difference.parts:
        if part.added or part.removed or part.changed:
            _print_part(part, language)


def _print_part(part: Part, language: str) -> None:
    out = make_console()
    counts = f"+{len(part.added)} -{len(part.removed)} ~{len(part.changed)}"
    out.print(Text(f"{KINDS[language][part.kind]}  {counts}", style="bold"))
    for mark, entries in (("+", part.added), ("-", part.removed)):
        for name, title in entries:
            out.print(Text(f"  {mark} {name}  {title}"))
    for one in part.changed:
        _print_changed(part.kind, one, language)


def _print_changed(kind: str, one: Changed, language: str) -> None:
    make_console().print(Text(f"  ~ {one.name}  {one.title}"))
    _print_changes(kind, one.changes, language, indent=6)


def _print_changes(kind: str, changes: Sequence[Change], language: str, indent: int) -> None:
    for change in changes:
        effect = SHORT[language][change.effect]
        head = f"{' ' * indent}{_name(kind, change.field, language)}〔{effect}〕"
        for line in _lines(change):
            make_console().print(Text(f"{head}: {line}"))


def _name(kind: str, field: str, language: str) -> str:
    """The field, with its short Chinese name."""
    if language == "en" or field == "order":
        return field
    name = handbook.field(MODELS[kind], field.partition(".")[0]).name
    return f"{name} {field}"


def _lines(change: Change) -> list[str]:
    if change.is_list:
        return list(_list_lines(change))
    if change.before is None and change.after is None:
        return ["≠"]
    return [f"{_value(change.before)} → {_value(change.after)}"]


def _list_lines(change: Change) -> Iterator[str]:
    """Entries that are gone and new; of a phrase with other ways to say it only those ways."""
    added = list(change.added)
    for gone in change.removed:
        ways = _ways(gone)
        new = next((item for item in added if ways & _ways(item)), None)
        if new is None:
            yield f"- {_value(gone)}"
            continue
        added.remove(new)
        less = "".join(f" - {way}" for way in str(gone).split("|") if way not in _ways(new))
        more = "".join(f" + {way}" for way in str(new).split("|") if way not in ways)
        yield f"“{str(gone).partition('|')[0]}|…”:{less}{more}"
    yield from (f"+ {_value(item)}" for item in added)


def _ways(item: object) -> set[str]:
    """The ways to say a phrase; other entries have none."""
    plain = isinstance(item, str) and not any(mark in item for mark in "()[]{}\\.*+?")
    return set(str(item).split("|")) if plain else set()


def _value(value: object) -> str:
    match value:
        case None:
            text = "—"
        case {"operator": operator, "label": label}:
            text = f"{operator}“{label}”"
        case {"lines": [*lines]}:
            text = " / ".join(map(str, lines))
        case Mapping():
            text = "{" + ", ".join(f"{k}: {_value(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            text = "[" + ", ".join(map(_value, value)) + "]"
        case bool():
            text = str(value).lower()
        case float():
            text = f"{value:g}"
        case _:
            text = str(value)
    return text
