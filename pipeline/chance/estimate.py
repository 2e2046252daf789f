"""What is learned from people's decisions, and whether it may order the queue.

It may when enough was decided and it foretold the latest quarter of the decisions better than the
rules' records do (learned from the earlier ones), by more than chance. Else the queue keeps to the
records. Everybody learns from the same decisions: the count is cut to its two leading digits, so
that not every decision makes all pages learn again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from pipeline.chance.model import Model, Traits, brier, fit
from pipeline.store import KINDS, ChanceTable, Snapshot, decided_findings, kind_of

Row = Mapping[str, Any]
ENOUGH, ENOUGH_OF_EACH = 200, 20
LATER = 4  # one decision in so many, the latest, is foretold
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Example:
    """A decided finding: `confidence` of the rule, 0.5 of an unsure one."""

    traits: Traits
    confidence: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Of a rule: decided findings that people confirmed."""

    confirmed: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Tested:
    """On the later decisions: mean squared errors (Brier), and whether that is better."""

    decisions: int
    brier: float
    brier_before: float
    better: bool


@dataclass(frozen=True, slots=True)
class Chance:
    """Of one finding; None where too little was decided to tell. `record`: of its rule."""

    chance: float | None
    record: Record


@dataclass(frozen=True, slots=True)
class Learned:
    """`model` None: too little was decided. `tested` of it; `decisions` stand behind it.

    `table`: what orders the queue; None: the rules' records do.
    """

    decisions: int = 0
    records: Mapping[str, Record] = field(default_factory=dict)
    model: Model | None = None
    tested: Tested | None = None
    table: ChanceTable | None = None

    def of(self, finding: Row, call: Row) -> Chance:
        """The chance of a stored finding of a stored call."""
        record = self.records.get(finding["rule"], Record())
        if self.table is None or self.model is None:
            return Chance(None, record)
        return Chance(self.model.chance(traits_of(finding, call)), record)


def traits_of(finding: Row, call: Row) -> Traits:
    """Of a stored finding of a stored call."""
    return Traits(
        finding["rule"], kind_of(finding), call["business_line"], call["team"] or ""
    )  # fmt: skip


def learned(snapshot: Snapshot) -> Learned:
    """What this database's decisions teach; remembered until there are some 1 to 10 % more."""
    until = _cut(snapshot.people.stamp()[0])
    key = str(snapshot.layout.db), snapshot.version, until
    with _GUARD:
        if key not in _KNOWN:
            while len(_KNOWN) >= REMEMBERED:
                del _KNOWN[next(iter(_KNOWN))]
            _KNOWN[key] = learn([_example(row) for row in decided_findings(snapshot, until)])
        return _KNOWN[key]


_GUARD = threading.Lock()
_KNOWN: dict[tuple[str, str, int], Learned] = {}


def _cut(count: int) -> int:
    """The two leading digits, then zeros."""
    kept = str(count)[:2]
    return int(kept + "0" * (len(str(count)) - len(kept)))


def _example(row: Row) -> Example:
    traits = Traits(row["rule"], row["kind"], row["business_line"], row["team"])
    return Example(traits, row["confidence"], row["confirmed"])


def learn(examples: Sequence[Example]) -> Learned:
    """From decided findings, oldest decision first."""
    records = _records(examples)
    confirmed = sum(one.confirmed for one in examples)
    few = min(confirmed, len(examples) - confirmed) < ENOUGH_OF_EACH
    if len(examples) < ENOUGH or few:
        return Learned(len(examples), records)
    model, tested = _fitted(examples), test(examples)
    table = _table(model, list(records)) if tested.better else None
    return Learned(len(examples), records, model, tested, table)


def test(examples: Sequence[Example]) -> Tested:
    """Learn from the earlier decisions, foretell the later ones, beside the rules' records."""
    cut = len(examples) - len(examples) // LATER
    earlier, later = examples[:cut], examples[cut:]
    model, records = _fitted(earlier), _records(earlier)
    now = [brier(model.chance(one.traits), one.confirmed) for one in later]
    before = [brier(plain_chance(one, records), one.confirmed) for one in later]
    gains = [old - new for new, old in zip(now, before, strict=True)]
    mean = sum(gains) / len(gains)
    error = sqrt(sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1) / len(gains))
    return Tested(
        len(later), sum(now) / len(now), sum(before) / len(before), mean > 2 * error
    )  # fmt: skip


def plain_chance(one: Example, records: Mapping[str, Record]) -> float:
    """What the queue goes by without a model; sql/list_calls.sql works it out itself."""
    record = records.get(one.traits.rule, Record())
    return one.confidence * (record.confirmed + 4) / (record.decided + 5)


def _records(examples: Sequence[Example]) -> dict[str, Record]:
    decided = Counter(one.traits.rule for one in examples)
    confirmed = Counter(one.traits.rule for one in examples if one.confirmed)
    return {rule: Record(confirmed[rule], count) for rule, count in decided.items()}


def _fitted(examples: Sequence[Example]) -> Model:
    return fit([(one.traits, one.confirmed) for one in examples])


def _table(model: Model, rules: Sequence[str]) -> ChanceTable:
    """The model as SQL joins it: the sums that do not depend on where, and those that do."""
    kinds = range(len(KINDS))

    def logit(rule: str, kind: int) -> float:
        return model.logit(Traits(rule, kind, "", "").parts[:4])

    def shift(line: str, team: str) -> float:
        return model.logit((("line", line), ("team", team)))

    return ChanceTable(
        [
            {"rule": rule, "kind": kind, "logit": logit(rule, kind)}
            for rule in rules
            for kind in kinds
        ],
        tuple(logit("", kind) for kind in kinds),
        [
            {"business_line": line, "team": team, "logit": shift(line, team)}
            for line in model.values("line")
            for team in model.values("team")
        ],
    )
