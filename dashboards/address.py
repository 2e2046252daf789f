"""A page's address holds what it shows; widgets only show and change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

import streamlit as st

from dashboards.language import t
from pipeline.errors import BadInput
from pipeline.sampling import month_of

MONTHS = 13


def whole(path: str) -> str:
    """An address of `serving.py` in full: Streamlit takes a mere path for one of its own files."""
    here = st.context.url
    return urljoin(here if isinstance(here, str) else "http://127.0.0.1/", path)


def put(**params: str | None) -> None:
    """Change the address; None takes a parameter out."""
    for name, value in params.items():
        if value is not None:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def days(
    key: str, since: date | None, until: date | None, found: Mapping[str, Any], width: int
) -> None:
    """First and last day; while only one end was clicked, the picker keeps it.

    `found` has `first_day` and `last_day`: the ends where only one is asked for.
    """
    if len(st.session_state.get(key) or ()) != 1:
        ends = (since or found["first_day"], until or found["last_day"])
        asked = since is not None or until is not None
        st.session_state[key] = ends if asked and all(ends) else ()
    st.date_input(
        t("filter_days"), key=key, width=width, format="YYYY-MM-DD", label_visibility="collapsed",
        on_change=_days_changed, args=(key,),
    )  # fmt: skip


def _days_changed(key: str) -> None:
    ends = st.session_state[key]
    if len(ends) != 1:
        since, until = ends or (None, None)
        put(since=since and since.isoformat(), until=until and until.isoformat(), page=None)


def month(key: str, latest: date) -> tuple[date, date]:
    """First and last day of the month in the address, to be chosen from those up to `latest`."""
    months = [f"{latest:%Y-%m}"]
    while len(months) < MONTHS:
        before = date.fromisoformat(f"{months[-1]}-01") - timedelta(days=1)
        months.append(f"{before:%Y-%m}")
    asked = st.query_params.get("month")
    try:
        month_of(asked or "")
    except BadInput:
        asked = months[0]
    chosen = st.selectbox(
        t("month"),
        months if asked in months else [*months, asked],
        index=months.index(asked) if asked in months else MONTHS,
        label_visibility="collapsed",
        on_change=_month_changed,
        args=(key,),
        key=key,
        width=130,
    )
    return month_of(str(chosen))


def _month_changed(key: str) -> None:
    put(month=st.session_state[key])
