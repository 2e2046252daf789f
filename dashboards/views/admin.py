"""Administration: users and roles, the audit trail, runs and failures; each role its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboards import data, rerun, signed, staff, widgets
from dashboards.components import Column, TableRow, table
from dashboards.language import listed, named, t, when
from pipeline.access import ASSIGNABLE, RIGHTS, Account, Act
from pipeline.audit import Entry

MOST_ENTRIES = 200
STATE_TONE = {"active": "ok", "first": "warn", "expired": "major", "disabled": "quiet"}


def render() -> None:
    """Lay out the page."""
    widgets.title(t("page_admin"))
    parts: dict[str, tuple[Act, Callable[[], None]]] = {
        "tab_users": (Act.USERS, _users),
        "tab_roles": (Act.USERS, _roles),
        "tab_audit": (Act.AUDIT, _audit),
        "tab_runs": (Act.RUNS, rerun.runs),
    }
    shown = {name: draw for name, (act, draw) in parts.items() if signed.may(act)}
    for tab, draw in zip(st.tabs([t(name) for name in shown]), shown.values(), strict=True):
        with tab:
            draw()


def _users() -> None:
    staff.manage()
    columns = [
        Column("name", t("col_user")),
        Column("role", t("col_role")),
        Column("whose", t("col_whose"), wide=True),
        Column("via", t("col_via")),
        Column("state", t("col_state")),
        Column("since", t("col_since")),
    ]
    table("users", columns, [_user(account) for account in data.accounts()], t("no_accounts"))


def _user(account: Account) -> TableRow:
    post = account.post
    whose = post.agent_id or post.team or named("rows", RIGHTS[post.role].rows)
    return TableRow(
        {
            "name": {"text": account.name, "style": "strong"},
            "role": named("jobrole", post.role),
            "whose": whose,
            "via": named("via", account.via),
            "state": {
                "text": named("account", account.state),
                "tone": STATE_TONE[account.state],
            },
            "since": when(account.created_at, year=True),
        }
    )


def _roles() -> None:
    columns = [
        Column("role", t("col_role")),
        Column("rows", t("col_rows")),
        Column("pages", t("col_pages")),
        Column("may", t("col_may"), wide=True),
    ]
    rows = [
        TableRow(
            {
                "role": {"text": named("jobrole", role), "sub": str(role)},
                "rows": named("rows", RIGHTS[role].rows),
                "pages": listed(t(f"page_{page}") for page in RIGHTS[role].pages),
                "may": listed(named("act", act) for act in Act if act in RIGHTS[role].acts),
            }
        )
        for role in ASSIGNABLE
    ]
    table("roles", columns, rows, t("no_data"))


def _audit() -> None:
    contents, found = data.audit_trail()
    if found.problems:
        st.error(t("audit_broken", n=len(found.problems)), icon=":material/gpp_bad:")
    else:
        words = t("audit_whole", n=found.entries, hash=found.hash[:16])
        st.success(words, icon=":material/verified_user:")
    label = t("audit_filter")
    wanted = st.text_input(
        label, key="audit_filter", placeholder=label, width=320, label_visibility="collapsed"
    )
    entries = [entry for entry in reversed(contents.entries()) if _fits(entry, wanted.strip())]
    st.caption(t("audit_count", n=len(entries), shown=min(len(entries), MOST_ENTRIES)))
    columns = [
        Column("n", t("col_n"), align="right"),
        Column("at", t("col_when")),
        Column("action", t("col_action")),
        Column("subject", t("col_subject")),
        Column("role", t("col_role")),
        Column("who", t("col_who")),
        Column("reason", t("col_audit_reason"), wide=True),
    ]
    rows = [_entry(entry) for entry in entries[:MOST_ENTRIES]]
    table("audit", columns, rows, t("audit_none"))


def _fits(entry: Entry, wanted: str) -> bool:
    account = str(entry.details.get("account", ""))
    words = (entry.action, named("action", entry.action), entry.subject or "", entry.who, account)
    return not wanted or any(wanted.casefold() in word.casefold() for word in words)


def _entry(entry: Entry) -> TableRow:
    said = listed(f"{key}={value}" for key, value in entry.details.items() if value is not None)
    return TableRow(
        {
            "n": str(entry.seq),
            "at": when(datetime.fromisoformat(entry.time), year=True),
            "action": named("action", entry.action),
            "subject": entry.subject or "—",
            "role": named("jobrole", entry.role) if entry.role else "—",
            "who": entry.who,
            "reason": {"text": entry.reason or "", "sub": said},
        }
    )


render()
