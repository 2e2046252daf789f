"""How long the monthly report takes over the calls of a large database.

    python -m bench.monthly FOLDER [--month 2026-11]

Asks the database that `python -m bench.pages FOLDER` has filled; every part once, in one process.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench.pages import LAST_DAY
from pipeline.monthly import MonthPeriod, Wish, report_of
from pipeline.monthly.files import WRITERS, bytes_of
from pipeline.monthly.gather import last_week
from pipeline.problems import weekly
from pipeline.reward_rules import RewardRule
from pipeline.store import Snapshot

T = TypeVar("T")
RULES = [
    RewardRule.model_validate(
        {"name": "star", "kind": "reward", "amount": 200,
         "when": {"calls": {"at_least": 20}, "stands": {"at_least": 1}}}
    ),
    RewardRule.model_validate(
        {"name": "veto", "kind": "penalty", "amount": 100, "per": "confirmed_vetoes",
         "when": {"confirmed_vetoes": {"at_least": 1}}}
    ),
]  # fmt: skip


def main() -> None:
    """Ask, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--month", default="2026-11")
    options = parser.parse_args()
    db = next(options.folder.glob("*.duckdb"))
    period = MonthPeriod.of(options.month)
    print("| part | wall | processor |\n| --- | ---: | ---: |")
    with Snapshot.open(db) as snapshot:
        wish = Wish(period, LAST_DAY, RULES)
        report = timed("figures and lists", lambda: report_of(snapshot, wish))
        timed("figures and lists, once more", lambda: report_of(snapshot, wish))
        problems = timed("common problems", lambda: weekly(snapshot, last_week(period)))
        for form in WRITERS:
            whole = replace(report, problems=problems)
            data = timed(form, partial(bytes_of, whole, form, "zh"))
            print(f"({form}: {len(data) / 1024:,.0f} KiB)", flush=True)
    now, before = report.whole.now.calls, report.whole.before.calls
    print(f"{now:,} calls and {before:,} of the month before; {len(report.ranking)} agents, "
          f"{len(report.rewards)} lines of rewards, {len(report.vetoes)} vetoes")  # fmt: skip


def timed(name: str, work: Callable[[], T]) -> T:
    """Do it and print how long it took."""
    wall, own = time.perf_counter(), time.process_time()
    done = work()
    print(
        f"| {name} | {time.perf_counter() - wall:.1f} s | {time.process_time() - own:.1f} s |",
        flush=True,
    )
    return done


if __name__ == "__main__":
    main()
