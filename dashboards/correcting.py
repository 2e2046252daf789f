"""Misheard turns on a call's page: corrected by a person, and what the machine then finds."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboards import misheard
from dashboards.language import clock, named, score, t, when
from dashboards.reviews import attempt, me, say, tell
from pipeline.corrected import in_force
from pipeline.domain import Correction
from pipeline.store import StoredCall

SHORT = 40


def outcome(call: StoredCall) -> None:
    """What corrections changed in the machine's result."""
    if not call.heard:
        return
    if call.machine is None:
        st.caption(t("corrected_unchecked"))
        return
    before, after = (
        f"{score(row['score'])} {named('grade', row['grade'])}" for row in (call.machine, call.call)
    )
    text = t("corrected_result", before=before, after=after)
    st.html(f'<div class="cq-result">{escape(text)}</div>')


def note(one: Correction | None) -> dict[str, str] | None:
    """What the transcript says of a corrected turn."""
    if one is None:
        return None
    return {"label": t("corrected_turn", who=one.who), "heard": one.heard}


def form(call: StoredCall) -> None:
    """Choose a turn and write what was said in it."""
    if not call.segments:
        return
    key = f"correct_{call.call['call_id']}"
    with st.expander(t("correct"), icon=":material/edit_note:"):
        st.caption(t("correct_help"))
        rows = {row["segment"]: row for row in call.segments}
        heard = {row["segment"]: row for row in call.heard or call.segments}
        turn = st.selectbox(
            t("correct_turn"), list(rows), index=None, key=f"{key}_turn",
            format_func=lambda at: _place(heard[at]),
        )  # fmt: skip
        known = in_force(call).get(turn) if turn is not None else None
        if turn is not None:
            field = f"{key}_text_{turn}_{known.id if known else ''}"
            with st.form(f"{key}_form", border=False):
                st.text_area(t("correct_text"), rows[turn]["text"], key=field, height=80)
                save, back = st.columns(2)
                save.form_submit_button(
                    t("correct_save"), key=f"{key}_save", on_click=_save,
                    args=(call, turn, field, key), type="primary",
                )  # fmt: skip
                if known is not None:
                    back.form_submit_button(
                        t("correct_back"), key=f"{key}_back", on_click=_back, args=(call, turn, key)
                    )
    if st.session_state.pop(f"{key}_fresh", False):
        st.rerun()  # the whole page: the transcript shows it too
    tell(key)


def _place(row: dict[str, object]) -> str:
    start = row["start"]
    time = f"{clock(start)} " if isinstance(start, float) else ""
    return f"{time}{named('role', row['role'])} {str(row['text'])[:SHORT]}"


def _save(call: StoredCall, turn: int, field: str, key: str) -> None:
    text = str(st.session_state.get(field) or "")
    if me() and not text.strip():
        say(key, "error", t("correct_need"))
    elif attempt(key, lambda: misheard.correct(me(), call, turn, text), t("correct_done")):
        st.session_state[f"{key}_fresh"] = True


def _back(call: StoredCall, turn: int, key: str) -> None:
    if attempt(key, lambda: misheard.correct(me(), call, turn, None), t("correct_undone")):
        st.session_state[f"{key}_fresh"] = True


def lines(call: StoredCall) -> str:
    """Who corrected what and when, latest first."""
    every = misheard.history(call)
    return f'<div class="cq">{"".join(map(_line, reversed(every)))}</div>' if every else ""


def _line(one: Correction) -> str:
    key = "correction_line" if one.text is not None else "correction_back_line"
    said = f"{one.heard} → {one.text}" if one.text is not None else one.heard
    return (
        f'<div class="cq-line"><b>{escape(t(key, n=one.segment + 1))}</b> {escape(one.who)} '
        f'<span class="cq-muted">{when(one.at)}</span>　{escape(said)}</div>'
    )
