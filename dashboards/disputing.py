"""Where inspectors answered differently, side by side, and what was agreed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboards import calibrating, data, markup, signed, widgets
from dashboards.components import go
from dashboards.language import clock, t, title_of, when
from dashboards.links import call_link
from dashboards.markup import chip
from dashboards.reviews import attempt, me, say, tell
from pipeline.access import Act
from pipeline.calibration import Dispute, Question, Result
from pipeline.domain import Answer
from pipeline.errors import BadInput

Row = Mapping[str, Any]
SHOWN = 10
PAGE = "dispute_page"


def part(result: Result) -> None:
    """The disputes of a closed round, a page at a time."""
    every = result.disputes
    widgets.section(t("result_disputes"), t("result_disputes_note", n=len(every)) if every else "")
    if not every:
        st.success(t("result_same"), icon=":material/check:")
        return
    chosen = _chosen(every)
    first = _first(len(chosen))
    for dispute in chosen[first : first + SHOWN]:
        with st.container(border=True, gap="xsmall"):
            _dispute(result, dispute)


def _chosen(every: Sequence[Dispute]) -> list[Dispute]:
    """Of one control point, or of all."""
    names = {dispute.question.subject: _name(dispute.question) for dispute in every}
    subject = st.selectbox(
        t("col_subject_of"), [None, *sorted(names, key=names.__getitem__)], key="dispute_subject",
        format_func=lambda key: t("dispute_all_points") if key is None else names[key],
        label_visibility="collapsed", width=360,
    )  # fmt: skip
    return [dispute for dispute in every if subject in (None, dispute.question.subject)]


def _first(count: int) -> int:
    if count <= SHOWN:
        return 0
    page = int(st.session_state.get(PAGE) or 1)
    pages = -(-count // SHOWN)
    st.session_state[PAGE] = min(page, pages)
    first = (min(page, pages) - 1) * SHOWN
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        last = min(first + SHOWN, count)
        st.caption(t("dispute_of", first=first + 1, last=last, n=count), width="content")
        st.segmented_control(
            t("page_calibration"), list(range(1, pages + 1)), key=PAGE, required=True,
            label_visibility="collapsed",
        )  # fmt: skip
    return first


def _name(question: Question) -> str:
    title = title_of({"title": question.title, "title_en": question.title_en})
    return f"{question.number} {title}"


def _dispute(result: Result, dispute: Dispute) -> None:
    key = f"dispute_{dispute.call.call_id}_{dispute.question.subject}"
    machine, segment = _machine(dispute)
    head, way = st.columns([6, 1.6], vertical_alignment="center")
    mark = chip(t("key_point"), "critical") if dispute.question.key_point else ""
    head.html(
        f'<div class="cq cq-head">{mark}<b>{escape(_name(dispute.question))}　'
        f'<span class="cq-muted">{escape(dispute.call.call_id)}</span></b></div>'
    )
    hear = way.button(
        t("dispute_open"), key=f"{key}_open", icon=":material/headset_mic:", width="stretch"
    )
    if hear:
        go(call_link(dispute.call.call_id, segment))
    boxes = [_box(answer.rater, _said(dispute.question, answer)) for answer in dispute.answers]
    st.html(f'<div class="cq cq-side">{"".join(boxes)}{machine}</div>')
    notes = "".join(
        f'<div class="cq-line"><b>{t("dispute_agreed")}</b>　{escape(note.note)}　'
        f'<span class="cq-muted">{escape(note.who)} {when(note.at)}</span></div>'
        for note in dispute.notes
    )
    if notes:
        st.html(f'<div class="cq">{notes}</div>')
    tell(key)
    if signed.may(Act.CALIBRATE):
        _form(result.round.id, dispute, key)


def _box(who: str, inner: str) -> str:
    return f'<div><div class="cq-small">{escape(who)}</div>{inner}</div>'


def _said(question: Question, answer: Answer) -> str:
    titles = {r.id: title_of({"title": r.title, "title_en": r.title_en}) for r in question.rules}
    broken = "".join(f"<div>{escape(titles.get(rule, rule))}</div>" for rule in answer.rules)
    comment = f'<div class="cq-muted">{escape(answer.comment)}</div>' if answer.comment else ""
    return f"{chip(*markup.answer_of(question, answer.answer))}{broken}{comment}"


def _machine(dispute: Dispute) -> tuple[str, int | None]:
    """What the machine said then with its evidence, and the segment where one would listen."""
    if dispute.machine is None:
        return "", None
    findings = _findings(dispute)
    verdict = chip(*markup.answer_of(dispute.question, dispute.machine))
    inner = "".join(map(_finding, findings or ()))
    if findings is None:
        inner = f'<div class="cq-muted">{t("result_rescored")}</div>'
    places = [item["segment"] for one in findings or () for item in one["evidence"]]
    return _box(t("dispute_machine"), verdict + inner), min(places, default=None)


def _findings(dispute: Dispute) -> list[Row] | None:
    """The findings behind a verdict; None when the call has been scored by another pack since."""
    try:
        call = data.call(dispute.call.call_id)
    except BadInput:
        return None
    if call.call["pack_hash"] != dispute.call.pack_hash:
        return None
    rules = dispute.call.asked[dispute.question.subject]
    return [f for f in call.findings if f["rule"] in rules and f["verdict"] in ("fail", "unsure")]


def _finding(finding: Row) -> str:
    quotes = "".join(
        f"<div><b>{clock(item['start']) if item['start'] is not None else ''}</b>　"
        f"{escape(item['quote'])}</div>"
        for item in finding["evidence"][:2]
    )
    return (
        f"<div>{escape(title_of(finding))}</div>"
        f'<div class="cq-muted">{escape(finding["why"])}</div>{quotes}'
    )


def _form(number: int, dispute: Dispute, key: str) -> None:
    """Words of what was agreed; they stay, and more can be added."""
    latest = dispute.notes[-1].id if dispute.notes else None
    with st.form(f"{key}_form", clear_on_submit=True, border=False):
        words, save = st.columns([6, 1.2], vertical_alignment="bottom")
        words.text_input(
            t("dispute_agreed"), key=f"{key}_note", placeholder=t("dispute_agreed_hint"),
            label_visibility="collapsed",
        )  # fmt: skip
        save.form_submit_button(
            t("dispute_save"), key=f"{key}_save", width="stretch",
            on_click=_save, args=(number, dispute, key, latest),
        )  # fmt: skip


def _save(number: int, dispute: Dispute, key: str, latest: int | None) -> None:
    words = str(st.session_state.get(f"{key}_note") or "").strip()
    if me() and not words:
        say(key, "error", t("need_comment"))
        return
    subject = dispute.call.content_sha256, dispute.question.subject
    attempt(key, lambda: calibrating.note(me(), number, subject, words, latest), t("dispute_saved"))
