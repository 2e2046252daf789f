"""Scoring a call blind: heard and read on the left, every control point asked on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

import streamlit as st

from dashboards import calibrating, markup, reading, widgets
from dashboards.calibrating import Sheet
from dashboards.components import go
from dashboards.language import named, points, t, title_of
from dashboards.links import round_link
from dashboards.reviews import attempt, me, tell
from pipeline.calibration import Question
from pipeline.domain import Answer, AnswerDraft, Round, Verdict
from pipeline.errors import CallqaError

FORM = "rating"
DONE = "rating_done"  # set when a call was submitted: the page goes on to the next one


def page(found: Round, call_id: str) -> None:
    """Lay out the page of one call of a round."""
    if st.session_state.pop(DONE, False):
        waiting = found.left_for(me())
        go(round_link(found.id, waiting[0].call_id if waiting else None))
        return
    try:
        sheet = calibrating.sheet(found.id, call_id)
    except CallqaError:
        widgets.title(t("rate_gone"))
        if st.button(found.title, icon=":material/arrow_back:"):
            go(round_link(found.id))
        return
    _head(sheet)
    left, right = st.columns([11, 10], gap="medium")
    with right:
        _form(sheet)
    with left:
        reading.read(sheet.call, reading.listen(sheet.call, codes=False))


def _head(sheet: Sheet) -> None:
    ids = [call.call_id for call in sheet.round.calls]
    place = t("rate_place", n=ids.index(sheet.asked.call_id) + 1, of=len(ids))
    text, back = st.columns([5, 1.6], vertical_alignment="center")
    text.html(markup.blind_header(sheet.call.call, place))
    to_round = back.button(
        sheet.round.title, icon=":material/arrow_back:", key="to_round", width="stretch"
    )
    if to_round:
        go(round_link(sheet.round.id))


@st.fragment
def _form(sheet: Sheet) -> None:
    """A fragment: an answer leaves the recording where it is."""
    if st.session_state.get(DONE):
        st.rerun()
    given = calibrating.answers(sheet)
    tell(FORM)
    if sheet.submitted or sheet.round.closed:
        message = t("rate_submitted" if sheet.submitted else "rate_over")
        st.info(message, icon=":material/lock:")
        st.html(_given(sheet, given))
        return
    pending = [q for q in sheet.questions if st.session_state.get(_pending(sheet, q))]
    left = [q for q in sheet.questions if q.rules and q.subject not in given and q not in pending]
    ready = len(given) == len(sheet.questions) and not pending
    _bar(sheet, len(given), left, ready=ready)
    for section, asked in groupby(sheet.questions, key=lambda question: question.section):
        widgets.section(section)
        for question in asked:
            _question(sheet, question, given.get(question.subject))
    _finish(sheet, "rate_submit_end", ready=ready)


def _bar(sheet: Sheet, given: int, left: list[Question], *, ready: bool) -> None:
    """How far one is, and what finishes the call."""
    count, rest, done = st.columns([2, 1.7, 1.7], vertical_alignment="center")
    of = len(sheet.questions)
    count.progress(given / of, t("rate_answered", n=given, of=of))
    rest.button(
        t("rate_rest"), key="rate_rest", help=t("rate_rest_help"), disabled=not left,
        on_click=_mark_rest, args=(sheet, left), width="stretch",
    )  # fmt: skip
    with done:
        _finish(sheet, "rate_submit", ready=ready)


def _finish(sheet: Sheet, key: str, *, ready: bool) -> None:
    st.button(
        t("rate_submit"), key=key, help=t("rate_submit_help"), disabled=not ready,
        type="primary", on_click=_submit, args=(sheet,), width="stretch",
    )  # fmt: skip


def _question(sheet: Sheet, question: Question, given: Answer | None) -> None:
    """One control point or item: its answer, which of its rules, a comment where one may be due."""
    key, pending = _key(sheet, question), _pending(sheet, question)
    shown = str(Verdict.FAIL) if st.session_state.get(pending) else given and given.answer
    st.session_state[key] = shown
    name, choice = st.columns([5, 6], vertical_alignment="center", gap="small")
    name.markdown(_name(question), help=_help(question))
    choice.segmented_control(
        question.title, question.choices, key=key, label_visibility="collapsed",
        format_func=_named(question), on_change=_choose, args=(sheet, question, given),
    )  # fmt: skip
    if shown == Verdict.FAIL and len(question.rules) > 1:
        st.session_state[f"{key}_rules"] = list(given.rules) if given else []
        titles = {rule.id: _title(rule.title, rule.title_en) for rule in question.rules}
        st.pills(
            t("rate_which"), list(titles), selection_mode="multi", key=f"{key}_rules",
            format_func=titles.__getitem__, on_change=_choose_rules, args=(sheet, question, given),
        )  # fmt: skip
    if given is not None and (given.comment or given.answer not in _plain(question)):
        st.session_state[f"{key}_comment"] = given.comment
        st.text_input(
            t("rate_comment"), key=f"{key}_comment", placeholder=t("rate_comment"),
            label_visibility="collapsed", on_change=_comment, args=(sheet, question, given),
        )  # fmt: skip


def _plain(question: Question) -> tuple[str, ...]:
    """Answers that hardly need a word."""
    return question.choices[:1] if question.levels else (Verdict.PASS, Verdict.NOT_APPLICABLE)


def _name(question: Question) -> str:
    key = f"　:orange-badge[{t('rate_key')}]" if question.key_point else ""
    return f"{question.number} {_title(question.title, question.title_en)}{key}"


def _title(chinese: str, english: str) -> str:
    return title_of({"title": chinese, "title_en": english})


def _help(question: Question) -> str:
    """What the point looks at, or how a level is chosen."""
    if question.levels:
        return question.guidance
    return "\n".join(f"- {_title(rule.title, rule.title_en)}" for rule in question.rules)


def _named(question: Question) -> Callable[[str], str]:
    levels = dict(question.levels)
    if levels:
        return lambda name: f"{name}　{points(levels[name])}"
    return lambda name: named("answer", name)


def _given(sheet: Sheet, given: Mapping[str, Answer]) -> str:
    """One's own answers, to read."""
    lines = [
        (question, given[question.subject])
        for question in sheet.questions
        if question.subject in given
    ]
    return markup.answer_lines(
        (
            f"{question.number} {_title(question.title, question.title_en)}",
            *markup.answer_of(question, answer.answer),
            answer.comment,
        )
        for question, answer in lines
    )


