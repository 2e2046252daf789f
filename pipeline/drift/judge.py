"""A day beside the days before it: which figures left their usual range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline.domain import Drift, DriftKind
from pipeline.drift import chances
from pipeline.drift.arrivals import arrivals
from pipeline.drift.days import WEEKS, Figure, Key, Since, alike, recent
from pipeline.store import Snapshot, daily, daily_runs

Row = Mapping[str, Any]

# Times the usual share: an alarm begins, and goes on. A rule that truly hits twice as much shows as
# less than that on every other day, so less is asked for; the test keeps chance out.
RISEN, STILL = 1.6, 1.3
TWICE = 2.0  # the same of failed recordings, which come in heaps
WINDOWS = (1, 3, 7)  # days that are looked at together: a little more of something rare takes some
FEWEST_USUAL = 10  # hits that are usual in the days by which an alarm ends
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
    """Rules that hit, or leave to a person, a much larger share than on such days before."""
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
    figure = _share(Drift(DriftKind.FAILED, "", day, 0, 0, 0, 1), counts, since)
    return [] if figure is None else [figure]


def _share(drift: Drift, counts: Mapping[date, chances.Counts], since: Since) -> Figure | None:
    """The share of the last days beside that of the days before; None where there are too few.

    Of several lengths that the last days can have, the clearest counts, and pays for the choice.
    """
    nights = drift.kind is DriftKind.FAILED
    days = [
        d
        for d in sorted(counts)
        if d <= drift.day and counts[d][1] and (nights or alike(d, drift.day))
    ]
    if drift.day not in days:
        return None
    begun = since.of(drift)
    if begun < drift.day:
        return _window(drift, counts, days, begun)
    lengths = (1,) if nights else WINDOWS
    firsts = [days[-length] for length in lengths if length <= len(days)]
    found = [one for first in firsts if (one := _window(drift, counts, days, first))]
    if not found:
        return None
    clearest = min(found, key=lambda one: (not one.far, one.drift.chance))
    chance = min(clearest.drift.chance * len(found), 1.0)
    return replace(clearest, drift=replace(clearest.drift, chance=chance))


def _window(
    drift: Drift, counts: Mapping[date, chances.Counts], days: Sequence[date], first: date
) -> Figure | None:
    """The days since then together, beside the usual ones before them."""
    usual = set(recent(first))
    before = [counts[d] for d in days if d in usual]
    last = [counts[d] for d in days if d >= first]
    if len(before) < FEWEST_DAYS:
        return None
    (hits, calls), (usually, of) = _sum(last), _sum(before)
    share, was = hits / calls, usually / of
    since = None if first == drift.day else first
    chance = chances.risen((hits, calls), before)
    drift = replace(drift, now=share, before=was, of=calls, chance=chance, since=since)
    times = TWICE if drift.kind is DriftKind.FAILED else RISEN
    far = hits >= FEWEST_HITS and share >= times * was
    return Figure(drift, far=far, still=_still(last, was))


def _still(last: Sequence[chances.Counts], was: float) -> bool:
    """Whether a share has not come back, by as many of the last days as it takes to see that."""
    hits = calls = 0
    for k, n in reversed(last):
        hits, calls = hits + k, calls + n
        if calls * was >= FEWEST_USUAL:
            break
    return hits > 0 and hits >= STILL * was * calls


def _sum(counts: Iterable[chances.Counts]) -> chances.Counts:
    pairs = list(counts)
    return sum(k for k, _ in pairs), sum(n for _, n in pairs)


def _confidence(rows: Sequence[Row], day: date, since: Since) -> Iterator[Figure]:
    """How sure the recogniser is, per line, engine and model."""
    by_model: dict[tuple[str, ...], dict[date, Row]] = defaultdict(dict)
    for row in rows:
        by_model[str(row["business_line"]), str(row["engine"]), str(row["model"])][row["day"]] = row
    for names, days in by_model.items():
        drift = Drift(
            DriftKind.CONFIDENCE, "/".join(names), day, 0, 0, 0, 1, business_line=names[0]
        )
        usual = [d for d in recent(since.of(drift)) if d in days]
        before = [days[d]["mean"] for d in usual if days[d]["calls"] >= FEWEST_CALLS]
        now = days.get(day)
        if now is None or now["calls"] < FEWEST_CALLS or len(before) < 2 * FEWEST_DAYS:
            continue
        was = sum(before) / len(before)
        noise = (now["variance"] or 0.0) / now["calls"]
        chance = chances.fallen(now["mean"], noise, before)
        drift = replace(drift, now=now["mean"], before=was, of=now["calls"], chance=chance)
        yield Figure(drift, far=was - now["mean"] >= FALL, still=was - now["mean"] >= FALL / 2)
