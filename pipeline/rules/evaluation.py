"""Rules on a call: for every rule in force one finding, with the reason and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.domain import Evidence, Finding, Verdict
from pipeline.rules.applicability import Suits, whether_suited
from pipeline.rules.context import CLEAR_ENOUGH, CallContext
from pipeline.rules.days import local_day
from pipeline.rules.logic import AnyOf, Judged, Judgement, Name, Truth, places_in
from pipeline.rules.matcher import Scan
from pipeline.rules.model import Rule
from pipeline.rules.operators import Operator
from pipeline.rules.operators.base import TextOperator
from pipeline.rules.pack import RulePack
from pipeline.rules.plan import Kept, PlannedRule, Quiet, alone, remember
from pipeline.rules.result import Hit, Lookup, Outcome, Result
from pipeline.rules.sound import Spoken

MOST_EVIDENCE = 10
_TRUTH = {
    Outcome.HIT: Truth.TRUE,
    Outcome.NO: Truth.FALSE,
    Outcome.UNSURE: Truth.UNSURE,
    Outcome.NOT_APPLICABLE: Truth.NOT_APPLICABLE,
}


_FLAGGED = (Verdict.FAIL, Verdict.UNSURE)
_NO_CONFIDENCE = (Truth.NOT_APPLICABLE, Truth.UNSURE)


def evaluate(pack: RulePack, call: CallContext) -> tuple[Finding, ...]:
    """One finding per rule that was in force on the day of the call, in the pack's order."""
    return tuple(_Sight.of(pack, call).findings())


def evaluate_rule(rule: Rule, call: CallContext, pack: RulePack | None = None) -> Finding:
    """What one rule says of a call; a rule with a prerequisite needs its pack."""
    if pack is not None:
        return _Sight.of(pack, call).finding_of(rule)
    if rule.prerequisite is not None:
        raise ValueError(f"rule {rule.id!r} has a prerequisite: give the pack that it is from")
    suits = whether_suited(rule, call.transcript.info)
    return _finding(rule, call, _Check(alone(rule), _Results(call)).answer(suits))


@dataclass(slots=True)
class _Sight:
    """A pack on one call: what was looked up, and the findings that are made."""

    call: CallContext
    scan: Scan
    rules: Mapping[str, PlannedRule]
    is_clear: bool
    results: _Results
    found: dict[str, Finding] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: RulePack, call: CallContext) -> _Sight:
        """One pass over the call for all that the rules in force on its day look for."""
        day = local_day(call.transcript.info)
        by_sound = not call.is_chat
        spelled = call.sounds if by_sound else Spoken(call.text, "", "")
        scan = pack.ready.matcher.scan(spelled, call.starts, call.turns, by_sound=by_sound)
        call.memo["scan"] = scan
        clear = _is_clear(call)
        results = _Results(call, scan, pack.ready.quiet if clear else None)
        return cls(call, scan, pack.ready.in_force(day), clear, results)

    def findings(self) -> Iterator[Finding]:
        """Of all rules, in the pack's order."""
        return map(self.finding, self.rules)

    def finding(self, rule_id: str) -> Finding:
        """The finding of a rule, after that of its prerequisite."""
        found = self.found.get(rule_id)
        if found is None:
            planned = self.rules[rule_id]
            found = self.found[rule_id] = self._evaluated(planned, self._suits(planned.rule))
        return found

    def finding_of(self, rule: Rule) -> Finding:
        """The finding of a rule that need not be in force on the day of the call."""
        if rule.id in self.rules:
            return self.finding(rule.id)
        check = _Check(alone(rule), _Results(self.call))
        return _finding(rule, self.call, check.answer(self._suits(rule)))

    def _suits(self, rule: Rule) -> Suits | None:
        first = rule.prerequisite
        known = first is not None and first.rule in self.rules
        before = self.finding(first.rule) if first is not None and known else None
        return whether_suited(rule, self.call.transcript.info, before)

    def _evaluated(self, planned: PlannedRule, suits: Suits | None) -> Finding:
        """A finding, the kept one where this call gives no reason for another."""
        rule, call = planned.rule, self.call
        check = _Check(planned, self.results)
        situation = self._situation(planned, suits, check)
        if situation is None:
            return _kept_finding(planned, call, check.answer(suits))
        kept = planned.kept.get(situation)
        if kept is None:
            answer = check.answer(suits)
            finding = _finding(rule, call, answer)
            kept = Kept(finding, (), answer.sought)
            if finding.verdict is not Verdict.UNSURE:
                finding = replace(finding, confidence=1.0)
                kept = Kept(finding, check.heard_in(), answer.sought)
            remember(planned.kept, situation, kept)
        finding = _here(kept.finding, call, kept.sought)
        if call.lowest_confidence is None or not kept.heard_in:
            return finding
        heard = min(c.clarity(call) for c in kept.heard_in)
        return replace(finding, confidence=round(heard, 3))

    def _situation(
        self, planned: PlannedRule, suits: Suits | None, check: _Check
    ) -> tuple[object, ...] | None:
        """What a finding depends on beside the rule, when it points to no place in this call."""
        if suits is not None and not suits.open:
            return (suits.why,)
        if not planned.may_keep or not self.is_clear or not self.scan.silent(planned.waits_for):
            return None
        situation: list[object] = ["" if suits is None else suits.why]
        for name in planned.others:
            result = check.result(name)
            if result.hits or result.excused or result.confidence != 1.0:
                return None
            situation += (result.outcome, result.reason, result.doubt)
        return tuple(situation)


