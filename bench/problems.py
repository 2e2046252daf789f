"""Whether planted problems are found, trends fire where they should, problems keep their ids.

    python -m bench.problems FOLDER [--set shown kept] [--seeds 5] [--calls 480]

Every seed is a history of its own (bench/history.py). Its last week is looked at twice: on its
own, and as it is used, after the weeks before were noted. A planted problem counts as found when
some problem of its kind holds at least half of its calls and is at least half made of them.
Purity and recall are of that problem's calls of all weeks.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from bench import history
from bench.history import KINDS, Planted, Truth
from pipeline.domain import Problem, Trend
from pipeline.problems import Weekly, look, note
from pipeline.shares import wilson
from pipeline.store import Snapshot

LEAST = 4  # truth calls in the week: rarer ones are no common problem
CHANGED = (Trend.NEW, Trend.UP, Trend.DOWN)
FOLLOWS = "no_unannounced_silence"  # what is left waiting breaks it: neither planted nor constant


@dataclass
class Tally:
    """Over some histories."""

    planted: int = 0
    found: list[tuple[float, float, int]] = field(default_factory=list)  # recall, purity, rank
    missed: Counter[str] = field(default_factory=Counter)
    fired: int = 0
    to_fire: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    false: int = 0
    constant: int = 0
    kept: int = 0
    to_keep: int = 0
    named: int = 0


def main() -> None:
    """Print a table per set."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("folder", type=Path)
    given.add_argument("--set", nargs="+", default=["shown", "kept"])
    given.add_argument("--seeds", type=int, default=5)
    given.add_argument("--calls", type=int, default=history.CALLS)
    asked = given.parse_args()
    for name in asked.set:
        alone, used = Tally(), Tally()
        for seed in range(1, asked.seeds + 1):
            plan = history.Plan(name, asked.calls, history.WEEKS, seed)
            folder = asked.folder / f"{name}-{asked.calls}-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            truth = history.make(folder / "calls.duckdb", plan)
            with Snapshot.open(folder / "calls.duckdb") as snapshot:
                measure(snapshot, plan, truth, alone, used)
        for what, tally in (("alone", alone), ("after noted weeks", used)):
            report(f"{name}, {asked.seeds} x {asked.calls} calls, {what}", tally)


def measure(
    snapshot: Snapshot, plan: history.Plan, truth: Truth, alone: Tally, used: Tally
) -> None:
    """One history, on its own and with a register of the weeks before."""
    last = history.last_week(plan)
    count(look(snapshot, last), plan, truth, alone)
    for back in range(plan.weeks - 1, 0, -1):
        note(snapshot, last.back(back), least=0)
    before, now = look(snapshot, last.back(1)), look(snapshot, last)
    count(now, plan, truth, used)
    keeps_ids(before, now, truth, (str(last.back(1)), str(last)), used)


def count(seen: Weekly, plan: history.Plan, truth: Truth, tally: Tally) -> None:
    """What was found of what was planted, and what fired that was not."""
    last = str(history.last_week(plan))
    for one in truth.planted:
        if len(truth.of(one.kind, one.key, last)) < LEAST and one.trend != "down":
            continue
        if not truth.of(one.kind, one.key):
            continue
        tally.planted += 1
        hit = best(seen, truth, one)
        if hit is None:
            tally.missed[f"{one.kind} {one.key}"] += 1
        else:
            tally.found.append(hit[1:])
        if one.trend != "same":
            tally.to_fire += 1
            right = hit is not None and str(hit[0].trend) == one.trend
            tally.fired += right
            if not right:
                what = str(hit[0].trend) if hit else "not found"
                tally.wrong[f"{one.kind} {one.key} {one.trend}: {what}"] += 1
    for problem in seen.problems:
        if problem.chance is None or not constant(plan, truth, seen, problem):
            continue
        tally.constant += 1
        if problem.trend in CHANGED:
            tally.false += 1
            tally.wrong[f"false: {problem.kind} {problem.name} {problem.trend}"] += 1


def best(seen: Weekly, truth: Truth, one: Planted) -> tuple[Problem, float, float, int] | None:
    """The problem that holds a planted one: with recall, purity and rank from 1."""
    wanted, found = truth.of(one.kind, one.key), []
    for rank, problem in enumerate(seen.problems, 1):
        calls = seen.calls[problem.id]
        both = len(wanted & calls)
        recall, purity = both / len(wanted), both / len(calls)
        if problem.kind == one.kind and min(recall, purity) >= 0.5:
            found.append((problem, recall, purity, rank))
    return max(found, key=lambda hit: hit[1] * hit[2], default=None)


def constant(plan: history.Plan, truth: Truth, seen: Weekly, problem: Problem) -> bool:
    """Whether what a problem holds most of does not change in truth."""
    if problem.rule == FOLLOWS:
        return False
    kind = str(problem.kind)
    calls = seen.calls[problem.id]
    keys = Counter(
        key for call in calls for held, key in truth.holds[call] if held in (kind, "asked")
    )
    key = problem.rule or keys.most_common(1)[0][0]
    return key in set(steady(plan, kind))


def steady(plan: history.Plan, kind: str) -> Iterator[str]:
    """Topics, side questions, rules whose true share is the same in all weeks, within a fifth."""
    maker = history.Maker(plan)
    yield from (side["key"] for side in maker.common["side"])
    if kind == "rule":
        yield from (r["rule"] for r in maker.kind["rules"] if len(set(r["shares"])) == 1)
        return
    percent = {value: key for key, value in KINDS.items()}.get(kind)
    for topic in maker.topics:
        shares = [
            maker.share(topic, week) * (maker.percent(topic, percent, week) if percent else 1.0)
            for week in range(plan.weeks)
        ]
        if shares[-1] and max(shares) <= 1.2 * min(shares):
            yield topic["key"]


def keeps_ids(
    before: Weekly, now: Weekly, truth: Truth, weeks: tuple[str, str], tally: Tally
) -> None:
    """Whether what is found in both weeks has the same id and name."""
    for one in truth.planted:
        if one.kind == "rule" or any(not truth.of(one.kind, one.key, week) for week in weeks):
            continue
        was, is_now = best(before, truth, one), best(now, truth, one)
        if was and is_now:
            tally.to_keep += 1
            tally.kept += was[0].id == is_now[0].id
            tally.named += (was[0].id, was[0].name) == (is_now[0].id, is_now[0].name)


def report(title: str, tally: Tally) -> None:
    """Print it."""
    print(f"\n{title}")
    recall, purity, rank = zip(*tally.found, strict=True)
    print(f"  found            {_share(len(tally.found), tally.planted)}")
    print(
        f"  recall, purity   {mean(recall):.2f}, {mean(purity):.2f}; median rank {median(rank):.0f}"
    )
    print(f"  trend fires      {_share(tally.fired, tally.to_fire)}")
    print(f"  false alarms     {_share(tally.false, tally.constant)}")
    if tally.to_keep:
        print(f"  id kept          {_share(tally.kept, tally.to_keep)}")
        print(f"  and its name     {_share(tally.named, tally.to_keep)}")
    for name, counts in (("missed", tally.missed), ("wrong", tally.wrong)):
        for what, times in counts.most_common():
            print(f"    {name}: {what} ({times})")


def _share(part: int, whole: int) -> str:
    low, high = wilson(part / whole, whole) if whole else (0.0, 1.0)
    return f"{part} of {whole} = {part / max(whole, 1):.2f} [{low:.2f}, {high:.2f}]"


if __name__ == "__main__":
    main()
