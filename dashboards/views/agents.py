"""Agents: a month of each compared fairly, or one in detail with the monthly form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from dashboards import (
    address,
    agent_form,
    agent_parts,
    data,
    monthly,
    signed,
    standing,
    widgets,
)
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import agent_of, named, number, score, t
from dashboards.links import agents_link, queue_link
from dashboards.options import settings
from pipeline.access import Act, Rows
from pipeline.agents import ENOUGH_CALLS, AgentFigures
from pipeline.means import Moments
from pipeline.store import Filters

ARROWS = {1: "↑", 0: "", -1: "↓"}
TONES = {1: "ok", 0: "", -1: "major"}


def render() -> None:
    """Lay out the page: whoever sees their own calls only begins with themselves."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    month = _asked_for()
    person = signed.who()
    own = person.agent_id if person.rights.rows is Rows.OWN else None
    chosen = own or month.agent
    if chosen is None:
        _team(month)
    else:
        _agent(standing.of_agent(month, chosen), back=own is None)


def _asked_for() -> Filters:
    """The month, team, line and agent that the address names."""
    person, found, asked = signed.who(), data.choices(), st.query_params
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        widgets.title(t("page_agents"))
        today = datetime.now(settings().zone).date()
        first, last = address.month("agents_month", min(found["last_day"] or today, today))
        _choice("business_line", found["business_lines"], "line")
        if person.rights.rows is Rows.ALL and "agent" not in asked:
            _choice("team", found["teams"], "team")
    given = {name: asked.get(name) or None for name in ("business_line", "team", "agent")}
    return Filters(since=first, until=last, **given)  # type: ignore[arg-type]


def _choice(name: str, values: list[str] | None, family: str) -> None:
    key, asked = f"agents_{name}", st.query_params.get(name)
    known = [None, *(values or ()), *([asked] if asked and asked not in (values or ()) else [])]
    st.session_state[key] = asked or None
    st.selectbox(
        t(f"filter_{name}"), known, key=key, width=150, label_visibility="collapsed",
        format_func=lambda value: named(family, value) if value else t("all"),
        placeholder=t(f"filter_{name}"), on_change=_chosen, args=(name, key),
    )  # fmt: skip


def _chosen(name: str, key: str) -> None:
    address.put(**{name: st.session_state[key], "show": None})


# ── the team ─────────────────────────────────────────────────────────────────────────────────────


def _team(month: Filters) -> None:
    with widgets.working():
        found = standing.figures(month)
    if not found:
        st.info(t("agents_none", month=f"{month.since:%Y-%m}"), icon=":material/groups:")
        return
    _figures(month, found)
    if signed.may(Act.MONTH) and _view() == "month":
        monthly.view(month)
        return
    if "show" in st.query_params:
        _back()
        agent_parts.calls(month)
    widgets.section(t("page_agents"), t("agents_note"))
    table("agents", _columns(), [_row(one, month) for one in found], t("no_match"))
    st.caption(t("agents_method", n=ENOUGH_CALLS))
    if signed.may(Act.FORM):
        if len(found) > standing.MOST_FORMS:
            st.caption(t("forms_many", most=standing.MOST_FORMS))
        else:
            agent_form.download(month, t("forms_excel", n=len(found)))


def _view() -> str:
    views = ("agents", "month")
    return agent_parts.chosen("view", views, "agents", lambda one: t(f"view_{one}"))


def _figures(month: Filters, found: list[AgentFigures]) -> None:
    whole = sum((one.scores for one in found), Moments())
    vetoed, heard = (sum(getattr(one, name) for one in found) for name in ("vetoed", "heard"))
    tiles(
        "agents_tiles",
        [
            Tile(
                t("tile_agents"),
                number(len(found)),
                t("note_agents", n=sum(one.ranked for one in found)),
            ),
            Tile(
                t("tile_month_calls"),
                number(whole.count),
                t("note_month_calls"),
                queue_link(month, scope="all", sort="newest"),
            ),
            Tile(
                t("tile_mean"),
                score(whole.mean),
                agent_parts.interval_note(whole),
                agents_link(month, show="lost"),
            ),
            Tile(
                t("tile_heard"), number(heard), t("note_heard"), agents_link(month, show="heard")
            ),
            Tile(
                t("tile_vetoed"), number(vetoed), t("note_vetoed"),
                agents_link(month, show="vetoed"), alarm=vetoed > 0,
            ),
        ],
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column("rank", t("col_rank"), align="right"),
        Column("agent", t("col_agent"), link=True),
        Column("team", t("col_team")),
        Column("calls", t("col_calls"), align="right"),
        Column("heard", t("col_heard_calls"), align="right"),
        Column("mean", t("col_interval")),
        Column("ahead", t("col_ahead")),
        Column("change", t("col_change")),
        Column("veto", t("col_veto"), align="right"),
        Column("lost", t("col_lost_most"), wide=True),
    ]


def _row(one: AgentFigures, month: Filters) -> TableRow:
    link = agents_link(replace(month, agent=one.agent_id, team=None))
    cells: dict[str, Any] = {
        "rank": number(one.rank) if one.ranked else {"text": t("few_calls"), "style": "muted"},
        "agent": agent_of({"agent_name": one.agent_name, "agent_id": one.agent_id}),
        "team": one.team,
        "calls": number(one.calls),
        "heard": number(one.heard),
        "mean": agent_parts.mean_line(one.scores),
        "ahead": _marked(one.ahead, one.stands) if one.ranked else "",
        "change": _change(one),
        "veto": {"text": number(one.vetoed), "style": "bad" if one.vetoed else ""},
        "lost": "",
    }
    if one.lost:
        calls = t("in_calls", n=number(one.lost.calls))
        cells["lost"] = f"{one.lost.number} {one.lost.title}　{calls}"
    return TableRow(cells, link)


def _marked(value: float | None, mark: int) -> dict[str, str] | str:
    if value is None:
        return ""
    text = f"{'+' if value > 0 else ''}{value:.1f} {ARROWS[mark]}".strip()
    return {"text": text, "tone": TONES[mark]} if mark else text


def _change(one: AgentFigures) -> dict[str, str] | str:
    if one.before.mean is None or one.mean is None or not one.ranked:
        return ""
    return _marked(one.mean - one.before.mean, one.change)


# ── one agent ────────────────────────────────────────────────────────────────────────────────────


def _agent(month: Filters, *, back: bool) -> None:
    with widgets.working():
        own = standing.figures(month)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if back:
            _back()
        if own:
            named_ = {"agent_name": own[0].agent_name, "agent_id": own[0].agent_id}
            st.markdown(f"**{agent_of(named_)}**　{own[0].team or ''}")
    if not own:
        st.info(t("agents_none", month=f"{month.since:%Y-%m}"), icon=":material/person:")
        return
    agent_parts.detail(month, own[0])


def _back() -> None:
    st.button(
        t("agents_back"), icon=":material/arrow_back:", type="tertiary", key="agents_back",
        on_click=_to_all,
    )  # fmt: skip


def _to_all() -> None:
    address.put(agent=None, part=None, show=None, pack=None, point=None)


render()
