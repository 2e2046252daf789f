"""One common problem: how often, whom it concerns, what may be behind it, what was said."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboards import charts, markup, problem_edit, signed, widgets
from dashboards.address import put
from dashboards.components import Column, TableRow, table
from dashboards.language import clock, language, named, number, percent, t
from dashboards.links import call_link
from dashboards.problem_list import in_words, kind_of, sign_of, spark, title_of, trend_of
from pipeline.access import Act
from pipeline.domain import Concerned, Hint, Moment, Problem
from pipeline.problems import LEVEL, Weekly


def render(seen: Weekly, problem: Problem) -> None:
    """Lay out the card."""
    back()
    problem_edit.told()
    st.html(_head(problem))
    st.html(f'<div class="cq">{escape(_why(problem))}</div>')
    _weeks(problem)
    left, right = st.columns([3, 2], gap="large")
    with left:
        widgets.section(t("problem_moments"), t("problem_moments_note"))
        table("moments", _columns(), [_moment(one) for one in problem.moments], t("none"))
        widgets.section(t("problem_hints"))
        st.html(_hints(problem))
    with right:
        widgets.section(t("problem_concerned"), t("problem_concerned_note"))
        for name in ("agents", "teams", "products"):
            _concerned(name, getattr(problem, name))
        if problem.words:
            widgets.section(t("problem_words"))
            st.html(f'<div class="cq">{"".join(markup.chip(word) for word in problem.words)}</div>')
    if signed.may(Act.ARRANGE):
        problem_edit.forms(seen, problem)


def back() -> None:
    """The way to the list."""
    st.button(
        t("problems_back"), icon=":material/arrow_back:", type="tertiary", key="problems_back",
        on_click=_to_list,
    )  # fmt: skip


def _to_list() -> None:
    put(problem=None)


def _head(problem: Problem) -> str:
    kind, trend = kind_of(problem), trend_of(problem)
    chips = markup.chip(kind["text"], kind["tone"]) + markup.chip(
        trend["text"], trend.get("tone", "quiet")
    )
    first = t("problem_first", week=problem.first_week)
    return (
        f'<div class="cq cq-top"><span class="cq-id">{escape(title_of(problem))}</span>{chips}'
        f'<span>{escape(spark(problem.weeks))}</span><span class="cq-muted">{first}</span></div>'
    )


def _why(problem: Problem) -> str:
    """How often, against before, and whether that is more than chance."""
    before = sum(week.calls for week in problem.weeks[:-1])
    before_of = sum(week.of for week in problem.weeks[:-1])
    own = {"calls": number(problem.calls), "of": number(problem.of),
           "share": percent(problem.calls / problem.of, 1)}  # fmt: skip
    if not before_of:
        return t("problem_share_first", **own)
    said = t(
        "problem_share", before=number(before), before_of=number(before_of),
        before_share=percent(before / before_of, 1), **own,
    )  # fmt: skip
    if problem.chance is None:
        return said
    sure = problem.chance <= LEVEL
    p = "<0.001" if problem.chance < 0.001 else f"{problem.chance:.3f}"
    gap = "" if language() == "zh" else " "
    return said + gap + t("problem_more_than_chance" if sure else "problem_maybe_chance", p=p)


def _weeks(problem: Problem) -> None:
    """The weeks as a chart, and the same figures as a table beside it."""
    widgets.section(t("problem_charts"), t("problem_chart_note"))
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts.by_week(problem.weeks, in_words(problem.weeks)))
    columns = [
        Column("week", t("problem_week")),
        Column("calls", t("col_problem_calls"), align="right"),
        Column("of", t("col_problem_of"), align="right"),
        Column("share", t("col_problem_share"), align="right"),
    ]
    rows = [
        TableRow({
            "week": one.week,
            "calls": number(one.calls),
            "of": number(one.of),
            "share": percent(one.calls / one.of, 1) if one.of else "—",
        })
        for one in problem.weeks
    ]  # fmt: skip
    with right:
        table("problem_weeks", columns, rows, "")


def _columns() -> list[Column]:
    return [
        Column("at", t("col_at"), align="right"),
        Column("role", t("col_said_by")),
        Column("quote", t("col_problem_quote"), wide=True, link=True),
        Column("agent", t("col_agent")),
    ]


def _moment(one: Moment) -> TableRow:
    cells = {
        "at": "" if one.start is None else clock(one.start),
        "role": named("role", one.role),
        "quote": one.quote or t("problem_whole_call"),
        "agent": {"text": one.agent_name or one.agent_id, "sub": one.team},
    }
    return TableRow(cells, call_link(one.call_id, one.segment if one.quote else None))


def _concerned(name: str, found: tuple[Concerned, ...]) -> None:
    if not found:
        return
    columns = [
        Column("name", t(f"problem_{name}"), wide=True),
        Column("calls", t("col_problem_calls"), align="right"),
        Column("mark", ""),
    ]
    rows = [
        TableRow({
            "name": one.name,
            "calls": f"{number(one.calls)} / {number(one.of)}",
            "mark": {"text": t("problem_excess"), "tone": "major"} if one.excess else "",
        })
        for one in found
    ]  # fmt: skip
    table(f"concerned_{name}", columns, rows, "")


def _hints(problem: Problem) -> str:
    if not problem.hints:
        return f'<div class="cq cq-muted">{escape(t("problem_hints_none"))}</div>'
    lines = "".join(f'<div class="cq-line">{escape(_hint(hint))}</div>' for hint in problem.hints)
    return f'<div class="cq">{lines}</div>'


def _hint(hint: Hint) -> str:
    return t(
        "problem_hint", sign=sign_of(hint), share=percent(hint.share),
        elsewhere=percent(hint.elsewhere),
    )  # fmt: skip
