"""How good every rule is by what people decided, and what that suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain import Severity
from pipeline.shares import differ, wilson
from pipeline.store import Filters, Snapshot

ENOUGH_DECIDED = 20
GOOD, BAD = 0.8, 0.5  # of what a rule hits, people confirm
ENOUGH_CALLS = 1_000
MISSED = 5
SPAN = 30  # days that are compared with as many before


class Advice(StrEnum):
    """What the figures suggest; somebody looks at the examples before anything is changed."""

    RETIRE = "retire"
    TIGHTEN = "tighten"
    WIDEN = "widen"
    REWORD = "reword"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule over some calls.

    `calls`: to which it applies. `confirmed` and `rejected` are of its hits, `added` what people
    found and it did not. `trend`: hits per call of the last days against those before, 1 more, -1
    fewer, 0 no more than chance.
    """

    rule: str
    title: str
    title_en: str
    severity: Severity
    calls: int
    hits: int
    unsure: int
    confirmed: int
    rejected: int
    added: int
    rate_now: float | None
    rate_before: float | None
    trend: int

    @property
    def decided(self) -> int:
        """Hits that people confirmed or rejected."""
        return self.confirmed + self.rejected

    @property
    def precision(self) -> float | None:
        """Of its decided hits those that were confirmed."""
        return self.confirmed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of the precision, 95 %."""
        return None if self.precision is None else wilson(self.precision, self.decided)

    @property
    def advice(self) -> Advice | None:
        """The gravest that the figures suggest beyond chance."""
        high = self.interval[1] if self.interval and self.decided >= ENOUGH_DECIDED else 1.0
        if high < BAD:
            return Advice.RETIRE
        if high < GOOD:
            return Advice.TIGHTEN
        if self.added >= MISSED and self.added >= self.confirmed:
            return Advice.WIDEN
        if self.unsure > self.hits and self.unsure >= ENOUGH_DECIDED:
            return Advice.REWORD
        if self.calls >= ENOUGH_CALLS and not (self.hits or self.unsure or self.added):
            return Advice.SILENT
        return None


def rule_records(snapshot: Snapshot, filters: Filters, last: date) -> list[RuleRecord]:
    """Every rule of the calls that filters leave, most hits first; `last` ends the newer days."""
    return _records(snapshot.judged_rules(filters, last, SPAN).to_pylist())


def _records(rows: Sequence[dict[str, object]]) -> list[RuleRecord]:
    records = []
    for row in rows:
        count = {name: int(str(value)) for name, value in row.items() if isinstance(value, int)}
        now, before = (
            count[f"fails_{when}"] / count[f"calls_{when}"] if count[f"calls_{when}"] else None
            for when in ("now", "before")
        )
        records.append(
            RuleRecord(
                str(row["rule"]), str(row["title"]), str(row["title_en"]),
                Severity(str(row["severity"])), count["calls"], count["fails"], count["unsure"],
                count["confirmed"], count["rejected"], count["added"], now, before,
                differ(
                    count["fails_now"], count["calls_now"],
                    count["fails_before"], count["calls_before"],
                ),
            )
        )  # fmt: skip
    return records
