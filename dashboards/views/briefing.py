"""The weekly briefing: what is read aloud, the annex, and what the trainer writes into it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards import address, briefing_edit, briefings, data, signed, widgets
from dashboards.faults import fault
from dashboards.language import language, t, when
from dashboards.reviews import tell
from pipeline.access import Act
from pipeline.briefing import Briefing
from pipeline.briefing.document import Export, Maker
from pipeline.briefing.files import WRITERS
from pipeline.briefing.words import Words
from pipeline.documents import embedded_style, html_of
from pipeline.errors import BadInput
from pipeline.weeks import Week

KEY = "briefing"


def render() -> None:
    """Lay out the page: the week and team of the address, else the latest full week."""
    week, team = _asked_for()
    if week is None:
        st.write(t("no_calls_help"))
        return
    with widgets.working():
        try:
            found = briefings.briefing(week, team)
        except BadInput as error:
            st.info(fault(error), icon=":material/event_busy:")
            return
    _taking(found)
    tell(KEY)
    _reading(found)


def _asked_for() -> tuple[Week | None, str | None]:
    own = briefings.own_team()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        widgets.title(t("page_briefing"))
        team = own or _team()
        return _week(briefings.weeks(team)), team


def _week(there: list[Week]) -> Week | None:
    """The week of the address; the latest that is over, else the latest."""
    asked = st.query_params.get("week")
    over = [week for week in there if week.sunday < date.today()]
    default = next(iter(over or there), None)
    try:
        chosen = Week.parse(asked) if asked else default
    except BadInput:
        chosen = default
    if chosen is None:
        return None
    shown = there if chosen in there else [chosen, *there]
    st.session_state["briefing_week"] = chosen
    st.selectbox(
        t("brief_week"), shown, key="briefing_week", width=240, label_visibility="collapsed",
        format_func=lambda week: f"{week}　{week.monday:%m-%d} – {week.sunday:%m-%d}",
        on_change=lambda: address.put(week=str(st.session_state["briefing_week"])),
    )  # fmt: skip
    return chosen


def _team() -> str | None:
    teams: list[str] = data.choices()["teams"] or []
    asked = st.query_params.get("team")
    chosen = asked if asked in teams else None
    st.session_state["briefing_team"] = chosen
    st.selectbox(
        t("filter_team"), [None, *teams], key="briefing_team", width=150,
        label_visibility="collapsed", placeholder=t("all"),
        format_func=lambda team: team or t("all"),
        on_change=lambda: address.put(team=st.session_state["briefing_team"]),
    )  # fmt: skip
    return chosen


def _taking(found: Briefing) -> None:
    edited = found.edited
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            t("brief_edited", who=edited.who, when=when(edited.at, year=True))
            if edited
            else t("brief_not_edited")
        )
        if signed.may(Act.BRIEF):
            for form in WRITERS:
                st.link_button(
                    t(f"brief_{form}"), briefings.link(found.week, found.team, form),
                    icon=":material/download:", help=t("brief_take_help"),
                )  # fmt: skip


def _reading(found: Briefing) -> None:
    export = Export(language(), found.week.sunday, ".")
    maker = Maker(found, Words(language()), export)
    names = ["brief_read", "brief_annex", *(["brief_edit"] if signed.may(Act.BRIEF) else [])]
    tabs = st.tabs([t(name) for name in names])
    for tab, blocks in zip(tabs, (maker.front(), maker.annex()), strict=False):
        with tab:
            page = html_of(tuple(blocks), language(), pictures=True)
            st.html(
                f'<style>{embedded_style(".briefing")}</style><div class="briefing">{page}</div>'
            )
    if len(tabs) > 2:
        with tabs[2]:
            briefing_edit.render(KEY, found)


render()
