"""What is worked out once for a pack, so that a call costs little.

* Equal conditions of several rules (`pitch` in four of them) are one object, looked up once a call.
* A rule says the same of every call in which none of the words that it waits for is said, and of
  which its other conditions (metadata, times) say the same: its finding is made once and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from pipeline.domain import Finding
from pipeline.rules.logic import Judged
from pipeline.rules.matcher import Matcher
from pipeline.rules.model import Rule
from pipeline.rules.operators import Operator
from pipeline.rules.operators.base import TextOperator
from pipeline.rules.result import Result

Key = tuple[str, tuple[int, ...]]
MOST_KEPT = 200  # findings a rule
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding that any call gives in which nothing of the rule is said.

    `heard_in`: the conditions whose places say how well the recogniser heard there; `sought`: the
    one in whose places something is missing.
    """

    finding: Finding
    heard_in: tuple[TextOperator, ...]
    sought: TextOperator | None


@dataclass(slots=True)
class Quiet:
    """A condition that says the same of all clear calls in which nothing it waits for is said."""

    condition: TextOperator
    waits_for: frozenset[tuple[int, str]]
    result: Result | None = None

    def keep(self, result: Result) -> Result:
        """Remember what it says, unless that is put into words by looking at the call."""
        if isinstance(result.says, str) and not result.hits:
            self.result = result._replace(confidence=1.0)  # how clear it was is the call's
        return result


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule with its conditions shared, and their ids.

    `waits_for`: needs without which it says nothing new.
    `others`: conditions that do not wait for words. `may_keep`: whether findings are kept at all.
    `occasion`, `judged`: its expressions.
    `worded`: findings that point to no place, by what they say.
    """

    rule: Rule
    conditions: Mapping[str, Operator]
    ids: Mapping[str, int]
    waits_for: frozenset[tuple[int, str]]
    others: tuple[str, ...]
    may_keep: bool
    occasion: Judged | None
    judged: Judged
    kept: dict[tuple[object, ...], Kept] = field(default_factory=dict)
    worded: dict[tuple[object, ...], Finding] = field(default_factory=dict)


def remember(known: dict[K, V], key: K, value: V) -> None:
    """Keep a value; reasons with numbers in them are many, so not for ever."""
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = value


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a pack, ready to be used, and what finds their phrases.

    `quiet`: conditions that say the same of all clear calls without their words, by their ids.
    """

    rules: tuple[PlannedRule, ...]
    matcher: Matcher
    quiet: Mapping[int, Quiet]
    _by_day: dict[date | None, Mapping[str, PlannedRule]] = field(default_factory=dict)

    def in_force(self, day: date | None) -> Mapping[str, PlannedRule]:
        """The rules in force on a day, by id in the pack's order."""
        known = self._by_day.get(day)
        if known is None:
            known = {p.rule.id: p for p in self.rules if p.rule.effective.holds(day)}
            remember(self._by_day, day, known)
        return known


def make_plan(rules: Iterable[Rule]) -> Plan:
    """Share equal conditions and build the matcher of all of them."""
    shared: dict[Key, Operator] = {}
    planned = tuple(_planned(rule, shared) for rule in rules)
    quiet = {id(condition): q for condition in shared.values() if (q := _quiet(condition))}
    return Plan(planned, Matcher(shared.values()), quiet)


def _quiet(condition: Operator) -> Quiet | None:
    if not isinstance(condition, TextOperator) or condition.scope.anchor is not None:
        return None
    parts = condition.says_nothing_without()
    if parts is None:
        return None
    return Quiet(condition, frozenset((id(condition), part) for part in parts))


def _planned(rule: Rule, shared: dict[Key, Operator]) -> PlannedRule:
    own: dict[str, Operator] = {}

    def share(name: str) -> Operator:
        if name not in own:
            condition = rule.conditions[name]
            near = tuple(id(share(other)) for other in condition.refers_to())
            own[name] = shared.setdefault((condition.model_dump_json(), near), condition)
        return own[name]

    conditions = {name: share(name) for name in rule.conditions}
    waits: list[tuple[int, str]] = []
    others: list[str] = []
    for name, condition in conditions.items():
        parts = condition.says_nothing_without()
        if parts is None:
            others.append(name)
        else:
            waits += ((id(condition), part) for part in parts)
    may_keep = not any(conditions[name].costs for name in others)
    return _of(rule, conditions, frozenset(waits), tuple(others), may_keep)


def alone(rule: Rule) -> PlannedRule:
    """A rule that shares and keeps nothing."""
    return _of(rule, rule.conditions, frozenset(), (), may_keep=False)


def _of(
    rule: Rule,
    conditions: Mapping[str, Operator],
    waits_for: frozenset[tuple[int, str]],
    others: tuple[str, ...],
    may_keep: bool,
) -> PlannedRule:
    occasion = None if rule.occasion is None else Judged(rule.occasion)
    judged = Judged(rule.judged)
    ids = {name: id(condition) for name, condition in conditions.items()}
    return PlannedRule(rule, conditions, ids, waits_for, others, may_keep, occasion, judged)
