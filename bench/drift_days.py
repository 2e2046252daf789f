"""Days of a made-up call centre, figure by figure: nothing drifts in them but what is planted.

Not tuned on: chosen before anything was measured. Volumes, rates and how far days lie apart are in
`Centre`; agents have days off and leave, week-ends are quieter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from pipeline.drift import Known

Row = dict[str, Any]
FIRST = date(2026, 3, 2)  # a Monday
LINES = ("bank", "insurance", "collection")


@dataclass(frozen=True)
class Planted:
    """What changes from a day on: `what` of a subject, `times` as much (0: stops)."""

    what: str
    subject: str
    since: date
    times: float


@dataclass
class Centre:
    """A centre of 60 agents in 6 teams and 3 lines, with 50 rules.

    `apart`: how far the rate of a rule lies from its mean on a day (log scale); `loads`: the same
    of the day's calls.
    """

    seed: int
    planted: tuple[Planted, ...] = ()
    agents: int = 60
    rules: int = 50
    a_day: float = 40.0
    apart: float = 0.1
    loads: float = 0.08
    known: Known = field(default_factory=lambda: Known([], [], [], []))

    def __post_init__(self) -> None:
        self._dice = np.random.default_rng(self.seed)
        self._rates = np.exp(self._dice.uniform(np.log(0.002), np.log(0.3), self.rules))
        self._unsure = np.exp(self._dice.uniform(np.log(0.002), np.log(0.1), self.rules))
        self._applies = self._dice.uniform(0.1, 1.0, self.rules)
        self._away = np.zeros(self.agents, int)

    def days(self, count: int) -> Iterator[date]:
        """So many days, one after the other; `known` holds those up to each."""
        for number in range(count):
            day = FIRST + timedelta(days=number)
            self._day(day)
            yield day

    def _day(self, day: date) -> None:
        calls = self._calls(day)
        self.known = Known(
            [*self.known.rules, *self._rules_of(day, sum(row["calls"] for row in calls))],
            [*self.known.confidence, *self._confidence_of(day, calls)],
            [*self.known.calls, *calls],
            [*self.known.runs, self._run(day, sum(row["calls"] for row in calls))],
        )

    def _times(self, what: str, subject: str, day: date) -> float:
        return next(
            (one.times for one in self.planted
             if (one.what, one.subject) == (what, subject) and one.since <= day), 1.0,
        )  # fmt: skip

    def _calls(self, day: date) -> list[Row]:
        weekend = day.weekday() >= 5
        load = np.exp(self._dice.normal(0, self.loads)) * (0.6 if weekend else 1.0)
        rows = []
        for agent in range(self.agents):
            name, team, line = f"A{agent}", f"T{agent % 6}", LINES[agent % 3]
            if self._is_off(agent, weekend) or not (
                self._times("agent", name, day)
                * self._times("team", team, day)
                * self._times("line", line, day)
            ):
                continue
            calls = int(self._dice.poisson(self._dice.gamma(20, self.a_day * load / 20)))
            if calls:
                rows.append({"day": day, "business_line": line, "team": team, "agent_id": name,
                             "calls": calls})  # fmt: skip
        return rows

    def _is_off(self, agent: int, weekend: bool) -> bool:
        """A day off now and then, a leave of 3 to 10 days about twice a year; half at week-ends."""
        if self._away[agent]:
            self._away[agent] -= 1
            return True
        if self._dice.random() < 0.006:
            self._away[agent] = self._dice.integers(3, 10)
        return bool(self._dice.random() < (0.5 if weekend else 0.04))

    def _rules_of(self, day: date, calls: int) -> Iterator[Row]:
        for rule in range(self.rules):
            of = int(self._dice.binomial(calls, self._applies[rule]))
            fails, unsure = (
                int(self._dice.binomial(of, min(rate[rule] * self._off()
                                                * self._times(what, f"r{rule}", day), 0.9)))
                for what, rate in (("rule", self._rates), ("unsure", self._unsure))
            )  # fmt: skip
            yield {"day": day, "rule": f"r{rule}", "title": "", "title_en": "", "calls": of,
                   "fails": fails, "unsure": unsure}  # fmt: skip

    def _off(self) -> float:
        return float(np.exp(self._dice.normal(0, self.apart)))

    def _confidence_of(self, day: date, calls: list[Row]) -> Iterator[Row]:
        for line in LINES:
            count = sum(row["calls"] for row in calls if row["business_line"] == line)
            if count < 2:
                continue
            mean = 0.86 + self._times("confidence", line, day) - 1 + self._dice.normal(0, 0.004)
            mean += self._dice.normal(0, 0.06 / np.sqrt(count))
            yield {"day": day, "business_line": line, "engine": "e", "model": "m", "calls": count,
                   "mean": float(mean), "variance": 0.06**2}  # fmt: skip

    def _run(self, day: date, calls: int) -> Row:
        """The run of the night after a day."""
        share = 0.01 * self._off() ** 3 * self._times("failed", "", day)
        failed = int(self._dice.poisson(calls * share))
        return {"day": day + timedelta(days=1), "processed": calls, "failed": failed}

    def rate(self, rule: int) -> float:
        """How often a rule hits."""
        return float(self._rates[rule])
