"""One fact counts once: who of those that share a fact counts, and what the others say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.domain import Evidence, Finding, Price, ScorePlan, Verdict

_SHARED = re.compile(r"（同一事实.*）$", re.DOTALL)


def once_per_fact(
    findings: Sequence[Finding], facts: Mapping[str, str], plan: ScorePlan
) -> tuple[Finding, ...]:
    """Each fact costs once, and gives once: the heaviest of the rules that saw it counts."""
    counted = [_as_signed(finding) if finding.points else finding for finding in findings]
    shared = [
        i
        for i, f in enumerate(counted)
        if f.rule in facts and (f.verdict is Verdict.FAIL or f.verdict is Verdict.PASS)
    ]
    weights = {i: _weight(plan, counted[i]) for i in shared}
    shared.sort(key=lambda i: (-weights[i], counted[i].severity.rank, i))
    kept: dict[tuple[str, Verdict], list[Finding]] = {}
    for i in shared:
        finding, fact = counted[i], facts[counted[i].rule]
        others = kept.setdefault((fact, finding.verdict), [])
        twin = _twin(finding, others)
        if twin is not None:
            counted[i] = _not_again(finding, twin)
            continue
        counted[i] = _less(finding, others, plan.prices.get(finding.rule))
        others.append(finding)
    return tuple(counted)


def own_why(finding: Finding) -> str:
    """The reason of a finding as the rule gave it, without what was said of shared facts."""
    return _SHARED.sub("", finding.why)


def _as_signed(finding: Finding) -> Finding:
    """The finding with points that count: only a fail costs and only a pass gives."""
    points = 0.0
    if finding.verdict is Verdict.FAIL:
        points = min(finding.points, 0.0)
    elif finding.verdict is Verdict.PASS:
        points = max(finding.points, 0.0)
    return finding if finding.points == points else replace(finding, points=points)


def _weight(plan: ScorePlan, finding: Finding) -> float:
    """What a finding alone can cost or give the call: caps and the weight of its section count."""
    fails = finding.verdict is Verdict.FAIL
    least, share = abs(finding.points), 1.0
    number: str | None = finding.control_point
    while number is not None:
        point = plan.points[number]
        cap = point.cap if fails else point.bonus_cap
        if cap is not None:
            least = min(least, cap)
        if point.weight is not None:
            share = point.weight / (point.full or plan.base)
        number = plan.parents[number]
    return least * share


def _not_again(finding: Finding, twin: Finding) -> Finding:
    """A finding whose fact counts elsewhere; one that costs nothing anyway says nothing."""
    if not finding.points:
        return finding
    what = "扣分" if finding.points < 0 else "加分"
    why = f"{finding.why}（同一事实已在“{twin.title}”{what}，不重复{what}）"
    return replace(finding, points=0.0, why=why)


def _less(finding: Finding, others: Sequence[Finding], price: Price | None) -> Finding:
    """A rule that counts every place leaves out the places that count elsewhere."""
    if price is None or not price.each or finding.verdict is not Verdict.FAIL:
        return finding
    covers = [twin for e in finding.found if (twin := _covering(e, others)) is not None]
    if not covers:
        return finding
    left = max(finding.places - len(covers), 1)
    names = "、".join(dict.fromkeys(f"“{twin.title}”" for twin in covers))
    why = f"{finding.why}（同一事实有 {len(covers)} 处已在{names}扣分，只计其余 {left} 处）"
    return replace(finding, points=price.of(finding.verdict, left), why=why)


def _twin(finding: Finding, kept: Sequence[Finding]) -> Finding | None:
    """A finding that already counts, when those that count cover all that this one points at.

    Findings that point to nothing which was found (something is missing) are twins of each other.
    """
    if not finding.found:
        return next((k for k in kept if not k.found), None)
    twins = [_covering(e, kept) for e in finding.found]
    return None if None in twins else twins[0]


def _covering(evidence: Evidence, kept: Sequence[Finding]) -> Finding | None:
    return next((k for k in kept if any(_overlap(evidence, e) for e in k.found)), None)


def _overlap(one: Evidence, other: Evidence) -> bool:
    if one.segment != other.segment:
        return False
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return one.quote in other.quote or other.quote in one.quote
    return one.start < other.end and other.start < one.end
