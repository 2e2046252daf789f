"""One agent of a month, part by part: results, deductions, calls; the form is in `agent_form`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboards import address, agent_form, charts, signed, standing, widgets
from dashboards.appealing import TONE
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import (
    SEVERITY_TONE,
    agent_of,
    clock,
    named,
    number,
    percent,
    points,
    score,
    t,
    title_of,
    when,
)
from dashboards.links import agents_link, call_link, queue_link
from pipeline.access import Act
from pipeline.agents import AgentFigures, Deduction, Grain, PointRecord
from pipeline.domain import AppealState
from pipeline.means import Moments
from pipeline.store import Filters

Row = Mapping[str, Any]
SHOWS = ("all", "heard", "vetoed", "lost")
MOST_POINTS = 10
OPEN = (AppealState.FILED, AppealState.OPINION)
LABELS = {Grain.WEEK: "%m-%d", Grain.MONTH: "%Y-%m"}
MARKS = {1: {"tone": "major"}, 0: {}, -1: {"tone": "ok"}}


def detail(month: Filters, of: AgentFigures) -> None:
    """Everything of one agent; `month` names the agent."""
    found = standing.deductions(month)
    _tiles(month, of, found)
    parts = ["result", "lost", "calls", *(["form"] if signed.may(Act.FORM) else [])]
    shown = chosen(
        "part",
        parts,
        "result" if "show" not in st.query_params else "calls",
        lambda one: t(f"part_{one}"),
    )
    if shown == "result":
        _result(month, of)
    elif shown == "lost":
        _lost(found)
    elif shown == "calls":
        calls(month)
    else:
        agent_form.view(month)


def chosen(name: str, values: Sequence[str], default: str, label: Callable[[str], str]) -> str:
    """One of a few, kept in the address."""
    asked = st.query_params.get(name)
    key = f"agents_{name}"
    st.session_state[key] = asked if asked in values else default
    st.segmented_control(
        name, values, key=key, format_func=label, required=True,
        label_visibility="collapsed", on_change=_put, args=(name, key),
    )  # fmt: skip
    return str(st.session_state[key])


def _put(name: str, key: str) -> None:
    address.put(**{name: st.session_state[key]})


def mean_line(scores: Moments) -> str:
    """A mean with its interval."""
    if scores.interval is None:
        return score(scores.mean)
    low, high = scores.interval
    return f"{score(scores.mean)} [{low:.1f}, {high:.1f}]"


def interval_note(scores: Moments) -> str:
    """The interval in words."""
    if scores.interval is None:
        return t("note_few")
    low, high = scores.interval
    return t("agent_interval", low=f"{low:.1f}", high=f"{high:.1f}")


def _tiles(month: Filters, of: AgentFigures, found: list[Deduction]) -> None:
    states = Counter(one.appeal.state for one in found if one.appeal)
    still, lost = sum(states[state] for state in OPEN), [one for one in found if one.counts]
    tiles(
        "agent_tiles",
        [
            Tile(t("tile_month_calls"), number(of.calls), t("note_month_calls"),
                 queue_link(month, scope="all", sort="newest")),
            Tile(t("tile_mean"), score(of.mean), interval_note(of.scores),
                 agents_link(month, part="result")),
            Tile(t("tile_heard"), number(of.heard), t("note_heard"),
                 agents_link(month, part="calls", show="heard")),
            Tile(t("tile_vetoed"), number(of.vetoed), t("note_vetoed"),
                 agents_link(month, part="calls", show="vetoed"), alarm=of.vetoed > 0),
            Tile(t("tile_lost"), number(len(lost)),
                 t("note_lost", n=points(sum(one.points for one in lost))),
                 agents_link(month, part="lost")),
            Tile(t("tile_agent_appeals"), number(states.total()),
                 t("note_appeals", upheld=states[AppealState.UPHELD], open=still),
                 agents_link(month, part="lost")),
        ],
    )  # fmt: skip


# ── results ──────────────────────────────────────────────────────────────────────────────────────


def _result(month: Filters, of: AgentFigures) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        widgets.section(t("agent_trend"), t("trend_beside"))
        grain = Grain(chosen("grain", tuple(Grain), Grain.WEEK, lambda one: t(f"grain_{one}")))
    st.altair_chart(charts.beside(standing.steps(month, grain, of.team), LABELS[grain]))
    records = standing.points(month, of.team)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        widgets.section(t("lost_points"), t("lost_points_note"))
        lost = [one for one in records if one.fails][:MOST_POINTS]
        table(
            "lost_points", _point_columns(), [_point(one, month) for one in lost], t("nothing_lost")
        )
    with right:
        widgets.section(t("strengths"), t("strengths_note"))
        good = sorted((one for one in records if one.stands < 0), key=lambda one: one.others or 0)
        rows = [_point(one, month) for one in reversed(good)]
        table("strengths", _point_columns(), rows[:MOST_POINTS], t("no_strengths"))


def _point_columns() -> list[Column]:
    return [
        Column("point", t("col_point"), wide=True, link=True),
        Column("pack", t("pack")),
        Column("lost", t("col_lost_calls"), align="right"),
        Column("share", t("col_lost_share")),
        Column("others", t("col_team_share"), align="right"),
    ]


def _point(one: PointRecord, month: Filters) -> TableRow:
    style = "strong" if one.key_point else ""
    cells = {
        "point": {"text": f"{one.number} {one.title}", "style": style},
        "pack": named("line", one.pack),
        "lost": f"{number(one.fails)} / {number(one.calls)}",
        "share": {"bar": one.rate, "text": percent(one.rate)},
        "others": {"text": percent(one.others), **MARKS[one.stands]},
    }
    link = agents_link(month, part="calls", show="all", pack=one.pack, point=one.number)
    return TableRow(cells, link if one.fails else None)


# ── deductions and appeals ───────────────────────────────────────────────────────────────────────


def _lost(found: list[Deduction]) -> None:
    widgets.section(t("deductions_title"), t("deductions_note"))
    shown = found[: standing.SHOWN]
    if len(found) > len(shown):
        st.caption(t("deductions_cut", n=number(len(found)), shown=len(shown)))
    until = standing.last_moments(shown) if signed.may(Act.APPEAL) else {}
    columns = [
        Column("when", t("col_when")),
        Column("rule", t("col_rule"), wide=True),
        Column("severity", t("col_severity")),
        Column("points", t("col_deducted"), align="right"),
        Column("call", t("col_call"), link=True),
        Column("outcome", t("col_outcome")),
    ]
    rows = [_deduction(one, until.get((one.call_id, one.rule))) for one in shown]
    _remember([one.call_id for one in shown])
    table("deductions", columns, rows, t("deductions_none"))


def _deduction(one: Deduction, until: datetime | None) -> TableRow:
    grave: Any = {"text": t("human_judged"), "tone": "info"}
    if one.veto:
        grave = {"text": t("veto_badge"), "tone": "critical"}
    elif one.severity is not None:
        tone = SEVERITY_TONE[one.severity]
        grave = {"text": named("severity", one.severity), "tone": tone}
    cells = {
        "when": when(one.at),
        "rule": {
            "text": title_of({"title": one.title, "title_en": one.title_en}), "sub": one.quote
        },
        "severity": grave,
        "points": points(one.points),
        "call": one.call_id,
        "outcome": _outcome(one, until),
    }  # fmt: skip
    return TableRow(cells, call_link(one.call_id, one.segment))


def _outcome(one: Deduction, until: datetime | None) -> dict[str, str]:
    if one.appeal is not None:
        text = f"{t('appeal')} {named('appeal', one.appeal.state)}"
        return {"text": text, "tone": TONE[one.appeal.state]}
    decided = one.decision is not None
    text = named("decision", one.decision) if decided else t("outcome_machine")
    open_ = until is not None and datetime.now(until.tzinfo) <= until
    return {
        "text": text,
        "tone": "info" if decided else "quiet",
        "sub": t("appeal_open_until", when=when(until)) if open_ else one.reviewer,
    }


# ── calls ────────────────────────────────────────────────────────────────────────────────────────


def calls(month: Filters) -> None:
    """Calls as they count, those that the address asks for; latest first."""
    asked = st.query_params
    pack, number_ = asked.get("pack"), asked.get("point")
    point = (pack, number_) if pack and number_ else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        widgets.section(t("calls_title"), t("point_chosen", point=number_) if point else "")
        show = chosen("show", SHOWS, "all", lambda one: t(f"show_{one}"))
    rows = standing.calls(month, show, point)
    if rows and rows[0]["found"] > len(rows):
        st.caption(t("calls_cut", n=number(rows[0]["found"]), shown=len(rows)))
    columns = [
        Column("when", t("col_when")),
        Column("call", t("col_call"), link=True),
        *([] if month.agent else [Column("agent", t("col_agent"))]),
        Column("line", t("col_line")),
        Column("duration", t("col_duration"), align="right"),
        Column("machine", t("col_machine"), align="right"),
        Column("score", t("col_counts_score"), align="right"),
        Column("grade", t("col_grade")),
        Column("reviewer", t("col_reviewer")),
    ]
    _remember([row["call_id"] for row in rows])
    table("agent_calls", columns, [_call(row) for row in rows], t("no_match"))


def _remember(calls: Sequence[str]) -> None:
    """A call's page leads back to this list, and to its neighbours there."""
    st.session_state["queue_ids"] = list(dict.fromkeys(calls))
    st.session_state["queue_params"] = st.query_params.to_dict()
    st.session_state["queue_page"] = "agents"


def _call(row: Row) -> TableRow:
    changed = row["score"] != row["machine_score"]
    style = "bad" if row["vetoed"] else "strong" if changed else ""
    cells = {
        "when": when(row["started_at"]),
        "call": row["call_id"],
        "agent": agent_of(row),
        "line": named("line", row["business_line"]),
        "duration": clock(row["duration"])
        if row["channel"] == "voice"
        else named("channel", "chat"),
        "machine": score(row["machine_score"]),
        "score": {"text": score(row["score"]), "style": style},
        "grade": named("grade", row["grade"]),
        "reviewer": row["reviewer"] if row["heard"] else "",
    }
    return TableRow(cells, call_link(row["call_id"]))
