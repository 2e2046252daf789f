"""Small native pieces that several pages use."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards import data, hearing, sign_in, signed
from dashboards.components import Column, TableRow, remembered, table
from dashboards.faults import fault
from dashboards.language import named, number, t, when
from dashboards.options import options
from dashboards.reviews import REVIEWER
from dashboards.texts import LANGUAGES
from pipeline.access import SINGLE, Act, Person
from pipeline.errors import CallqaError, TryAgain

STYLE = Path(__file__).with_name("style.css")
WATCH = "30s"


def style() -> None:
    """Make the page dense and give the HTML pieces their looks."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")


def title(text: str) -> None:
    """Head a page."""
    st.subheader(text, anchor=False)


def working() -> AbstractContextManager[None]:
    """What may take seconds in a large database says so meanwhile."""
    return st.spinner(t("working"))


def section(text: str, note: str = "") -> None:
    """Head a part of a page."""
    st.html(f'<div class="cq-section">{escape(text)}<span>{escape(note)}</span></div>')


def sidebar(person: Person) -> None:
    """Language, who is here, and what the results rest on."""
    with st.sidebar:
        if person is SINGLE:
            remembered(REVIEWER)
        language_switch()
        if person is SINGLE:
            st.text_input(t("reviewer"), key=REVIEWER, placeholder=t("reviewer_hint"))
            st.caption(t("single_user"))
        else:
            sign_in.signed_in(person)


def language_switch() -> None:
    """Chinese or English."""
    st.segmented_control(
        t("language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
    )


def results_line(person: Person) -> None:
    """Say in the side bar when newer results are ready, and to whom it matters what a run did."""
    with st.sidebar:
        if person.may(Act.RUNS):
            st.caption(f"**{t('last_run')}**  \n{run_line()}")
        _watch(data.snapshot().version)


def run_line() -> str:
    """Say when the last run ended and what it did."""
    run = data.last_run()
    if run is None:
        return t("no_run")
    if run["ended_at"] is None:
        return t("run_unfinished", when=when(run["started_at"]))
    summary = run_summary(run)
    figures = {name: number(summary.get(name, 0)) for name in ("processed", "failed")}
    return t("last_run_line", when=when(run["ended_at"]), **figures)


def run_summary(run: dict[str, Any]) -> dict[str, Any]:
    """Return what a run said at its end; empty while it runs or after it was killed."""
    return json.loads(run["summary"]) if run["summary"] else {}


@st.fragment(run_every=WATCH)
def _watch(shown: str) -> None:
    """Look for a newer published version without touching the page; for the session's end too."""
    if signed.person() is None:
        st.rerun()
    try:
        if data.snapshot().refresh():
            hearing.forget_gone()
    except CallqaError:
        return  # what is on the page stays valid; the next look may succeed
    if data.snapshot().version == shown:
        st.caption(t("results_of", version=shown))
        return
    st.info(t("newer"), icon=":material/update:")
    if st.button(t("load_newer"), key="load_newer", width="stretch"):
        st.rerun()


def nothing_published(error: CallqaError) -> None:
    """Say what to do when there are no results to open."""
    if isinstance(error, TryAgain):
        st.warning(t("cannot_open", message=fault(error)), icon=":material/hourglass_top:")
        return
    title(t("nothing_published"))
    st.write(t("nothing_published_help"))
    st.code(f"callqa run RECORDINGS --db {options().db}", language=None)
    st.caption(fault(error))


def no_page() -> None:
    """Say the same of a page that this role may not open as of one that there is not."""
    title(t("no_page"))
    st.write(t("no_page_help"))


def failures() -> None:
    """Show the last run and the files that failed: where on the line, what to do, the message."""
    section(t("failed_files"), f"{t('last_run')} {run_line()}")
    columns = [
        Column("file", t("col_file")),
        Column("stage", t("col_stage")),
        Column("why", t("col_advice"), wide=True),
        Column("attempts", t("col_attempts"), align="right"),
        Column("at", t("col_when")),
    ]
    rows = [
        TableRow(
            {
                "file": Path(row["file"]).name,
                "stage": named("stage", row["stage"]),
                "why": {"text": named("advice", row["stage"]), "sub": fault(row["message"])},
                "attempts": number(row["attempts"]),
                "at": when(row["at"]),
            }
        )
        for row in data.failures()
    ]
    table("failures", columns, rows, t("no_failures"))