def _is_clear(call: CallContext) -> bool:
    """Whether there is speech, all of it heard well enough to say that something is missing."""
    if call.other_language or not call.turns:
        return False
    lowest = call.lowest_confidence
    return lowest is None or lowest >= CLEAR_ENOUGH


class _Answer(NamedTuple):
    """`sought`: what was missing, where it should be in a certain part of the call."""

    verdict: Verdict
    why: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0
    places: int = 1
    sought: TextOperator | None = None


@dataclass(slots=True)
class _Results:
    """What the conditions of all rules found in a call, each worked out once.

    `quiet`: those that say the same of every clear call without their words, and what; None where
    this call is not clear or nobody looked for the words of all rules.
    """

    call: CallContext
    scan: Scan | None = None
    quiet: Mapping[int, Quiet] | None = None
    found: dict[int, Result] = field(default_factory=dict)

    def make(self, condition: Operator, lookup: Lookup) -> Result:
        """The result of a condition that was not asked before."""
        quiet = self.quiet.get(id(condition)) if self.quiet is not None else None
        if quiet is None or self.scan is None or not self.scan.silent(quiet.waits_for):
            result = condition.check(self.call, lookup)
        else:
            result = quiet.result or quiet.keep(condition.check(self.call, lookup))
            if self.call.lowest_confidence is not None:
                result = result._replace(confidence=quiet.condition.clarity(self.call))
        self.found[id(condition)] = result
        return result


