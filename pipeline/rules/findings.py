"""What a rule answered, as a finding: verdict, price, reason, and where to listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.domain import Evidence, Finding, Verdict
from pipeline.rules.context import CallContext
from pipeline.rules.model import Rule
from pipeline.rules.operators.base import TextOperator
from pipeline.rules.plan import PlannedRule, remember
from pipeline.rules.result import Hit

MOST_EVIDENCE = 10
_FLAGGED = (Verdict.FAIL, Verdict.UNSURE)


class Answer(NamedTuple):
    """What a rule says of a call.

    `sought`: what was missing, where it should be in a certain part of the call.
    """

    verdict: Verdict
    why: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0
    places: int = 1
    sought: TextOperator | None = None


def kept_finding(planned: PlannedRule, call: CallContext, answer: Answer) -> Finding:
    """A finding; one that points to no place is made once of the same words."""
    if answer.hits:
        return a_finding(planned.rule, call, answer)
    key = answer.verdict, answer.why, answer.confidence, answer.places
    found = planned.worded.get(key)
    if found is None:
        found = a_finding(planned.rule, call, answer)
        remember(planned.worded, key, found)
    return here(found, call, answer.sought)


def here(finding: Finding, call: CallContext, sought: TextOperator | None) -> Finding:
    """A finding that was kept, with the places of this call where something is missing."""
    if finding.verdict not in _FLAGGED:
        return finding
    return replace(finding, evidence=_missing(call, sought))


def _missing(call: CallContext, sought: TextOperator | None) -> tuple[Evidence, ...]:
    """Where one listens when nothing was found: where it was looked for, else the whole call."""
    turns = () if sought is None else sought.looks_at(call)
    return call.looked_at(turns or call.turns)


def a_finding(rule: Rule, call: CallContext, answer: Answer) -> Finding:
    """The finding with what it rests on, or where something is missing."""
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


def _each(rule: Rule, answer: Answer) -> str:
    """How often it costs, where every place counts."""
    if rule.counting != "each" or answer.verdict is not Verdict.FAIL:
        return ""
    most = "" if rule.most_points is None else f"，最多扣 {rule.most_points:g} 分"
    return f"（共 {answer.places} 处，每处扣 {-rule.points:g} 分{most}）"


def _evidence(call: CallContext, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Each clause once, in order of time."""
    ordered = sorted(hits, key=lambda h: h.place)
    return tuple(dict.fromkeys(call.evidence(h) for h in ordered))[:MOST_EVIDENCE]
