"""Rules on a call: for every rule in force one finding, with the reason and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.domain import Finding, Verdict
from pipeline.rules.answers import Check, Results
from pipeline.rules.applicability import Suits, whether_suited
from pipeline.rules.context import CLEAR_ENOUGH, CallContext
from pipeline.rules.days import local_day
from pipeline.rules.findings import a_finding, here, kept_finding
from pipeline.rules.matcher import Scan
from pipeline.rules.model import Rule
from pipeline.rules.pack import RulePack
from pipeline.rules.plan import Kept, PlannedRule, alone, remember
from pipeline.rules.sound import Spoken


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
    return a_finding(rule, call, Check(alone(rule), Results(call)).answer(suits))


@dataclass(slots=True)
class _Sight:
    """A pack on one call: what was looked up, and the findings that are made."""

    call: CallContext
    scan: Scan
    rules: Mapping[str, PlannedRule]
    is_clear: bool
    results: Results
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
        results = Results(call, scan, pack.ready.quiet if clear else None)
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
        check = Check(alone(rule), Results(self.call))
        return a_finding(rule, self.call, check.answer(self._suits(rule)))

    def _suits(self, rule: Rule) -> Suits | None:
        first = rule.prerequisite
        known = first is not None and first.rule in self.rules
        before = self.finding(first.rule) if first is not None and known else None
        return whether_suited(rule, self.call.transcript.info, before)

    def _evaluated(self, planned: PlannedRule, suits: Suits | None) -> Finding:
        """A finding, the kept one where this call gives no reason for another."""
        rule, call = planned.rule, self.call
        check = Check(planned, self.results)
        situation = self._situation(planned, suits, check)
        if situation is None:
            return kept_finding(planned, call, check.answer(suits))
        kept = planned.kept.get(situation)
        if kept is None:
            answer = check.answer(suits)
            finding = a_finding(rule, call, answer)
            kept = Kept(finding, (), answer.sought)
            if finding.verdict is not Verdict.UNSURE:
                finding = replace(finding, confidence=1.0)
                kept = Kept(finding, check.heard_in(), answer.sought)
            remember(planned.kept, situation, kept)
        finding = here(kept.finding, call, kept.sought)
        if call.lowest_confidence is None or not kept.heard_in:
            return finding
        heard = min(c.clarity(call) for c in kept.heard_in)
        return replace(finding, confidence=round(heard, 3))

    def _situation(
        self, planned: PlannedRule, suits: Suits | None, check: Check
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