@dataclass(slots=True)
class _Check:
    """One rule on one call."""

    planned: PlannedRule
    results: _Results
    decided: tuple[str, ...] = ()

    @property
    def call(self) -> CallContext:
        return self.results.call

    def result(self, name: str) -> Result:
        found = self.results.found.get(self.planned.ids[name])
        if found is not None:
            return found
        return self.results.make(self.planned.conditions[name], self.result)

    def answer(self, suits: Suits | None) -> _Answer:
        if suits is not None and not suits.open:
            return _Answer(Verdict.NOT_APPLICABLE, suits.why)
        if not self.call.turns:
            return _Answer(Verdict.UNSURE, "录音中没有识别到讲话，需人工听取", confidence=0.0)
        if self.call.other_language and any(
            isinstance(condition, TextOperator) for condition in self.planned.conditions.values()
        ):
            why = f"通话不是普通话（识别为 {self.call.other_language}），需人工听取"
            return _Answer(Verdict.UNSURE, why, confidence=0.0)
        return self._applied(suits)

    def heard_in(self) -> tuple[TextOperator, ...]:
        """The conditions that found nothing and decided; where they looked it may be unclear."""
        missing = (n for n in self.decided if self.result(n).outcome is Outcome.NO)
        decided = (self.planned.conditions[name] for name in missing)
        return tuple(c for c in decided if isinstance(c, TextOperator) and not c.refers_to())

    def _applied(self, suits: Suits | None) -> _Answer:
        """The answer where the rule applies, or may apply (`suits` says why that is unsure)."""
        occasion = None
        if self.planned.occasion is not None:
            occasion = self._occasion(self.planned.occasion)
            if occasion.truth in (Truth.FALSE, Truth.NOT_APPLICABLE):
                return _Answer(Verdict.NOT_APPLICABLE, f"不适用：{self._reasons(occasion.names)}")
        answer = self._judge(occasion)
        if answer.verdict is not Verdict.FAIL:
            return answer
        if suits is not None:
            why = f"{suits.why}；{answer.why}"
        elif occasion is not None and occasion.truth is Truth.UNSURE:
            why = f"{self._why(occasion)}；{answer.why}"
        else:
            return answer
        return answer._replace(verdict=Verdict.UNSURE, why=why, confidence=0.5, places=1)

    def _judge(self, occasion: Judgement | None) -> _Answer:
        required = self.planned.rule.require is not None
        judged = self.planned.judged
        expression = judged.expression
        found = self._judgement(judged, required)
        if required and found.truth is Truth.TRUE and isinstance(expression, AnyOf):
            found = self._surest(found, expression)
        self.decided = () if found.truth in _NO_CONFIDENCE else found.names
        why, hits = self._why(found), self._hits(found.names)
        confidence = min((self.result(n).confidence for n in found.names), default=1.0)
        if found.truth is Truth.NOT_APPLICABLE:
            return _Answer(Verdict.NOT_APPLICABLE, f"不适用：{why}")
        clear = found.truth is not Truth.UNSURE
        if clear and (found.truth is Truth.TRUE) is required:
            return _Answer(Verdict.PASS, why, hits if required else (), confidence)
        seen = [n for n in occasion.names if self.result(n).hits] if occasion is not None else []
        around = (*self._hits(seen), *(h for n in found.names for h in self._anchors(n)))
        sought = self._sought(found.names)
        if not clear:
            hits = hits or around
            if not hits:  # what else the rule asks for may be there
                holds = [n for n, _ in judged.places if self.result(n).outcome is Outcome.HIT]
                hits, why = self._hits(holds), _joined(self._reasons(holds), why)
            return _Answer(Verdict.UNSURE, why, hits, 0.5, sought=sought)
        hits, why = (*hits, *around), _joined(self._reasons(seen), why)
        return _Answer(Verdict.FAIL, why, hits, confidence, self._places(found), sought)

    def _sought(self, names: Iterable[str]) -> TextOperator | None:
        """The first of some conditions that looks at a part of the call of its own."""
        own = (self.planned.conditions[name] for name in names)
        return next((c for c in own if isinstance(c, TextOperator) and c.scope.is_part), None)

    def _places(self, found: Judgement) -> int:
        """At how many separate places a rule was broken; what is missing is missing once."""
        rule = self.planned.rule
        if rule.forbid is None:
            return 1

        def of(name: str) -> frozenset[Evidence]:
            hits = self.result(name).hits if name in found.names else ()
            return frozenset(self.call.evidence(h) for h in hits if self.call.is_sure(h))

        return max(len(places_in(rule.judged, of)), 1)

    def _surest(self, found: Judgement, choice: AnyOf) -> Judgement:
        """Of conditions each of which is enough, those without doubt where there are any."""
        sure = tuple(n for n in found.names if not self.result(n).doubt)
        single = all(isinstance(part, Name) for part in choice.parts)
        return Judgement(found.truth, sure) if sure and single else found

    def _occasion(self, judged: Judged) -> Judgement:
        """Whether the rule applies: what only may have been said is unsure."""
        values, found, ids = [], self.results.found, self.planned.ids
        for name, _ in judged.places:
            result = found.get(ids[name]) or self.result(name)
            doubtful = result.doubt and result.outcome is Outcome.HIT
            values.append(Truth.UNSURE if doubtful else _TRUTH[result.outcome])
        return judged.of(tuple(values))

    def _judgement(self, judged: Judged, required: bool) -> Judgement:
        """Whether what must (`required`) or must not hold does.

        What points to a fail on weak ground is unsure. A condition that is required and not under
        a `not` points to a fail where it is false.
        """
        values, found, ids = [], self.results.found, self.planned.ids
        for name, positive in judged.places:
            truth = _TRUTH[(found.get(ids[name]) or self.result(name)).outcome]
            accuses = truth is (Truth.FALSE if positive is required else Truth.TRUE)
            values.append(Truth.UNSURE if accuses and self._doubt(name) else truth)
        return judged.of(tuple(values))

    def _doubt(self, name: str) -> str:
        """Why a condition stands on weak ground: its own doubt, or that of what it is near.

        A step that comes too late in an order is too late whatever it sounded like.
        """
        result, condition = self.result(name), self.planned.conditions[name]
        late = condition.operator == "order" and result.outcome is not Outcome.HIT
        if result.doubt or late:
            return result.doubt
        near = (self.result(other) for other in condition.refers_to())
        return next((r.doubt for r in near if r.outcome is Outcome.HIT and r.doubt), "")

    def _hits(self, names: Sequence[str]) -> tuple[Hit, ...]:
        if len(names) == 1:
            return self.result(names[0]).hits
        return tuple(dict.fromkeys(h for n in names for h in self.result(n).hits))

    def _anchors(self, name: str) -> tuple[Hit, ...]:
        """Where something was missing: what the condition was looked for near."""
        if self.result(name).hits:
            return ()
        return self._hits(self.planned.conditions[name].refers_to())

    def _reasons(self, names: Iterable[str]) -> str:
        return "；".join(dict.fromkeys(self.result(n).reason for n in names))

    def _why(self, found: Judgement) -> str:
        doubts = [self._doubt(n) for n in found.names] if found.truth is Truth.UNSURE else []
        return "；".join(dict.fromkeys((self._reasons(found.names), *filter(None, doubts))))


