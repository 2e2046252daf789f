"""The form that draws sampling plans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboards import data
from dashboards.faults import fault
from dashboards.language import t
from dashboards.reviews import REVIEWER, say
from pipeline.domain import SampleWish
from pipeline.errors import BadInput, CallqaError
from pipeline.sampling import Board

PER_AGENT, UNFLAGGED = 3, 60
FORM = "draw"


def form(shown: Board) -> None:
    """Draw from the days of the month that are left; says why not when there are none."""
    try:
        since, until = data.days_to_draw(shown.since, shown.until)
    except BadInput as error:
        st.caption(fault(error))
        return
    before = shown.plans[-1].wish if shown.plans else None
    with st.expander(t("draw_more"), expanded=not shown.plans), st.form("draw", border=False):
        st.caption(t("draw_days", since=since, until=until))
        one, two, three, four = st.columns([1, 1, 3, 2])
        per_agent = before.per_agent if before else PER_AGENT
        unflagged = before.unflagged if before else UNFLAGGED
        one.number_input(t("draw_per_agent"), 0, 20, per_agent, key="draw_per_agent")
        two.number_input(t("draw_unflagged"), 0, 10_000, unflagged, key="draw_unflagged")
        three.text_input(
            t("draw_inspectors"), " ".join(before.inspectors if before else ()), key="draw_people"
        )
        four.text_input(t("draw_seed"), key="draw_seed")
        st.form_submit_button(
            t("draw"), icon=":material/casino:", on_click=_draw, args=(since, until)
        )


def _draw(since: date, until: date) -> None:
    state = st.session_state
    wish = SampleWish(
        since,
        until,
        str(state["draw_seed"]).strip(),
        int(state["draw_per_agent"]),
        int(state["draw_unflagged"]),
        _names(str(state["draw_people"])),
    )
    try:
        plan = data.draw_sample(str(state.get(REVIEWER) or ""), wish)
    except CallqaError as error:
        say(FORM, "error", t("not_drawn", message=fault(error)))
    else:
        say(FORM, "success", t("drawn", id=plan.id))


def _names(text: str) -> tuple[str, ...]:
    found: Sequence[str] = [name for name in re.split(r"[\s,，、;；]+", text) if name]
    return tuple(dict.fromkeys(found))
