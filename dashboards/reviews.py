"""What an inspector decides of a finding or a call: forms over `data.add_review`.

A form remembers which review was the latest when it was drawn, so that a decision somebody else
made meanwhile is shown instead of being passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards import data, markup, signed
from dashboards.faults import fault
from dashboards.language import clock, named, t, title_of
from pipeline.domain import Verdict
from pipeline.errors import CallqaError, TryAgain
from pipeline.store import Decision, Review, ReviewDraft

Row = Mapping[str, Any]
REVIEWER = signed.REVIEWER
NEXT = "desk_next"  # set when the page shall go to the next call
FINISH_KEY = "Alt+Enter"
WAYS = (Decision.CONFIRM, Decision.REJECT, Decision.NOT_APPLICABLE)
UNFLAGGED = (Verdict.PASS, Verdict.NOT_APPLICABLE)
BROKEN = (Decision.CONFIRM, Decision.ADD)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided on: one rule of a call or (None) the call; `previous` is what was shown."""

    call: Row
    key: str
    rule: str | None = None
    verdict: str | None = None
    previous: int | None = None


def finding_said(call: Row, finding: Row) -> None:
    """What people said of a finding that nobody here decides; also what the last click did."""
    tell(f"{call['call_id']}_{finding['rule']}")
    if history := data.reviews(call, finding["rule"]):
        st.html(markup.review_lines(history))


