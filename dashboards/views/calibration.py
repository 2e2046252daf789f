"""Calibration: rounds in which several inspectors score the same calls blind, and the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboards import agreeing, calibrating, convening, disputing, rating, signed, widgets
from dashboards.components import Column, TableRow, go, table
from dashboards.faults import fault
from dashboards.language import listed, named, t, when
from dashboards.links import round_link
from dashboards.options import settings
from dashboards.reviews import attempt, me, tell
from pipeline.access import Act
from pipeline.domain import Round
from pipeline.errors import BadInput, BadPack

TONE = {"open": "info", "overdue": "major", "closed": "ok"}
CLOSING = "round_closing"


def render() -> None:
    """Lay out the page: all rounds, one round, or one call of it to score."""
    asked = st.query_params.get("round")
    if asked is None:
        _all()
        return
    try:
        found = calibrating.round_of(int(asked))
    except (BadInput, ValueError):
        widgets.title(t("round_unknown"))
        with st.container(width=200):
            _back()
        return
    call_id = st.query_params.get("id")
    if call_id:
        rating.page(found, call_id)
    else:
        _one(found)


def _back() -> None:
    back = st.button(t("round_all"), icon=":material/arrow_back:", key="round_all", width="stretch")
    if back:
        go(round_link())


def _state(found: Round) -> str:
    if found.closed:
        return "closed"
    return "overdue" if found.due < datetime.now(settings().zone).date() else "open"


# ── all rounds ───────────────────────────────────────────────────────────────────────────────────


def _all() -> None:
    widgets.title(t("page_calibration"))
    tell(convening.FORM)
    found = calibrating.rounds()
    makes = signed.may(Act.CALIBRATE)
    if not found:
        st.info(t("rounds_none_made" if makes else "rounds_none"), icon=":material/balance:")
    else:
        st.caption(t("round_list_note"))
        columns = [
            Column("id", t("col_round"), align="right"),
            Column("state", t("col_state")),
            Column("title", t("col_title"), wide=True, link=True),
            Column("mine", t("col_mine"), align="right"),
            Column("all", t("col_all_in"), align="right"),
            Column("people", t("col_people")),
            Column("due", t("col_due")),
            Column("by", t("col_made_by")),
        ]
        table("rounds", columns, [_row(one) for one in found], t("no_data"))
    if makes:
        convening.form(expanded=not found)


def _row(found: Round) -> TableRow:
    state, name = _state(found), me()
    mine = f"{found.done_by(name)} / {len(found.calls)}" if name in found.raters else "—"
    return TableRow(
        {
            "id": str(found.id),
            "state": {"text": named("round", state), "tone": TONE[state]},
            "title": found.title,
            "mine": {"text": mine, "style": "strong" if found.left_for(name) else ""},
            "all": f"{len(found.submitted)} / {len(found.calls) * len(found.raters)}",
            "people": listed(found.raters),
            "due": found.due.isoformat(),
            "by": found.who,
        },
        round_link(found.id),
    )


# ── one round ────────────────────────────────────────────────────────────────────────────────────


def _one(found: Round) -> None:
    state = _state(found)
    head, back = st.columns([6, 1], vertical_alignment="center")
    with head:
        widgets.title(found.title)
    with back:
        _back()
    line = t(
        "round_line", who=found.who, calls=len(found.calls), people=len(found.raters), due=found.due
    )
    st.caption(f"**{named('round', state)}**　{line}　{_ended(found)}")
    tell(CLOSING)
    if found.closed:
        _result(found)
        return
    st.caption(t("round_blind"))
    left, right = st.columns([3, 2], gap="medium")
    if me() in found.raters:
        with left:
            _mine(found)
    with right if me() in found.raters else left:
        _progress(found)


def _result(found: Round) -> None:
    try:
        result = calibrating.result(found.id)
    except BadPack as error:
        st.warning(fault(error), icon=":material/inventory_2:")
        return
    agreeing.parts(result)
    disputing.part(result)


def _ended(found: Round) -> str:
    if found.ended_at is None:
        return ""
    if found.ended_by is None:
        return t("round_ended_all", when=when(found.ended_at))
    return t("round_ended_by", when=when(found.ended_at), who=found.ended_by)


def _mine(found: Round) -> None:
    """One's own calls, and the way to the next."""
    widgets.section(t("round_mine"))
    left = found.left_for(me())
    if left:
        if st.button(t("round_go_on"), type="primary", icon=":material/play_arrow:", key="go_on"):
            go(round_link(found.id, left[0].call_id))
    else:
        st.success(t("round_done"), icon=":material/check:")
    begun = calibrating.begun(found)
    columns = [
        Column("call", t("col_call"), wide=True, link=True),
        Column("state", t("col_state")),
    ]
    tones = {"open": "quiet", "begun": "warn", "submitted": "ok"}
    waiting = {call.content_sha256 for call in left}
    rows = []
    for call in found.calls:
        state = "submitted"
        if call.content_sha256 in waiting:
            state = "begun" if call.content_sha256 in begun else "open"
        rows.append(
            TableRow(
                {
                    "call": call.call_id,
                    "state": {"text": named("sheet", state), "tone": tones[state]},
                },
                round_link(found.id, call.call_id),
            )
        )
    table("round_calls", columns, rows, t("no_data"))


def _progress(found: Round) -> None:
    """Who has submitted how much, and for whoever makes rounds the way to end this one."""
    widgets.section(t("round_progress"))
    columns = [
        Column("name", t("col_inspector"), wide=True),
        Column("done", t("col_all_in")),
    ]
    table("round_progress", columns, _people(found), t("no_data"))
    if not signed.may(Act.CALIBRATE):
        return
    open_ = len(found.calls) * len(found.raters) - len(found.submitted)
    with st.popover(t("round_close"), icon=":material/lock:"):
        st.caption(t("round_close_help", n=open_))
        st.button(t("round_close"), key="round_close", on_click=_close, args=(found.id,))


def _people(found: Round) -> Sequence[TableRow]:
    every = len(found.calls)
    return [
        TableRow(
            {
                "name": rater,
                "done": {
                    "text": f"{found.done_by(rater)} / {every}",
                    "bar": found.done_by(rater) / every if every else 0,
                },
            }
        )
        for rater in found.raters
    ]


def _close(number: int) -> None:
    attempt(CLOSING, lambda: calibrating.close(me(), number), t("round_closed_now"))


render()
