"""The ranked list of a week's common problems."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboards import charts, problem_edit, widgets
from dashboards.components import Column, TableRow, table
from dashboards.language import language, listed, named, number, percent, t
from dashboards.links import Link
from pipeline.domain import Gone, Hint, Problem, ProblemKind, Trend, WeekCount
from pipeline.learning import reason_name
from pipeline.problems import REASONS, Weekly
from pipeline.weeks import Week

TONES = {
    ProblemKind.ASKED: "info", ProblemKind.DISSATISFIED: "major", ProblemKind.REPEATED: "warn",
    ProblemKind.WAITED: "warn",
}  # fmt: skip
TREND_TONES = {Trend.NEW: "critical", Trend.UP: "major", Trend.DOWN: "ok"}
ARROWS = {Trend.UP: " ↑", Trend.DOWN: " ↓"}
BARS = "▁▂▃▄▅▆▇█"
MOST_NAMED = 4
CHARTS, IN_A_ROW = 8, 4


def render(week: Week, seen: Weekly) -> None:
    """Lay out the list."""
    problem_edit.told()
    if not seen.problems:
        st.info(t("problems_none", week=week), icon=":material/hub:")
    else:
        st.caption(t("problems_note", week=week, n=len(seen.problems)))
        rows = [
            _row(rank, one, problem_link(one, week)) for rank, one in enumerate(seen.problems, 1)
        ]
        table("problems", _columns(), rows, t("no_match"))
        _charts(seen.problems[:CHARTS])
        st.caption(t("problems_method"))
    if seen.gone:
        widgets.section(t("problems_gone"), t("problems_gone_note"))
        table("problems_gone", _gone_columns(), [_gone_row(one) for one in seen.gone], "")
    problem_edit.history(seen)


def _charts(problems: Sequence[Problem]) -> None:
    """The heaviest ones week by week, beside each other; their figures stand in the table."""
    widgets.section(t("problem_charts"), t("problem_charts_note"))
    for start in range(0, len(problems), IN_A_ROW):
        for place, column in enumerate(st.columns(IN_A_ROW, gap="medium"), start):
            if place < len(problems):
                one = problems[place]
                title = f"{place + 1}. {title_of(one)}"
                kind = f'<span class="cq-muted">{escape(kind_of(one)["text"])}</span>'
                column.html(f'<div class="cq cq-head"><b>{escape(title)}</b>{kind}</div>')
                column.altair_chart(charts.by_week(one.weeks, in_words(one.weeks), small=True))


def in_words(weeks: Sequence[WeekCount]) -> str:
    """The weeks as a sentence, for whoever cannot see a chart."""
    return listed([
        t("problem_week_said", week=one.week, calls=number(one.calls), of=number(one.of))
        for one in weeks
    ])  # fmt: skip


def problem_link(problem: Problem, week: Week) -> Link:
    """Lead to one problem of a week, of the team that is looked at."""
    team = st.query_params.get("team")
    params = {"week": str(week), "problem": problem.id}
    return Link("problems", {**params, **({"team": team} if team else {})})


def title_of(problem: Problem | Gone) -> str:
    """Its name; that of a rule in the language of the page."""
    return problem.name_en if language() == "en" and problem.name_en else problem.name


def kind_of(problem: Problem | Gone) -> dict[str, str]:
    """What kind it is, as a chip."""
    tone = str(problem.severity) if problem.severity else TONES[problem.kind]
    return {"text": t(f"problem_kind_{problem.kind}"), "tone": tone}


def trend_of(problem: Problem) -> dict[str, str]:
    """Where it goes, as a chip."""
    text = t(f"problem_trend_{problem.trend}") + ARROWS.get(problem.trend, "")
    tone = TREND_TONES.get(problem.trend)
    return {"text": text, "tone": tone} if tone else {"text": text, "style": "muted"}


def spark(weeks: Sequence[WeekCount]) -> str:
    """Shares of the weeks as small bars, and the calls."""
    shares = [week.calls / week.of if week.of else 0.0 for week in weeks]
    top = max(shares) or 1.0
    bars = "".join(BARS[min(int(share / top * len(BARS)), len(BARS) - 1)] for share in shares)
    return f"{bars}  {' · '.join(number(week.calls) for week in weeks)}"


def sign_of(hint: Hint) -> str:
    """What a hint is about."""
    family = {"line": "line", "channel": "channel"}.get(hint.what)
    value = named(family, hint.value) if family else hint.value
    if hint.what in REASONS:
        value = reason_name(hint.value, language())
    return t(f"problem_sign_{hint.what}", value=value)


def _columns() -> list[Column]:
    return [
        Column("rank", "", align="right"),
        Column("kind", t("col_problem_kind")),
        Column("name", t("col_problem_name"), wide=True, link=True),
        Column("calls", t("col_problem_calls"), align="right"),
        Column("trend", t("col_problem_trend")),
        Column("weeks", t("col_problem_weeks")),
        Column("who", t("col_problem_concerns")),
        Column("signs", t("col_problem_signs"), wide=True),
    ]


def _row(rank: int, problem: Problem, link: Link) -> TableRow:
    groups = (*problem.products, *problem.teams, *problem.agents)
    above = [one.name for one in groups if one.excess][:MOST_NAMED]
    quote = next((moment.quote for moment in problem.moments if moment.quote), "")
    cells: dict[str, Any] = {
        "rank": number(rank),
        "kind": kind_of(problem),
        "name": {"text": title_of(problem), "sub": quote},
        "calls": {"text": number(problem.calls), "sub": percent(problem.calls / problem.of, 1)},
        "trend": trend_of(problem),
        "weeks": spark(problem.weeks),
        "who": listed(above),
        "signs": listed([sign_of(hint) for hint in problem.hints[:2]]),
    }
    return TableRow(cells, link)


def _gone_columns() -> list[Column]:
    return [
        Column("kind", t("col_problem_kind")),
        Column("name", t("col_problem_name"), wide=True),
        Column("last", t("col_problem_last")),
        Column("weeks", t("col_problem_weeks")),
        Column("fell", t("col_problem_fell")),
    ]


def _gone_row(one: Gone) -> TableRow:
    """What is gone, with its last size and whether that is more than noise; leads nowhere."""
    last = one.last
    cells: dict[str, Any] = {
        "kind": kind_of(one),
        "name": title_of(one),
        "last": {
            "text": t("problem_last", calls=number(last.calls), of=number(last.of)),
            "sub": last.week,
        },
        "weeks": spark(one.weeks),
        "fell": _fell(one),
    }
    return TableRow(cells)


def _fell(one: Gone) -> dict[str, str]:
    if one.trend is Trend.DOWN:
        return {"text": t("problem_fell_sure"), "tone": TREND_TONES[Trend.DOWN]}
    key = "problem_fell_few" if one.chance is None else "problem_fell_maybe"
    return {"text": t(key), "style": "muted"}
