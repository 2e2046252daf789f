"""Headline figures, trend, what fails most and where; every figure leads to its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboards import charts, data, objections, signed, widgets
from dashboards.components import Column, TableRow, Tile, go, table, tiles
from dashboards.language import (
    SEVERITY_TONE,
    agent_of,
    named,
    number,
    percent,
    points,
    score,
    t,
    title_of,
)
from dashboards.links import Link, queue_link
from pipeline.access import Act, Page
from pipeline.store import Filters

Row = Mapping[str, Any]
PERIODS = {"all": 0, "30": 30, "7": 7}
SHOWN = 8
AT_ONCE = 200_000  # calls; of more the page begins with a month, all of them take seconds
ALL = {"scope": "all"}
CHOICES = "trend_choices"


def render() -> None:
    """Lay out the page."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        _failures()
        return
    filters = _period()
    _figures(filters)
    _trend(filters)
    left, right = st.columns(2, gap="medium")
    with left:
        _control_points(filters)
        _groups("team", "teams", "col_team", filters)
        _agents(filters)
    with right:
        _rules(filters)
        _groups("business_line", "business_lines", "col_line", filters)
    _failures()


def _failures() -> None:
    if signed.may(Act.RUNS):
        widgets.failures()


def _period() -> Filters:
    head, choice = st.columns([3, 2], vertical_alignment="bottom")
    with head:
        widgets.title(t("page_overview"))
    with choice, st.container(horizontal=True, horizontal_alignment="right"):
        chosen = st.segmented_control(
            t("period"),
            list(PERIODS),
            format_func=lambda key: t(f"period_{key}"),
            default="all" if data.count_calls() <= AT_ONCE else "30",
            key="period",
            required=True,
            label_visibility="collapsed",
        )
    last = data.choices()["last_day"]
    days = PERIODS[chosen or "all"]
    return Filters(since=last - timedelta(days=days - 1)) if days and last else Filters()


def _figures(filters: Filters) -> None:
    found = data.totals(filters)
    tiles("figures", [*_achieved(filters, found), *_open_work(filters, found)])


def _achieved(filters: Filters, found: Row) -> list[Tile]:
    """How much, how long and how good."""
    lowest = queue_link(filters, **ALL, sort="score")
    failing = queue_link(replace(filters, passed=False), **ALL, sort="score")
    return [
        Tile(
            t("tile_calls"),
            number(found["calls"]),
            t("note_flagged", n=number(found["with_fails"])),
            queue_link(filters, **ALL, sort="newest"),
        ),
        Tile(
            t("tile_hours"),
            t("hours", n=number(found["hours"], 1)),
            t("note_longest"),
            queue_link(filters, **ALL, sort="longest"),
        ),
        Tile(t("tile_score"), score(found["mean_score"]), t("note_lowest"), lowest),
        Tile(t("tile_pass"), percent(found["pass_rate"], 1), t("note_pass"), failing),
    ]


def _open_work(filters: Filters, found: Row) -> list[Tile]:
    """What a person must look at."""
    to_review = data.count_calls(replace(filters, flagged=True, review="open"))
    return [
        Tile(
            t("tile_veto"),
            number(found["vetoed"]),
            t("note_veto"),
            queue_link(replace(filters, vetoed=True)),
            alarm=found["vetoed"] > 0,
        ),
        Tile(
            t("tile_review"),
            number(to_review),
            t("note_review"),
            queue_link(replace(filters, review="open")),
        ),
        Tile(
            t("tile_unsure"),
            number(found["with_unsure"]),
            t("note_unsure"),
            queue_link(filters, sort="unsure"),
        ),
        *_people(filters, found),
    ]


def _people(filters: Filters, found: Row) -> list[Tile]:
    """What people have done: calls judged to the end, and appeals that wait."""
    done = replace(filters, review="reviewed")
    reviewed = data.count_calls(done)
    tile = Tile(
        t("tile_reviewed"),
        percent(reviewed / found["calls"] if found["calls"] else None, 1),
        t("note_reviewed", n=number(reviewed)),
        queue_link(done, **ALL, sort="newest"),
    )
    if Page.APPEALS not in signed.who().pages:
        return [tile]
    waiting, filed = objections.waiting(objections.listed())
    note = t("note_appeals_open", n=filed)
    link = Link(str(Page.APPEALS), {})
    return [tile, Tile(t("tile_appeals"), number(waiting), note, link)]


