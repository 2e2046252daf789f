"""Rules on a call: for every rule in force one finding, with the reason and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, timezone
from typing import Literal

from pipeline.domain import CallInfo, Evidence, Finding, Verdict
from pipeline.rules.context import CLEAR_ENOUGH, CallContext
from pipeline.rules.logic import AnyOf, Expression, Judgement, Name, Truth, judge
from pipeline.rules.matcher import Scan
from pipeline.rules.model import Applies, Rule
from pipeline.rules.operators import Operator
from pipeline.rules.operators.base import TextOperator
from pipeline.rules.pack import RulePack
from pipeline.rules.plan import Kept, PlannedRule
from pipeline.rules.result import Hit, Outcome, Result
from pipeline.rules.sound import Spoken

CENTRE = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other offset since 1991
MOST_EVIDENCE = 10
DIRECTIONS = {"inbound": "呼入", "outbound": "外呼"}
CHANNELS = {"voice": "语音", "chat": "文字"}
LINES = {
    "bank": "银行", "wealth": "理财", "securities": "证券", "insurance": "保险",
    "collection": "催收", "general": "通用",
}  # fmt: skip
_TRUTH = {
    Outcome.HIT: Truth.TRUE,
    Outcome.NO: Truth.FALSE,
    Outcome.UNSURE: Truth.UNSURE,
    Outcome.NOT_APPLICABLE: Truth.NOT_APPLICABLE,
}


_NO_CONFIDENCE = (Truth.NOT_APPLICABLE, Truth.UNSURE)


def evaluate(pack: RulePack, call: CallContext) -> tuple[Finding, ...]:
    """One finding per rule that was in force on the day of the call, in the pack's order."""
    day = _day(call.transcript.info)
    by_sound = not call.is_chat
    spelled = call.sounds if by_sound else Spoken(call.text, "", "")
    scan = pack.ready.matcher.scan(spelled, call.starts, by_sound=by_sound)
    call.memo["scan"] = scan
    results: dict[int, Result] = {}
    return tuple(
        _evaluated(planned, call, results, scan)
        for planned in pack.ready.rules
        if planned.rule.effective.holds(day)
    )


def evaluate_rule(rule: Rule, call: CallContext) -> Finding:
    """What one rule says of a call."""
    return _finding(rule, call, _Check(rule, call, rule.conditions).answer())


def _evaluated(
    planned: PlannedRule, call: CallContext, results: dict[int, Result], scan: Scan
) -> Finding:
    """The finding of one rule, the kept one where this call gives it no reason for another."""
    rule = planned.rule
    suits = _suits(rule.applies, call.transcript.info)
    why = "" if suits is None else suits.why
    if not _is_still(planned, call, suits, scan):
        return _finding(rule, call, _Check(rule, call, planned.conditions, results).answer(suits))
    kept = planned.kept.get(why)
    if kept is None:
        check = _Check(rule, call, planned.conditions, results)
        finding = _finding(rule, call, check.answer(suits))
        kept = planned.kept[why] = Kept(replace(finding, confidence=1.0), check.heard_in())
    if call.lowest_confidence is None or not kept.heard_in:
        return kept.finding
    heard = min(c.clarity(call) for c in kept.heard_in)
    return replace(kept.finding, confidence=round(heard, 3))


def _is_still(planned: PlannedRule, call: CallContext, suits: _Suits | None, scan: Scan) -> bool:
    """Whether the finding does not depend on the call: not meant for it, or nothing of it said."""
    if suits is not None and not suits.open:
        return True
    if planned.waits_for is None or not call.turns:
        return False
    lowest = call.lowest_confidence
    return (lowest is None or lowest >= CLEAR_ENOUGH) and scan.silent(planned.waits_for)


def _day(info: CallInfo) -> date | None:
    """The local day of the call; None when the metadata does not say."""
    if info.started_at is None:
        return None
    if info.started_at.tzinfo is None:
        return info.started_at.date()
    return info.started_at.astimezone(CENTRE).date()


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: Verdict
    why: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0


