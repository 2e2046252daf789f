"""The monthly form of an agent on the page; people fill in the rest in Excel or on paper."""

from __future__ import annotations

import streamlit as st

from dashboards import standing, widgets
from dashboards.components import Column, TableRow, table
from dashboards.language import listed, named, number, percent, points, score, t, when
from dashboards.links import call_link
from pipeline.agents import Form
from pipeline.store import Filters


def view(month: Filters) -> None:
    """What is filled in already, and the way to the workbook."""
    with widgets.working():
        form = standing.form(month)
    if form is None:
        st.caption(t("no_data"))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        widgets.section(t("month_form_title"), f"{form.first:%Y-%m}")
        download(month, t("form_excel"))
    st.caption(t("month_form_note"))
    counts = listed(f"{named('grade', name)} {number(calls)}" for name, calls in form.graded)
    st.markdown(
        f"**{t('form_grades')}**　"
        + t("form_grade_said", grade=named("grade", form.grade), counts=counts)
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _weeks(form)
        _heard(form)
    with right:
        _points(form)


def download(month: Filters, label: str) -> None:
    """Fetch the workbook; it is written when somebody clicks."""
    st.link_button(label, standing.form_address(month), icon=":material/download:")


def _weeks(form: Form) -> None:
    widgets.section(t("form_weeks"))
    columns = [
        Column("week", t("col_week"), wide=True),
        Column("calls", t("col_calls"), align="right"),
        Column("mean", t("col_mean"), align="right"),
        Column("heard", t("col_heard_calls"), align="right"),
        Column("veto", t("col_veto"), align="right"),
    ]
    rows = [
        TableRow(
            {
                "week": f"{week.first:%m-%d} – {week.last:%m-%d}",
                "calls": number(week.scores.count),
                "mean": score(week.scores.mean),
                "heard": number(week.heard),
                "veto": {"text": number(week.vetoed), "style": "bad" if week.vetoed else ""},
            }
        )
        for week in form.weeks
    ]
    of = form.figures
    sums = (of.calls, of.heard, of.vetoed)
    cells = dict(zip(("calls", "heard", "veto"), map(number, sums), strict=True))
    total = {"week": t("total"), "mean": score(of.mean), **cells}
    strong = {key: {"text": text, "style": "strong"} for key, text in total.items()}
    table("form_weeks", columns, [*rows, TableRow(strong)], t("no_data"))


def _points(form: Form) -> None:
    widgets.section(t("form_points"))
    columns = [
        Column("point", t("col_point"), wide=True),
        Column("pack", t("pack")),
        Column("lost", t("col_lost_calls"), align="right"),
        Column("share", t("col_lost_share")),
        Column("points", t("col_deducted"), align="right"),
    ]
    rows = []
    for one in form.points:
        depth = one.number.count(".")
        text = {
            "text": f"{'　' * depth}{one.number} {one.title}", "style": "" if depth else "strong"
        }  # fmt: skip
        cells = {
            "point": text,
            "pack": named("line", one.pack),
            "lost": f"{number(one.fails)} / {number(one.calls)}",
            "share": {"bar": one.rate, "text": percent(one.rate)},
            "points": points(one.points),
        }
        rows.append(TableRow(cells))
    table("form_points", columns, rows, t("no_data"))


def _heard(form: Form) -> None:
    widgets.section(t("form_heard"))
    columns = [
        Column("when", t("col_when")),
        Column("call", t("col_call"), link=True, wide=True),
        Column("reviewer", t("col_reviewer")),
        Column("machine", t("col_machine"), align="right"),
        Column("score", t("col_counts_score"), align="right"),
    ]
    rows = [
        TableRow(
            {
                "when": when(call.at),
                "call": call.call_id,
                "reviewer": call.reviewer,
                "machine": score(call.machine_score),
                "score": {
                    "text": score(call.score), "style": "bad" if call.vetoed else "strong"
                },
            },
            call_link(call.call_id),
        )
        for call in form.heard
    ]  # fmt: skip
    table("form_heard", columns, rows, t("form_none_heard"))
