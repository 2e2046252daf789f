"""The language of this session, and the words in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboards.names import NAMES
from dashboards.options import settings
from dashboards.texts import LANGUAGES, TEXTS

KEY = "lang"
SEVERITY_TONE = {"critical": "critical", "major": "major", "minor": "minor"}
VERDICT_TONE = {"fail": "major", "unsure": "warn", "pass": "ok", "not_applicable": "quiet"}


_SPOKEN: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Write in this language where there is no session: in files that are made on request."""
    token = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language() -> str:
    """Say `zh` or `en`: as chosen in this session, else as in the URL, else as in the settings."""
    if (spoken := _SPOKEN.get()) is not None:
        return spoken
    if st.session_state.get(KEY) not in LANGUAGES:
        asked = st.query_params.get(KEY)
        st.session_state[KEY] = asked if asked in LANGUAGES else settings().language
    chosen: str = st.session_state[KEY]
    return chosen


def t(key: str, **values: object) -> str:
    """Return the text of a key; a key that nobody wrote is our bug."""
    return _in_language(TEXTS[key]).format(**values)


def named(family: str, value: object) -> str:
    """Return the name of a value, such as `named("verdict", "fail")`; unknown ones as they are."""
    if value is None:
        return "—"
    pair = NAMES.get(f"{family}_{value}")
    return str(value) if pair is None else _in_language(pair)


def _in_language(pair: tuple[str, str]) -> str:
    return pair[list(LANGUAGES).index(language())]


def listed(words: Iterable[str]) -> str:
    """Write words one after the other."""
    return ("、" if language() == "zh" else ", ").join(words)


# ── figures and times ────────────────────────────────────────────────────────────────────────────


def number(value: float | None, digits: int = 0) -> str:
    """Write a figure, `—` when there is none."""
    return "—" if value is None else f"{value:,.{digits}f}"


def score(value: float | None) -> str:
    """Write a score: one digit only where it says something."""
    return "—" if value is None else f"{value:.1f}".removesuffix(".0")


def points(value: float | None) -> str:
    """Write points that count: lost ones with a minus, given ones with a plus."""
    return f"+{score(value)}" if value is not None and value > 0 else score(value)


def percent(value: float | None, digits: int = 0) -> str:
    """Write a share of 1 as per cent."""
    return "—" if value is None else f"{value * 100:.{digits}f}%"


def clock(seconds: float | None) -> str:
    """Write seconds as m:ss or h:mm:ss."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def when(moment: datetime | None, *, year: bool = False) -> str:
    """Write a moment in the centre's local time."""
    if moment is None:
        return "—"
    local = moment.astimezone(settings().zone)
    return f"{local:%Y-%m-%d %H:%M}" if year else f"{local:%m-%d %H:%M}"


def day(value: date | None) -> str:
    """Write a day."""
    return "—" if value is None else value.isoformat()


def title_of(row: Mapping[str, Any], key: str = "title") -> str:
    """Name a rule in this language; in Chinese where its pack has no English title."""
    english = row[f"{key}_en"] if language() == "en" else None
    return str(english or row[key] or "")


def agent_of(row: Mapping[str, Any]) -> str:
    """Write an agent as name and number, whichever is known."""
    name, number_ = row.get("agent_name"), row.get("agent_id")
    if name and number_:
        return f"{name} {number_}"
    return str(name or number_ or "—")
