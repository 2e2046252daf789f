"""Rules by what people decided of their hits: precision, trend, and what that suggests."""

from __future__ import annotations

import streamlit as st

from dashboards import data, rule_trials, signed, widgets
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import SEVERITY_TONE, named, number, percent, t, title_of
from dashboards.links import queue_link
from pipeline.access import Act
from pipeline.rule_records import Advice, RuleRecord
from pipeline.shares import wilson
from pipeline.store import Filters

TONE = {
    Advice.RETIRE: "critical",
    Advice.TIGHTEN: "major",
    Advice.WIDEN: "major",
    Advice.REWORD: "warn",
    Advice.SILENT: "quiet",
}
ARROWS = {1: "↑", 0: "", -1: "↓"}


def render() -> None:
    """Lay out the page."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    filters = _head()
    last = data.choices()["last_day"]
    if last is None:
        st.info(t("no_data"))
        return
    with widgets.working():
        records = data.rule_records(filters, last)
    _figures(records)
    names = ["tab_rule_records", "rule_examples"]
    if signed.may(Act.BACKTEST):
        names.append("backtest")
    every, hits, *trial = st.tabs([t(name) for name in names])
    with every:
        _records(records, filters)
    with hits:
        rule_trials.examples(records, filters)
    for tab in trial:
        with tab:
            rule_trials.backtest(last)


def _records(records: list[RuleRecord], filters: Filters) -> None:
    st.caption(t("rules_note"))
    columns = [
        Column("rule", t("col_rule"), wide=True, link=True),
        Column("severity", t("col_severity")),
        Column("calls", t("col_calls"), align="right"),
        Column("hits", t("col_hits"), align="right"),
        Column("unsure", t("col_unsure"), align="right"),
        Column("decided", t("col_decided"), align="right"),
        Column("added", t("col_added"), align="right"),
        Column("precision", t("col_precision")),
        Column("trend", t("col_trend")),
        Column("advice", t("col_advice_rule")),
    ]
    table("rules", columns, [_row(one, filters) for one in _ordered(records)], t("no_data"))
    st.caption(t("rules_method"))


def _head() -> Filters:
    head, choice = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        widgets.title(t("page_rules"))
    lines = data.choices()["business_lines"] or ()
    chosen = choice.selectbox(
        t("col_line"), [None, *lines], key="rules_line", label_visibility="collapsed",
        format_func=lambda line: named("line", line) if line else t("all"),
        placeholder=t("col_line"),
    )  # fmt: skip
    return Filters(business_line=chosen)


def _ordered(records: list[RuleRecord]) -> list[RuleRecord]:
    order = list(Advice)
    return sorted(records, key=lambda one: order.index(one.advice) if one.advice else len(order))


def _figures(records: list[RuleRecord]) -> None:
    confirmed = sum(one.confirmed for one in records)
    decided = sum(one.decided for one in records)
    share = confirmed / decided if decided else None
    note = t("note_nothing_decided")
    if share is not None:
        low, high = map(percent, wilson(share, decided))
        note = t("note_rules_precision", low=low, high=high, n=number(decided))
    tiles(
        "rule_tiles",
        [
            Tile(
                t("tile_rules_judged"),
                number(sum(one.decided > 0 for one in records)),
                t("note_rules_judged", n=number(len(records))),
            ),
            Tile(
                t("tile_rules_precision"),
                percent(share),
                note,
            ),
            Tile(
                t("tile_rules_advice"),
                number(sum(one.advice is not None for one in records)),
                t("note_rules_advice"),
            ),
        ],
    )


def _row(one: RuleRecord, filters: Filters) -> TableRow:
    title = {"title": one.title, "title_en": one.title_en}
    cells = {
        "rule": {"text": title_of(title), "sub": one.rule},
        "severity": {
            "text": named("severity", one.severity),
            "tone": SEVERITY_TONE[one.severity],
        },
        "calls": number(one.calls),
        "hits": number(one.hits),
        "unsure": number(one.unsure),
        "decided": f"{number(one.confirmed)} / {number(one.rejected)}" if one.decided else "",
        "added": number(one.added) if one.added else "",
        "precision": _precision(one),
        "trend": _trend(one),
        "advice": {"text": named("advice", one.advice), "tone": TONE[one.advice]}
        if one.advice
        else "",
    }
    link = queue_link(Filters(business_line=filters.business_line, rule=one.rule), scope="all")
    return TableRow(cells, link)


def _precision(one: RuleRecord) -> dict[str, object] | str:
    if one.precision is None or one.interval is None:
        return ""
    low, high = one.interval
    said = f"{percent(one.precision)} [{percent(low)}, {percent(high)}]"
    return {"bar": one.precision, "text": said}


def _trend(one: RuleRecord) -> str:
    if one.rate_now is None:
        return ""
    before = f"{percent(one.rate_before, 1)} → " if one.rate_before is not None else ""
    return f"{before}{percent(one.rate_now, 1)} {ARROWS[one.trend]}"


render()
