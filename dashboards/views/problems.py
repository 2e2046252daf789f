"""Common problems of a week: ranked, or the one that the address names."""

from __future__ import annotations

import streamlit as st

from dashboards import data, problem_card, problem_data, problem_list, signed, widgets
from dashboards.address import put
from dashboards.language import t
from pipeline.access import Rows
from pipeline.errors import BadInput
from pipeline.weeks import Week


def render() -> None:
    """Lay out the page."""
    weeks = problem_data.weeks()
    if not weeks:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        widgets.title(t("page_problems"))
        week = _week(weeks)
        team = _team() if signed.who().rights.rows is Rows.ALL else None
    with widgets.working():
        seen = problem_data.seen(week, team)
    asked = st.query_params.get("problem")
    if asked is None:
        problem_list.render(week, seen)
        return
    try:
        problem_card.render(seen, problem_data.find(seen, asked))
    except BadInput:
        problem_card.back()
        st.info(t("problem_unknown", week=week), icon=":material/search_off:")


def _week(known: list[Week]) -> Week:
    """The week in the address; the latest with calls when it names none."""
    try:
        asked = Week.parse(st.query_params.get("week", ""))
    except BadInput:
        asked = known[0]
    names = [str(week) for week in ([] if asked in known else [asked]) + known]
    st.session_state["problems_week"] = str(asked)
    st.selectbox(
        t("problem_week"), names, key="problems_week", width=130, label_visibility="collapsed",
        on_change=_changed, args=("week",),
    )  # fmt: skip
    return asked


def _team() -> str | None:
    asked = st.query_params.get("team") or None
    known = [None, *data.choices()["teams"]]
    st.session_state["problems_team"] = asked
    st.selectbox(
        t("filter_team"), known if asked in known else [*known, asked], key="problems_team",
        width=150, label_visibility="collapsed", placeholder=t("filter_team"),
        format_func=lambda team: team or t("all"), on_change=_changed, args=("team",),
    )  # fmt: skip
    return asked


def _changed(name: str) -> None:
    put(**{name: st.session_state[f"problems_{name}"] or None})


render()
