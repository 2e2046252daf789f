"""The reward and penalty list: rules of the settings over a month; every line explains itself.

Only what people confirmed can fine somebody: a finding of the machine that nobody decided on
counts for nothing here. A finding under an open appeal does not count until the appeal ends: a
penalty that needs it is suspended. A reward for having no confirmed veto waits while a veto waits
for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.agents import AgentFigures
from pipeline.domain import Decision, Severity
from pipeline.monthly.report import Cited, LineState, Reason, RewardLine, VetoState
from pipeline.reward_rules import CONFIRMED, Figure, RewardRule

BROKEN = (Decision.CONFIRM, Decision.ADD)
OF_SEVERITY = {
    Figure.CONFIRMED_CRITICAL: Severity.CRITICAL,
    Figure.CONFIRMED_MAJOR: Severity.MAJOR,
    Figure.CONFIRMED_MINOR: Severity.MINOR,
}
Values = Mapping[Figure, float | None]


@dataclass(frozen=True, slots=True)
class Month:
    """Agents, what was decided of their calls, and by agent which calls people listened to."""

    agents: Sequence[AgentFigures]
    cited: Sequence[Cited]
    heard: Mapping[str, Sequence[str]]


def reward_lines(month: Month, rules: Sequence[RewardRule]) -> tuple[RewardLine, ...]:
    """The list, in the order of the rules and by agent."""
    if not rules:
        return ()
    by_agent: dict[str, list[Cited]] = {}
    for one in month.cited:
        by_agent.setdefault(one.agent_id, []).append(one)
    found = (
        _line(rule, of, by_agent.get(of.agent_id, []), month.heard.get(of.agent_id, ()))
        for rule in rules
        for of in sorted(month.agents, key=lambda one: (one.team or "", one.agent_id))
    )
    return tuple(one for one in found if one is not None)


def _line(
    rule: RewardRule, of: AgentFigures, cited: Sequence[Cited], heard: Sequence[str]
) -> RewardLine | None:
    stands = [one for one in cited if one.decision in BROKEN and one.points_or_veto]
    sure = _values(of, [one for one in stands if not one.appealed])
    every = _values(of, stands)
    if rule.kind == "penalty":
        state = LineState.DUE if _holds(rule, sure) else LineState.SUSPENDED
        values = sure if state is LineState.DUE else every
        behind = _behind(rule, stands)
    else:
        # what is still appealed against may yet go: the better case is not promised before
        waits = [one for one in cited if one.veto and one.state is VetoState.OPEN]
        waits += [one for one in stands if one.appealed]
        pending = bool(waits) and Figure.CONFIRMED_VETOES in rule.when
        values = sure
        state = LineState.PENDING if pending else LineState.DUE
        behind = tuple(waits) if pending else ()
    if not _holds(rule, values):
        return None
    amount = rule.amount * (1.0 if rule.per is None else values[rule.per] or 0.0)
    reasons = tuple(
        Reason(figure, values[figure] or 0.0, limits) for figure, limits in rule.when.items()
    )
    return RewardLine(
        of.agent_id, of.agent_name or "", of.team or "", rule, state, amount, reasons, behind,
        tuple(sorted(heard)),
    )  # fmt: skip


def _holds(rule: RewardRule, values: Values) -> bool:
    return all(limits.holds(values[figure]) for figure, limits in rule.when.items())


def _values(of: AgentFigures, stands: Sequence[Cited]) -> Values:
    """The figures of an agent; of what was confirmed only these findings."""
    values: dict[Figure, float | None] = {
        Figure.CALLS: of.calls,
        Figure.CHECKED: of.heard,
        Figure.MEAN: of.mean,
        Figure.CHECKED_MEAN: of.heard_mean,
        Figure.PASS_RATE: of.passed / of.calls if of.calls else None,
        Figure.STANDS: of.stands if of.ranked else None,
    }
    values |= {figure: _count(figure, stands) for figure in CONFIRMED}
    return values


def _count(figure: Figure, stands: Iterable[Cited]) -> float:
    if figure is Figure.CONFIRMED_POINTS:
        return -sum(one.points for one in stands)
    return sum(_is_of(figure, one) for one in stands)


def _is_of(figure: Figure, one: Cited) -> bool:
    """Whether a confirmed finding is one that a figure counts; a chosen level is no violation."""
    if figure is Figure.CONFIRMED_POINTS:
        return one.points < 0
    if one.severity is None:
        return False
    if figure is Figure.CONFIRMED_VETOES:
        return one.veto
    return figure is Figure.CONFIRMED or one.severity is OF_SEVERITY[figure]


def _behind(rule: RewardRule, stands: Sequence[Cited]) -> tuple[Cited, ...]:
    """The findings that a penalty counts, also those under appeal."""
    asked = [figure for figure in rule.when if figure in CONFIRMED]
    return tuple(one for one in stands if any(_is_of(figure, one) for figure in asked))
