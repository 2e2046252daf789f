"""Trying a pack on a few sentences: what every rule says, and what almost hit but was excused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipeline.domain import Evidence, Finding, Transcript, Verdict
from pipeline.errors import BadInput
from pipeline.rules.context import CallContext
from pipeline.rules.evaluation import evaluate
from pipeline.rules.examples import parse_dialogue
from pipeline.rules.model import Rule
from pipeline.rules.pack import RulePack
from pipeline.rules.result import Hit, Result

SPEAKERS = {
    "客服": "客服", "坐席": "客服", "座席": "客服", "agent": "客服",
    "客户": "客户", "用户": "客户", "customer": "客户",
    "未知": "未知", "unknown": "未知",
}  # fmt: skip
_LINE = re.compile(
    r"(?P<pause>[+-]\d+(?:\.\d+)? )?"
    rf"(?:(?P<who>{'|'.join(SPEAKERS)})(?P<level> [+-]\d+(?:\.\d+)?dB)?[:：] ?)?"
    r"(?P<text>.+)",
    re.IGNORECASE,
)
CHOICES = {
    "channel": ("voice", "chat"),
    "direction": ("inbound", "outbound"),
}


@dataclass(frozen=True, slots=True)
class Excused:
    """A place where a condition's words stand, and why they do not count there."""

    condition: str
    label: str
    evidence: Evidence
    why: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What one condition of a rule found by itself."""

    condition: str
    label: str
    outcome: str
    reason: str
    doubt: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule on the call: its finding, its conditions one by one, and what was excused."""

    rule: Rule
    finding: Finding
    traces: tuple[Trace, ...]
    excused: tuple[Excused, ...]

    @property
    def near(self) -> bool:
        """Whether something was said that the rule looks for, though it did not fail."""
        return bool(self.excused) and self.finding.verdict is not Verdict.FAIL


def read_dialogue(texts: Sequence[str]) -> list[str]:
    """Lines as in examples; a bare sentence is the agent's.

    A text may hold several lines: line ends, or a backslash and an n, as shells leave them.
    """
    lines = [line.strip() for text in texts for line in text.replace("\\n", "\n").splitlines()]
    read = []
    for line in filter(None, lines):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadInput(f"cannot read the line {line!r}: write a sentence, or 客服: … / 客户: …")
        who = SPEAKERS[(match["who"] or "客服").lower()]
        read.append(f"{match['pause'] or ''}{who}{match['level'] or ''}: {match['text']}")
    if not read:
        raise BadInput('there is no text to try: callqa rules try "这款产品保本"')
    return read


def read_info(given: Sequence[str]) -> dict[str, Any]:
    """`customer_age=67` and so on as the fields and attributes of a call."""
    info: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise BadInput(f"--info {text}: write name=value, such as --info customer_age=67")
        try:
            info[name] = yaml.safe_load(value) if value else ""
        except yaml.YAMLError:
            info[name] = value
        known = CHOICES.get(name)
        if known is not None and info[name] not in known:
            raise BadInput(f"--info {text}: {name} is one of {', '.join(known)}")
    return info


def a_call(lines: Sequence[str], info: Mapping[str, Any]) -> Transcript:
    """The lines as a call; BadInput when a field of it cannot be."""
    try:
        return parse_dialogue(lines, info)
    except ValueError as error:
        raise BadInput(f"--info: {error}") from error


def try_pack(
    pack: RulePack, transcript: Transcript, prepare: Callable[[Transcript], CallContext]
) -> list[Tried]:
    """Every rule in force on the call, in the pack's order."""
    call = prepare(transcript)
    rules = {rule.id: rule for rule in pack.rules}
    return [_tried(rules[finding.rule], finding, call) for finding in evaluate(pack, call)]


def _tried(rule: Rule, finding: Finding, call: CallContext) -> Tried:
    """The finding with what its conditions found one by one."""
    one_by_one = _OneByOne(rule, call)
    traces = tuple(one_by_one.traces()) if call.turns else ()
    return Tried(rule, finding, traces, tuple(one_by_one.excused()))


@dataclass(slots=True)
class _OneByOne:
    """The conditions of a rule, each asked by itself."""

    rule: Rule
    call: CallContext
    results: dict[str, Result] = field(default_factory=dict)

    def result(self, name: str) -> Result:
        if name not in self.results:
            self.results[name] = self.rule.conditions[name].check(self.call, self.result)
        return self.results[name]

    def traces(self) -> Iterator[Trace]:
        for name, condition in self.rule.conditions.items():
            found = self.result(name)
            yield Trace(
                name,
                condition.label,
                str(found.outcome),
                found.reason,
                found.doubt,
                round(found.confidence, 3),
                self._evidence(found.hits),
            )

    def _evidence(self, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        return tuple(dict.fromkeys(self.call.evidence(h) for h in hits))

    def excused(self) -> Iterator[Excused]:
        for name, found in self.results.items():
            label = self.rule.conditions[name].label
            for hit, why in dict.fromkeys(found.excused):
                yield Excused(name, label, self.call.evidence(hit), why)
