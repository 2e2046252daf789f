"""The list of the case library; the address holds what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards import library, signed, widgets
from dashboards.address import put
from dashboards.components import Column, TableRow, table
from dashboards.language import listed, named, t, title_of, when
from dashboards.links import Link
from pipeline.access import Act
from pipeline.casebook import Seen, Wanted, chosen
from pipeline.domain import Case, CaseKind

TONE = {CaseKind.GOOD: "ok", CaseKind.BAD: "major"}
MOST_SHOWN = 200
ANY = "any"
KINDS = (ANY, *(str(kind) for kind in CaseKind))
ASKED = ("q", "kind", "tag", "point", "line", "retired")


def render() -> None:
    """Lay out the list."""
    widgets.title(t("page_cases"))
    every = library.listed()
    if not every:
        st.info(t("cases_none"), icon=":material/auto_stories:")
        return
    found = chosen(every, _filters(every))
    widgets.section(t("page_cases"), t("cases_note", n=len(found)))
    columns = [
        Column("id", t("col_case"), align="right"),
        Column("kind", t("case_kind")),
        Column("title", t("col_title_answer"), wide=True, link=True),
        Column("tags", t("col_tags")),
        Column("point", t("col_point")),
        Column("line", t("col_line")),
        Column("made", t("col_made")),
    ]
    rows = [_row(one.case) for one in found[:MOST_SHOWN]]
    table("cases", columns, rows, t("cases_no_match"))
    if len(found) > MOST_SHOWN:
        st.caption(t("cases_first", n=MOST_SHOWN))


def params() -> dict[str, str]:
    """What the address asks of the list."""
    return {name: st.query_params[name] for name in ASKED if name in st.query_params}


def _filters(every: Sequence[Seen]) -> Wanted:
    asked = params()
    kind = asked.get("kind") if asked.get("kind") in KINDS[1:] else None
    retired = _may_see_retired() and asked.get("retired") == "1"
    cases = [one.case for one in every if (one.case.retired is not None) == retired]
    st.session_state.update(cases_q=asked.get("q", ""), cases_kind=kind or ANY)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            t("cases_search"), key="cases_q", placeholder=t("cases_search"), width=290,
            label_visibility="collapsed", icon=":material/search:", on_change=_changed, args=("q",),
        )  # fmt: skip
        st.segmented_control(
            t("case_kind"), KINDS, key="cases_kind", required=True, on_change=_changed,
            args=("kind",), label_visibility="collapsed",
            format_func=lambda name: t(f"cases_kind_{name}"),
        )  # fmt: skip
        tag = _choice("tag", {tag: tag for case in cases for tag in case.text.tags})
        points = {
            passage.control_point: f"{passage.control_point} {passage.point_title}".strip()
            for passage in (case.passage for case in cases)
            if passage.control_point
        }
        point = _choice("point", points)
        lines = {case.passage.business_line for case in cases}
        line = _choice("line", {name: named("line", name) for name in lines})
        if _may_see_retired():
            st.session_state["cases_retired"] = retired
            st.toggle(
                t("cases_retired"), key="cases_retired", on_change=_changed, args=("retired",)
            )
    kinds = CaseKind(kind) if kind else None
    return Wanted(asked.get("q", ""), kinds, tag, point, line, retired)


def _choice(name: str, known: Mapping[str, str]) -> str | None:
    current = st.query_params.get(name) or None
    ordered = dict(sorted(known.items()))
    shown = {
        "": t("all"),
        **ordered,
        **({current: ordered.get(current, current)} if current else {}),
    }
    st.session_state[f"cases_{name}"] = current
    label = t({"tag": "col_tags", "point": "col_point", "line": "col_line"}[name])
    st.selectbox(
        label, list(shown), format_func=shown.__getitem__, index=None, placeholder=label, width=118,
        key=f"cases_{name}", label_visibility="collapsed", on_change=_changed, args=(name,),
    )  # fmt: skip
    return current


def _changed(name: str) -> None:
    value = st.session_state[f"cases_{name}"]
    if name == "retired":
        value = "1" if value else None
    put(**{name: None if value in (None, "", ANY) else str(value)})


def _may_see_retired() -> bool:
    return signed.may(Act.AGREE) or signed.may(Act.EXAMPLE)


def _row(case: Case) -> TableRow:
    text, passage = case.text, case.passage
    point = f"{passage.control_point or ''} {passage.point_title}".strip()
    rule = {"title": passage.rule_title, "title_en": passage.rule_title_en}
    cells = {
        "id": str(case.id),
        "kind": {"text": t(f"cases_kind_{text.kind}"), "tone": TONE[text.kind]},
        "title": {"text": text.title, "sub": text.answer},
        "tags": listed(text.tags),
        "point": {"text": point, "sub": title_of(rule)},
        "line": named("line", passage.business_line),
        "made": {"text": case.who, "sub": when(case.at, year=True)},
    }
    return TableRow(cells, Link("cases", {**params(), "case": str(case.id)}))
