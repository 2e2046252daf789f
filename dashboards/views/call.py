"""One call: hear it, read it, see what was found and why, confirm or reject each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from dashboards import (
    appealing,
    correcting,
    data,
    desk,
    facts,
    hearing,
    judging,
    markup,
    objections,
    original,
    passages,
    signed,
    strip,
    widgets,
)
from dashboards.address import whole
from dashboards.components import PLAYER, go, transcript
from dashboards.language import (
    language,
    named,
    t,
    title_of,
)
from dashboards.links import Link, call_link
from dashboards.reviews import call_form, finding_form, finding_said, missed_form
from dashboards.turns import ordered, turns_of
from pipeline.access import Act
from pipeline.domain import Role, Scorecard, Seconds
from pipeline.errors import BadInput
from pipeline.store import StoredCall

Row = Mapping[str, Any]
LONG: Seconds = 900.0


def render() -> None:
    """Lay out the page."""
    call_id = st.query_params.get("id")
    if not call_id:
        _choose()
        return
    try:
        call = data.call(call_id)
    except BadInput:
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
        _read(call, _listen(call, now), whole=now is not None)


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


# ── left: the recording and what was said ────────────────────────────────────────────────────────


def _listen(call: StoredCall, now: original.Held | None) -> hearing.Hearing:
    """Put the sound into the page, or say why there is none; the strip below plays it."""
    if not signed.may(Act.HEAR):
        heard = hearing.Hearing(silent=hearing.Silent.FORBIDDEN)
    elif now is None:
        with _patience(call):
            heard = hearing.hear(call)
    else:
        private = hearing.private_stretches(call) or ()
        heard = hearing.Hearing(now.wav, now.source.name, private, peaks=now.peaks)
    with st.container(key=PLAYER, gap="xsmall"):
        if heard.wav is not None:  # always in the same place: the next one replaces it at once
            st.audio(_address(heard, now), format="audio/wav")
        if now is not None:
            original.warning(now)
        else:
            _heard_line(call, heard)
            original.outcome()
    return heard


def _address(heard: hearing.Hearing, now: original.Held | None) -> str:
    session = signed.who().session
    return whole(hearing.address(heard, session) if now is None else original.address(now, session))


def _patience(call: StoredCall) -> AbstractContextManager[None]:
    """A long recording takes seconds to silence, the first time that it is heard."""
    long = (call.call["duration"] or 0) > LONG
    return st.spinner(t("preparing")) if long else nullcontext()


def _heard_line(call: StoredCall, heard: hearing.Hearing) -> None:
    """What is silenced, or why there is no sound; the way to the original where there is one."""
    with st.container(
        key="heard", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if heard.silent is not None:
            file = heard.file if signed.may(Act.CUSTOMER) else ""
            message = t(f"silent_{heard.silent}", file=file, message=heard.message)
            st.info(message, icon=":material/volume_off:")
        else:
            st.caption(t("muted", n=heard.muted) if heard.muted else t("nothing_muted"))
        if heard.silent in (None, hearing.Silent.UNPLACED) and signed.may(Act.ORIGINAL):
            original.code_form(call)


def _read(call: StoredCall, heard: hearing.Hearing, *, whole: bool) -> None:
    """The strip, and below it what was said; either may be missing."""
    drawn = strip.strip(call, heard, whole=whole)
    if not call.segments:
        st.info(t("no_speech"), icon=":material/speaker_notes_off:")
    if not call.segments and drawn is None:
        return
    shown = {
        "mode": call.call["channel"],
        "lang": language(),
        "playable": heard.wav is not None,
        "roles": {role: named("role", role) for role in Role},
        "shown_roles": sorted({row["role"] for row in call.segments}),
        "turns": turns_of(call),
        "strip": drawn,
        "opened_at": _opened_at(),
        "whole": whole,
        "taken": "14.5rem" if whole else "10.5rem",
    }
    transcript("transcript", shown)


def _opened_at() -> tuple[str, str] | None:
    """The call and the segment that the address names: where the player begins."""
    asked = st.query_params
    return (asked["id"], asked["segment"]) if "segment" in asked else None


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
    if not flagged:
        st.success(t("no_problems"), icon=":material/check:")
    for finding in flagged:
        with st.container(border=True, gap="xsmall"):
            st.html(markup.finding_card(finding, titles.get(finding["control_point"], "")))
            if decides and finding["rule"] not in appeals:  # else it is decided on appeal
                finding_form(call.call, finding)
            else:
                finding_said(call.call, finding)
            appealing.part(call.call, finding, appeals)
    if decides:
        judging.items_form(call, human)
        call_form(call.call)
    for label, verdict in (("passed", "pass"), ("not_applied", "not_applicable")):
        others = ordered(call.findings, verdict)
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
    reviews, corrections = data.history(call.call), correcting.lines(call)
    if corrections:
        st.html(corrections)
    if not reviews and not corrections:
        st.caption(t("no_history"))
        return
    st.html(markup.review_lines(reviews, {f["rule"]: title_of(f) for f in call.findings}))


render()
