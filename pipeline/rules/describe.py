"""A rule in words, for people who write no code: what it looks for, where, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from pipeline.domain import Price, Role
from pipeline.rules import handbook
from pipeline.rules.applicability import CHANNELS, DIRECTIONS, LINES, VERDICTS
from pipeline.rules.context import ROLE_NAMES
from pipeline.rules.logic import All, AnyOf, Expression, Name, Not, parse
from pipeline.rules.model import Rule
from pipeline.rules.operators import Operator
from pipeline.rules.pack import RulePack
from pipeline.rules.parts import Applies, JudgedItem, Period
from pipeline.rules.scope import Anchor, Scope

Rows = list[tuple[str, str]]
SEVERITIES = {
    "zh": {"critical": "严重", "major": "重要", "minor": "一般"},
    "en": {"critical": "critical", "major": "major", "minor": "minor"},
}
STATUS = {
    "zh": {"V": "V 已见原文", "S": "S 二手来源", "house": "内部规范"},
    "en": {"V": "V text seen", "S": "S secondary source seen", "house": "house rule"},
}
_ROWS = {
    "zh": {
        "why": "为什么", "point": "控制点", "severity": "严重程度", "price": "分值",
        "checks": "检查项", "reference": "依据", "applies": "适用", "effective": "生效",
        "fact": "同一事实", "prerequisite": "前提规则", "require": "必须", "forbid": "禁止",
        "when": "仅当", "suggestion": "标准话术",
    },
    "en": {
        "why": "why", "point": "control point", "severity": "severity", "price": "points",
        "checks": "checks", "reference": "reference", "applies": "applies", "effective": "in force",
        "fact": "fact", "prerequisite": "prerequisite", "require": "required",
        "forbid": "forbidden", "when": "only when", "suggestion": "should say",
    },
}  # fmt: skip
_WORDS = {
    "zh": {
        "key": "关键控制点", "veto": "一票否决", "always": "一直有效", "all": "全部通话",
        "none": "无", "and": " 且 ", "or": " 或 ", "not": "非 ", "yes": "是", "no": "否",
        "free": "只提示，不扣分",
    },
    "en": {
        "key": "key point", "veto": "veto", "always": "always", "all": "all calls",
        "none": "none", "and": " and ", "or": " or ", "not": "not ", "yes": "yes", "no": "no",
        "free": "an alert, costs nothing",
    },
}  # fmt: skip
_GUARDS = {"negation": "否定或劝阻", "question": "提问", "reported": "转述或提醒"}


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A condition in words: its name, kind and label, where it looks, and its other fields."""

    name: str
    kind: str
    label: str
    where: str
    rows: Rows


def rows_of(rule: Rule, pack: RulePack, language: str) -> Rows:
    """What a rule is, field by field, without its conditions and examples."""
    names, words = _ROWS[language], _WORDS[language]
    severity = SEVERITIES[language][rule.severity]
    marks = [words["key"]] * rule.key_point + [words["veto"]] * rule.veto
    reference = f"{rule.reference.text}〔{STATUS[language][rule.reference.status]}〕"
    rows = {
        "why": rule.why,
        "point": _point(rule.control_point, pack),
        "severity": "  ".join([severity, *marks]),
        "price": price_in_words(rule.price, language),
        "checks": " ".join(rule.checks) or words["none"],
        "reference": reference,
        "applies": applies_in_words(rule, language) or words["all"],
        "effective": period_in_words(rule.effective, language),
        "fact": rule.fact or "",
        "prerequisite": prerequisite_in_words(rule, pack, language),
    }
    told = [(names[key], text) for key, text in rows.items() if text]
    return [*told, *expressions_in_words(rule, language), (names["suggestion"], rule.suggestion)]


def expressions_in_words(rule: Rule, language: str) -> Rows:
    """What must hold, must not, and when."""
    given = {field: getattr(rule, field) for field in ("when", "require", "forbid")}
    return [
        (_ROWS[language][field], expression_in_words(text, rule.conditions, language))
        for field, text in given.items()
        if text
    ]


def rows_of_item(item: JudgedItem, pack: RulePack, language: str) -> Rows:
    """What a human item is, field by field."""
    names = {"control_point": _point(item.control_point, pack), "guidance": item.guidance}
    levels = "  ".join(f"{level} {points:g}" for level, points in item.levels.items())
    rows = {**names, "levels": levels}
    label = {f: handbook.field("JudgedItem", f).name if language == "zh" else f for f in rows}
    return [(label[field], text) for field, text in rows.items()]


def _point(number: str, pack: RulePack) -> str:
    """Number and title of a control point, below those it belongs to."""
    titles, parts = {p.number: p.title for p in pack.plan.control_points}, list[str]()
    while number:
        if number in titles:
            parts.insert(0, f"{number} {titles[number]}")
        number = number.rpartition(".")[0]
    return " › ".join(parts)


def price_in_words(price: Price, language: str) -> str:
    """What a rule costs and gives."""
    lost, gained = -price.points, price.bonus
    if language == "zh":
        cost = f"{'每处' if price.each else ''}扣 {lost:g} 分" if lost else ""
        most = f"最多扣 {price.most:g} 分" if price.most is not None else ""
        bonus = f"通过加 {gained:g} 分" if gained else ""
    else:
        cost = f"-{lost:g}{' for each place' if price.each else ''}" if lost else ""
        most = f"-{price.most:g} at most" if price.most is not None else ""
        bonus = f"+{gained:g} for a pass" if gained else ""
    mark = "，" if language == "zh" else ", "
    return mark.join(filter(None, (cost, most, bonus))) or _WORDS[language]["free"]


