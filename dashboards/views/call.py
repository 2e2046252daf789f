"""One call: hear it, read it, see what was found and why, confirm or reject each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import (
    appealing,
    calibrating,
    correcting,
    data,
    desk,
    facts,
    judging,
    labelling,
    likely,
    markup,
    objections,
    original,
    passages,
    reading,
    signed,
    widgets,
)
from dashboards.components import go
from dashboards.language import t, title_of
from dashboards.links import Link, call_link, round_link
from dashboards.reviews import added, call_form, finding_form, finding_said, missed_form
from dashboards.turns import ordered
from pipeline.access import Act
from pipeline.domain import Round, Scorecard
from pipeline.errors import BadInput
from pipeline.store import StoredCall

Row = Mapping[str, Any]


def render() -> None:
    """Lay out the page."""
    call_id = st.query_params.get("id")
    if not call_id:
        _choose()
        return
    try:
        call = data.call(call_id)
    except BadInput:
        if waits := calibrating.waiting_for(call_id):
            _score_first(waits, call_id)
            return
        widgets.title(t("unknown_call", id=call_id))
        st.write(t("unknown_call_help"))
        _choose_form()
        return
    _head(call)
    left, right = st.columns([11, 10], gap="medium")
    with right:  # first: the findings need not wait for a long recording
        _work(call)
    with left:
        now = original.held(call.call["call_id"])
        reading.read(call, reading.listen(call, now), now)


def _score_first(waits: Round, call_id: str) -> None:
    """A call that has to be scored blind: nothing of it is here before that."""
    widgets.title(call_id)
    st.info(t("call_waits", title=waits.title), icon=":material/balance:")
    if st.button(t("round_go_on"), type="primary", icon=":material/play_arrow:"):
        go(round_link(waits.id, call_id))


def _choose() -> None:
    widgets.title(t("choose_call"))
    st.write(t("choose_call_help"))
    _choose_form()


def _choose_form() -> None:
    typed = st.text_input(t("call_id"), width=320)
    if typed.strip():
        go(call_link(typed.strip()))
    if st.button(t("to_queue"), icon=":material/checklist:"):
        go(Link("queue", {}))


def _head(call: StoredCall) -> None:
    header, own = markup.call_header(call.call), call.call["call_id"]
    ids: Sequence[str] = st.session_state.get("queue_ids", [])
    text, ways = st.columns([5, 3], vertical_alignment="center")
    with text:
        st.html(header)
        labelling.part(call)
    with ways, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        if own in ids:
            _ways(ids, ids.index(own))
        desk.next_button(*desk.listed(), besides=own)


def _ways(ids: Sequence[str], at: int) -> None:
    """Back to the list that this call was opened from, and to its neighbours there."""
    if st.button(t("place_in_queue", n=at + 1, of=len(ids)), help=t("to_queue"), type="tertiary"):
        go(Link(st.session_state["queue_page"], st.session_state["queue_params"]))
    _way("previous_call", ":material/chevron_left:", ids[at - 1] if at else None)
    _way("next_call", ":material/chevron_right:", ids[at + 1] if at + 1 < len(ids) else None)


def _way(label: str, icon: str, call_id: str | None) -> None:
    if st.button(t(label), icon=icon, key=label, disabled=call_id is None) and call_id:
        go(call_link(call_id))


# ── right: what was found, and the inspector's decisions ─────────────────────────────────────────


@st.fragment
def _work(call: StoredCall) -> None:
    """A fragment: a decision leaves the recording and the transcript as they are."""
    flagged, human = ordered(call.findings, "fail", "unsure"), data.human_card(call)
    names = [t("tab_card"), t("tab_facts"), t("tab_history")]
    names += [t("tab_passages")] if passages.offered() else []
    found, card, measured, history, *taken = st.tabs(
        [f"{t('tab_findings')} {len(flagged)}", *names]
    )
    with found:
        _findings(call, flagged, human)
    with card:
        judging.sheet(call, human)
    with measured:
        widgets.section(t("measures"))
        st.html(markup.facts(facts.measures(call)))
        widgets.section(t("source"))
        st.html(markup.facts(facts.source(call, customer=signed.may(Act.CUSTOMER))))
    with history:
        _history(call)
    for tab in taken:
        with tab:
            passages.part(call)


def _findings(call: StoredCall, flagged: Sequence[Row], human: Scorecard | None) -> None:
    titles = {item["number"]: item["title"] for item in call.control_points}
    decides = signed.may(Act.REVIEW) and desk.holder_line(call.call)
    correcting.outcome(call)
    judging.result_line(call, human)
    appeals = objections.of(call.call)
    shown = [*flagged, *added(call.call, call.findings)]
    if not shown:
        st.success(t("no_problems"), icon=":material/check:")
    for finding in shown:
        with st.container(border=True, gap="xsmall"):
            point = titles.get(finding["control_point"], "")
            chance = likely.said(call.call, finding) if decides else ""
            st.html(markup.finding_card(finding, point, chance))
            if decides and finding["rule"] not in appeals:  # else it is decided on appeal
                finding_form(call.call, finding)
            else:
                finding_said(call.call, finding)
            appealing.part(call.call, finding, appeals)
    if decides:
        judging.items_form(call, human)
        call_form(call.call)
    for label, verdict in (("passed", "pass"), ("not_applied", "not_applicable")):
        others = [row for row in ordered(call.findings, verdict) if row not in shown]
        if others:
            with st.expander(t(label, n=len(others))):
                st.html(markup.brief_findings(others))
    if decides:
        _missed(call)
        correcting.form(call)


def _missed(call: StoredCall) -> None:
    with st.expander(t("add_finding")):
        missed_form(call.call, ordered(call.findings, "pass", "not_applicable"), call.segments)


def _history(call: StoredCall) -> None:
    reviews, others = data.history(call.call), labelling.lines(call) + correcting.lines(call)
    if others:
        st.html(others)
    if not reviews and not others:
        st.caption(t("no_history"))
        return
    st.html(markup.review_lines(reviews, {f["rule"]: title_of(f) for f in call.findings}))


render()
