"""Appeals: those about the calls of whoever looks, open ones first."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboards import objections, widgets
from dashboards.appealing import TONE
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import agent_of, named, number, percent, t, title_of, when
from dashboards.links import call_link
from dashboards.objections import Listed
from pipeline.domain import AppealState


def render() -> None:
    """Lay out the page."""
    widgets.title(t("page_appeals"))
    found = objections.listed()
    if not found:
        st.info(t("appeals_none"), icon=":material/gavel:")
        return
    _figures(found)
    widgets.section(t("page_appeals"), t("appeals_note"))
    columns = [
        Column("id", t("col_appeal"), align="right"),
        Column("state", t("col_appeal_state")),
        Column("finding", t("col_problem")),
        Column("reason", t("col_reason"), wide=True),
        Column("call", t("col_call"), link=True),
        Column("agent", t("col_agent")),
        Column("team", t("col_team")),
        Column("filed", t("col_filed")),
        Column("by", t("col_by")),
    ]
    table("appeals", columns, [_row(one) for one in found], t("appeals_none"))


def _figures(found: list[Listed]) -> None:
    states = Counter(one.appeal.state for one in found)
    waiting, filed = objections.waiting(found)
    decided = states[AppealState.UPHELD] + states[AppealState.DISMISSED]
    share = states[AppealState.UPHELD] / decided if decided else None
    tiles(
        "appeal_tiles",
        [
            Tile(
                t("tile_appeals_open"),
                number(waiting),
                t("note_appeals_open", n=filed),
            ),
            Tile(t("tile_appeals_upheld"), percent(share), t("note_appeals_upheld", n=decided)),
        ],
    )


def _row(one: Listed) -> TableRow:
    appeal, row = one.appeal, one.row
    last = appeal.steps[-1] if appeal.steps else None
    return TableRow(
        {
            "id": str(appeal.id),
            "state": {"text": named("appeal", appeal.state), "tone": TONE[appeal.state]},
            "finding": title_of(row) if row["title"] else appeal.rule,
            "reason": {"text": appeal.reason, "sub": last.comment if last else ""},
            "call": row["call_id"],
            "agent": agent_of(row),
            "team": row["team"],
            "filed": when(appeal.at),
            "by": last.who if last else "",
        },
        call_link(row["call_id"]),
    )


render()
