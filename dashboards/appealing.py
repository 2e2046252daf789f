"""The appeal against one finding, on the call's page, where it can be heard what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from dashboards import objections, signed
from dashboards.language import named, t, when
from dashboards.markup import chip
from dashboards.reviews import attempt, counts, me, say, tell
from pipeline.access import Act
from pipeline.domain import Appeal, AppealState, AppealStep

Row = Mapping[str, Any]
TONE = {
    AppealState.FILED: "warn",
    AppealState.OPINION: "warn",
    AppealState.UPHELD: "ok",
    AppealState.DISMISSED: "quiet",
    AppealState.WITHDRAWN: "quiet",
}


def part(call: Row, finding: Row, appeals: Mapping[str, Appeal]) -> None:
    """What there is of an appeal against a finding, and what whoever looks can do about it."""
    appeal, key = appeals.get(finding["rule"]), f"appeal_{call['call_id']}_{finding['rule']}"
    tell(key)
    if appeal is None:
        _offer(call, finding, key)
        return
    st.html(_lines(appeal))
    if appeal.end is not None:
        return
    if signed.may(Act.OPINE) and appeal.opinion is None and me() != appeal.who:
        _form(call, appeal, key, (AppealStep.SUPPORT, AppealStep.OPPOSE))
    if signed.may(Act.RULE):
        _form(call, appeal, key, (AppealStep.UPHOLD, AppealStep.DISMISS))
    if signed.may(Act.APPEAL) and me() == appeal.who:
        _form(call, appeal, key, (AppealStep.WITHDRAW,))


def _lines(appeal: Appeal) -> str:
    """Who said what, in order."""
    state = chip(named("appeal", appeal.state), TONE[appeal.state])
    lines = [(appeal.who, appeal.at, t("appeal_said"), appeal.reason)]
    lines += [(s.who, s.at, named("step", s.step), s.comment) for s in appeal.steps]
    body = "".join(
        f'<div class="cq-line"><b>{escape(what)}</b>　{escape(who)} '
        f'<span class="cq-muted">{when(at)}</span>　{escape(said)}</div>'
        for who, at, what, said in lines
    )
    return f'<div class="cq">{t("appeal")} {appeal.id} {state}{body}</div>'


def _offer(call: Row, finding: Row, key: str) -> None:
    """The way to object, while there is time and the finding still costs something."""
    if not signed.may(Act.APPEAL) or not counts(call, finding):
        return
    until = objections.last_moment(call, finding["rule"])
    if datetime.now(until.tzinfo) > until:
        st.caption(t("appeal_late", when=when(until)))
        return
    with st.popover(t("appeal"), icon=":material/gavel:"), st.form(key, border=False):
        st.caption(t("appeal_until", when=when(until)))
        st.text_area(t("appeal_reason"), key=f"{key}_reason", placeholder=t("appeal_hint"))
        st.form_submit_button(
            t("appeal_file"), key=f"{key}_file", on_click=_file, args=(call, finding["rule"], key)
        )


def _form(call: Row, appeal: Appeal, key: str, steps: tuple[AppealStep, ...]) -> None:
    name = f"{key}_{steps[0]}"
    with st.form(name, clear_on_submit=True, border=False):
        words, *buttons = st.columns([5, *(1.6 for _ in steps)], vertical_alignment="bottom")
        words.text_input(
            t("appeal_reason"), key=f"{name}_comment", placeholder=t(f"appeal_why_{steps[0]}"),
            label_visibility="collapsed",
        )  # fmt: skip
        for column, step in zip(buttons, steps, strict=True):
            column.form_submit_button(
                named("step", step), key=f"{key}_{step}_do", width="stretch",
                on_click=_step, args=(call, appeal.id, step, key, f"{name}_comment"),
            )  # fmt: skip


def _file(call: Row, rule: str, key: str) -> None:
    reason = str(st.session_state.get(f"{key}_reason") or "")
    _told(key, lambda: objections.file(me(), call, rule, reason), reason)


def _step(call: Row, number: int, step: AppealStep, key: str, field: str) -> None:
    comment = str(st.session_state.get(field) or "")
    _told(key, lambda: objections.step(me(), call, number, step, comment), comment)


def _told(key: str, act: Callable[[], Appeal], reason: str) -> None:
    if me() and not reason.strip():
        say(key, "error", t("need_comment"))
    else:
        attempt(key, act, t("appeal_done"))
