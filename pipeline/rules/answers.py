"""What one rule answers on one call, from what its conditions found there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.domain import Evidence, Verdict
from pipeline.rules.applicability import Suits
from pipeline.rules.context import CallContext
from pipeline.rules.findings import Answer
from pipeline.rules.logic import AnyOf, Judged, Judgement, Name, Truth, places_in
from pipeline.rules.matcher import Scan
from pipeline.rules.operators import Operator
from pipeline.rules.operators.base import TextOperator
from pipeline.rules.plan import PlannedRule, Quiet
from pipeline.rules.result import Hit, Lookup, Outcome, Result

_TRUTH = {
    Outcome.HIT: Truth.TRUE,
    Outcome.NO: Truth.FALSE,
    Outcome.UNSURE: Truth.UNSURE,
    Outcome.NOT_APPLICABLE: Truth.NOT_APPLICABLE,
}
_NO_CONFIDENCE = (Truth.NOT_APPLICABLE, Truth.UNSURE)


@dataclass(slots=True)
class Results:
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
class Check:
    """One rule on one call."""

    planned: PlannedRule
    results: Results
    decided: tuple[str, ...] = ()

    @property
    def call(self) -> CallContext:
        """The call that is looked at."""
        return self.results.call

    def result(self, name: str) -> Result:
        """What a condition of the rule found, asked once a call."""
        found = self.results.found.get(self.planned.ids[name])
        if found is not None:
            return found
        return self.results.make(self.planned.conditions[name], self.result)

    def answer(self, suits: Suits | None) -> Answer:
        """The verdict with its reason; `suits`: whether the rule is for such calls, None if all."""
        if suits is not None and not suits.open:
            return Answer(Verdict.NOT_APPLICABLE, suits.why)
        if not self.call.turns:
            return Answer(Verdict.UNSURE, "录音中没有识别到讲话，需人工听取", confidence=0.0)
        if self.call.other_language and any(
            isinstance(condition, TextOperator) for condition in self.planned.conditions.values()
        ):
            why = f"通话不是普通话（识别为 {self.call.other_language}），需人工听取"
            return Answer(Verdict.UNSURE, why, confidence=0.0)
        return self._applied(suits)

    def heard_in(self) -> tuple[TextOperator, ...]:
        """The conditions that found nothing and decided; where they looked it may be unclear."""
        missing = (n for n in self.decided if self.result(n).outcome is Outcome.NO)
        decided = (self.planned.conditions[name] for name in missing)
        return tuple(c for c in decided if isinstance(c, TextOperator) and not c.refers_to())

    def _applied(self, suits: Suits | None) -> Answer:
        """The answer where the rule applies, or may apply (`suits` says why that is unsure)."""
        occasion = None
        if self.planned.occasion is not None:
            occasion = self._occasion(self.planned.occasion)
            if occasion.truth in (Truth.FALSE, Truth.NOT_APPLICABLE):
                return Answer(Verdict.NOT_APPLICABLE, f"不适用：{self._reasons(occasion.names)}")
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

    def _judge(self, occasion: Judgement | None) -> Answer:
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
            return Answer(Verdict.NOT_APPLICABLE, f"不适用：{why}")
        clear = found.truth is not Truth.UNSURE
        if clear and (found.truth is Truth.TRUE) is required:
            return Answer(Verdict.PASS, why, hits if required else (), confidence)
        seen = [n for n in occasion.names if self.result(n).hits] if occasion is not None else []
        around = (*self._hits(seen), *(h for n in found.names for h in self._anchors(n)))
        sought = self._sought(found.names)
        if not clear:
            hits = hits or around
            if not hits:  # what else the rule asks for may be there
                holds = [n for n, _ in judged.places if self.result(n).outcome is Outcome.HIT]
                hits, why = self._hits(holds), _joined(self._reasons(holds), why)
            return Answer(Verdict.UNSURE, why, hits, 0.5, sought=sought)
        hits, why = (*hits, *around), _joined(self._reasons(seen), why)
        return Answer(Verdict.FAIL, why, hits, confidence, self._places(found), sought)

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


def _joined(*clauses: str) -> str:
    return "；".join(filter(None, clauses))
