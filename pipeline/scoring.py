"""Findings → scorecard: what each failed rule costs, under numbered control points.

* A rule that passes, does not apply or is unsure costs nothing.
* One fact costs points once: of failed rules that share a fact only the heaviest counts;
  another one whose evidence it covers keeps its verdict, costs 0 and says why.
* `cap` is the most that a control point, with everything below it, can cost.
* A failed veto rule (一票否决) makes the score 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.domain import (
    ControlPoint,
    ControlPointScore,
    Evidence,
    Finding,
    Scorecard,
    ScorePlan,
    Verdict,
)

WORST_FIRST = (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS, Verdict.NOT_APPLICABLE)


class PackRef(Protocol):
    """What the scorecard needs to know of a rule pack: which one it is and who shares a fact."""

    @property
    def name(self) -> str:
        """Name of the pack, such as `bank`."""

    @property
    def version(self) -> str:
        """Version of the pack."""

    @property
    def sha256(self) -> str:
        """Hash of everything in the pack that can change a result."""

    @property
    def facts(self) -> Mapping[str, str]:
        """Rule → the fact that it sees, for rules that share one with others."""


def score(
    plan: ScorePlan, pack_ref: PackRef, findings: Sequence[Finding]
) -> tuple[tuple[Finding, ...], Scorecard]:
    """The findings with the points that count, and the scorecard they make.

    Raises ValueError when a finding names a control point that is not in the plan: packs are
    checked when they are loaded, so that is our bug.
    """
    known = {point.number for point in plan.control_points}
    for finding in findings:
        if finding.control_point not in known:
            raise ValueError(
                f"rule {finding.rule!r}: control point {finding.control_point!r} is not in the "
                f"score plan; known: {', '.join(sorted(known))}"
            )
    counted = _once_per_fact(findings, pack_ref.facts)
    costs = _costs(plan.control_points, counted)
    top = [p.number for p in plan.control_points if _parent(p.number, known) is None]
    vetoed = any(f.veto and f.verdict is Verdict.FAIL for f in counted)
    total = 0.0 if vetoed else max(0.0, plan.base + sum(costs[number] for number in top))
    card = Scorecard(
        pack=pack_ref.name,
        pack_version=pack_ref.version,
        pack_hash=pack_ref.sha256,
        score=round(total, 2),
        grade=plan.grades[-1][0] if vetoed else _grade(plan, total),
        vetoed=vetoed,
        items=tuple(_item(point, counted, costs) for point in plan.control_points),
    )
    return counted, card


def _grade(plan: ScorePlan, total: float) -> str:
    for name, lowest in plan.grades:
        if total >= lowest:
            return name
    return plan.grades[-1][0]


def _once_per_fact(findings: Sequence[Finding], facts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Each fact costs once: the heaviest of the rules that saw it keeps its points."""
    failed = [i for i, f in enumerate(findings) if f.verdict is Verdict.FAIL]
    failed.sort(key=lambda i: (findings[i].points, findings[i].severity.rank, i))
    counted = [f if f.verdict is Verdict.FAIL else replace(f, points=0.0) for f in findings]
    kept: dict[str, list[Finding]] = {}
    for i in failed:
        finding = findings[i]
        fact = facts.get(finding.rule)
        if fact is None:
            continue
        twin = _twin(finding, kept.setdefault(fact, []))
        if twin is None:
            kept[fact].append(finding)
        elif finding.points:
            why = f"{finding.why}（同一事实已在“{twin.title}”扣分，不重复扣分）"
            counted[i] = replace(finding, points=0.0, why=why)
    return tuple(counted)


def _twin(finding: Finding, kept: Sequence[Finding]) -> Finding | None:
    """A finding that already counts, when those that count cover all that this one points at.

    Findings without evidence (something is missing) are twins of each other.
    """
    if not finding.evidence:
        return next((k for k in kept if not k.evidence), None)
    twins = [
        next((k for k in kept if any(_overlap(e, other) for other in k.evidence)), None)
        for e in finding.evidence
    ]
    return None if None in twins else twins[0]


def _overlap(one: Evidence, other: Evidence) -> bool:
    if one.segment != other.segment:
        return False
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return one.quote in other.quote or other.quote in one.quote
    return one.start < other.end and other.start < one.end


def _parent(number: str, known: set[str]) -> str | None:
    """The nearest control point above: of `1.2.3` it is `1.2`, else `1`."""
    while "." in number:
        number = number.rpartition(".")[0]
        if number in known:
            return number
    return None


def _costs(points: Sequence[ControlPoint], findings: Sequence[Finding]) -> dict[str, float]:
    """Control point → what it costs with everything below it (0 or negative), caps applied."""
    known = {point.number for point in points}
    costs = dict.fromkeys(known, 0.0)
    for finding in findings:
        costs[finding.control_point] += finding.points
    for point in sorted(points, key=lambda p: p.number.count("."), reverse=True):
        if point.cap is not None:
            costs[point.number] = max(costs[point.number], -point.cap)
        parent = _parent(point.number, known)
        if parent is not None:
            costs[parent] += costs[point.number]
    return costs


def _item(
    point: ControlPoint, findings: Sequence[Finding], costs: Mapping[str, float]
) -> ControlPointScore:
    own = [f for f in findings if f.control_point == point.number]
    below = [f for f in findings if f.control_point.startswith(point.number + ".")]
    verdicts = {f.verdict for f in own + below}
    failed = [f.title for f in own if f.verdict is Verdict.FAIL]
    why = "；".join(failed)
    full = sum(f.points for f in own + below)
    if point.cap is not None and full < -point.cap:
        why += f"（本项最多扣 {point.cap:g} 分，原为 {-full:g} 分）"
    return ControlPointScore(
        number=point.number,
        title=point.title,
        points=costs[point.number],
        worst=next((v for v in WORST_FIRST if v in verdicts), Verdict.NOT_APPLICABLE),
        key_point=point.key_point or any(f.key_point for f in own),
        rules=tuple(f.rule for f in own),
        why=why,
    )