# ── what a click does ────────────────────────────────────────────────────────────────────────────


def _key(sheet: Sheet, question: Question) -> str:
    return f"rate_{sheet.round.id}_{sheet.asked.call_id}_{question.subject}"


def _pending(sheet: Sheet, question: Question) -> str:
    """Where it stands that a point is violated, while nobody said which of its rules."""
    return f"{_key(sheet, question)}_pending"


def _choose(sheet: Sheet, question: Question, given: Answer | None) -> None:
    answer, pending = st.session_state[_key(sheet, question)], _pending(sheet, question)
    if answer is None:  # clicked again: what was answered stays
        return
    st.session_state[pending] = answer == Verdict.FAIL and len(question.rules) > 1
    if not st.session_state[pending]:
        broken = answer == Verdict.FAIL and question.rules
        _store(sheet, question, given, answer, [rule.id for rule in question.rules if broken])


def _choose_rules(sheet: Sheet, question: Question, given: Answer | None) -> None:
    chosen = list(st.session_state[f"{_key(sheet, question)}_rules"])
    if chosen:
        st.session_state[_pending(sheet, question)] = False
        _store(sheet, question, given, str(Verdict.FAIL), chosen)


def _comment(sheet: Sheet, question: Question, given: Answer) -> None:
    words = str(st.session_state[f"{_key(sheet, question)}_comment"] or "")
    _store(sheet, question, given, given.answer, given.rules, words)


def _store(
    sheet: Sheet, question: Question, given: Answer | None, answer: str,
    rules: list[str] | tuple[str, ...], comment: str | None = None,
) -> None:  # fmt: skip
    kept = given.comment if given and comment is None else comment or ""
    previous = given.id if given else None
    draft = AnswerDraft(question.subject, answer, tuple(rules), kept, previous)
    attempt(FORM, lambda: calibrating.answer(me(), sheet, [draft]))


def _mark_rest(sheet: Sheet, left: list[Question]) -> None:
    drafts = [AnswerDraft(question.subject, str(Verdict.PASS)) for question in left]
    attempt(FORM, lambda: calibrating.answer(me(), sheet, drafts))


def _submit(sheet: Sheet) -> None:
    if attempt(FORM, lambda: calibrating.submit(me(), sheet)):
        st.session_state[DONE] = True