def _kept_finding(planned: PlannedRule, call: CallContext, answer: _Answer) -> Finding:
    """A finding; one that points to no place is made once of the same words."""
    if answer.hits:
        return _finding(planned.rule, call, answer)
    key = answer.verdict, answer.why, answer.confidence, answer.places
    found = planned.worded.get(key)
    if found is None:
        found = _finding(planned.rule, call, answer)
        remember(planned.worded, key, found)
    return _here(found, call, answer.sought)


def _here(finding: Finding, call: CallContext, sought: TextOperator | None) -> Finding:
    """A finding that was kept, with the places of this call where something is missing."""
    if finding.verdict not in _FLAGGED:
        return finding
    return replace(finding, evidence=_missing(call, sought))


def _missing(call: CallContext, sought: TextOperator | None) -> tuple[Evidence, ...]:
    """Where one listens when nothing was found: where it was looked for, else the whole call."""
    turns = () if sought is None else sought.looks_at(call)
    return call.looked_at(turns or call.turns)


def _finding(rule: Rule, call: CallContext, answer: _Answer) -> Finding:
    evidence = _evidence(call, answer.hits)
    if not evidence and answer.verdict in _FLAGGED:
        evidence = _missing(call, answer.sought)
    return Finding(
        rule=rule.id,
        title=rule.title,
        checks=rule.checks,
        control_point=rule.control_point,
        verdict=answer.verdict,
        severity=rule.severity,
        points=rule.price.of(answer.verdict, answer.places),
        why=f"{answer.why}{_each(rule, answer)}。",
        confidence=round(answer.confidence, 3),
        evidence=evidence,
        reference=rule.reference.text,
        suggestion=rule.suggestion,
        key_point=rule.key_point,
        veto=rule.veto,
        title_en=rule.title_en,
        places=answer.places,
    )


def _joined(*clauses: str) -> str:
    return "；".join(filter(None, clauses))


def _each(rule: Rule, answer: _Answer) -> str:
    """How often it costs, where every place counts."""
    if rule.counting != "each" or answer.verdict is not Verdict.FAIL:
        return ""
    most = "" if rule.most_points is None else f"，最多扣 {rule.most_points:g} 分"
    return f"（共 {answer.places} 处，每处扣 {-rule.points:g} 分{most}）"


def _evidence(call: CallContext, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Each clause once, in order of time."""
    ordered = sorted(hits, key=lambda h: h.place)
    return tuple(dict.fromkeys(call.evidence(h) for h in ordered))[:MOST_EVIDENCE]
