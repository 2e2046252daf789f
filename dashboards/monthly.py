"""The month's report for whoever may see it: ranking, rewards and penalties, the files to take."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboards import data, signed, standing, widgets
from dashboards.address import whole
from dashboards.components import Column, TableRow, table
from dashboards.data import Stamp, snapshot
from dashboards.language import language, t
from dashboards.links import agents_link
from dashboards.options import settings
from dashboards.serving import TICKETS, Attachment
from pipeline.access import Act, Person
from pipeline.errors import BadInput
from pipeline.monthly import MonthPeriod, MonthReport, Wish, month_report, report_of
from pipeline.monthly import lists as month_lists
from pipeline.monthly import tables as month_tables
from pipeline.monthly.document import lead
from pipeline.monthly.files import bytes_of, file_name
from pipeline.monthly.grid import Grid, shown
from pipeline.monthly.sheets import subtitle
from pipeline.monthly.words import Words
from pipeline.store import Filters, Snapshot

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": standing.XLSX,
    "html": "text/html; charset=utf-8",
}
NUMBERS = ("count", "score", "share")


def view(month: Filters) -> None:
    """The report of the month in which the page stands, of all lines."""
    with widgets.working():
        report = of(month)
    if report is None:
        st.info(t("agents_none", month=f"{month.since:%Y-%m}"), icon=":material/groups:")
        return
    words = Words(language())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        widgets.section(t("view_month"), subtitle(words, report))
        for form in MEDIA:
            st.link_button(
                t(f"month_{form}"), address(month, form), icon=":material/download:"
            )  # fmt: skip
    st.write(lead(words, report))
    ranking = month_tables.ranking(words, report.ranking)
    agents = [one.figures.agent_id for one in report.ranking]
    _table("month_ranking", ranking, agents, month)
    rewards = month_lists.rewards(words, report, every_call=False)
    if not report.rules_given:
        rewards = replace(rewards, none=words("no_rules"))
    _table("month_rewards", rewards, [one.agent_id for one in report.rewards], month, "lost")


def of(month: Filters) -> MonthReport | None:
    """The figures, without common problems, for whoever is signed in; None without calls."""
    signed.who().need(Act.MONTH)
    return _made(data.stamp(), f"{month.since:%Y-%m}", month.team)


@st.cache_data(max_entries=20, ttl=3600, show_spinner=False)
def _made(key: Stamp, month: str, team: str | None) -> MonthReport | None:
    *_, scope = key
    reader, site = _within(snapshot().within(scope), team), settings()
    monthly = site.reports.monthly
    period = MonthPeriod.of(month, monthly.begins, monthly.day)
    made = datetime.now(site.zone).date()
    wish = Wish(period, made, site.rewards, site.appeals.leader_days, team)
    try:
        return report_of(reader, wish)
    except BadInput:
        return None


def address(month: Filters, form: str) -> str:
    """Where this session fetches the report, which is written when it does."""
    person, lang, name = signed.who(), language(), f"{month.since:%Y-%m}"
    person.need(Act.MONTH)
    key = "month", str(snapshot().layout.db), name, month.team, form, lang

    def make(asking: Person) -> Attachment:
        made = datetime.now(settings().zone).date()
        reader = _within(data.reader_of(asking), month.team)
        report = month_report(reader, settings(), name, made, month.team)
        content = bytes_of(report, form, lang)
        return Attachment(file_name(report, form, lang), MEDIA[form], content)

    return whole(TICKETS.download(person.session, key, make, Act.MONTH))


def _within(reader: Snapshot, team: str | None) -> Snapshot:
    return reader.of_team(team) if team else reader


def _table(
    key: str, grid: Grid, agents: list[str], month: Filters, part: str | None = None
) -> None:
    """A table of the report; a line leads to its agent."""
    widgets.section(grid.title)
    widest = max(column.width for column in grid.columns)
    columns = [
        Column(
            str(place), column.head, align="right" if column.look in NUMBERS else "left",
            wide=column.width == widest, link=column.head == Words(language())("agent_id"),
        )
        for place, column in enumerate(grid.columns)
    ]  # fmt: skip
    more = {"part": part} if part else {}
    rows = [
        TableRow(
            {
                str(place): shown(value, column.look)
                for place, (column, value) in enumerate(zip(grid.columns, row, strict=True))
            },
            agents_link(replace(month, agent=agent, team=None), **more),
        )
        for row, agent in zip(grid.rows, agents, strict=True)
    ]
    table(key, columns, rows, grid.none)
    if grid.note:
        st.caption(grid.note)
