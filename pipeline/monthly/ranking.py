"""Who did better than whom, as far as that is more than chance: groups that share a place."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.agents import AgentFigures
from pipeline.means import beyond_chance
from pipeline.monthly.report import Ranked


def ranked(agents: Sequence[AgentFigures]) -> tuple[Ranked, ...]:
    """Agents as `agents_of_month` orders them, best first.

    A group begins with its best one; everybody after it whose distance from that one chance
    explains at 99 % belongs to it. Those with too few calls come last, without a place.
    """
    known = [one for one in agents if one.ranked]
    groups: list[list[AgentFigures]] = []
    for one in known:
        if groups and not _worse(one, groups[-1][0]):
            groups[-1].append(one)
        else:
            groups.append([one])
    found, place = list[Ranked](), 1
    for group in groups:
        last = place + len(group) - 1
        found += [Ranked(place, last, one) for one in group]
        place = last + 1
    return (*found, *(Ranked(None, None, one) for one in agents if not one.ranked))


def _worse(one: AgentFigures, best: AgentFigures) -> bool:
    difference = (one.ahead or 0.0) - (best.ahead or 0.0)
    return beyond_chance(difference, one.scores.error, best.scores.error) < 0
