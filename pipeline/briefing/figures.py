"""The charts and the table of weeks that a briefing shows."""

from __future__ import annotations

from pipeline.briefing import saying
from pipeline.briefing.content import Headline
from pipeline.briefing.saying import one_digit, percent, share
from pipeline.briefing.words import Words
from pipeline.documents import Align, Chart, ChartKind, Series, Table
from pipeline.domain import Problem

R, C = Align.RIGHT, Align.CENTER


def weeks_chart(words: Words, headline: Headline, height: float = 4.6) -> Chart:
    """The pass rate week by week."""
    names = tuple(one.week[5:] for one in headline.weeks)
    values = tuple(one.pass_rate for one in headline.weeks)
    alt = words("weeks_alt", first=headline.weeks[0].week, last=headline.now.week)
    series = (Series(words("pass_rate"), values),)
    return Chart(ChartKind.LINES, words("weeks_chart"), names, series, "0.0%", alt, height)


def problem_chart(words: Words, problem: Problem, height: float = 3.2) -> Chart:
    """The share of a problem week by week."""
    name = saying.name_of(words, problem)
    names = tuple(one.week[5:] for one in problem.weeks)
    values = tuple(share(one.calls, one.of) for one in problem.weeks)
    series = (Series(name, values),)
    alt = words("chart_alt", name=name)
    return Chart(ChartKind.COLUMNS, words("chart"), names, series, "0.0%", alt, height)


def weeks_table(words: Words, headline: Headline) -> Table:
    """The headline figures of every week."""
    keys = ("week", "calls", "heard", "pass_rate", "mean", "vetoed", "complaints", "flagged_short")
    rows = tuple(
        (
            one.week, str(one.calls), str(one.heard), percent(one.pass_rate),
            one_digit(one.scores.mean), str(one.vetoed),
            "—" if one.complaints is None else str(one.complaints),
            str(one.flagged) if one.read else "—",
        )
        for one in headline.weeks
    )  # fmt: skip
    return Table(
        tuple(words(key) for key in keys), rows, (1.5, 0.9, 1.2, 1, 1, 1.1, 1.5, 1.5), (C, *[R] * 7)
    )