@dataclass(slots=True)
class _Check:
    """One rule on one call; remembers what its conditions found, for other rules too."""

    rule: Rule
    call: CallContext
    conditions: Mapping[str, Operator]
    results: dict[int, Result] = field(default_factory=dict)
    decided: tuple[str, ...] = ()

    def result(self, name: str) -> Result:
        condition = self.conditions[name]
        found = self.results.get(id(condition))
        if found is None:
            found = self.results[id(condition)] = condition.check(self.call, self.result)
        return found

    def answer(self, suits: _Suits | Literal["look"] | None = "look") -> _Answer:
        if suits == "look":
            suits = _suits(self.rule.applies, self.call.transcript.info)
        if suits is not None and not suits.open:
            return _Answer(Verdict.NOT_APPLICABLE, suits.why)
        if not self.call.turns:
            return _Answer(Verdict.UNSURE, "录音中没有识别到讲话，需人工听取", confidence=0.0)
        return self._applied(suits)

    def heard_in(self) -> tuple[TextOperator, ...]:
        """The conditions that found nothing and decided; where they looked it may be unclear."""
        missing = (n for n in self.decided if self.result(n).outcome is Outcome.NO)
        decided = (self.conditions[name] for name in missing)
        return tuple(c for c in decided if isinstance(c, TextOperator) and not c.refers_to())

    def _applied(self, suits: _Suits | None) -> _Answer:
        """The answer where the rule applies, or may apply (`suits` says why that is unsure)."""
        occasion = None
        if self.rule.occasion is not None:
            occasion = judge(self.rule.occasion, lambda name, _: self._occurs(name))
            if occasion.truth in (Truth.FALSE, Truth.NOT_APPLICABLE):
                return _Answer(Verdict.NOT_APPLICABLE, f"不适用：{self._reasons(occasion.names)}")
        answer = self._judge(occasion)
        if answer.verdict is not Verdict.FAIL:
            return answer
        if suits is not None:
            return _Answer(Verdict.UNSURE, f"{suits.why}；{answer.why}", answer.hits, 0.5)
        if occasion is not None and occasion.truth is Truth.UNSURE:
            why = f"{self._why(occasion)}；{answer.why}"
            return _Answer(Verdict.UNSURE, why, answer.hits, 0.5)
        return answer

    def _judge(self, occasion: Judgement | None) -> _Answer:
        required = self.rule.require is not None
        expression: Expression = self.rule.judged
        found = judge(expression, lambda name, positive: self._truth(name, positive is required))
        if required and found.truth is Truth.TRUE and isinstance(expression, AnyOf):
            found = self._surest(found, expression)
        self.decided = () if found.truth in _NO_CONFIDENCE else found.names
        why, hits = self._why(found), self._hits(found.names)
        confidence = min((self.result(n).confidence for n in found.names), default=1.0)
        if found.truth is Truth.NOT_APPLICABLE:
            return _Answer(Verdict.NOT_APPLICABLE, f"不适用：{why}")
        if found.truth is Truth.UNSURE:
            return _Answer(Verdict.UNSURE, why, hits, 0.5)
        if (found.truth is Truth.TRUE) is required:
            return _Answer(Verdict.PASS, why, hits if required else (), confidence)
        if occasion is not None:
            seen = [name for name in occasion.names if self.result(name).hits]
            hits = (*hits, *self._hits(seen))
            why = "；".join(filter(None, (self._reasons(seen), why)))
        hits = (*hits, *(h for n in found.names for h in self._anchors(n)))
        return _Answer(Verdict.FAIL, why, hits, confidence)

    def _surest(self, found: Judgement, choice: AnyOf) -> Judgement:
        """Of conditions each of which is enough, those without doubt where there are any."""
        sure = tuple(n for n in found.names if not self.result(n).doubt)
        single = all(isinstance(part, Name) for part in choice.parts)
        return Judgement(found.truth, sure) if sure and single else found

    def _occurs(self, name: str) -> Truth:
        """A condition's value as an occasion: what only may have been said is unsure."""
        result = self.result(name)
        doubtful = result.outcome is Outcome.HIT and result.doubt
        return Truth.UNSURE if doubtful else _TRUTH[result.outcome]

    def _doubt(self, name: str) -> str:
        """Why a condition stands on weak ground: its own doubt, or that of what it is near.

        A step that comes too late in an order is too late whatever it sounded like.
        """
        result, condition = self.result(name), self.conditions[name]
        late = condition.operator == "order" and result.outcome is not Outcome.HIT
        if result.doubt or late:
            return result.doubt
        near = (self.result(other) for other in condition.refers_to())
        return next((r.doubt for r in near if r.outcome is Outcome.HIT and r.doubt), "")

    def _truth(self, name: str, wanted: bool) -> Truth:
        """A condition's value; one that stands on weak ground and points to a fail is unsure.

        `wanted`: holding points to a pass.
        """
        truth = _TRUTH[self.result(name).outcome]
        if self._doubt(name) and truth is (Truth.FALSE if wanted else Truth.TRUE):
            return Truth.UNSURE
        return truth

    def _hits(self, names: Sequence[str]) -> tuple[Hit, ...]:
        if len(names) == 1:
            return self.result(names[0]).hits
        return tuple(dict.fromkeys(h for n in names for h in self.result(n).hits))

    def _anchors(self, name: str) -> tuple[Hit, ...]:
        """Where something was missing: what the condition was looked for near."""
        if self.result(name).hits:
            return ()
        return self._hits(self.conditions[name].refers_to())

    def _reasons(self, names: Iterable[str]) -> str:
        return "；".join(dict.fromkeys(self.result(n).reason for n in names))

    def _why(self, found: Judgement) -> str:
        doubts = [self._doubt(n) for n in found.names] if found.truth is Truth.UNSURE else []
        return "；".join(dict.fromkeys((self._reasons(found.names), *filter(None, doubts))))