def finding_form(call: Row, finding: Row) -> None:
    """Confirm or reject one finding, or say that its rule does not apply here."""
    history = data.reviews(call, finding["rule"])
    key = f"{call['call_id']}_{finding['rule']}"
    subject = Subject(call, key, finding["rule"], finding["verdict"], _latest(history))
    with (
        st.form(f"form_{key}", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_input(
            t("comment"),
            key=f"comment_{key}",
            placeholder=t("comment_hint"),
            label_visibility="collapsed",
        )
        for decision in WAYS:
            st.form_submit_button(
                t(f"decide_{decision}"),
                key=f"{decision}_{key}",
                on_click=_decide,
                args=(subject, decision),
            )
    tell(key)
    if history:
        st.html(markup.review_lines(history))


def call_form(call: Row) -> None:
    """Say that the review of a call is done."""
    history = data.reviews(call, None)
    key = f"{call['call_id']}__call"
    subject = Subject(call, key, previous=_latest(history))
    with st.form(f"form_{key}", clear_on_submit=True, border=False):
        words, done, onward = st.columns([2, 1.5, 2.4], vertical_alignment="bottom", gap="small")
        words.text_input(
            t("comment"),
            key=f"comment_{key}",
            placeholder=t("comment"),
            label_visibility="collapsed",
        )
        done.form_submit_button(
            t("finish_call"),
            key=f"finish_{key}",
            on_click=_decide,
            args=(subject, Decision.CONFIRM),
            width="stretch",
        )
        onward.form_submit_button(
            t("finish_next"),
            key=f"finish_next_{key}",
            on_click=_finish_next,
            args=(subject,),
            type="primary",
            width="stretch",
            shortcut=FINISH_KEY,
        )
    if st.session_state.get(NEXT):
        st.rerun()  # the whole page: its button for the next call goes there
    tell(key)


def missed_form(call: Row, findings: Sequence[Row], segments: Sequence[Row]) -> None:
    """Add a problem that the machine missed: a rule it passed, where, and why."""
    key = f"{call['call_id']}__missed"
    titles = {finding["rule"]: title_of(finding) for finding in findings}
    latest = {rule: _latest(data.reviews(call, rule)) for rule in titles}
    verdicts = {finding["rule"]: finding["verdict"] for finding in findings}
    with st.form(f"form_{key}", border=False, clear_on_submit=True):
        st.selectbox(
            t("add_rule"),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            key=f"rule_{key}",
        )
        places = {row["segment"]: _place(row) for row in segments}
        st.selectbox(
            t("add_place"),
            list(places),
            index=None,
            format_func=places.__getitem__,
            key=f"place_{key}",
        )
        st.text_input(t("comment"), key=f"comment_{key}")
        st.form_submit_button(
            t("add"), key=f"add_{key}", on_click=_add, args=(call, key, latest, verdicts)
        )
    tell(key)


def _place(row: Row) -> str:
    time = "" if row["start"] is None else f"{clock(row['start'])} "
    return f"{time}{named('role', row['role'])} {row['text'][:40]}"


def decided(call: Row, rule: str) -> Decision | None:
    """What people decided last of a rule of a call; None while nobody did."""
    said = [r.decision for r in data.reviews(call, rule) if r.decision is not Decision.COMMENT]
    return said[-1] if said else None


def counts(call: Row, finding: Row) -> bool:
    """Whether a finding stands against the agent: by the machine, or as people decided."""
    last = decided(call, finding["rule"])
    return finding["verdict"] == Verdict.FAIL if last is None else last in BROKEN


def added(call: Row, findings: Sequence[Row]) -> list[Row]:
    """The findings that the machine did not make and somebody added, also where it was undone."""
    rules = {r.rule for r in data.history(call) if r.decision is Decision.ADD}
    return [f for f in findings if f["rule"] in rules and f["verdict"] in UNFLAGGED]


def _latest(history: Sequence[Review]) -> int | None:
    return history[-1].id if history else None


def _add(
    call: Row, key: str, latest: Mapping[str, int | None], verdicts: Mapping[str, str]
) -> None:
    rule = st.session_state.get(f"rule_{key}")
    if rule is None or not _comment(key):
        say(key, "error", t("need_rule"))
        return
    subject = Subject(call, key, rule, verdicts[rule], latest[rule])
    _store(subject, Decision.ADD, st.session_state.get(f"place_{key}"))


def _decide(subject: Subject, decision: Decision) -> None:
    if decision is not Decision.CONFIRM and not _comment(subject.key):
        say(subject.key, "error", t("need_comment"))
        return
    _store(subject, decision)


def _store(subject: Subject, decision: Decision, segment: int | None = None) -> bool:
    """Whether it was stored; what is said of it waits for the next run."""
    draft = ReviewDraft(
        reviewer=me(),
        call_id=subject.call["call_id"],
        content_sha256=subject.call["content_sha256"],
        decision=decision,
        rule=subject.rule,
        segment=segment,
        comment=_comment(subject.key),
        pack_version=subject.call["pack_version"],
        machine_verdict=Verdict(subject.verdict) if subject.verdict else None,
        previous=subject.previous,
    )
    saved = t("saved", what=named("decision", decision))
    return attempt(subject.key, lambda: data.add_review(draft), saved)


def _finish_next(subject: Subject) -> None:
    if _store(subject, Decision.CONFIRM):
        st.session_state[NEXT] = True


def me() -> str:
    """Whoever is signed in, without accounts the name that was typed; empty when nobody said."""
    return signed.name()


def _comment(key: str) -> str:
    return str(st.session_state.get(f"comment_{key}") or "").strip()


def attempt(key: str, act: Callable[[], object], done: str = "") -> bool:
    """Do what a click asks for and keep what to tell of it; whether it went through."""
    if not me():
        say(key, "error", t("need_reviewer"))
        return False
    try:
        act()
    except TryAgain as error:
        say(key, "error", t("told_why", what=t("somebody_else"), why=fault(error)))
    except CallqaError as error:
        say(key, "error", t("not_saved", message=fault(error)))
    else:
        if done:
            say(key, "success", done)
        return True
    return False


def say(key: str, kind: str, message: str) -> None:
    """Keep what a click did (`error` or `success`) for the run after it."""
    st.session_state[f"said_{key}"] = (kind, message)


def tell(key: str) -> None:
    """Show what the last click of a form did, once."""
    kind, message = st.session_state.pop(f"said_{key}", (None, ""))
    if kind == "error":
        st.error(message, icon=":material/error:")
    elif kind == "success":
        st.success(message, icon=":material/check:")
