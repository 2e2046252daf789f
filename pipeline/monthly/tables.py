"""The tables of figures: results by team, line, week and day, what failed, who stands where."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.agents import ENOUGH_CALLS
from pipeline.domain import Problem
from pipeline.monthly.grid import Column, Grid, Total
from pipeline.monthly.report import Compared, Failing, MonthReport, Ranked, Span
from pipeline.monthly.words import Words

MOST_PROBLEMS = 20
CHANGES = {1: "up", 0: "same", -1: "down"}


def results(
    words: Words, title: str, found: Sequence[Compared], name: Callable[[str], str]
) -> Grid:
    """Teams or lines beside the month before; `name`: of a key."""
    columns = (
        Column(words("who"), width=14),
        Column(words("calls"), "count", 9, Total.SUM),
        Column(words("heard"), "count", 9, Total.SUM),
        Column(words("mean"), "score", 8, Total.MEAN, by=1),
        Column(words("mean_low"), "score", 8),
        Column(words("mean_high"), "score", 8),
        Column(words("calls_before"), "count", 9, Total.SUM, paper=False),
        Column(words("mean_before"), "score", 9, Total.MEAN, by=6, paper=False),
        Column(words("mean_change"), "score", 9, less=(3, 7)),
        Column(words("beyond"), width=13),
        Column(words("passed"), "count", 9, Total.SUM, paper=False),
        Column(words("pass_rate"), "share", 9, share=(10, 1)),
        Column(words("pass_before"), "share", 9, paper=False),
        Column(words("beyond"), width=13, paper=False),
        Column(words("vetoed"), "count", 8, Total.SUM),
        Column(words("vetoed_before"), "count", 8, Total.SUM, paper=False),
    )
    rows = tuple(_compared(words, one, name(one.key or "")) for one in found)
    return Grid(title, columns, rows, words("total"), words("chance_note"), words("none"))


def _compared(words: Words, one: Compared, name: str) -> tuple[object, ...]:
    now, before = one.now, one.before
    low, high = now.scores.interval or (None, None)
    difference = None
    if now.mean is not None and before.mean is not None:
        difference = now.mean - before.mean
    return (
        name, now.calls, now.heard, now.mean, low, high, before.calls, before.mean, difference,
        _change(words, one.mean_change, difference), now.passed, now.pass_rate, before.pass_rate,
        _change(words, one.pass_change, before.pass_rate), now.vetoed, before.vetoed,
    )  # fmt: skip


def _change(words: Words, change: int, known: object) -> str:
    return "" if known is None else words(CHANGES[change])


def spans(words: Words, title: str, found: Sequence[Span]) -> Grid:
    """Weeks or days of the month."""
    weeks = any(one.first != one.last for one in found)
    columns = (
        Column(words("week_from"), "day", 12),
        Column(words("week_to"), "day", 12, paper=weeks),
        Column(words("calls"), "count", total=Total.SUM),
        Column(words("heard"), "count", total=Total.SUM),
        Column(words("mean"), "score", total=Total.MEAN, by=2),
        Column(words("mean_low"), "score", 9),
        Column(words("mean_high"), "score", 9),
        Column(words("passed"), "count", total=Total.SUM),
        Column(words("pass_rate"), "share", share=(7, 2)),
        Column(words("vetoed"), "count", total=Total.SUM),
    )
    rows = []
    for one in found:
        of, (low, high) = one.counts, one.counts.scores.interval or (None, None)
        rows.append(
            (one.first, one.last, of.calls, of.heard, of.mean, low, high, of.passed, of.pass_rate,
             of.vetoed)
        )  # fmt: skip
    return Grid(title, columns, tuple(rows), words("total"), none=words("none"))


def failing(words: Words, title: str, found: Sequence[Failing]) -> Grid:
    """Control points or rules that were broken most."""
    columns = (
        Column(words("pack"), width=12),
        Column(words("point"), "text", 34),
        Column(words("key_point"), width=8, paper=False),
        Column(words("failed"), "count"),
        Column(words("applies"), "count"),
        Column(words("fail_rate"), "share", share=(3, 4)),
        Column(words("mean_low"), "share", 9, paper=False),
        Column(words("mean_high"), "share", 9, paper=False),
        Column(words("fail_before"), "share"),
        Column(words("beyond"), width=13),
        Column(words("lost"), "score"),
    )
    rows = [
        (
            words.of("line", one.pack),
            f"{one.number} {words.title(one.title, one.title_en)}".strip(),
            words("yes") if one.key else "", one.fails, one.calls, one.rate, *one.interval,
            one.rate_before, _change(words, one.change, one.rate_before), one.points,
        )
        for one in found
    ]  # fmt: skip
    return Grid(title, columns, tuple(rows), none=words("none"))


def ranking(words: Words, found: Sequence[Ranked]) -> Grid:
    """Agents by place, those with too few calls last."""
    columns = (
        Column(words("place"), width=8),
        Column(words("agent_id"), width=11),
        Column(words("agent"), width=13),
        Column(words("team"), width=12.5),
        Column(words("calls"), "count", 8),
        Column(words("heard"), "count", 9),
        Column(words("mean"), "score", 9),
        Column(words("mean_low"), "score", 10.5),
        Column(words("mean_high"), "score", 10.5),
        Column(words("ahead"), "score", 10),
        Column(words("beyond"), width=17),
        Column(words("passed"), "count", paper=False),
        Column(words("pass_rate"), "share", 13, share=(11, 4)),
        Column(words("vetoed"), "count", 9),
    )
    return Grid(
        words("ranking"), columns, tuple(_ranked(words, one) for one in found),
        note=words("ranking_note", n=ENOUGH_CALLS), none=words("none"),
    )  # fmt: skip


def _ranked(words: Words, one: Ranked) -> tuple[object, ...]:
    of = one.figures
    low, high = of.scores.interval or (None, None)
    where = words("few") if one.place is None else words.of("stands", str(of.stands))
    return (
        places(one), of.agent_id, of.agent_name, of.team, of.calls, of.heard, of.mean, low, high,
        of.ahead if one.place is not None else None, where, of.passed,
        of.passed / of.calls if of.calls else None, of.vetoed,
    )  # fmt: skip


def places(one: Ranked) -> str:
    """`3`, or `1–7` of a group; a dash for those that are not ranked."""
    if one.place is None:
        return "—"
    return str(one.place) if one.place == one.last else f"{one.place}–{one.last}"


def problems(words: Words, report: MonthReport) -> Grid:
    """Common problems of the month's weeks, the heaviest first; the trend is the last week's."""
    weeks = [week.week for week in report.problems[0].weeks] if report.problems else []
    columns = (
        Column(words("problem"), "text", 30),
        Column(words("problem_kind"), width=14),
        *(Column(week.partition("-")[2], "count", 9.5) for week in weeks),
        Column(words("calls"), "count", 10),
        Column(words("fail_rate"), "share", 11),
        Column(words("trend"), "text", 16),
        Column(words("concerned"), "text", 13),
    )
    rows = tuple(_problem(words, one) for one in report.problems[:MOST_PROBLEMS])
    note = words("problems_note", first=weeks[0], last=weeks[-1]) if weeks else ""
    return Grid(words("problems"), columns, rows, note=note, none=words("none"))


def _problem(words: Words, one: Problem) -> tuple[object, ...]:
    calls, of = sum(week.calls for week in one.weeks), sum(week.of for week in one.weeks)
    teams = "、".join(team.name for team in one.teams if team.excess)
    return (
        words.title(one.name, one.name_en), words.of("problem", one.kind),
        *(week.calls for week in one.weeks), calls, calls / of if of else None,
        words.of("trend", one.trend), teams,
    )  # fmt: skip