@dataclass(frozen=True, slots=True)
class _Suits:
    """Why a rule is not for this call, or (`open`) why nobody can tell."""

    open: bool
    why: str


def _suits(applies: Applies, info: CallInfo) -> _Suits | None:
    """None when the rule is for calls such as this one."""
    if applies.channels and info.medium.value not in applies.channels:
        return _Suits(False, f"本规则只适用于{_named(CHANNELS, applies.channels)}会话")
    if applies.business_lines and info.business_line not in applies.business_lines:
        return _Suits(False, f"本规则只适用于{_named(LINES, applies.business_lines)}业务")
    if applies.directions and info.direction not in applies.directions:
        only = f"本规则只适用于{_named(DIRECTIONS, applies.directions)}通话"
        if info.direction is None:
            return _Suits(True, f"{only}，元数据没有通话方向")
        return _Suits(False, only)
    return None


def _named(names: dict[str, str], values: Sequence[str]) -> str:
    return "、".join(names[value] for value in values)


def _finding(rule: Rule, call: CallContext, answer: _Answer) -> Finding:
    reference = rule.reference.text
    return Finding(
        rule=rule.id,
        title=rule.title,
        checks=rule.checks,
        control_point=rule.control_point,
        verdict=answer.verdict,
        severity=rule.severity,
        points=rule.points if answer.verdict is Verdict.FAIL else 0.0,
        why=f"{answer.why}。",
        confidence=round(answer.confidence, 3),
        evidence=_evidence(call, answer.hits),
        reference=reference,
        suggestion=rule.suggestion,
        key_point=rule.key_point,
        veto=rule.veto,
        title_en=rule.title_en,
    )


def _evidence(call: CallContext, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Each clause once, in order of time."""
    ordered = sorted(hits, key=lambda h: h.place)
    return tuple(dict.fromkeys(call.evidence(h) for h in ordered))[:MOST_EVIDENCE]
