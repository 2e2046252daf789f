"""The scorecard: findings and judged items as lines under numbered control points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.domain import (
    CardKind,
    ControlPoint,
    ControlPointScore,
    Finding,
    HumanItem,
    Price,
    Scorecard,
    ScorePlan,
    Verdict,
)
from pipeline.scoring.accounts import Account, Entry, accounts_of, section_score, total_of
from pipeline.scoring.facts import once_per_fact

WORST_FIRST = (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS, Verdict.NOT_APPLICABLE)
_BADNESS = {verdict: place for place, verdict in enumerate(WORST_FIRST)}


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
    """The findings with the points that count, and the machine's scorecard that they make.

    Items for a person stay open. Raises ValueError when a finding names a control point that is
    not in the plan: packs are checked when they are loaded, so that is our bug.
    """
    return scored(plan, pack_ref, findings, plan.human_items, CardKind.MACHINE)


def scored(
    plan: ScorePlan,
    pack_ref: PackRef,
    findings: Sequence[Finding],
    items: Sequence[HumanItem],
    kind: CardKind,
) -> tuple[tuple[Finding, ...], Scorecard]:
    """`score` with the levels that a person chose; open items count for nothing."""
    _refuse_unknown(plan, findings)
    counted = once_per_fact(findings, pack_ref.facts, plan)
    accounts = accounts_of(plan, [*_entries(plan, counted), *_judged(items)])
    vetoed = any([f.veto and f.verdict is Verdict.FAIL for f in counted])
    total = 0.0 if vetoed else total_of(plan, accounts)
    sheet = _Sheet(plan, accounts, _places(plan, counted), items)
    card = Scorecard(
        pack=pack_ref.name,
        pack_version=pack_ref.version,
        pack_hash=pack_ref.sha256,
        score=round(total, 2),
        grade=plan.grades[-1][0] if vetoed else _grade(plan, total),
        vetoed=vetoed,
        items=tuple(map(sheet.line, plan.control_points)),
        kind=kind,
        human_items=tuple(items),
    )
    return counted, card


def _refuse_unknown(plan: ScorePlan, findings: Sequence[Finding]) -> None:
    known = plan.parents
    for finding in findings:
        if finding.control_point not in known:
            raise ValueError(
                f"rule {finding.rule!r}: control point {finding.control_point!r} is not in the "
                f"score plan; known: {', '.join(sorted(known))}"
            )


def _entries(plan: ScorePlan, findings: Sequence[Finding]) -> Iterable[Entry]:
    """What applies; a finding whose fact counts elsewhere is in no fraction either."""
    for finding in findings:
        if finding.verdict is Verdict.NOT_APPLICABLE:
            continue
        if finding.verdict is Verdict.FAIL and not finding.points:
            worth = 0.0
        else:
            price = plan.prices.get(finding.rule) or Price(min(finding.points, 0.0))
            worth = -price.points
        yield finding.control_point, finding.points, worth


def _judged(items: Sequence[HumanItem]) -> Iterable[Entry]:
    for item in items:
        if item.level is not None:
            yield item.control_point, item.points, item.worth


def _grade(plan: ScorePlan, total: float) -> str:
    """The grade of a score as it is shown."""
    for name, lowest in plan.grades:
        if round(total, 2) >= lowest:
            return name
    return plan.grades[-1][0]


@dataclass(slots=True)
class _Place:
    """What was found under one control point, and what its line needs of those below it.

    `worst`: place in WORST_FIRST, those below included; `failed_below`: what alone costs something.
    """

    rules: tuple[str, ...] = ()
    failed: tuple[Finding, ...] = ()
    gave: tuple[str, ...] = ()
    key_point: bool = False
    worst: int = len(WORST_FIRST) - 1
    failed_below: tuple[Finding, ...] = ()


_NOTHING = _Place()


def _places(plan: ScorePlan, findings: Sequence[Finding]) -> Mapping[str, _Place]:
    """Control point → what was found there or below; those without any left out."""
    places: defaultdict[str, _Place] = defaultdict(_Place)
    for finding in findings:
        place = places[finding.control_point]
        place.rules += (finding.rule,)
        place.worst = min(place.worst, _BADNESS[finding.verdict])
        if finding.verdict is Verdict.FAIL:
            place.failed += (finding,)
        if finding.points > 0:
            place.gave += (finding.title,)
        if finding.key_point:
            place.key_point = True
    for number, own in list(places.items()):
        above = plan.parents[number]
        while above is not None:
            place = places[above]
            place.worst = min(place.worst, own.worst)
            place.failed_below += own.failed
            above = plan.parents[above]
    return places


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Everything that a line of the scorecard is made of."""

    plan: ScorePlan
    accounts: Mapping[str, Account]
    places: Mapping[str, _Place]
    items: Sequence[HumanItem]

    def line(self, point: ControlPoint) -> ControlPointScore:
        """One control point with all below it."""
        place = self.places.get(point.number, _NOTHING)
        account = self.accounts[point.number]
        reached = None if point.weight is None else section_score(self.plan, point, account)
        return ControlPointScore(
            point.number,
            point.title,
            account.points,
            WORST_FIRST[place.worst],
            point.key_point or place.key_point,
            place.rules,
            self._why(point, place, reached),
            point.weight,
            None if reached is None else round(reached, 2),
        )

    def _why(self, point: ControlPoint, place: _Place, reached: float | None) -> str:
        items = [item for item in self.items if item.control_point == point.number]
        if not (place.failed or place.gave or items or point.weight is not None or point.cap):
            return ""
        why = [finding.title for finding in place.failed]
        if place.gave:
            why.append(f"加分：{'、'.join(place.gave)}")
        why += [f"{item.title}：{item.level}" for item in items if item.level is not None]
        still_open = [item.title for item in items if item.level is None]
        if still_open:
            why.append(f"待人工评定：{'、'.join(still_open)}")
        return "；".join([*why, *_of_section(point, reached)]) + self._capped(point, place)

    def _capped(self, point: ControlPoint, place: _Place) -> str:
        if point.cap is None:
            return ""
        lost = -sum([f.points for f in (*place.failed, *place.failed_below)]) - sum(
            item.points
            for item in self.items
            if f"{item.control_point}.".startswith(f"{point.number}.")
        )
        if lost <= point.cap:
            return ""
        return f"（本项最多扣 {point.cap:g} 分，原为 {lost:g} 分）"


def _of_section(point: ControlPoint, reached: float | None) -> tuple[str, ...]:
    """What a section is worth, in words."""
    if point.weight and reached is None:
        return ("本部分没有适用的项目，不计入总分，权重由其他部分分担",)
    if point.weight is not None and reached is not None:
        return (f"本部分 {round(reached, 2):g} 分，权重 {point.weight:g}",)
    return ()
