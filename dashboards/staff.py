"""Accounts managed on the page by an operator: added, changed, stopped; never one's own."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards import data, signed
from dashboards.language import named, t
from dashboards.options import options, settings
from dashboards.reviews import attempt, say, tell
from pipeline.access import ASSIGNABLE, RIGHTS, Account, Act, JobRole, Manager, Post, Rows

STAFF = "staff"
FIRST = "staff_first"  # the first password that a click made, until it was shown
NEEDS = {Rows.OWN: "agent_id", Rows.TEAM: "team"}


def manage() -> None:
    """What an operator does to accounts; others are told who does."""
    if not signed.may(Act.MANAGE):
        st.caption(t("users_help"))
        return
    tell(STAFF)
    _show_first()
    with st.container(horizontal=True, gap="small"):
        with st.popover(t("staff_add"), icon=":material/person_add:"):
            _adding()
        others = {a.name: a for a in data.accounts() if a.name != signed.who().name}
        if others:
            with st.popover(t("staff_change"), icon=":material/manage_accounts:"):
                _changing(others)


def _show_first() -> None:
    name, first = st.session_state.pop(FIRST, (None, None))
    if first is not None:
        st.info(t("staff_first", name=name), icon=":material/key:")
        st.code(first, language=None)


def _adding() -> None:
    name = st.text_input(t("col_user"), key="staff_name", max_chars=64)
    post = _post("staff_new")
    oidc = st.checkbox(t("staff_oidc"), key="staff_oidc")
    st.button(
        t("staff_add"), key="staff_add", type="primary", on_click=_do,
        args=(name, lambda m: m.add(name, post(), "oidc" if oidc else "password"), "staff_added"),
    )  # fmt: skip


def _changing(accounts: dict[str, Account]) -> None:
    name = st.selectbox(t("col_user"), list(accounts), key="staff_who")
    account = accounts[name]
    post = _post("staff_other", account)
    st.button(
        t("staff_give"), key="staff_give", on_click=_do,
        args=(name, lambda m: m.give(name, post()), "staff_given"),
    )  # fmt: skip
    acts: dict[str, Callable[[Manager], str | None]] = {"unlock": lambda m: m.unlock(name)}
    if account.via == "password":
        acts["reset"] = lambda m: m.reset(name)
    if account.state == "disabled":
        acts["enable"] = lambda m: m.enable(name)
    else:
        acts["disable"] = lambda m: m.disable(name)
    with st.container(horizontal=True, gap="small"):
        for what, act in acts.items():
            st.button(
                t(f"staff_{what}"), key=f"staff_{what}", help=t(f"staff_{what}_help"),
                on_click=_do, args=(name, act, "staff_done"),
            )  # fmt: skip


def _post(key: str, account: Account | None = None) -> Callable[[], Post]:
    """Ask for a role and whose calls; the answer refuses what does not fit."""
    now = account.post if account else None
    suffix = f"{key}_{account.name if account else ''}"
    role = st.selectbox(
        t("col_role"), ASSIGNABLE, key=f"{suffix}_role",
        index=ASSIGNABLE.index(now.role) if now else ASSIGNABLE.index(JobRole.INSPECTOR),
        format_func=lambda role: named("jobrole", role),
    )  # fmt: skip
    whose = NEEDS.get(RIGHTS[role].rows)
    given = ""
    if whose is not None:
        before = getattr(now, whose) if now else None
        given = st.text_input(t(f"staff_{whose}"), before or "", key=f"{suffix}_{whose}").strip()
    return lambda: Post(role, **{whose: given or None} if whose else {}).checked()


def manager() -> Manager:
    """What whoever is here may do to accounts; NotAllowed for other roles."""
    return Manager(settings(), options().db, signed.acting(Act.MANAGE, ""))


def _do(name: str, act: Callable[[Manager], str | None], done: str) -> None:
    """One act; a first password that it makes is shown once."""

    def acted() -> None:
        first = act(manager())
        if first is not None:
            st.session_state[FIRST] = (name, first)

    if not name.strip():
        say(STAFF, "error", t("staff_need_name"))
        return
    attempt(STAFF, acted, t(done, name=name))
