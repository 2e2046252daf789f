"""A day beside the days before it: which figures left their usual range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline.domain import Drift, DriftKind
from pipeline.drift import chances
from pipeline.drift.arrivals import arrivals
from pipeline.drift.days import WEEKS, Figure, Key, Since, alike, recent
from pipeline.store import Snapshot, daily, daily_runs

Row = Mapping[str, Any]

TWICE, STILL = 2.0, 1.5  # times the usual share: an alarm begins, and goes on
FEWEST_HITS = 5
FEWEST_DAYS = 5
FEWEST_CALLS = 20  # of a mean confidence
FALL = 0.03  # of the mean confidence


@dataclass(frozen=True, slots=True)
class Known:
    """Figures day by day, up to the day judged: the rows of sql/daily_….sql."""

    rules: Sequence[Row]
    confidence: Sequence[Row]
    calls: Sequence[Row]
    runs: Sequence[Row]


def judged_day(snapshot: Snapshot) -> date | None:
    """The last whole day that a finished run has loaded: the one before the run; None before one.

    Later ones may still be waiting to be loaded, and would seem to have no calls.
    """
    runs = daily_runs(snapshot, date(1970, 1, 2))
    return max(row["day"] for row in runs) - timedelta(days=1) if runs else None


def judge(snapshot: Snapshot, day: date, going: Mapping[Key, date] | None = None) -> list[Figure]:
    """Every figure of a day that stands out, or that an alarm is going on about.

    `going`: alarms that have not ended, with the day they began on: the days since then are not
    usual ones.
    """
    first = day - timedelta(days=WEEKS * 7)
    known = Known(
        daily(snapshot, "daily_rules", first, day),
        daily(snapshot, "daily_confidence", first, day),
        daily(snapshot, "daily_calls", first, day),
        daily_runs(snapshot, first),
    )
    return judge_known(known, day, going)


def judge_known(known: Known, day: date, going: Mapping[Key, date] | None = None) -> list[Figure]:
    """The same of figures that are at hand."""
    since = Since(going or {})
    figures = [
        *_shares(DriftKind.RULE, known.rules, "fails", day, since),
        *_shares(DriftKind.UNSURE, known.rules, "unsure", day, since),
        *_confidence(known.confidence, day, since),
        *arrivals(known.calls, day, since),
        *_failed(known.runs, day + timedelta(days=1), since),
    ]
    return [one for one in corrected(figures) if one.alarming or one.key in since.going]


def corrected(figures: Sequence[Figure]) -> list[Figure]:
    """With chances as the worst of all figures of their kind that were looked at (Bonferroni)."""
    many: dict[DriftKind, int] = defaultdict(int)
    for one in figures:
        many[one.drift.kind] += 1
    return [
        replace(
            one, drift=replace(one.drift, chance=min(one.drift.chance * many[one.drift.kind], 1))
        )
        for one in figures
    ]


def _shares(
    kind: DriftKind, rows: Sequence[Row], hits: str, day: date, since: Since
) -> Iterator[Figure]:
    """Rules that hit, or leave to a person, twice as large a share as on such days before."""
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_rule[str(row["rule"])].append(row)
    for rule, days in by_rule.items():
        counts = {row["day"]: (row[hits], row["calls"]) for row in days}
        titles = {"title": days[-1]["title"], "title_en": days[-1]["title_en"]}
        figure = _share(Drift(kind, rule, day, 0, 0, 0, 1, **titles), counts, since)
        if figure is not None:
            yield figure


def _failed(rows: Sequence[Row], day: date, since: Since) -> list[Figure]:
    """Recordings that failed in the runs of a day."""
    counts = {
        row["day"]: (row["failed"] or 0, (row["failed"] or 0) + (row["processed"] or 0))
        for row in rows
    }
    figure = _share(Drift(DriftKind.FAILED, "", day, 0, 0, 0, 1), counts, since, every_day=True)
    return [] if figure is None else [figure]


def _share(
    drift: Drift, counts: Mapping[date, chances.Counts], since: Since, *, every_day: bool = False
) -> Figure | None:
    """A share of the day beside that of the days before; None where there are too few of them."""
    day = drift.day
    usual = [d for d in recent(day, since.of(drift)) if every_day or alike(d, day)]
    before = [counts[d] for d in usual if d in counts and counts[d][1]]
    now = counts.get(day, (0, 0))
    if not now[1] or len(before) < FEWEST_DAYS:
        return None
    calls = sum(n for _, n in before)
    share, was = now[0] / now[1], sum(k for k, _ in before) / calls
    drift = replace(drift, now=share, before=was, of=now[1], chance=chances.risen(now, before))
    far = now[0] >= FEWEST_HITS and share >= TWICE * was
    return Figure(drift, far=far, still=share >= STILL * was and now[0] > 0)


def _confidence(rows: Sequence[Row], day: date, since: Since) -> Iterator[Figure]:
    """How sure the recogniser is, per line, engine and model."""
    by_model: dict[tuple[str, ...], dict[date, Row]] = defaultdict(dict)
    for row in rows:
        by_model[str(row["business_line"]), str(row["engine"]), str(row["model"])][row["day"]] = row
    for names, days in by_model.items():
        drift = Drift(
            DriftKind.CONFIDENCE, "/".join(names), day, 0, 0, 0, 1, business_line=names[0]
        )
        usual = [d for d in recent(day, since.of(drift)) if d in days]
        before = [days[d]["mean"] for d in usual if days[d]["calls"] >= FEWEST_CALLS]
        now = days.get(day)
        if now is None or now["calls"] < FEWEST_CALLS or len(before) < 2 * FEWEST_DAYS:
            continue
        was = sum(before) / len(before)
        noise = (now["variance"] or 0.0) / now["calls"]
        chance = chances.fallen(now["mean"], noise, before)
        drift = replace(drift, now=now["mean"], before=was, of=now["calls"], chance=chance)
        yield Figure(drift, far=was - now["mean"] >= FALL, still=was - now["mean"] >= FALL / 2)
