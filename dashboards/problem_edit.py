"""How trainers put common problems in order: rename, merge, split off, hide, and take it back."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboards import problem_data, signed
from dashboards.address import put
from dashboards.language import t, when
from dashboards.reviews import attempt, me, say, tell
from pipeline.access import Act
from pipeline.domain import Problem, ProblemKind
from pipeline.problems import Weekly, subject_of
from pipeline.store import ProblemAct

KEY = "problem"
MOST_ACTS = 50


def told() -> None:
    """What the last click did."""
    tell(KEY)


def forms(seen: Weekly, problem: Problem) -> None:
    """Everything that may be done to one problem."""
    others = {
        one.id: one.name
        for one in seen.problems
        if one.kind is problem.kind and subject_of(one) != subject_of(problem)
    }
    key = f"problem_{problem.id}"
    with st.expander(t("problem_edit"), icon=":material/edit:"):
        with st.form(f"{key}_rename", border=False):
            st.text_input(t("problem_new_name"), problem.name, key=f"{key}_name")
            _button("rename", seen, problem)
        if problem.kind is not ProblemKind.RULE:
            with st.form(f"{key}_merge", border=False):
                st.selectbox(
                    t("problem_into"), list(others), index=None, key=f"{key}_into",
                    format_func=lambda one: others.get(one, one),
                )  # fmt: skip
                _button("merge", seen, problem)
            with st.form(f"{key}_split", border=False):
                st.selectbox(t("problem_split_word"), problem.words, index=None, key=f"{key}_word")
                st.text_input(t("problem_split_name"), key=f"{key}_part")
                _button("split", seen, problem)
        with st.form(f"{key}_hide", border=False):
            _button("hide", seen, problem)


def _button(what: str, seen: Weekly, problem: Problem) -> None:
    st.form_submit_button(
        t(f"problem_{what}"), key=f"problem_{problem.id}_do_{what}", on_click=_do,
        args=(what, seen, problem),
    )  # fmt: skip


def _do(what: str, seen: Weekly, problem: Problem) -> None:
    state, key = st.session_state, f"problem_{problem.id}"
    name, into, word, part = (
        state.get(f"{key}_{k}") or "" for k in ("name", "into", "word", "part")
    )
    ready = {"rename": name, "merge": into, "split": word and part, "hide": True}[what]
    if not ready:
        say(KEY, "error", t("problem_choose"))
        return

    def change() -> None:
        if what == "rename":
            problem_data.rename(me(), seen, problem, name)
        elif what == "merge":
            problem_data.merge(me(), seen, problem, problem_data.find(seen, into))
        elif what == "split":
            problem_data.split(me(), seen, problem, (word, part))
        else:
            problem_data.hide(me(), problem)

    if attempt(KEY, change, t("problem_done")) and what in ("merge", "hide"):
        put(problem=None)


def history(seen: Weekly) -> None:
    """What people did, with a way back for those who may."""
    acts = problem_data.acts()[:MOST_ACTS]
    if not acts:
        return
    names = {**{one.id: one.name for one in problem_data.register().topics()},
             **{subject_of(one): one.name for one in seen.problems}}  # fmt: skip
    with st.expander(t("problem_acts", n=len(acts)), icon=":material/history:"):
        for act, holds in acts:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.html(f'<div class="cq">{escape(_line(act, names, holds=holds))}</div>')
                if holds and signed.may(Act.ARRANGE):
                    st.button(
                        t("problem_undo"), key=f"problem_undo_{act.id}", type="tertiary",
                        on_click=_undo, args=(act.id,),
                    )  # fmt: skip


def _undo(number: int) -> None:
    attempt(KEY, lambda: problem_data.undo(me(), number), t("problem_done"))


def _line(act: ProblemAct, names: dict[str, str], *, holds: bool) -> str:
    value = names.get(act.value, act.value) if act.act in ("merge", "split") else act.value
    name = names.get(act.problem, act.problem)
    said = t(f"problem_act_{act.act}", who=act.who, name=name, value=value)
    parts = [when(act.at, year=True), said, *([] if holds else [t("problem_act_undone")])]
    return "　".join(parts)
