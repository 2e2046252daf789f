"""A passage of a call, on its page: taken as a clip, or made a case of; and the call's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards import hearing, library, markup, signed, taking
from dashboards.components import Column, TableRow, table
from dashboards.faults import fault
from dashboards.language import clock, named, t, title_of
from dashboards.links import Link
from dashboards.reviews import attempt, me, say, tell
from pipeline.access import Act
from pipeline.casebook import Subject
from pipeline.domain import CaseKind, CaseText, Passage, Verdict
from pipeline.errors import BadInput
from pipeline.store import StoredCall

Row = Mapping[str, Any]
SHORT = 28
MARGIN, MOST_MARGIN = 2, 30
FIELDS = ("title", "why", "answer", "tags", "point", "kind")
KINDS = tuple(str(kind) for kind in CaseKind)
FREE = ""
ORDER = (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence, and how it is named."""

    finding: Row
    turn: int
    label: str


def offered() -> bool:
    """Whether whoever looks may do anything with a passage."""
    return signed.may(Act.EXPORT) or signed.may(Act.EXAMPLE)


def part(call: StoredCall) -> None:
    """Choose some turns and say what becomes of them."""
    key = f"passage_{call.call['call_id']}"
    if signed.may(Act.EXPORT):
        st.link_button(
            t("form_take"), taking.form_link(call.call["call_id"]), icon=":material/print:",
            help=t("form_take_help"),
        )  # fmt: skip
    if not call.segments:
        return
    finding, turns = _choose(call, key)
    subject = Subject(finding["rule"]) if finding else Subject()
    try:
        passage = library.passage(call, turns, subject)
    except BadInput as error:
        st.warning(fault(error), icon=":material/edit:")
        return
    st.html(markup.turns(passage.quote, t("passage_note", time=span_of(passage))))
    if signed.may(Act.EXPORT):
        _clip(call, passage, key)
    if signed.may(Act.EXAMPLE):
        _case_form(call, passage, finding, key)
    _made(call)


def span_of(passage: Passage) -> str:
    """When it was said."""
    if passage.start is None:
        return t("passage_chat")
    return f"{clock(passage.start)}–{clock(passage.end)}"


# ── which turns ──────────────────────────────────────────────────────────────────────────────────


def _choose(call: StoredCall, key: str) -> tuple[Row | None, tuple[int, int]]:
    """A finding's evidence with its turn, or any neighbouring turns."""
    places = {row["segment"]: _place(row) for row in call.segments}
    known = _evidence(call, places)
    about = st.selectbox(
        t("passage_about"), [*known, FREE], key=f"{key}_about",
        format_func=lambda one: known[one].label if one else t("passage_free"),
    )  # fmt: skip
    chosen = known.get(about)
    begin = list(places).index(chosen.turn) if chosen else 0
    columns = st.columns(2, gap="small")
    first, last = (  # of each piece of evidence their own: they begin where it stands
        column.selectbox(
            t(f"passage_{name}"), list(places), index=begin, key=f"{key}_{name}_{about}",
            format_func=places.__getitem__,
        )
        for column, name in zip(columns, ("first", "last"), strict=True)
    )  # fmt: skip
    return chosen.finding if chosen else None, (first, max(first, last))


def _evidence(call: StoredCall, places: Mapping[int, str]) -> dict[str, Shown]:
    """What findings rest on, the gravest first."""
    ordered = sorted(
        (row for row in call.findings if row["verdict"] in ORDER),
        key=lambda row: (ORDER.index(row["verdict"]), row["points"]),
    )
    return {
        f"{row['rule']}:{item['segment']}": Shown(
            row,
            item["segment"],
            f"{title_of(row)}　{clock(item['start'])}　{item['quote'][:SHORT]}",
        )
        for row in ordered
        for item in row["evidence"]
        if item["segment"] in places
    }


def _place(row: Row) -> str:
    time = "" if row["start"] is None else f"{clock(row['start'])} "
    return f"{time}{named('role', row['role'])} {row['text'][:SHORT]}"


# ── what becomes of them ─────────────────────────────────────────────────────────────────────────


