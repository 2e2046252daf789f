"""One case: what was said, heard where it may be, the agreed answer and how it came about."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboards import caselist, data, hearing, library, markup, signed, widgets
from dashboards.address import whole
from dashboards.components import go, listen
from dashboards.faults import fault
from dashboards.language import named, t, title_of, when
from dashboards.links import Link, call_link
from dashboards.passages import complete, span_of, text_fields, typed_text
from dashboards.reviews import attempt, me, say, tell
from pipeline.access import Act
from pipeline.casebook import Seen
from pipeline.domain import Case, CaseVersion
from pipeline.store import StoredCall

KEY = "case"


def render(seen: Seen) -> None:
    """Lay out the card."""
    case = seen.case
    back()
    st.html(_head(case))
    tell(KEY)
    left, right = st.columns([11, 10], gap="large")
    with left:
        widgets.section(t("passage_quote"), span_of(case.passage))
        st.html(markup.turns(case.passage.quote))
        _sound(seen)
    with right:
        widgets.section(t("case_why"))
        st.html(_said(case.text.why))
        widgets.section(t("case_answer"))
        st.html(_said(case.text.answer, "cq-say"))
        _history(case)
        if case.retired is None and signed.may(Act.AGREE):
            _edit(case)
            _retire(case)


def back() -> None:
    """The way to the list that the card was opened from."""
    if st.button(t("cases_back"), icon=":material/arrow_back:", type="tertiary"):
        go(Link("cases", caselist.params()))


def _said(text: str, kind: str = "") -> str:
    return f'<div class="cq cq-wide {kind}">{escape(text)}</div>'


def _head(case: Case) -> str:
    text, passage = case.text, case.passage
    chips = [markup.chip(t(f"cases_kind_{text.kind}"), caselist.TONE[text.kind])]
    chips += [markup.chip(tag) for tag in text.tags]
    rule = title_of({"title": passage.rule_title, "title_en": passage.rule_title_en})
    point = f"{passage.control_point or ''} {passage.point_title}".strip()
    parts = [named("line", passage.business_line), point, rule]
    parts += [t("case_by", who=case.who, when=when(case.at, year=True))]
    retired = (
        t("case_retired", why=case.retired, who=case.now.who, when=when(case.now.at, year=True))
        if case.retired is not None
        else ""
    )
    return (
        f'<div class="cq cq-top"><span class="cq-id">{case.id}　{escape(text.title)}</span>'
        f"{''.join(chips)}</div>"
        f'<div class="cq cq-muted">{escape("　·　".join(part for part in parts if part))}</div>'
        f"{_said(retired, 'cq-retired') if retired else ''}"
    )


def _sound(seen: Seen) -> None:
    """The clip and the way to the call, for those who have that call."""
    if seen.call is None:
        st.caption(t("case_not_yours"))
        return
    call_id, passage = seen.call["call_id"], seen.case.passage
    if passage.start is not None and passage.end is not None and signed.may(Act.HEAR):
        _player(data.call(call_id), (passage.start, passage.end))
    if st.button(t("case_open_call", id=call_id), icon=":material/headset_mic:"):
        go(call_link(call_id, passage.first))


def _player(call: StoredCall, part: tuple[float, float]) -> None:
    heard = hearing.find(call)
    if heard.silent is not None:
        file = heard.file if signed.may(Act.CUSTOMER) else ""
        st.caption(t(f"silent_{heard.silent}", file=file, message=fault(heard.message)))
        return
    address = hearing.clip_address(heard, part, signed.who().session)
    listen(whole(address))


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


def _history(case: Case) -> None:
    if len(case.versions) == 1:
        return
    lines = "".join(
        _version(number, version) for number, version in reversed([*enumerate(case.versions, 1)])
    )
    with st.expander(t("case_history", n=len(case.versions))):
        st.html(f'<div class="cq">{lines}</div>')


def _version(number: int, version: CaseVersion) -> str:
    made = t("case_changed", n=number, who=version.who, when=when(version.at, year=True))
    said = version.retired or f"{version.text.title}　{version.text.answer}"
    return f'<div class="cq-line"><b>{escape(made)}</b>　{escape(said)}</div>'


def _edit(case: Case) -> None:
    name = f"case_{case.id}_{case.now.id}"
    with st.expander(t("case_edit"), icon=":material/edit:"), st.form(name, border=False):
        st.segmented_control(
            t("case_kind"), caselist.KINDS[1:], default=case.text.kind, key=f"{name}_kind",
            format_func=lambda kind: t(f"cases_kind_{kind}"), required=True,
        )  # fmt: skip
        text_fields(name, case.text)
        st.form_submit_button(
            t("case_new_version"), key=f"{name}_save", on_click=_change, args=(case, name)
        )


def _change(case: Case, name: str) -> None:
    text = typed_text(name)
    if me() and not complete(text):
        say(KEY, "error", t("case_need"))
        return
    attempt(
        KEY, lambda: library.change(me(), case.id, text, case.now.id), t("case_changed_done")
    )  # fmt: skip


def _retire(case: Case) -> None:
    name = f"case_{case.id}_retire"
    with st.expander(t("case_retire"), icon=":material/block:"), st.form(name, border=False):
        st.text_input(t("case_retire_why"), key=f"{name}_why")
        st.form_submit_button(t("case_retire"), key=f"{name}_do", on_click=_end, args=(case, name))


def _end(case: Case, name: str) -> None:
    reason = str(st.session_state.get(f"{name}_why") or "")
    if me() and not reason.strip():
        say(KEY, "error", t("need_comment"))
        return
    attempt(
        KEY, lambda: library.retire(me(), case.id, reason, case.now.id), t("case_retired_done")
    )  # fmt: skip
