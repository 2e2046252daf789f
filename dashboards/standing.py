"""Agents for whoever is signed in: figures, trend, deductions, and their monthly forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from dashboards import data, signed
from dashboards.address import whole
from dashboards.data import Stamp, snapshot
from dashboards.language import language
from dashboards.options import settings
from dashboards.reviews import BROKEN
from dashboards.serving import TICKETS, Attachment
from pipeline.access import Act, Person, Rows
from pipeline.agents import (
    AgentFigures,
    Deduction,
    Form,
    Grain,
    Peers,
    PointRecord,
    Step,
    agents_of_month,
    forms_of,
    list_counted,
    point_records,
    trend,
)
from pipeline.agents import deductions as deductions_of_month
from pipeline.agents.files import file_name
from pipeline.agents.workbook import workbook
from pipeline.errors import BadInput
from pipeline.store import Filters, Snapshot

Row = dict[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # calls or deductions on a page
MOST_FORMS = 100  # agents in one workbook


def figures(month: Filters) -> list[AgentFigures]:
    """Every agent of the month that filters leave, the best first."""
    found: list[AgentFigures] = _asked(data.stamp(), "figures", month, None)
    return found


def steps(month: Filters, grain: Grain, team: str | None) -> list[Step]:
    """The agent `month.agent` by week or month, beside the middle of the team."""
    found: list[Step] = _asked(data.stamp(), "steps", month, (str(grain), team, _knows_all()))
    return found


def points(month: Filters, team: str | None) -> list[PointRecord]:
    """The control points of the agent `month.agent`, beside the rest of the team."""
    found: list[PointRecord] = _asked(data.stamp(), "points", month, (team, _knows_all()))
    return found


def deductions(month: Filters) -> list[Deduction]:
    """What cost points in these calls, latest first."""
    found: list[Deduction] = _asked(data.stamp(), "deductions", month, None)
    return found


def calls(month: Filters, show: str, point: tuple[str, str] | None) -> list[Row]:
    """The latest calls as they count; columns: sql/list_counted.sql, `found` of how many."""
    found: list[Row] = _asked(data.stamp(), "calls", month, (show, point))
    return found


def form(month: Filters) -> Form | None:
    """The form of the agent `month.agent`, of all lines; None without calls."""
    signed.who().need(Act.FORM)
    found: list[Form] = _asked(data.stamp(), "forms", replace(month, business_line=None), None)
    return found[0] if found else None


def _knows_all() -> bool:
    """An agent is shown the team's middle, which is made of calls that the agent does not see."""
    return signed.who().rights.rows is Rows.OWN


@st.cache_data(max_entries=200, ttl=3600, show_spinner=False)
def _asked(key: Stamp, what: str, month: Filters, more: tuple[Any, ...] | None) -> Any:  # noqa: ANN401 - its callers say what
    *_, scope = key
    reader = snapshot().within(scope)
    return ASKED[what](reader, month, *(more or ()))


def _steps(
    reader: Snapshot, month: Filters, grain: str, team: str | None, whole: bool
) -> list[Step]:
    assert month.agent is not None
    assert month.until is not None
    return trend(reader, _peers(reader, team, whole=whole), month.agent, month.until, Grain(grain))


def _points(reader: Snapshot, month: Filters, team: str | None, whole: bool) -> list[PointRecord]:
    return point_records(reader, _peers(reader, team, whole=whole), month)


def _peers(reader: Snapshot, team: str | None, *, whole: bool) -> Peers:
    return Peers(snapshot() if whole else reader, team)


ASKED: dict[str, Callable[..., Any]] = {
    "figures": agents_of_month,
    "steps": _steps,
    "points": _points,
    "deductions": lambda reader, month: deductions_of_month(reader, month)[::-1],
    "calls": lambda reader, month, show, point: list_counted(reader, month, show, point, SHOWN),
    "forms": forms_of,
}


# ── appeals ──────────────────────────────────────────────────────────────────────────────────────


def last_moments(found: Sequence[Deduction]) -> dict[tuple[str, str], datetime]:
    """Until when findings that still cost something can be appealed against, by call and rule."""
    free = [one for one in found if one.appeal is None and _stands(one)]
    said = data.people().last_said({one.content_sha256 for one in free})
    days = timedelta(days=settings().appeals.days)
    return {
        (one.call_id, one.rule): max(
            one.scored_at, said.get((one.content_sha256, one.rule), one.scored_at)
        ) + days
        for one in free
    }  # fmt: skip


def _stands(one: Deduction) -> bool:
    return one.machine_failed if one.decision is None else one.decision in BROKEN


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────


def form_address(month: Filters) -> str:
    """Where this session fetches the forms, of all lines, which are written when it does."""
    month = replace(month, business_line=None)
    person, reader, lang = signed.who(), snapshot(), language()
    person.need(Act.FORM)
    key = "form", str(reader.layout.db), month, lang
    zone = settings().zone

    def make(asking: Person) -> Attachment:
        made = datetime.now(zone).date()
        name, content = written(data.reader_of(asking), month, lang, made)
        return Attachment(name, XLSX, content)

    return whole(TICKETS.download(person.session, key, make, Act.FORM))


def written(reader: Snapshot, month: Filters, lang: str, made: date) -> tuple[str, bytes]:
    """The name and the bytes of a workbook; BadInput when there is nobody to write of."""
    forms = forms_of(reader, month)
    if not forms:
        raise BadInput(f"no calls of anybody in {month.since:%Y-%m}")
    return file_name(forms, lang, month.agent), workbook(forms, lang, made)


def of_agent(month: Filters, agent: str) -> Filters:
    """The same month of one agent, whatever team and line were chosen."""
    return replace(month, agent=agent, team=None)
