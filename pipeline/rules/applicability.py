"""Whether a rule is for a call at all: business line, team, product …, and its prerequisite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.domain import CallInfo, Finding, Verdict
from pipeline.rules.model import Rule
from pipeline.rules.parts import Applies, Prerequisite

DIRECTIONS = {"inbound": "呼入", "outbound": "外呼"}
CHANNELS = {"voice": "语音", "chat": "文字"}
LINES = {
    "bank": "银行", "wealth": "理财", "securities": "证券", "insurance": "保险",
    "collection": "催收", "general": "通用",
}  # fmt: skip
VERDICTS = {
    Verdict.PASS: "通过", Verdict.FAIL: "不通过",
    Verdict.NOT_APPLICABLE: "不适用", Verdict.UNSURE: "存疑",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suits:
    """Why a rule is not for this call, or (`open`) why nobody can tell."""

    open: bool
    why: str


def whether_suited(rule: Rule, info: CallInfo, before: Finding | None = None) -> Suits | None:
    """None when the rule is for calls such as this one.

    `before` is the finding of its prerequisite, None also where that was not in force.
    """
    if rule.applies.to_all and rule.prerequisite is None:
        return None
    doubts = [*_metadata(rule.applies, info)]
    if rule.prerequisite is not None:
        doubts += _after(rule.prerequisite, before)
    closed = next((doubt for doubt in doubts if not doubt.open), None)
    if closed is not None or not doubts:
        return closed
    return Suits(True, "；".join(doubt.why for doubt in doubts))


def _metadata(applies: Applies, info: CallInfo) -> Iterator[Suits]:
    """What the metadata says against the rule, or leaves open; a missing field is open."""
    for field, wanted in applies.asked:
        says, name, names, given_in = _FIELDS[field]
        given = given_in(info)
        text = "" if given is None else str(given).strip()
        if text not in wanted:
            only = says.format("、".join(names.get(value, value) for value in wanted))
            yield Suits(False, only) if text else Suits(True, f"{only}，元数据没有{name}")


# By field of `Applies`: the reason, the field in words, its values in words, where the call has it.
_FIELDS: Mapping[str, tuple[str, str, Mapping[str, str], Callable[[CallInfo], object]]] = {
    "channels": ("本规则只适用于{}会话", "", CHANNELS, lambda info: info.medium.value),
    "business_lines": ("本规则只适用于{}业务", "", LINES, lambda info: info.business_line),
    "directions": (
        "本规则只适用于{}通话", "通话方向", DIRECTIONS, lambda info: info.direction,
    ),
    "teams": ("本规则只适用于班组：{}", "班组", {}, lambda info: info.agent.team),
    "products": (
        "本规则只适用于产品：{}", "产品", {}, lambda info: info.attributes.get("product"),
    ),
    "queues": ("本规则只适用于队列：{}", "队列", {}, lambda info: info.attributes.get("queue")),
}  # fmt: skip


def _after(prerequisite: Prerequisite, before: Finding | None) -> Iterable[Suits]:
    """What the finding of the other rule says against this one.

    Whether the other rule is unsure is for a person to say, and with it whether this one applies.
    """
    wanted = "或".join(VERDICTS[verdict] for verdict in prerequisite.verdict)
    if before is None:
        verdict, name = Verdict.NOT_APPLICABLE, prerequisite.rule
    else:
        verdict, name = before.verdict, before.title
    if verdict in prerequisite.verdict:
        return ()
    why = f"前提规则“{name}”须{wanted}，实为{VERDICTS[verdict]}"
    if before is None:
        why = f"前提规则“{name}”须{wanted}，通话当日未生效"
    return (Suits(verdict is Verdict.UNSURE, why),)
