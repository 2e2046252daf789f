"""Generated weeks of calls in which problems are planted that rise, fall, stay and appear.

    python -m bench.history DB [--set shown|kept] [--calls 480] [--weeks 4] [--seed 1] [--times 1]

Text only, through the real line (rules, masking, measures, store). What stands in which call is
written beside the database (`truth.json`). `--times` repeats all calls under other ids, for speed:
480 calls 209 times are 100,000. `bench/cases/history/shown.yaml` is what discovery is developed on,
`kept.yaml` (other topics, wordings and changes) only what it is judged by.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bench.history_talk import Talk
from pipeline.domain import CallReport
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import Packs, inspect, provenance_of
from pipeline.store import Store
from pipeline.weeks import Week

FOLDER = Path(__file__).with_name("cases") / "history"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = Week.parse("2026-W44")
CALLS, WEEKS = 480, 4
TEAMS = ("一组", "二组", "三组", "四组")
CHANCE = {"again_share": 12.0, "angry_share": 12.0, "wait_share": 10.0}
KINDS = {"again_share": "repeated", "angry_share": "dissatisfied", "wait_share": "waited"}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Planted:
    """A problem that the history holds: its kind, topic or rule, and what it does in the end."""

    kind: str
    key: str
    name: str
    shares: tuple[float, ...]  # of all calls, by week
    trend: str
    team: str | None = None
    agent: str | None = None
    product: str | None = None


@dataclass
class Truth:
    """What stands where: pairs of kind and key by call; calls by week; what was planted."""

    holds: dict[str, list[Pair]] = field(default_factory=dict)
    weeks: dict[str, str] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)

    def of(self, kind: str, key: str, week: str | None = None) -> set[str]:
        """Calls that hold it."""
        return {
            call
            for call, pairs in self.holds.items()
            if (kind, key) in pairs and week in (None, self.weeks[call])
        }


@dataclass(frozen=True)
class Plan:
    """Which history is made."""

    name: str = "shown"
    calls: int = CALLS
    weeks: int = WEEKS
    seed: int = 1


def make(db: Path, plan: Plan | None = None, times: int = 1) -> Truth:
    """Write a history into a new database, published; returns its truth."""
    plan = plan or Plan()
    truth = Truth(planted=list(planted(plan)))
    db.parent.mkdir(parents=True, exist_ok=True)
    with Store.open(db) as store:
        store.save(_inspected(calls(plan, truth)))
    if times > 1:
        multiply(db, times)
    with Store.open(db) as store:
        store.publish()
    text = json.dumps(asdict(truth), ensure_ascii=False, indent=1)
    (db.parent / "truth.json").write_text(text, encoding="utf-8")
    return truth


def last_week(plan: Plan) -> Week:
    """The week that the planted changes happen in."""
    return Week(FIRST.monday + timedelta(weeks=plan.weeks - 1))


def calls(plan: Plan, truth: Truth) -> Iterator[dict[str, Any]]:
    """The calls in the outer format, week by week; what they hold goes into `truth`."""
    maker = Maker(plan)
    per_week = plan.calls // plan.weeks
    for number in range(per_week * plan.weeks):
        call, pairs = maker.call(number, number // per_week)
        truth.holds[call["call_id"]] = sorted(pairs)
        truth.weeks[call["call_id"]] = str(_week(number // per_week))
        yield call


def planted(plan: Plan) -> Iterator[Planted]:
    """Every topic as something asked, and what is planted in it; every rule."""
    maker = Maker(plan)
    for topic in maker.topics:
        shares = [maker.share(topic, week) for week in range(plan.weeks)]
        about = {name: topic.get(name) for name in ("team", "agent", "product")}
        yield _planted("asked", topic, shares, about)
        for name, kind in KINDS.items():
            if name in topic:
                some = [maker.percent(topic, name, w) for w in range(plan.weeks)]
                both = [a * b / 100 for a, b in zip(shares, some, strict=True)]
                yield _planted(kind, topic, both, about)
    for rule in maker.kind["rules"]:
        shares = [maker.wave(rule["shares"], week) for week in range(plan.weeks)]
        about = {name: rule.get(name) for name in ("team", "agent")}
        yield _planted("rule", {"key": rule["rule"], "name": rule["rule"]}, shares, about)


def _planted(
    kind: str, topic: Mapping[str, Any], shares: Sequence[float], about: Mapping[str, Any]
) -> Planted:
    *before, last = shares
    mean = sum(before) / len(before) if before else 0.0
    trend = "same"
    if not mean:
        trend = "new"
    elif last >= 2 * mean or last <= mean / 2:
        trend = "up" if last > mean else "down"
    rounded = tuple(round(share, 2) for share in shares)
    return Planted(kind, topic["key"], topic["name"], rounded, trend, **about)


def _week(number: int) -> Week:
    return Week(FIRST.monday + timedelta(weeks=number))


def _inspected(given: Iterable[dict[str, Any]]) -> Iterator[CallReport]:
    packs = Packs(day=date(2026, 11, 29))
    for call in given:
        item = parse_transcript(json.dumps(call, ensure_ascii=False), call["call_id"], ZONE)
        pack = packs.of_call(item.transcript.info)
        made_by = provenance_of(item.sha256, pack, "history")
        yield inspect(item.transcript, pack, made_by, (call["call_id"],))


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


class Maker:
    """Makes one call after another; each by a seed of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.kind, self.common = plan, _read(plan.name), _read("common")
        self.topics: list[dict[str, Any]] = self.kind["topics"]
        self.agents = [
            {"id": f"A{101 + k}", "name": name, "team": TEAMS[k % len(TEAMS)]}
            for k, name in enumerate(self.common["names"])
        ]

    def wave(self, shares: Sequence[float], week: int) -> float:
        """The share of a week: with more weeks than are given, the first one goes on before."""
        return float(shares[max(0, len(shares) - self.plan.weeks + week)])

    def percent(self, topic: Mapping[str, Any], name: str, week: int) -> float:
        """Of a topic's calls in a week."""
        given = topic.get(name, CHANCE[name])
        return self.wave(given, week) if isinstance(given, list) else float(given)

    def share(self, topic: Mapping[str, Any], week: int) -> float:
        """Percent of a week's calls that are about a topic; what is not planted fills the rest."""
        if "shares" in topic:
            return self.wave(topic["shares"], week)
        rest = 100 - sum(self.wave(t["shares"], week) for t in self.topics if "shares" in t)
        return rest / sum("shares" not in t for t in self.topics)

    def call(self, number: int, week: int) -> tuple[dict[str, Any], set[Pair]]:
        """One call of a week (from 0), and what it holds."""
        rng = random.Random(f"{self.plan.name}-{self.plan.seed}-{number}")
        weights = [self.share(topic, week) for topic in self.topics]
        (topic,) = rng.choices(self.topics, weights)
        agent = self._agent(rng, topic)
        breaches = {r["rule"] for r in self.kind["rules"] if self._breaks(rng, r, week, topic)}
        for rule in self.kind["rules"]:  # who breaks it is planted too
            if rule["rule"] in breaches and ("agent" in rule or "team" in rule):
                agent = self._agent(rng, rule)
        pairs = {("asked", topic["key"])} | {("rule", rule) for rule in breaches}
        talk = Talk(rng, self.common, topic, agent["id"])
        talk.begin()
        wait = rng.random() * 100 < self.percent(topic, "wait_share", week)
        talk.ask(topic, rng.choice((9.0, 12.0, 16.0, 25.0)) if wait else 0.6)
        chosen = {name: rng.random() * 100 < self.percent(topic, name, week) for name in CHANCE}
        chosen["wait_share"] = wait
        pairs |= {(KINDS[name], topic["key"]) for name, one in chosen.items() if one}
        others = [t for t in self.topics if "shares" not in t and t is not topic]
        pairs |= talk.middle(others, again=chosen["again_share"], angry=chosen["angry_share"])
        talk.end(breaches)
        return self._outer(rng, (number, week), (agent, topic), talk.segments), pairs

    def _agent(self, rng: random.Random, about: Mapping[str, Any]) -> dict[str, str]:
        """Whoever takes the call; nine of ten calls of what is planted on somebody are theirs."""
        for name, key in (("agent", "id"), ("team", "team")):
            if name in about and rng.random() < 0.9:
                return rng.choice([one for one in self.agents if one[key] == about[name]])
        return rng.choice(self.agents)

    def _breaks(
        self, rng: random.Random, rule: Mapping[str, Any], week: int, topic: Mapping[str, Any]
    ) -> bool:
        share = self.wave(rule["shares"], week)
        if "topics" in rule:  # only there, so more often there
            among = [t for t in self.topics if t["key"] in rule["topics"]]
            share *= 100 / sum(self.share(t, week) for t in among) * (topic in among)
        return rng.random() * 100 < share

    def _outer(
        self, rng: random.Random, when: tuple[int, int], about: tuple[Any, Any],
        segments: list[dict[str, Any]],
    ) -> dict[str, Any]:  # fmt: skip
        (number, week), (agent, topic) = when, about
        day = _week(week).monday + timedelta(days=rng.randrange(7))
        began = datetime.combine(day, time(8), ZONE) + timedelta(seconds=rng.randrange(12 * 3600))
        return {
            "call_id": f"h{self.plan.seed}-{number:06d}",
            "channel": "voice",
            "business_line": topic.get("line", "bank"),
            "direction": "inbound",
            "started_at": began.isoformat(),
            "duration": segments[-1]["end"] + 1.5,
            "agent": agent,
            "customer": {"id": f"U{self.plan.seed}{number:06d}"},
            "attributes": {"product": topic["product"]},
            "segments": segments,
        }


