"""Who is at this browser, asked anew at every run, so that a disabled account ends at once."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime
from streamlit.errors import StreamlitSecretNotFoundError

from dashboards import serving
from dashboards.options import cookie_name, door, settings
from pipeline.access import SINGLE, Act, Person
from pipeline.errors import NotAllowed
from pipeline.network import is_local, name_of

TOKEN, ENTERING = "signed_token", "signed_entering"
REVIEWER = "reviewer"  # where a machine without accounts keeps the name that was typed
KEPT = ("lang",)  # what a session keeps when another person takes its place


def person(*, active: bool = False) -> Person | None:
    """Who is signed in here; the single user of a machine without accounts; else None.

    The session of this page counts; its cookie only where the page has none (a new tab, a reload).
    """
    entrance, token = door(), st.session_state.get(TOKEN)
    if token is None:
        given = st.context.cookies.get(cookie_name())
        token = given if isinstance(given, str) else None
    found = entrance.person(token, active=active) if token else None
    if found is not None:
        st.session_state[TOKEN] = token
        return found
    if entrance.needed or oidc() or not alone():
        return None
    return SINGLE


def forget_ended() -> None:
    """When the session of this page ended, nothing that it remembered stays for the next person."""
    if TOKEN in st.session_state and person() is None:
        _forget()


def who(*, active: bool = False) -> Person:
    """The same; NotAllowed when nobody is signed in (any more)."""
    found = person(active=active)
    if found is None:
        raise NotAllowed("the session ended: sign in again")
    return found


def acting(act: Act, typed: str) -> str:
    """The name under which whoever is here does it; without accounts the one that was typed.

    NotAllowed for a role that may not, or when nobody said who they are.
    """
    found = who(active=True)
    found.need(act)
    name = found.name or typed.strip()
    if not name:
        raise NotAllowed("say who you are (side bar)")
    return name


def name() -> str:
    """Whoever is signed in, without accounts the name that was typed; empty when nobody said."""
    found = person()
    typed = str(st.session_state.get(REVIEWER) or "").strip()
    return found.name if found and found.name else typed


def may(act: Act) -> bool:
    """Whether whoever is here may do it."""
    found = person()
    return found is not None and found.may(act)


# ── without accounts ─────────────────────────────────────────────────────────────────────────────


def alone() -> bool:
    """Whether only somebody at this very machine can be at the browser.

    The name asked for counts too: a page elsewhere can point a name of its own to this machine.
    """
    if _is_driven():
        return True
    return (
        is_local(str(st.get_option("server.address") or ""))
        and is_local(st.context.ip_address or "127.0.0.1")
        and is_local(name_of(st.context.headers.get("Host") or ""))
        and "X-Forwarded-For" not in st.context.headers
    )


def _is_driven() -> bool:
    """Whether a script or Streamlit's test driver runs the page: then there is no server at all."""
    return not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime


# ── coming and going ─────────────────────────────────────────────────────────────────────────────


def enter(token: str) -> None:
    """Take a new session; nothing of the person before stays."""
    _forget()
    st.session_state[TOKEN] = token
    st.session_state[ENTERING] = serving.TICKETS.cookie(token)


def entering() -> str | None:
    """The ticket that a browser has to turn into its cookie before anything is shown."""
    ticket: str | None = st.session_state.get(ENTERING)
    return None if _is_driven() else ticket


def leave() -> None:
    """Sign out."""
    found, token = person(), st.session_state.get(TOKEN)
    _forget()
    if found is None or token is None:
        return
    serving.TICKETS.forget(found.session)
    door().sign_out(token)
    if found.via == "oidc":
        st.logout()


def _forget() -> None:
    for key in [key for key in st.session_state if key not in KEPT]:
        del st.session_state[key]


# ── the identity provider ────────────────────────────────────────────────────────────────────────


def oidc() -> bool:
    """Whether Streamlit's own login is configured (`[auth]` in secrets.toml)."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def claim_name() -> str:
    """Which of the provider's words names the account."""
    return settings().access.oidc_claim


def claim() -> str | None:
    """What the identity provider says who this is; None before, or for an unproven address."""
    if not oidc() or not st.user.is_logged_in:
        return None
    name = claim_name()
    if name == "email" and st.user.get("email_verified") is False:
        return None
    found = st.user.get(name)
    return found if isinstance(found, str) and found else None
