"""What every control point costs and gives with all below it, and what that makes of the score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.domain import ControlPoint, ScorePlan

# One finding or judged item on the account of its control point: number, points that count, and
# what it could have cost. One that does not apply is no entry.
Entry = tuple[str, float, float]


@dataclass(slots=True)
class Account:
    """Of a control point with everything below it: points lost and given, caps applied.

    `worth` could have been lost; `applies`: there was anything to judge.
    """

    lost: float = 0.0
    given: float = 0.0
    worth: float = 0.0
    applies: bool = False

    @property
    def points(self) -> float:
        """Below 0 what it costs in all, above 0 what it gives."""
        return self.given - self.lost


def accounts_of(plan: ScorePlan, entries: Iterable[Entry]) -> dict[str, Account]:
    """Control point → its account."""
    accounts = {number: Account() for number in plan.points}
    for number, points, worth in entries:
        account = accounts[number]
        if points < 0:
            account.lost -= points
        else:
            account.given += points
        account.worth += worth
        account.applies = True
    for number, parent in plan.parents.items():
        own, point = accounts[number], plan.points[number]
        if point.cap is not None and own.lost > point.cap:
            own.lost = point.cap
        if point.bonus_cap is not None and own.given > point.bonus_cap:
            own.given = point.bonus_cap
        if parent is not None and own.applies:
            _add(accounts[parent], own)
    return accounts


def _add(account: Account, below: Account) -> None:
    account.lost += below.lost
    account.given += below.given
    account.worth += below.worth
    account.applies = True


def section_score(plan: ScorePlan, point: ControlPoint, account: Account) -> float | None:
    """A section's own score on the scale of the base; None when nothing in it applies.

    Of a section that is earned, what does not apply is in neither part of the fraction.
    """
    if point.weight is None or not account.applies:
        return None
    full = account.worth if point.earned else (point.full or plan.base)
    if full <= 0:
        return None
    reached = (full + account.points) / full * plan.base
    return min(max(reached, 0.0), plan.highest)


def total_of(plan: ScorePlan, accounts: Mapping[str, Account]) -> float:
    """The score, vetoes apart: 0 to the plan's highest.

    Sections that are left out leave their weight to the others. A call to which nothing applies
    has lost nothing.
    """
    if not any(point.weight is not None for point in plan.control_points):
        top = [number for number in plan.points if plan.parents[number] is None]
        total = plan.base + sum(accounts[number].points for number in top)
        return min(max(total, 0.0), plan.highest)
    weights = scores = 0.0
    for point in plan.control_points:
        own = section_score(plan, point, accounts[point.number])
        if own is not None and point.weight is not None:
            weights += point.weight
            scores += point.weight * own
    return scores / weights if weights else plan.base
