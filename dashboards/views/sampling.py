"""Sampling: a month's plans, calls to listen to, progress, and what the rules miss."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboards import data, drawing, widgets
from dashboards.address import month
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import agent_of, clock, named, number, percent, score, t, when
from dashboards.links import call_link
from dashboards.options import settings
from dashboards.reviews import tell
from pipeline.sampling import Board, Heard


def render() -> None:
    """Lay out the page."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    first, last = _month()
    with widgets.working():
        shown = data.sample_board(first, last)
    tell(drawing.FORM)
    if not shown.plans:
        st.info(t("sample_none", month=f"{first:%Y-%m}"), icon=":material/casino:")
    else:
        _figures(shown)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _calls(shown)
        with right:
            _agents(shown)
            _inspectors(shown)
        _plans(shown)
    if data.may_draw():
        drawing.form(shown)


def _month() -> tuple[date, date]:
    head, choice = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        widgets.title(t("page_sampling"))
    with choice, st.container(horizontal=True, horizontal_alignment="right"):
        return month("sample_month", datetime.now(settings().zone).date())


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def _figures(shown: Board) -> None:
    quota = max(plan.wish.per_agent for plan in shown.plans)
    full = sum(agent.done >= quota for agent in shown.agents)
    short = sum(agent.short for agent in shown.agents)
    note = t("note_quota", n=quota) + (f" · {t('note_short', n=short)}" if short else "")
    missed = shown.missed
    tiles(
        "sample_figures",
        [
            Tile(
                t("tile_sampled"),
                f"{number(shown.done)} / {number(len(shown.calls))}",
                t("note_sampled", n=number(len(shown.calls) - shown.done)),
            ),
            Tile(t("tile_quota"), f"{full} / {len(shown.agents)}", note),
            Tile(
                t("tile_missed"),
                "—" if missed is None else percent(missed.share, 1),
                t("note_missed_none")
                if missed is None
                else t(
                    "note_missed",
                    low=percent(missed.low, 1),
                    high=percent(missed.high, 1),
                    heard=number(missed.heard),
                ),
                alarm=missed is not None and missed.violations > 0,
            ),
        ],
    )
    if missed is not None:
        figures = {name: number(getattr(missed, name)) for name in ("calls", "heard", "violations")}
        st.caption(t("missed_means", **figures))


# ── calls ────────────────────────────────────────────────────────────────────────────────────────


def _calls(shown: Board) -> None:
    widgets.section(t("sample_calls"), t("sample_calls_note"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        whose = st.selectbox(
            t("sample_whose"),
            [None, *shown.inspectors],
            format_func=lambda name: name or t("sample_everybody"),
            key="sample_whose",
            width=200,
            label_visibility="collapsed",
        )
        unheard = st.checkbox(t("sample_open_only"), key="sample_open_only")
    chosen = [
        heard
        for heard in shown.calls
        if (whose is None or heard.call.inspector == whose) and not (unheard and heard.done)
    ]
    chosen.sort(key=lambda heard: (heard.done, heard.plan, heard.call.place))
    there = [str(heard.row["call_id"]) for heard in chosen if heard.row is not None]
    st.session_state["queue_ids"] = there
    st.session_state["queue_params"] = st.query_params.to_dict()
    st.session_state["queue_page"] = "sampling"
    columns = [
        Column("state", t("col_heard")),
        Column("call", t("col_call"), link=True),
        Column("when", t("col_when")),
        Column("agent", t("col_agent")),
        Column("line", t("col_line")),
        Column("duration", t("col_duration"), align="right"),
        Column("score", t("col_score"), align="right"),
        Column("drawn_as", t("col_drawn_as")),
        Column("inspector", t("col_inspector")),
    ]
    table("sample_calls", columns, [_row(heard) for heard in chosen], t("no_match"))


def _row(heard: Heard) -> TableRow:
    call, row = heard.call, heard.row
    cells: dict[str, Any] = {
        "call": call.call_id,
        "drawn_as": named("drawn_as", call.drawn_as),
        "inspector": call.inspector or "—",
    }
    if row is None:
        return TableRow({**cells, "state": {"text": t("sample_gone"), "tone": "quiet"}})
    cells |= {
        "state": _state(heard),
        "call": row["call_id"],
        "when": when(row["started_at"]),
        "agent": agent_of(row),
        "line": named("line", row["business_line"]),
        "duration": clock(row["duration"])
        if row["channel"] == "voice"
        else named("channel", "chat"),
        "score": score(row["score"]),
    }
    return TableRow(cells, call_link(str(row["call_id"])))


def _state(heard: Heard) -> dict[str, str]:
    if not heard.done:
        return {"text": t("heard_no"), "tone": "warn"}
    if heard.row is not None and heard.row["violation"]:
        return {"text": t("heard_violation"), "tone": "major"}
    return {"text": t("heard_yes"), "tone": "ok"}


# ── progress ─────────────────────────────────────────────────────────────────────────────────────


def _agents(shown: Board) -> None:
    widgets.section(t("sample_agents"), t("sample_agents_note"))
    columns = [
        Column("agent", t("col_agent")),
        Column("team", t("col_team")),
        Column("calls", t("col_month_calls"), align="right"),
        Column("drawn", t("col_drawn"), align="right"),
        Column("done", t("col_heard_of"), align="right"),
    ]
    rows = [
        TableRow(
            {
                "agent": agent_of({"agent_name": agent.agent_name, "agent_id": agent.agent_id}),
                "team": agent.team or "—",
                "calls": number(agent.calls),
                "drawn": {
                    "text": str(agent.drawn),
                    "style": "bad" if agent.drawn < agent.quota else "",
                },
                "done": {
                    "text": f"{agent.done} / {agent.quota}",
                    "style": "" if agent.done >= agent.quota else "strong",
                },
            }
        )
        for agent in sorted(shown.agents, key=lambda agent: agent.done - agent.quota)
    ]
    table("sample_agents", columns, rows, t("no_data"))


def _inspectors(shown: Board) -> None:
    if not shown.inspectors:
        return
    widgets.section(t("sample_inspectors"))
    columns = [
        Column("name", t("col_inspector"), wide=True),
        Column("done", t("tile_sampled"), align="right"),
    ]
    rows = [
        TableRow({"name": name, "done": f"{done} / {given}"})
        for name, (done, given) in shown.inspectors.items()
    ]
    table("sample_inspectors", columns, rows, t("no_data"))


def _plans(shown: Board) -> None:
    widgets.section(t("sample_plans"), t("sample_plans_note"))
    columns = [
        Column("id", t("col_plan"), align="right"),
        Column("days", t("col_days")),
        Column("by", t("col_drawn_by")),
        Column("at", t("col_when")),
        Column("seed", t("col_seed"), wide=True),
        Column("population", t("col_population"), align="right"),
        Column("drawn", t("col_drawn"), align="right"),
    ]
    rows = [
        TableRow(
            {
                "id": str(plan.id),
                "days": f"{plan.wish.since:%m-%d} – {plan.wish.until:%m-%d}",
                "by": plan.who,
                "at": when(plan.at),
                "seed": plan.wish.seed,
                "population": f"{number(plan.calls)} / {number(plan.calls_unflagged)}",
                "drawn": number(sum(heard.plan == plan.id for heard in shown.calls)),
            }
        )
        for plan in shown.plans
    ]
    table("sample_plans", columns, rows, t("no_data"))


render()
