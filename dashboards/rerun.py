"""The run once more, from the page: started by whoever may, watched until it ends."""

from __future__ import annotations

import subprocess

import streamlit as st

from dashboards import data, signed, widgets
from dashboards.faults import fault
from dashboards.language import t
from dashboards.options import options
from dashboards.reviews import say, tell
from pipeline import again
from pipeline.access import Act
from pipeline.errors import CallqaError, TryAgain

RERUN = "rerun"
WATCH = "3s"


def runs() -> None:
    """The last run, what failed, and a way to try again."""
    if signed.may(Act.RETRY):
        tell(RERUN)
        going = _going()
        st.button(
            t("rerun"), key=RERUN, icon=":material/replay:", help=t("rerun_help"),
            disabled=going, on_click=_start,
        )  # fmt: skip
        st.fragment(_watch, run_every=WATCH if going else None)(going)
    widgets.failures()


@st.cache_resource(show_spinner=False)
def _started() -> dict[str, subprocess.Popen[bytes]]:
    """The run that this server started last, by database."""
    return {}


def _going() -> bool:
    process = _started().get(str(options().db))
    return process is not None and process.poll() is None


def _start() -> None:
    try:
        begin()
    except CallqaError as error:
        say(RERUN, "error", t("rerun_not", message=fault(error)))


def begin() -> None:
    """Start it; NotAllowed for a role that may not, TryAgain while it goes on."""
    signed.who(active=True).need(Act.RETRY)
    if _going():
        raise TryAgain("a run is going on")
    run = data.last_run()
    _started()[str(options().db)] = again.start(
        "" if run is None else run["input"], options().db, options().config
    )


def _watch(shown_going: bool) -> None:
    """What the run says; the page follows once it ended."""
    process = _started().get(str(options().db))
    if process is None:
        return
    code = process.poll()
    if code is None:
        st.info(t("rerun_going"), icon=":material/progress_activity:")
    elif code in (0, 3):  # 3: something failed again
        st.success(t("rerun_done"), icon=":material/check:")
    else:
        st.error(t("rerun_failed", code=code), icon=":material/error:")
    if said := again.said(options().db):
        st.code(said, language=None)
    if shown_going and code is not None:
        data.snapshot().refresh()
        st.rerun()