def multiply(db: Path, times: int) -> None:
    """The same calls again under other ids; loaded by the database itself."""
    import duckdb

    with duckdb.connect(str(db)) as master:
        tables = master.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = 'main'"
            " AND NOT internal AND table_name <> 'names' GROUP BY ALL"
        ).fetchall()
        for table, columns in tables:
            if "call_id" not in columns:
                continue
            new = ["call_id || '-' || k AS call_id"]
            if "content_sha256" in columns:
                new.append("sha256(content_sha256 || k) AS content_sha256")
            if "customer_id" in columns:
                new.append("customer_id || '-' || k AS customer_id")
            master.execute(
                f"INSERT INTO {table} SELECT * EXCLUDE (k) REPLACE ({', '.join(new)})"
                f" FROM (SELECT * FROM {table}), range(1, $times) AS r(k)",
                {"times": times},
            )


def main() -> None:
    """Write a history and say what is planted in it."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("db", type=Path)
    given.add_argument("--set", choices=("shown", "kept"), default="shown")
    given.add_argument("--calls", type=int, default=CALLS)
    given.add_argument("--weeks", type=int, default=WEEKS)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--times", type=int, default=1)
    asked = given.parse_args()
    plan = Plan(asked.set, asked.calls, asked.weeks, asked.seed)
    truth = make(asked.db, plan, asked.times)
    print(f"{len(truth.holds) * asked.times:,} calls, {FIRST} to {last_week(plan)}: {asked.db}")
    for one in truth.planted:
        shares = " ".join(f"{share:5.1f}" for share in one.shares)
        print(f"{one.kind:<13}{one.key:<28}{one.trend:<6}{shares}  {one.team or one.agent or ''}")


if __name__ == "__main__":
    main()
