"""The weekly briefing: what is read aloud, the annex, and what the trainer writes into it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards import address, briefing_edit, briefings, data, signed, widgets
from dashboards.faults import fault
from dashboards.language import language, listed, t, when
from dashboards.reviews import tell
from pipeline.access import Act
from pipeline.briefing import Briefing
from pipeline.briefing.document import Export, Maker
from pipeline.briefing.files import WRITERS
from pipeline.briefing.words import Words
from pipeline.clips import moments
from pipeline.documents import embedded_style, html_of
from pipeline.errors import BadInput
from pipeline.weeks import Week

KEY, CLIPS = "briefing", "briefing_clips"


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
            if briefings.may_take_clips():
                st.button(
                    t("brief_clips"), key="brief_clips", icon=":material/folder_zip:",
                    help=t("brief_clips_help"), on_click=_look_for_clips, args=(found,),
                )  # fmt: skip
    _clips(found)


def _look_for_clips(found: Briefing) -> None:
    """What of the quotes can be heard is looked at when somebody asks, not at every rerun."""
    st.session_state[CLIPS] = (_subject(found), briefings.clips_of(found))


def _subject(found: Briefing) -> tuple[str, ...]:
    quoted = [f"{one.call_id} {one.segment}" for _, one in moments(found)]
    return (str(found.week), found.team or "", *quoted)


def _clips(found: Briefing) -> None:
    """What was found when somebody asked, and the file that is made of it."""
    subject, there = st.session_state.get(CLIPS, ((), None))
    if there is None or subject != _subject(found):
        return
    reasons = [t(f"brief_clip_{reason}", n=count) for reason, count in there.missing]
    missing = t("brief_clips_missing", why=listed(reasons)) if reasons else ""
    if not there.there:
        st.warning(t("brief_clips_none", missing=missing), icon=":material/volume_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.info(t("brief_clips_there", n=there.there, missing=missing), icon=":material/volume_up:")
        st.link_button(
            t("brief_clips_take"), briefings.clips_link(found.week, found.team),
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
