"""The form that makes a calibration round."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from dashboards import calibrating, data
from dashboards.faults import fault
from dashboards.language import named, t
from dashboards.options import settings
from dashboards.reviews import me, say
from pipeline.calibration import MOST_CALLS, Draw
from pipeline.domain import RoundWish
from pipeline.errors import CallqaError

FORM = "round_new"
DUE = timedelta(days=7)
DRAWN, BACK = 8, timedelta(days=30)


def form(*, expanded: bool) -> None:
    """Title, people, due day; calls by id, and some drawn by lot."""
    known = data.choices()
    with st.expander(t("round_new"), expanded=expanded), st.form(FORM, border=False):
        st.caption(t("round_new_help"))
        title, people, due = st.columns([3, 4, 1.4])
        title.text_input(t("round_title"), key="round_title", placeholder=t("round_title_hint"))
        names = calibrating.people()
        people.multiselect(
            t("round_people"), names, key="round_people", accept_new_options=not names,
            placeholder=t("round_people"),
        )  # fmt: skip
        today = datetime.now(settings().zone).date()
        due.date_input(t("round_due"), today + DUE, key="round_due", format="YYYY-MM-DD")
        ids, lot = st.columns([3, 5.4])
        ids.text_area(t("round_ids"), key="round_ids", height=122)
        with lot:
            _lot(known)
        st.form_submit_button(t("round_make"), icon=":material/balance:", on_click=_make)


def _lot(known: dict[str, Any]) -> None:
    """How many to draw, and of which calls."""
    count, days, line = st.columns([1.2, 2, 1.6])
    count.number_input(t("round_count"), 0, MOST_CALLS, DRAWN, key="round_count")
    last = known["last_day"]
    ends = (max(last - BACK, known["first_day"]), last) if last else ()
    st.session_state.setdefault("round_days", ends)
    days.date_input(t("round_days"), key="round_days", format="YYYY-MM-DD")
    line.selectbox(
        t("round_line_of"),
        [None, *(known["business_lines"] or ())],
        format_func=lambda value: t("all") if value is None else named("line", value),
        key="round_line_of",
    )
    flagged, seed = st.columns([2, 2.8], vertical_alignment="bottom")
    flagged.checkbox(t("round_flagged"), key="round_flagged")
    seed.text_input(t("round_seed"), key="round_seed")


def _make() -> None:
    state = st.session_state
    if not me():
        say(FORM, "error", t("need_reviewer"))
        return
    wish = RoundWish(
        str(state["round_title"]).strip(), tuple(state["round_people"]),
        state["round_due"], str(state["round_seed"]).strip(),
    )  # fmt: skip
    picked = [one for one in re.split(r"[\s,，、;；]+", str(state["round_ids"])) if one]
    try:
        made = calibrating.make(me(), wish, picked, _draw(state))
    except CallqaError as error:
        say(FORM, "error", t("not_saved", message=fault(error)))
    else:
        state["round_title"] = state["round_ids"] = ""
        say(FORM, "success", t("round_made", id=made.id))


def _draw(state: Any) -> Draw | None:  # noqa: ANN401 - Streamlit's state
    days = tuple(state["round_days"] or ())
    if not days or not state["round_count"]:
        return None
    return Draw(
        int(state["round_count"]), days[0], days[-1], state["round_line_of"],
        bool(state["round_flagged"]),
    )  # fmt: skip