def _clip(call: StoredCall, passage: Passage, key: str) -> None:
    if passage.start is None or passage.end is None:
        return
    heard = hearing.find(call)
    if heard.silent is not None:
        st.caption(t(f"silent_{heard.silent}", file="", message=fault(heard.message)))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        margin = st.number_input(
            t("clip_margin"), 0, MOST_MARGIN, MARGIN, key=f"{key}_margin", width=150
        )
        seconds = max(passage.start - margin, 0.0), passage.end + margin
        st.link_button(
            t("clip_take"), taking.clip_link(call.call["call_id"], seconds),
            icon=":material/download:", help=t("clip_help"),
        )  # fmt: skip


def _case_form(call: StoredCall, passage: Passage, finding: Row | None, key: str) -> None:
    """What is said about the passage; the answer begins as the rule's standard wording."""
    name = f"{key}_case_{finding['rule'] if finding else ''}"
    failed = finding is not None and finding["verdict"] == Verdict.FAIL
    with (
        st.expander(t("case_add"), icon=":material/auto_stories:"),
        st.form(name, border=False),
    ):
        st.segmented_control(
            t("case_kind"), KINDS, default=CaseKind.BAD if failed else CaseKind.GOOD,
            format_func=lambda kind: t(f"cases_kind_{kind}"), key=f"{name}_kind", required=True,
        )  # fmt: skip
        title = title_of(finding) if finding else ""
        answer = finding["suggestion"] if finding else ""
        text_fields(name, CaseText(CaseKind.BAD, title, "", answer or ""))
        if finding is None:
            points = {row["number"]: row["title"] for row in call.control_points}
            st.selectbox(
                t("case_point"), list(points), index=None, key=f"{name}_point",
                format_func=lambda number: f"{number} {points[number]}",
            )  # fmt: skip
        st.form_submit_button(
            t("case_save"), key=f"{key}_save", on_click=_add, args=(call, passage, name, key)
        )
    tell(key)


def text_fields(name: str, text: CaseText) -> None:
    """Title, why, answer and tags, as they are."""
    st.text_input(
        t("case_title"), text.title, key=f"{name}_title", placeholder=t("case_title_hint")
    )
    st.text_area(t("case_why"), text.why, key=f"{name}_why", height=70)
    st.text_area(t("case_answer"), text.answer, key=f"{name}_answer", height=100)
    known = sorted({*library.tags(), *text.tags})
    st.multiselect(
        t("case_tags"), known, list(text.tags), key=f"{name}_tags", accept_new_options=True,
        placeholder=t("case_tags_hint"),
    )  # fmt: skip


def typed_text(name: str) -> CaseText:
    """What the fields hold."""
    state = st.session_state
    title, why, answer = (str(state.get(f"{name}_{field}") or "") for field in FIELDS[:3])
    kind = CaseKind(state.get(f"{name}_kind") or CaseKind.BAD)
    return CaseText(kind, title, why, answer, tuple(state.get(f"{name}_tags") or ()))


def complete(text: CaseText) -> bool:
    """Whether nothing is missing."""
    return all(part.strip() for part in (text.title, text.why, text.answer))


def _add(call: StoredCall, passage: Passage, name: str, key: str) -> None:
    text = typed_text(name)
    if me() and not complete(text):
        say(key, "error", t("case_need"))
        return
    point = st.session_state.get(f"{name}_point")
    call_id = call.call["call_id"]

    def store() -> None:
        whole = passage
        if passage.rule is None and point is not None:
            turns = passage.first, passage.last
            whole = library.passage(call, turns, Subject(control_point=point))
        made = library.add(me(), call_id, whole, text)
        say(key, "success", t("case_saved", n=made.id))
        for field in FIELDS:
            st.session_state.pop(f"{name}_{field}", None)

    attempt(key, store)


def _made(call: StoredCall) -> None:
    cases = library.of(call)
    if not cases:
        return
    columns = [Column("id", t("col_case"), link=True), Column("title", t("case_title"), wide=True)]
    rows = [
        TableRow(
            {"id": str(one.id), "title": {"text": one.text.title, "sub": one.retired or ""}},
            Link("cases", {"case": str(one.id)}),
        )
        for one in cases
    ]
    st.caption(t("cases_of_call"))
    table("cases_of_call", columns, rows, "")
