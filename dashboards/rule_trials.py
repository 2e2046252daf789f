"""Beside the table of rules: what one of them hits, and what a changed pack would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboards import data, signed, widgets
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.faults import fault
from dashboards.language import agent_of, clock, named, number, score, t, title_of, when
from dashboards.links import call_link
from dashboards.options import options
from pipeline import tryout
from pipeline.access import Act
from pipeline.errors import CallqaError
from pipeline.rule_records import RuleRecord
from pipeline.store import Filters

Row = Mapping[str, Any]
EXAMPLES = 8
LATELY = timedelta(days=30)
REPORT = "backtest_report"
TONE = {"fail": "major", "unsure": "warn", "pass": "ok"}
VERDICTS = ("fail", "unsure", "pass", "not_applicable")


def examples(records: Sequence[RuleRecord], filters: Filters) -> None:
    """The latest hits of one rule: quote, what people said of it, the moment to hear."""
    titles = {
        one.rule: title_of({"title": one.title, "title_en": one.title_en})
        for one in records
        if one.hits or one.unsure
    }
    st.caption(t("rule_examples_note"))
    rule = st.selectbox(
        t("col_rule"), list(titles), key="rule_examples", format_func=titles.__getitem__,
        index=None, placeholder=t("rule_examples_choose"), label_visibility="collapsed",
    )  # fmt: skip
    if rule is None:
        return
    calls = data.list_calls(replace(filters, rule=rule), "newest", EXAMPLES, 0)
    columns = [
        Column("when", t("col_when")),
        Column("verdict", t("col_verdict")),
        Column("quote", t("col_quote"), wide=True),
        Column("said", t("col_people_said")),
        Column("agent", t("col_agent")),
        Column("call", t("col_call"), link=True),
    ]
    table("rule_hits", columns, [_hit(call, rule) for call in calls], t("no_data"))


def _hit(call: Row, rule: str) -> TableRow:
    found = data.call(call["call_id"])
    finding = next(row for row in found.findings if row["rule"] == rule)
    first = next(iter(finding["evidence"]), None)
    said = data.reviews(call, rule)
    cells = {
        "when": when(call["started_at"]),
        "verdict": {
            "text": named("verdict", finding["verdict"]),
            "tone": TONE[finding["verdict"]],
        },
        "quote": {"text": first["quote"] if first else "—", "sub": finding["why"]},
        "said": named("decision", said[-1].decision) if said else "",
        "agent": agent_of(call),
        "call": call["call_id"],
    }
    return TableRow(cells, call_link(call["call_id"], first["segment"] if first else None))


def backtest(last: date) -> None:
    """Try a changed pack on stored calls, and show what it would change."""
    st.caption(t("backtest_note"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        pack = st.file_uploader(t("backtest_pack"), type=["yaml", "yml"], key="backtest_pack")
        since = st.date_input(
            t("backtest_since"), last - LATELY, max_value=last, key="backtest_since", width=180
        )
        go = st.button(t("backtest_go"), key="backtest_go", disabled=pack is None)
    if go and pack is not None and isinstance(since, date):
        _try(pack.name, pack.getvalue(), since)
    report = st.session_state.get(REPORT)
    if report is not None:
        _shown(report)


def _try(name: str, content: bytes, since: date) -> None:
    signed.who(active=True).need(Act.BACKTEST)
    st.session_state.pop(REPORT, None)
    with st.status(t("backtest_going")) as status:
        try:
            st.session_state[REPORT] = tryout.backtest(
                (name, content),
                since,
                (options().db, options().config),
                lambda line: status.update(label=f"{t('backtest_going')} {line}"),
            )
        except CallqaError as error:
            status.update(label=t("backtest_failed"), state="error", expanded=True)
            st.code(fault(error), language=None, wrap_lines=True)
        else:
            status.update(label=t("backtest_done"), state="complete")


def _shown(report: Row) -> None:
    pack = f"{report['pack']} {report['pack_version']}"
    before, after = report["vetoed_before"], report["vetoed_after"]
    tiles(
        "backtest_tiles",
        [
            Tile(
                t("backtest_changed"),
                f"{number(report['changed'])} / {number(report['calls'])}",
                t("backtest_changed_note", pack=pack),
            ),
            Tile(
                t("tile_score"),
                f"{score(report['mean_score_before'])} → {score(report['mean_score_after'])}",
            ),
            Tile(
                t("tile_veto"), f"{number(before)} → {number(after)}", alarm=after > before
            ),
        ],
    )  # fmt: skip
    _shown_rules(report)
    _shown_calls(report)


def _shown_rules(report: Row) -> None:
    rules = [row for row in report["rules"] if row["before"] != row["after"]]
    columns = [
        Column("rule", t("col_rule"), wide=True),
        *(Column(verdict, named("verdict", verdict), align="right") for verdict in VERDICTS),
        Column("newly", t("backtest_newly"), align="right"),
        Column("no_longer", t("backtest_no_longer"), align="right"),
    ]
    table("backtest_rules", columns, [_rule(row) for row in rules], t("backtest_same"))
    if report["examples"]:
        widgets.section(t("backtest_examples"), t("backtest_examples_note"))
        columns = [
            Column("rule", t("col_rule")),
            Column("change", t("col_verdict")),
            Column("quote", t("col_quote"), wide=True),
            Column("at", t("col_place")),
            Column("call", t("col_call"), link=True),
        ]
        table("backtest_examples", columns, [_example(e) for e in report["examples"]], "")


def _shown_calls(report: Row) -> None:
    if report["biggest"]:
        widgets.section(t("backtest_calls"))
        columns = [
            Column("call", t("col_call"), link=True),
            Column("score", t("col_score")),
            Column("grade", t("col_grade")),
            Column("rules", t("page_rules"), wide=True),
        ]
        table("backtest_calls", columns, [_call(one) for one in report["biggest"]], "")


def _rule(row: Row) -> TableRow:
    before, after = row["before"], row["after"]
    cells = {
        verdict: f"{number(before.get(verdict, 0))} → {number(after.get(verdict, 0))}"
        for verdict in VERDICTS
    }
    cells["newly"] = number(row["newly_failed"]) if row["newly_failed"] else ""
    cells["no_longer"] = number(row["no_longer_failed"]) if row["no_longer_failed"] else ""
    return TableRow({"rule": {"text": row["title"] or row["rule"], "sub": row["rule"]}, **cells})


def _example(one: Row) -> TableRow:
    change = f"{_verdict(one['before'])} → {_verdict(one['after'])}"
    return TableRow(
        {
            "rule": {"text": one["title"], "sub": one["rule"]},
            "change": {"text": change, "tone": TONE.get(one["after"], "quiet")},
            "quote": {"text": one["quote"] or "—", "sub": one["why"]},
            "at": "" if one["start"] is None else clock(one["start"]),
            "call": one["call_id"],
        },
        call_link(one["call_id"]),
    )


def _verdict(verdict: str) -> str:
    return t("backtest_absent") if verdict == "absent" else named("verdict", verdict)


def _call(one: Row) -> TableRow:
    return TableRow(
        {
            "call": one["call_id"],
            "score": f"{score(one['score_before'])} → {score(one['score_after'])}",
            "grade": f"{one['grade_before']} → {one['grade_after']}",
            "rules": "、".join(one["rules"]),
        },
        call_link(one["call_id"]),
    )
