"""The person's result beside the machine's: the same findings, as a person decided them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain import (
    CardKind,
    Decision,
    Decisions,
    Finding,
    HumanItem,
    Scorecard,
    ScorePlan,
    Verdict,
)
from pipeline.errors import BadInput
from pipeline.scoring.card import PackRef, scored
from pipeline.scoring.facts import own_why

DECIDED = {
    Decision.CONFIRM: Verdict.FAIL,
    Decision.ADD: Verdict.FAIL,
    Decision.REJECT: Verdict.PASS,
    Decision.NOT_APPLICABLE: Verdict.NOT_APPLICABLE,
}
_NAMES = {Verdict.FAIL: "不通过", Verdict.PASS: "通过", Verdict.NOT_APPLICABLE: "不适用"}


def with_decisions(
    plan: ScorePlan, pack_ref: PackRef, findings: Sequence[Finding], decisions: Decisions
) -> tuple[tuple[Finding, ...], Scorecard]:
    """The findings as a person decided them, and the scorecard of kind `human` that they make.

    `findings` are the machine's, which stay as they are. What nobody decided holds as the machine
    found it; what it is unsure of costs nothing until somebody confirms it. A decision on a rule
    that this result does not have (the pack is another one by now) changes nothing. BadInput names
    an item or level that the plan does not have.
    """
    decided = [_decided(plan, f, decisions.rules.get(f.rule)) for f in findings]
    items = _judged(plan, decisions)
    return scored(plan, pack_ref, [*decided, *decisions.added], items, CardKind.HUMAN)


def _decided(plan: ScorePlan, finding: Finding, decision: Decision | None) -> Finding:
    """One finding with a person's verdict, at its full price: shared facts are looked at anew."""
    verdict = finding.verdict if decision is None else DECIDED.get(decision, finding.verdict)
    why = own_why(finding)
    if verdict is not finding.verdict:
        why += f"（人工复核：{_NAMES[verdict]}）"
    price = plan.prices.get(finding.rule)
    points = finding.points if price is None else price.of(verdict, finding.places)
    return replace(finding, verdict=verdict, points=points, why=why)


def _judged(plan: ScorePlan, decisions: Decisions) -> list[HumanItem]:
    known = [item.item for item in plan.human_items]
    for name in decisions.levels:
        if name not in known:
            raise BadInput(f"no human item {name!r}; known: {', '.join(known) or 'none'}")
    return [_leveled(item, decisions.levels.get(item.item)) for item in plan.human_items]


def _leveled(item: HumanItem, level: str | None) -> HumanItem:
    if level is None:
        return item
    levels = dict(item.levels)
    if level not in levels:
        known = ", ".join(levels)
        raise BadInput(f"human item {item.item!r} has no level {level!r}; known: {known}")
    return replace(item, level=level, points=levels[level])
