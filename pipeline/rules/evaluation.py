"""Rules on a call: for every rule in force one finding, with the reason and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.domain import Evidence, Finding, Verdict
from pipeline.rules.applicability import Suits, whether_suited
from pipeline.rules.context import CallContext
from pipeline.rules.days import local_day
from pipeline.rules.logic import AnyOf, Expression, Judgement, Name, Truth, judge, places_in
from pipeline.rules.model import Rule
from pipeline.rules.pack import RulePack
from pipeline.rules.result import Hit, Outcome, Result

MOST_EVIDENCE = 10
_TRUTH = {
    Outcome.HIT: Truth.TRUE,
    Outcome.NO: Truth.FALSE,
    Outcome.UNSURE: Truth.UNSURE,
    Outcome.NOT_APPLICABLE: Truth.NOT_APPLICABLE,
}


def evaluate(pack: RulePack, call: CallContext) -> tuple[Finding, ...]:
    """One finding per rule that was in force on the day of the call, in the pack's order."""
    rules, found = _in_force(pack, call), dict[str, Finding]()
    return tuple(_evaluated(rule, call, rules, found) for rule in rules.values())


def evaluate_rule(rule: Rule, call: CallContext, pack: RulePack | None = None) -> Finding:
    """What one rule says of a call; a rule with a prerequisite needs its pack."""
    if rule.prerequisite is not None and pack is None:
        raise ValueError(f"rule {rule.id!r} has a prerequisite: give the pack that it is from")
    rules = {} if pack is None else _in_force(pack, call)
    return _evaluated(rule, call, rules, {})


def _in_force(pack: RulePack, call: CallContext) -> dict[str, Rule]:
    day = local_day(call.transcript.info)
    return {rule.id: rule for rule in pack.rules if rule.effective.holds(day)}


def _evaluated(
    rule: Rule, call: CallContext, rules: Mapping[str, Rule], found: dict[str, Finding]
) -> Finding:
    """The finding of a rule, after that of its prerequisite; `found` holds those that are made."""
    if rule.id not in found:
        before = None
        if rule.prerequisite is not None and rule.prerequisite.rule in rules:
            before = _evaluated(rules[rule.prerequisite.rule], call, rules, found)
        suits = whether_suited(rule, call.transcript.info, before)
        found[rule.id] = _finding(rule, call, _Check(rule, call).answer(suits))
    return found[rule.id]


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: Verdict
    why: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0
    places: int = 1


@dataclass(slots=True)
class _Check:
    """One rule on one call; remembers what its conditions found."""

    rule: Rule
    call: CallContext
    _results: dict[str, Result] = field(default_factory=dict)

    def result(self, name: str) -> Result:
        if name not in self._results:
            self._results[name] = self.rule.conditions[name].check(self.call, self.result)
        return self._results[name]

    def answer(self, suits: Suits | None) -> _Answer:
        if suits is not None and not suits.open:
            return _Answer(Verdict.NOT_APPLICABLE, suits.why)
        if not self.call.turns:
            return _Answer(Verdict.UNSURE, "录音中没有识别到讲话，需人工听取", confidence=0.0)
        return self._applied(suits)

    def _applied(self, suits: Suits | None) -> _Answer:
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
        return _Answer(Verdict.FAIL, why, hits, confidence, self._places(found))

    def _places(self, found: Judgement) -> int:
        """At how many separate places a rule was broken; what is missing is missing once."""
        if self.rule.forbid is None:
            return 1

        def of(name: str) -> frozenset[Evidence]:
            hits = self.result(name).hits if name in found.names else ()
            return frozenset(self.call.evidence(h) for h in hits if self.call.is_sure(h))

        return max(len(places_in(self.rule.judged, of)), 1)

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
        result, condition = self.result(name), self.rule.conditions[name]
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

    def _hits(self, names: Iterable[str]) -> tuple[Hit, ...]:
        return tuple(dict.fromkeys(h for n in names for h in self.result(n).hits))

    def _anchors(self, name: str) -> tuple[Hit, ...]:
        """Where something was missing: what the condition was looked for near."""
        if self.result(name).hits:
            return ()
        return self._hits(self.rule.conditions[name].refers_to())

    def _reasons(self, names: Iterable[str]) -> str:
        return "；".join(dict.fromkeys(self.result(n).reason for n in names))

    def _why(self, found: Judgement) -> str:
        doubts = [self._doubt(n) for n in found.names] if found.truth is Truth.UNSURE else []
        return "；".join(dict.fromkeys((self._reasons(found.names), *filter(None, doubts))))


def _finding(rule: Rule, call: CallContext, answer: _Answer) -> Finding:
    reference = rule.reference.text
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
        evidence=_evidence(call, answer.hits),
        reference=reference,
        suggestion=rule.suggestion,
        key_point=rule.key_point,
        veto=rule.veto,
        title_en=rule.title_en,
        places=answer.places,
    )


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
