"""Drift alarms: how often they are wrong where nothing drifts, what they find of what is planted.

`python -m bench.drift [--days 150] [--seeds 4]` prints Markdown for bench/README.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from bench.drift_days import FIRST, Centre, Planted
from pipeline.domain import DriftKind
from pipeline.drift import Known, judge_known
from pipeline.shares import wilson

HISTORY = 56  # days that are only looked back at
WINDOW = 70  # rows kept: no older ones are looked at
Key = tuple[DriftKind, str]


def main() -> None:
    """Both tables."""
    reader = argparse.ArgumentParser(prog="bench.drift")
    reader.add_argument("--days", type=int, default=150)
    reader.add_argument("--seeds", type=int, default=4)
    given = reader.parse_args()
    began = time.monotonic()
    print(false_alarms(given.seeds, given.days))
    print(found(given.seeds))
    print(f"\n{time.monotonic() - began:.0f} s")


def begun(centre: Centre, days: int) -> Iterator[tuple[date, Key]]:
    """Alarms that begin on days after the history, followed as the product does."""
    going: dict[Key, date] = {}
    for day in centre.days(HISTORY + days):
        centre.known = _recent(centre.known, day)
        if (day - FIRST).days < HISTORY:
            continue
        figures = {one.key: one for one in judge_known(centre.known, day, going)}
        for key in list(going):
            still = figures[key].still if key in figures else True
            if not still or (day - going[key]).days > 14:
                del going[key]
        for key, one in figures.items():
            if one.alarming and key not in going:
                going[key] = one.drift.began
                yield day, key


def false_alarms(seeds: int, days: int) -> str:
    """Alarms in days in which nothing drifts, per kind; days as trials."""
    counts: Counter[DriftKind] = Counter()
    wrong: set[tuple[int, date]] = set()
    for seed in range(seeds):
        for day, (kind, _) in begun(Centre(1000 + seed), days):
            counts[kind] += 1
            wrong.add((seed, day))
    of = seeds * days
    low, high = wilson(len(wrong) / of, of)
    lines = ["| kind | false alarms | per 100 days |", "| --- | ---: | ---: |"]
    lines += [f"| {kind} | {counts[kind]} | {100 * counts[kind] / of:.2f} |" for kind in DriftKind]
    lines.append(
        f"\nDays with any: {len(wrong)} of {of}, {100 * len(wrong) / of:.1f} % "
        f"[{100 * low:.1f}–{100 * high:.1f}]\n"
    )
    return "\n".join(lines)


CHANGES = (
    ("rule, about 1 % of calls, 2 ×", DriftKind.RULE, "rule", 2.0, 0.01),
    ("rule, about 1 % of calls, 3 ×", DriftKind.RULE, "rule", 3.0, 0.01),
    ("rule, about 10 % of calls, 2.5 ×", DriftKind.RULE, "rule", 2.5, 0.1),
    ("unsure, 3 ×", DriftKind.UNSURE, "unsure", 3.0, None),
    ("confidence − 0.05 in one line", DriftKind.CONFIDENCE, "confidence", 0.95, None),
    ("an agent's calls stop", DriftKind.AGENT, "agent", 0.0, None),
    ("a team's calls stop", DriftKind.TEAM, "team", 0.0, None),
    ("a line's calls stop", DriftKind.LINE, "line", 0.0, None),
    ("failed recordings, 3 ×", DriftKind.FAILED, "failed", 3.0, None),
)


def found(seeds: int) -> str:
    """How many of the planted changes are found on the first day, by the third, the tenth."""
    lines = ["| planted | on day 1 | by day 3 | by day 10 | of |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for name, kind, what, times, near in CHANGES:
        waits = [_wait(seed, kind, what, times, near) for seed in range(3 * seeds)]
        shares = (sum(w is not None and w <= most for w in waits) for most in (1, 3, 10))
        cells = " | ".join(_interval(share, len(waits)) for share in shares)
        lines.append(f"| {name} | {cells} | {len(waits)} |")
    return "\n".join(lines)


def _wait(seed: int, kind: DriftKind, what: str, times: float, near: float | None) -> int | None:
    """Days until a change is told of, 1 on its first day; None when it is not within ten."""
    begins = FIRST + timedelta(days=HISTORY + 7 + seed % 5)  # a working day
    subject = _subject(seed, what, near)
    change = Planted(what, subject, begins, times)
    for day, (found_kind, about) in begun(Centre(2000 + seed, (change,)), 7 + 4 + 10):
        own = about.split("/")[0] == subject or (not subject and not about)
        if found_kind is kind and own and day >= begins:
            waited = (day - begins).days + 1
            return waited if waited <= 10 else None
    return None


def _subject(seed: int, what: str, near: float | None) -> str:
    if what in ("rule", "unsure"):
        centre = Centre(2000 + seed)
        wanted = near or 0.02
        rates = [abs(centre.rate(rule) - wanted) for rule in range(centre.rules)]
        return f"r{rates.index(min(rates))}"
    return {"agent": f"A{seed % 60}", "team": f"T{seed % 6}", "failed": "",
            "line": ("bank", "insurance", "collection")[seed % 3],
            "confidence": ("bank", "insurance", "collection")[seed % 3]}[what]  # fmt: skip


def _interval(hits: int, of: int) -> str:
    low, high = wilson(hits / of, of)
    return f"{100 * hits / of:.0f} % [{100 * low:.0f}–{100 * high:.0f}]"


def _recent(known: Known, day: date) -> Known:
    first = day - timedelta(days=WINDOW)
    parts = (known.rules, known.confidence, known.calls, known.runs)
    return Known(*([row for row in rows if row["day"] >= first] for rows in parts))


if __name__ == "__main__":
    main()