def period_in_words(period: Period, language: str) -> str:
    """From when to when."""
    start, end = period.start, period.end
    if start is None and end is None:
        return _WORDS[language]["always"]
    if language == "zh":
        return " ".join(filter(None, (_day(start, "{} 起"), _day(end, "至 {} 止"))))
    return " ".join(filter(None, (_day(start, "from {}"), _day(end, "to {}"))))


def _day(day: date | None, words: str) -> str:
    return "" if day is None else words.format(day)


def applies_in_words(rule: Rule, language: str) -> str:
    """Which calls it is for; empty: all."""
    known: Mapping[str, Mapping[str, str]] = {
        "business_lines": LINES, "directions": DIRECTIONS, "channels": CHANNELS,
    }  # fmt: skip
    parts = []
    for field in Applies.model_fields:
        values = getattr(rule.applies, field)
        names = known.get(field, {}) if language == "zh" else {}
        said = "、".join(names.get(value, value) for value in values)
        name = handbook.field("Applies", field).name if language == "zh" else field
        parts += [f"{name}：{said}" if language == "zh" else f"{name}: {said}"] if said else []
    return "；".join(parts)


def prerequisite_in_words(rule: Rule, pack: RulePack | None, language: str) -> str:
    """The other rule whose verdict decides; empty when there is none."""
    before = rule.prerequisite
    if before is None:
        return ""
    verdicts = [VERDICTS[v] if language == "zh" else str(v) for v in before.verdict]
    title = ""
    if pack is not None:
        other = next((r for r in pack.rules if r.id == before.rule), None)
        title = "" if other is None else other.title if language == "zh" else other.title_en
    name = f"“{title}”（{before.rule}）" if title else before.rule
    return f"{name}{'须' if language == 'zh' else ': '}{_WORDS[language]['or'].join(verdicts)}"


def expression_in_words(text: str | None, conditions: Mapping[str, Operator], language: str) -> str:
    """`a and not b` with the labels of the conditions."""
    if text is None:
        return ""
    return _said(parse(text), conditions, _WORDS[language], top=True)


def _said(
    expression: Expression,
    conditions: Mapping[str, Operator],
    words: Mapping[str, str],
    *,
    top: bool,
) -> str:
    match expression:
        case Name(name):
            return f"{name}“{conditions[name].label}”"
        case Not(part):
            return f"{words['not']}{_said(part, conditions, words, top=False)}"
        case All(parts) | AnyOf(parts):
            join = words["and"] if isinstance(expression, All) else words["or"]
            said = join.join(_said(part, conditions, words, top=False) for part in parts)
            return said if top else f"（{said}）"


def conditions_in_words(rule: Rule, language: str) -> Iterator[ConditionWords]:
    """Every condition of a rule."""
    for name, condition in rule.conditions.items():
        kind = handbook.meaning(condition.operator).name
        kind = f"{kind} {condition.operator}" if language == "zh" else condition.operator
        yield ConditionWords(
            name,
            kind,
            condition.label,
            _where(condition, language),
            list(_rest(condition, language)),
        )


def _where(condition: Operator, language: str) -> str:
    role, scope = getattr(condition, "role", None), getattr(condition, "scope", None)
    if isinstance(scope, Scope):
        return scope_in_words(scope, role, language)
    if role is None:
        return ""
    return ROLE_NAMES[Role(role)] if language == "zh" else str(role)


def scope_in_words(scope: Scope, role: str | None, language: str) -> str:
    """Whose turns, and which of them."""
    if language == "zh":
        said = scope.says(role)  # type: ignore[arg-type]  # a Speaker or None
        return f"{said}{_anchor_zh(scope.anchor)}" if scope.anchor else said
    who = role or "anybody"
    given = {k: v for k, v in scope.model_dump(exclude_none=True).items() if k != "anchor"}
    parts = [f"{k} {v}" for k, v in given.items()]
    if scope.anchor:
        a = scope.anchor
        within = f" within {a.within} turns" if a.within else ""
        own = " (its own turn too)" if a.including else ""
        parts.append(f"{a.where} hit {a.hit} of {a.condition}{within}{own}")
    return f"{who}, {', '.join(parts) or 'whole call'}"


def _anchor_zh(anchor: Anchor) -> str:
    which = {"any": "任意一次命中", "every": "每一次命中", 1: "第一次命中", -1: "最后一次命中"}
    own = "，含当轮" if anchor.including else ""
    hit = which.get(anchor.hit, f"第 {anchor.hit} 次命中")
    return f"（“其”指 {anchor.condition} 的{hit}{own}）"


def _rest(condition: Operator, language: str) -> Iterator[tuple[str, str]]:
    """Fields that are not in the headline and not left at their defaults."""
    for name, field in type(condition).model_fields.items():
        value = getattr(condition, name)
        if name in ("operator", "label", "role", "scope") or value == field.default:
            continue
        label = handbook.field(condition.operator, name).name if language == "zh" else name
        if name == "guard":
            kinds = [_GUARDS[kind] if language == "zh" else kind for kind in value]
            yield label, "、".join(kinds) or _WORDS[language]["none"]
            continue
        yield label, value_in_words(value, language)


def value_in_words(value: object, language: str) -> str:
    """A value of a field: lists in lines when they are long."""
    match value:
        case bool():
            return _WORDS[language]["yes" if value else "no"]
        case float():
            return f"{value:g}"
        case BaseModel():
            given = value.model_dump(exclude_defaults=True)
            return "; ".join(f"{k}: {value_in_words(v, language)}" for k, v in given.items())
        case Mapping():
            return "\n".join(f"{k}: {value_in_words(v, language)}" for k, v in value.items())
        case tuple() | list():
            parts = [value_in_words(item, language) for item in value]
            return "\n".join(parts) if len("、".join(parts)) > 60 else "、".join(parts)
        case _:
            return str(value)
