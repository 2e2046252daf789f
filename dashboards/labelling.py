"""What models read in a call, and what people say of it: one click for right, two for another."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboards import labels, learned, signed
from dashboards.language import clock, language, t, when
from dashboards.reviews import attempt, me, tell
from pipeline.access import Act
from pipeline.domain import REASON, YES, Flag, Label
from pipeline.learning import UNSURE, reason_name
from pipeline.store import StoredCall

Said = Mapping[str, Label]
SHORT = 40


@st.fragment
def part(call: StoredCall) -> None:
    """Reason and flags as they count; for those who review also the ways to correct them."""
    said = labels.of(call.call)
    line = learned.line(call, said)
    if not signed.may(Act.REVIEW):
        if line:
            st.html(line)
        return
    key = f"label_{call.call['call_id']}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(line or "<span></span>", width="content")  # so that the form stays where it is
        with st.popover(t("label_form"), icon=":material/rule:", type="tertiary", width="content"):
            st.caption(t("label_help"))
            _reason(call, said, key)
            halves = st.columns(2, gap="small")
            for place, flag in enumerate(Flag):
                with halves[place % 2]:
                    _flag(call, said, flag, key)
        read = labels.machine(call, REASON)
        if read not in (None, UNSURE) and learned.value_of(said, REASON) is None:
            st.button(
                t("label_right"), key=f"{key}_right", icon=":material/check:", type="tertiary",
                on_click=_store, args=(call, REASON, read, None, _previous(said, REASON)),
            )  # fmt: skip
    tell(key)


def _reason(call: StoredCall, said: Said, key: str) -> None:
    name, read = f"{key}_reason", labels.machine(call, REASON)
    names = {one: reason_name(one, language()) for one in labels.values_of(REASON)}
    if read in names:
        names[read] = t("label_by_machine", name=names[read])
    st.session_state[name] = learned.value_of(said, REASON)
    st.pills(
        t("label_reason"), list(names), key=name, help=t("label_reason_help"),
        format_func=names.__getitem__,
        on_change=_choose, args=(call, REASON, name, _previous(said, REASON)),
    )  # fmt: skip


def _flag(call: StoredCall, said: Said, flag: Flag, key: str) -> None:
    name, title = f"{key}_{flag}", t(f"flag_{flag}")
    names = {value: learned.told(value) for value in labels.values_of(flag)}
    chosen = learned.value_of(said, flag)
    st.session_state[name] = chosen
    st.segmented_control(
        t("label_flag", flag=title, machine=learned.told(labels.machine(call, flag))),
        list(names), key=name, format_func=names.__getitem__,
        on_change=_choose, args=(call, flag, name, _previous(said, flag)),
    )  # fmt: skip
    if chosen != YES:
        return
    turns = {row["segment"]: _place(row) for row in labels.turns(call)}
    place = f"{name}_turn"
    shown = learned.turn_of(call, said[flag])
    st.session_state[place] = shown if shown in turns else None  # whose turn it is may change
    st.selectbox(
        t("label_turn", flag=title), list(turns), key=place, index=None,
        placeholder=t("label_turn_hint"),
        format_func=turns.__getitem__,
        on_change=_point, args=(call, flag, place, _previous(said, flag)),
    )  # fmt: skip


def _place(row: labels.Row) -> str:
    time = "" if row["start"] is None else f"{clock(row['start'])} "
    return f"{time}{row['text'][:SHORT]}"


def _previous(said: Said, subject: str) -> int | None:
    return said[subject].id if subject in said else None


def _choose(call: StoredCall, subject: str, name: str, previous: int | None) -> None:
    value = st.session_state[name]
    moment = None if value is None else learned.moment_of(call, subject)
    _store(call, subject, value, moment, previous)


def _point(call: StoredCall, subject: str, place: str, previous: int | None) -> None:
    _store(call, subject, YES, st.session_state[place], previous)


def _store(
    call: StoredCall, subject: str, value: str | None, segment: int | None, previous: int | None
) -> None:
    attempt(
        f"label_{call.call['call_id']}",
        lambda: labels.say(me(), call, subject, value, segment, previous),
    )


def lines(call: StoredCall) -> str:
    """Who said what and when, latest first."""
    every = labels.history(call.call)
    return f'<div class="cq">{"".join(map(_line, reversed(every)))}</div>' if every else ""


def _line(one: Label) -> str:
    reason = one.subject == REASON
    subject = t("label_subject_reason" if reason else f"flag_{one.subject}")
    if one.value is None:
        words = t("label_back_line", subject=subject)
    else:
        value = reason_name(one.value, language()) if reason else learned.told(one.value)
        words = t("label_line", subject=subject, value=value)
    quote = f"　“{one.quote}”" if one.quote else ""
    return (
        f'<div class="cq-line"><b>{escape(words)}</b> {escape(one.who)} '
        f'<span class="cq-muted">{when(one.at)}</span>{escape(quote)}</div>'
    )
