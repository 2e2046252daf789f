"""What is shown instead of the pages to somebody who is not signed in, or must change a password.

What was typed is taken out of the session at once, and a right password is followed by a new one.
"""

from __future__ import annotations

import streamlit as st

from dashboards import components, signed, widgets
from dashboards.faults import fault
from dashboards.language import named, t, when
from dashboards.options import door, options
from pipeline.access import JobRole, Person, Refused, Why
from pipeline.errors import CallqaError

CHANGING, SAID = "changing_password", "said_sign_in"
FIELDS = ("sign_in_name", "sign_in_password", "password_now", "password_new", "password_again")


def welcome() -> Person | None:
    """Who may see pages now; None while signing in or changing a password."""
    signed.forget_ended()
    person = signed.person(active=True)
    if person is None or person.must_change or signed.entering():
        return None
    return None if st.session_state.get(CHANGING) else person


def render() -> None:
    """Lay out what is needed first."""
    ticket = signed.entering()
    _, middle, _ = st.columns([2, 3, 2])
    with middle:
        if ticket is not None:
            st.caption(t("sign_in_wait"))
            components.enter(ticket)
            return
        widgets.language_switch()
        person = signed.person()
        if person is not None:
            _change(person)
            return
        widgets.title(f"{t('product')} · {t('sign_in')}")
        if signed.oidc():
            _provider()
        elif not door().accounts.any():
            _first_steps()
            return
        if not signed.oidc():
            _form()
        elif door().accounts.any():
            with st.expander(t("sign_in_local")):
                _form()
        _tell()
        st.caption(t("sign_in_help"))


def signed_in(person: Person) -> None:
    """Who is here, in the side bar; ways to leave and to another password."""
    st.markdown(t("signed_as", name=_plain(person.name), role=named("jobrole", person.role)))
    with st.container(horizontal=True, gap="small"):
        st.button(t("sign_out"), key="sign_out", on_click=_leave, type="tertiary")
        if person.via == "password":
            st.button(t("change_password"), key="change_password", on_click=_begin, type="tertiary")
    if not person.scope.calls and person.role in (JobRole.AGENT, JobRole.LEADER):
        st.warning(t("your_role_empty"), icon=":material/person_off:")


def _plain(name: str) -> str:
    """A name without what Markdown would make something of."""
    return "".join(f"\\{mark}" if mark in "_*[]`<>~$:" else mark for mark in name)


def _first_steps() -> None:
    st.info(t("no_accounts"), icon=":material/person_add:")
    st.write(t("no_accounts_help"))
    st.code(f"callqa users add NAME --role supervisor --db {options().db}", language=None)


# ── an account of this system ────────────────────────────────────────────────────────────────────


def _form() -> None:
    with st.form("sign_in", clear_on_submit=True):
        st.text_input(t("sign_in_name"), key="sign_in_name", autocomplete="username")
        st.text_input(
            t("sign_in_password"),
            key="sign_in_password",
            type="password",
            autocomplete="current-password",
        )
        st.form_submit_button(
            t("sign_in"), key="sign_in_go", on_click=_sign_in, type="primary", width="stretch"
        )


def _sign_in() -> None:
    name, password = _typed("sign_in_name"), _typed("sign_in_password")
    if not name or not password:
        return
    try:
        _answer(door().sign_in(name, password))
    except CallqaError as error:
        _say(t("sign_in_failed", message=fault(error)))


def _answer(found: str | Refused) -> None:
    if isinstance(found, str):
        signed.enter(found)
    else:
        _say(t(f"sign_in_{found.why}", until=when(found.until)))


def _leave() -> None:
    signed.leave()


# ── another password ─────────────────────────────────────────────────────────────────────────────


def _change(person: Person) -> None:
    widgets.title(t("first_password" if person.must_change else "change_password"))
    if person.must_change:
        st.write(t("first_password_help"))
    with st.form("password", clear_on_submit=True):
        for key, use in zip(FIELDS[2:], ("current", "new", "new"), strict=True):
            st.text_input(t(key), key=key, type="password", autocomplete=f"{use}-password")
        st.caption(t("password_rule"))
        st.form_submit_button(
            t("password_save"), key="password_save", on_click=_save, type="primary"
        )
    _tell()
    if not person.must_change:
        st.button(t("password_back"), key="password_back", on_click=_stop, type="tertiary")
    st.button(t("sign_out"), key="sign_out", on_click=_leave, type="tertiary")


def _begin() -> None:
    st.session_state[CHANGING] = True


def _stop() -> None:
    st.session_state.pop(CHANGING, None)


def _save() -> None:
    old, new, again = (_typed(key) for key in FIELDS[2:])
    if new != again:
        _say(t("password_differ"))
        return
    try:
        found = door().choose_password(str(st.session_state.get(signed.TOKEN)), old, new)
    except CallqaError as error:
        _say(t("password_refused", message=fault(error)))
    else:
        if isinstance(found, Refused) and found.why is Why.WRONG:
            _say(t("password_wrong"))
        else:
            _answer(found)


# ── the identity provider ────────────────────────────────────────────────────────────────────────


def _provider() -> None:
    """Streamlit's own login; its answer must name an account."""
    if not st.user.is_logged_in:
        st.button(t("sign_in_oidc"), key="sign_in_oidc", on_click=st.login, type="primary")
        return
    name = signed.claim()
    if name is None:
        st.error(t("sign_in_unproven", claim=signed.claim_name()), icon=":material/error:")
    else:
        try:
            found = door().sign_in_by_provider(name)
        except CallqaError as error:
            st.error(t("sign_in_failed", message=fault(error)), icon=":material/error:")
        else:
            if isinstance(found, str):
                signed.enter(found)
                st.rerun()
            st.error(t("sign_in_no_account", name=_plain(name)), icon=":material/error:")
    st.button(t("sign_in_other"), key="sign_in_other", on_click=st.logout)


# ── what was typed, what is said ─────────────────────────────────────────────────────────────────


def _typed(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _say(message: str) -> None:
    st.session_state[SAID] = message


def _tell() -> None:
    said = st.session_state.pop(SAID, None)
    if said:
        st.error(said, icon=":material/error:")
