"""An inspector's desk: the next call in one action, who has this one, calls for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboards import holding, signed
from dashboards.components import go
from dashboards.faults import fault
from dashboards.language import t, when
from dashboards.links import call_link, listing_of
from dashboards.reviews import NEXT, attempt, me, say, tell
from pipeline.access import Act
from pipeline.errors import CallqaError
from pipeline.store import Filters

Row = Mapping[str, Any]
DESK = "desk"
NEXT_KEY = "Alt+N"
AT_ONCE = 20
FLAGGED = Filters(flagged=True)


def next_button(filters: Filters, sort: str, besides: str | None = None) -> None:
    """Take the next call and open it."""
    if not signed.may(Act.REVIEW):
        return
    pressed = st.button(
        t("take_next"),
        icon=":material/skip_next:",
        key="take_next",
        type="primary",
        shortcut=NEXT_KEY,
        help=t("take_next_help"),
    )
    if pressed or st.session_state.pop(NEXT, False):
        _next(filters, sort, besides)


def listed() -> tuple[Filters, str]:
    """The list that this session last looked at: what `next` means on a call's page."""
    params = st.session_state.get("queue_params")
    if params is None or st.session_state.get("queue_page") != "queue":
        return FLAGGED, "priority"
    listing = listing_of(params)
    return listing.wanted, listing.sort


def _next(filters: Filters, sort: str, besides: str | None) -> None:
    try:
        found = holding.claim_next(me(), filters, sort, besides)
    except CallqaError as error:
        st.error(t("not_saved", message=fault(error)) if me() else t("need_reviewer"))
        return
    if found is None:
        st.info(t("none_left"), icon=":material/done_all:")
    else:
        go(call_link(found))


def holder_line(call: Row) -> bool:
    """Who has this call, and what can be done about it; False when somebody else has it."""
    now, name = holding.of(call), me()
    tell(DESK)
    other = now is not None and now.holder != name
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="holder"):
        if now is None:
            st.caption(t("held_by_nobody"))
            _act("claim", call)
        elif not other:
            ends = t("held_until", when=when(now.ends)) if now.ends else t("held_assigned")
            st.caption(f"**{t('held_by_me')}** {ends}")
            _act("give_back", call)
        else:
            st.warning(
                t("held_by_other", who=now.holder, when=when(now.at)), icon=":material/person:"
            )
            if signed.may(Act.ASSIGN):
                _act("take_over", call)
    return not other


def _act(name: str, call: Row) -> None:
    st.button(t(f"desk_{name}"), key=f"desk_{name}", on_click=_do, args=(name, dict(call)))


def _do(name: str, call: Row) -> None:
    attempt(DESK, lambda: getattr(holding, name)(me(), call))


def assigning(filters: Filters, sort: str) -> None:
    """A supervisor gives the first free calls of this list to people in turn."""
    if not signed.may(Act.ASSIGN):
        return
    with st.popover(t("assign"), icon=":material/group_add:"):
        st.caption(t("assign_help"))
        with st.form("assign", border=False):
            names = holding.people_to_assign()
            st.multiselect(
                t("assign_to"), names, key="assign_to", accept_new_options=not names,
                placeholder=t("assign_to"),
            )  # fmt: skip
            st.number_input(
                t("assign_count"), 1, holding.MOST_ASSIGNED, AT_ONCE, key="assign_count"
            )
            st.form_submit_button(t("assign"), on_click=_assign, args=(filters, sort))
    tell("assign")


def _assign(filters: Filters, sort: str) -> None:
    state = st.session_state
    people, count = list(state["assign_to"]), int(state["assign_count"])
    try:
        given = holding.assign(me(), people, filters, sort, count)
    except CallqaError as error:
        say("assign", "error", t("not_saved", message=fault(error)) if me() else t("need_reviewer"))
    else:
        say("assign", "success", t("assigned", n=given, who="、".join(people)))


def waiting_since(row: Row) -> str:
    """Who has a call of a list, and for how long in hours."""
    if not row["holder"]:
        return ""
    hours = (datetime.now(UTC) - row["holder_since"]).total_seconds() / 3600
    return t("held_hours", who=row["holder"], n=f"{hours:.0f}")
