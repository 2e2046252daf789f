"""Pages of the documentation that are made from the code and the packs.

`operators_page` explains every operator and part of a pack file, `rules_page` lists the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.rules import handbook
from pipeline.rules.catalogue import NamedPack
from pipeline.rules.describe import (
    SEVERITIES,
    STATUS,
    applies_in_words,
    expression_in_words,
    period_in_words,
    prerequisite_in_words,
    price_in_words,
)
from pipeline.rules.model import Rule
from pipeline.rules.operators import OPERATORS
from pipeline.rules.pack import RulePack
from pipeline.rules.parts import ALWAYS
from pipeline.rules.schema import raw_schema

Node = Mapping[str, Any]
MADE = (
    "<!-- Made by `callqa rules docs -o docs/rules.md`: change the code or the packs, not this. -->"
)
HIDDEN = ("operator", "label")  # every operator has them; told once
PARTS = (
    "PackFile", "Rule", "Reference", "Applies", "Period", "Prerequisite", "Point", "JudgedItem",
    "Examples", "Dialogue", "Scope", "Anchor", "Slot",
)  # fmt: skip


def operators_page() -> str:
    """Every operator with its meaning, fields and an example; then the parts of a pack file."""
    lines = [
        "# 规则包的算子和字段 Operators and fields of rule packs",
        MADE,
        "",
        "每个条件（`conditions` 里的一项）用一个算子检查。下面列出每个算子的含义、字段和示例，"
        "然后是规则包其余部分的字段。每个条件都要写 `operator`（算子名）和 `label`"
        "（它找的是什么，会出现在结论的理由里）。",
        "",
        "Every condition of a rule is checked by an operator. Below is what each of them means, "
        "its fields and an example, then the fields of everything else in a pack file. `operator` "
        "and `label` stand in every condition.",
        "",
        " · ".join(f"[{name}](#{name})" for name in OPERATORS),
        "",
    ]
    for name, operator in OPERATORS.items():
        words = handbook.meaning(name)
        lines += [f"## {name}", "", f"**{words.name}** — {words.zh}", "", words.en, ""]
        lines += [*_fields(name, _definition(operator.__name__))]
        lines += ["```yaml", operator.EXAMPLE.strip(), "```", ""]
    lines += ["# 规则包的其余部分 Everything else in a pack file", ""]
    known = [*PARTS, *(name for name in handbook.models() if name not in (*PARTS, *OPERATORS))]
    for name in known:
        words = handbook.meaning(name)
        lines += [f"## {name}", "", f"**{words.name}** — {words.zh}", "", words.en, ""]
        lines += [*_fields(name, _definition(name))]
    return "\n".join(lines).rstrip() + "\n"


def _definition(name: str) -> Node:
    schema = raw_schema()
    found: Node = schema if name == schema["title"] else schema["$defs"][name]
    return found


def _fields(name: str, definition: Node) -> Iterator[str]:
    """A table of the fields of a part."""
    yield from ("| 字段 | 类型 | 默认 | 含义 | meaning |", "| --- | --- | --- | --- | --- |")
    required = definition.get("required", ())
    for field, node in definition["properties"].items():
        if name in OPERATORS and field in HIDDEN:
            continue
        words = handbook.field(name, field)
        default = "**必填**" if field in required else _default(node.get("default"))
        yield _row(f"`{field}`", _type(node), default, words.zh, words.en)
    yield ""


def _default(value: object) -> str:
    if value in (None, [], {}) or isinstance(value, dict):
        return "—"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= 40 else "…"


def _type(node: Node) -> str:
    """The type of a field, as one would write it."""
    if "$ref" in node:
        return _reference(str(node["$ref"]).rpartition("/")[2])
    choices = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    if choices:
        types = [_type(choice) for choice in choices if choice != {"type": "null"}]
        return "a condition" if len(types) >= len(OPERATORS) else " or ".join(dict.fromkeys(types))
    if "enum" in node or "const" in node:
        values = node.get("enum", [node.get("const")])
        return " ".join(f"`{json.dumps(value)}`".replace('"', "") for value in values)
    return _plain_type(node)


def _reference(name: str) -> str:
    definition = raw_schema()["$defs"][name]
    return f"[{name}](#{name.lower()})" if "properties" in definition else _type(definition)


def _plain_type(node: Node) -> str:
    kind = node.get("type")
    if kind == "array":
        items = node.get("prefixItems") or [node.get("items", {})]
        return f"[{', '.join(map(_type, items))}{'' if 'prefixItems' in node else ', …'}]"
    if kind == "object":
        named = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
        below = next((n for n in named if isinstance(n, Mapping)), None)
        return f"{{name: {_type(below)}}}" if below else "{name: value}"
    bounds = [f"{sign} {node[key]:g}" for key, sign in _BOUNDS.items() if key in node]
    return " ".join([_NAMES.get(str(node.get("format", kind)), "anything"), *bounds])


_NAMES = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true / false",
    "date": "day",
}  # fmt: skip
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def rules_page(packs: Iterable[NamedPack]) -> str:
    """The rules of every pack: what each checks, on what authority, and what it costs."""
    lines = [
        "# 规则 Rules",
        MADE,
        "",
        "依据的状态：V 已见原文，S 二手来源，其余为内部规范。"
        "扩展别的包的规则包，只列它自己增加的规则。",
        "",
        "Status of a reference: V the text was seen, S a secondary source was seen; the others are "
        "house rules. Of a pack that extends another one only its own rules are listed. How an "
        "operator works: [operators.md](operators.md).",
        "",
    ]
    for named in sorted(packs, key=lambda n: n.pack.layers[-1].file.extends is not None):
        lines += _pack_section(named.name, named.pack)
    return "\n".join(lines).rstrip() + "\n"


def _pack_section(name: str, pack: RulePack) -> list[str]:
    own = [placed for placed in pack.placed.values() if placed.layer is pack.layers[-1]]
    rules = [placed.entry for placed in own if isinstance(placed.entry, Rule)]
    human = [placed.entry for placed in own if not isinstance(placed.entry, Rule)]
    extends = pack.layers[-1].file.extends
    title = f"## {name}"
    about = [f"**{pack.title}**", f"版本 version {pack.version}"]
    about += [f"[{extends}](#{extends}) 的规则也都有效 (all its rules hold too)"] if extends else []
    if pack.effective != ALWAYS:
        about.append(period_in_words(pack.effective, "zh"))
    about.append(f"{len(rules)} 条 rules")
    lines = [title, "", "，".join(about), ""]
    lines += ["| 控制点 | 规则 rule | 检查项 | 严重程度 | 分值 | 前提 only when | 依据 reference |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [_rule_row(rule, pack) for rule in rules]
    if human:
        lines += ["", "由人评定 judged by a person:", ""]
        lines += [f"- {i.control_point} `{i.id}` {i.title} — {i.title_en}" for i in human]
    return [*lines, ""]


def _rule_row(rule: Rule, pack: RulePack) -> str:
    marks = "关键 " * rule.key_point + "一票否决" * rule.veto
    only = [
        applies_in_words(rule, "zh"),
        prerequisite_in_words(rule, pack, "zh"),
        expression_in_words(rule.when, rule.conditions, "zh"),
        "" if rule.effective == ALWAYS else period_in_words(rule.effective, "zh"),
    ]
    status = STATUS["zh"][rule.reference.status].partition(" ")[0]
    reference = rule.reference.text + (f"（{status}）" if rule.reference.status != "house" else "")
    return _row(
        rule.control_point,
        f"`{rule.id}` {rule.title} — {rule.title_en}",
        " ".join(rule.checks),
        f"{SEVERITIES['zh'][rule.severity]} {marks}".strip(),
        price_in_words(rule.price, "zh"),
        "；".join(filter(None, only)),
        reference,
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(c.replace("|", "\\|").split()) for c in cells) + " |"