def _trend(filters: Filters) -> None:
    days = data.by_day(filters)
    undated = data.totals(filters)["undated"]
    note = t("undated", n=undated) if undated else t("trend_help")
    widgets.section(t("trend"), note)
    if not days:
        st.caption(t("no_data"))
        return
    # Another chart after each choice: whoever comes back before the browser has forgotten the old
    # one would be led away again.
    count = st.session_state.setdefault(CHOICES, 0)
    event: Any = st.altair_chart(
        charts.trend(days),
        on_select="rerun",
        selection_mode=charts.DAY,
        key=f"{CHOICES}-{count}",
    )
    chosen = event.selection.get(charts.DAY) if event else None
    if chosen:
        st.session_state[CHOICES] = count + 1
        day = chosen[0][charts.DAY]
        go(Link("queue", {"since": day, "until": day, "scope": "all"}))


def _control_points(filters: Filters) -> None:
    widgets.section(t("worst_points"))
    columns = [
        Column("point", t("col_point"), wide=True, link=True),
        Column("pack", t("pack")),
        Column("rate", t("col_rate")),
        Column("fails", t("col_fails"), align="right"),
        Column("points", t("col_points"), align="right"),
    ]
    with widgets.working():
        found = data.control_points(filters, limit=500)
    # A point's figures hold those of the points below it: show the lowest ones only.
    above = {(row["pack"], row["number"].rpartition(".")[0]) for row in found}
    worst = [row for row in found if row["fails"] and (row["pack"], row["number"]) not in above]
    rows = [_point_row(row, filters) for row in worst[:SHOWN]]
    table("points", columns, rows, t("no_data"))


def _point_row(row: Row, filters: Filters) -> TableRow:
    chosen = replace(filters, control_point=row["number"], pack=row["pack"])
    cells = {
        "point": {"text": f"{row['number']} {row['title']}", "style": "strong" * row["key_point"]},
        "pack": named("line", row["pack"]),
        "rate": {"bar": row["rate"], "text": percent(row["rate"])},
        "fails": number(row["fails"]),
        "points": points(row["points"]),
    }
    return TableRow(cells, queue_link(chosen))


def _rules(filters: Filters) -> None:
    widgets.section(t("worst_rules"))
    columns = [
        Column("rule", t("col_rule"), wide=True, link=True),
        Column("severity", t("col_severity")),
        Column("rate", t("col_rate")),
        Column("fails", t("col_fails"), align="right"),
        Column("unsure", t("col_unsure"), align="right"),
    ]
    with widgets.working():
        found = data.rules(filters, SHOWN)
    rows = [
        TableRow(
            {
                "rule": title_of(row),
                "severity": {
                    "text": named("severity", row["severity"]),
                    "tone": SEVERITY_TONE[row["severity"]],
                },
                "rate": {"bar": row["rate"], "text": percent(row["rate"])},
                "fails": number(row["fails"]),
                "unsure": number(row["unsure"]),
            },
            queue_link(replace(filters, rule=row["rule"])),
        )
        for row in found
        if row["fails"] or row["unsure"]
    ]
    table("rules", columns, rows, t("no_data"))


def _groups(group: str, heading: str, label: str, filters: Filters) -> None:
    widgets.section(t(heading))
    family = "line" if group == "business_line" else group
    rows = [
        _group_row(
            row,
            named(family, row["key"]),
            queue_link(replace(filters, **{group: row["key"]}), **ALL),
        )
        for row in data.by(group, filters)
    ]
    table(group, _group_columns(t(label)), rows, t("no_data"))


def _agents(filters: Filters) -> None:
    widgets.section(t("agents"))
    found = [row for row in data.by("agent", filters) if row["key"] is not None]
    lowest = sorted(found, key=lambda row: (row["mean_score"], -row["calls"]))[:SHOWN]
    rows = [
        _group_row(
            row,
            agent_of({"agent_name": row["label"], "agent_id": row["key"]}),
            queue_link(replace(filters, agent=row["key"]), **ALL),
        )
        for row in lowest
    ]
    table("agents", _group_columns(t("col_agent")), rows, t("no_data"))


def _group_columns(label: str) -> list[Column]:
    return [
        Column("name", label, wide=True, link=True),
        Column("calls", t("col_calls"), align="right"),
        Column("mean", t("col_mean"), align="right"),
        Column("pass", t("col_pass"), align="right"),
        Column("veto", t("col_veto"), align="right"),
    ]


def _group_row(row: Row, name: str, link: Link) -> TableRow:
    cells = {
        "name": name,
        "calls": number(row["calls"]),
        "mean": score(row["mean_score"]),
        "pass": percent(row["pass_rate"]),
        "veto": {"text": number(row["vetoed"]), "style": "bad" if row["vetoed"] else ""},
    }
    return TableRow(cells, link if row["key"] is not None else None)


render()
