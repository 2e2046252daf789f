"""Alerts: what somebody has to look at, figures that drift, and what the channels did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboards import alarms, signed, widgets
from dashboards.components import Column, TableRow, Tile, go, table, tiles
from dashboards.faults import fault
from dashboards.language import agent_of, clock, language, named, number, t, title_of, when
from dashboards.links import call_link
from dashboards.markup import chip
from dashboards.reviews import attempt, me, tell
from pipeline.access import Act
from pipeline.alerts import ChannelState, Shown, drift_line, kind_name
from pipeline.domain import AlertKind

SHOWN = 10
PAGE = "alerts_page"
TONE = {AlertKind.VETO: "critical", AlertKind.COMPLAINT: "major", AlertKind.DRIFT: "warn"}


def render() -> None:
    """Lay out the page."""
    widgets.title(t("page_alerts"))
    found = alarms.listed()
    channels = alarms.channels() if signed.may(Act.CHANNELS) else []
    calls = [one for one in found if one.alert.drift is None]
    drifts = [one for one in found if one.alert.drift is not None]
    _figures(calls, drifts, channels)
    if signed.may(Act.HEAR):  # an operator sees no call
        _open([one for one in calls if one.open])
    _drifts(drifts)
    if signed.may(Act.HEAR):
        _answered([one for one in calls if not one.open])
    if signed.may(Act.CHANNELS):
        _channels(channels)


def _figures(
    calls: Sequence[Shown], drifts: Sequence[Shown], channels: Sequence[ChannelState]
) -> None:
    kinds = Counter(one.alert.kind for one in calls if one.open)
    going = sum(one.alert.ended is None for one in drifts)
    shown = []
    if signed.may(Act.HEAR):
        note = t("note_alerts_open", veto=kinds[AlertKind.VETO],
                 complaint=kinds[AlertKind.COMPLAINT])  # fmt: skip
        shown.append(Tile(t("tile_alerts_open"), number(kinds.total()), note, alarm=bool(kinds)))
    shown.append(Tile(t("tile_alerts_drifts"), number(going), alarm=bool(going)))
    if signed.may(Act.CHANNELS):
        failed, waiting = (sum(getattr(one, name) for one in channels)
                           for name in ("failed", "waiting"))  # fmt: skip
        note = t("note_alerts_failed", n=waiting)
        shown.append(Tile(t("tile_alerts_failed"), number(failed), note, alarm=bool(failed)))
    tiles("alert_tiles", shown)


def _open(found: Sequence[Shown]) -> None:
    """A page of open alerts; the one that the address names first."""
    widgets.section(t("alerts_open"), t("alerts_open_note"))
    tell("alerts")
    if not found:
        st.success(t("alerts_none"), icon=":material/check:")
        return
    asked = st.query_params.get("alert")
    ordered = sorted(found, key=lambda one: one.alert.id != asked)
    first = _first(len(ordered))
    for one in ordered[first : first + SHOWN]:
        with st.container(border=True, gap="xsmall"):
            _card(one)


def _first(count: int) -> int:
    if count <= SHOWN:
        return 0
    pages = -(-count // SHOWN)
    st.session_state[PAGE] = page = min(int(st.session_state.get(PAGE) or 1), pages)
    first = (page - 1) * SHOWN
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        last = min(first + SHOWN, count)
        st.caption(t("alerts_shown", first=first + 1, last=last, n=count), width="content")
        st.number_input(
            t("page_alerts"), 1, pages, key=PAGE, label_visibility="collapsed", width=140
        )
    return first


def _card(one: Shown) -> None:
    """What happened, where to hear it, and a form to take note of it."""
    row, key = one.row, one.alert.id
    assert row is not None
    place = row["evidence"][0] if row["evidence"] else {"segment": None, "start": None}
    second = clock(place["start"]) if place["start"] is not None else ""
    said = "　".join(
        filter(None, (when(row["started_at"], year=True), named("line", row["business_line"]),
                      row["team"], agent_of(row), row["call_id"], second))
    )  # fmt: skip
    head, way = st.columns([6, 1.2], vertical_alignment="center")
    mark = chip(kind_name(one.alert.kind, language()), TONE[one.alert.kind])
    head.html(
        f'<div class="cq cq-head">{mark}<b>{escape(title_of(row))} '
        f"{escape(row['control_point'])}</b></div>"
        f'<div class="cq cq-small cq-muted">{escape(said)}</div>'
    )
    if way.button(
        t("alerts_hear"), key=f"{key}_hear", icon=":material/headset_mic:", width="stretch"
    ):
        go(call_link(row["call_id"], place["segment"]))
    if signed.may(Act.ACKNOWLEDGE):
        _form(key)


def _form(alert: str) -> None:
    with st.form(f"{alert}_form", clear_on_submit=True, border=False):
        words, save = st.columns([6, 1.2], vertical_alignment="bottom")
        words.text_input(
            t("alerts_comment_hint"), key=f"{alert}_comment",
            placeholder=t("alerts_comment_hint"), label_visibility="collapsed",
        )  # fmt: skip
        save.form_submit_button(
            t("alerts_acknowledge"), key=f"{alert}_save", width="stretch",
            on_click=_acknowledge, args=(alert,),
        )  # fmt: skip


def _acknowledge(alert: str) -> None:
    comment = str(st.session_state.get(f"{alert}_comment") or "")
    attempt("alerts", lambda: alarms.acknowledge(me(), alert, comment), t("alerts_acknowledged"))


def _drifts(found: Sequence[Shown]) -> None:
    widgets.section(t("alerts_drifts"), t("alerts_drifts_note"))
    columns = [
        Column("what", t("col_alert_what"), wide=True),
        Column("since", t("col_drift_since")),
        Column("chance", t("col_chance"), align="right"),
        Column("state", t("col_drift_state")),
        Column("noted", t("col_noted")),
    ]
    table("drifts", columns, [_drift(one) for one in found], t("alerts_no_drifts"))
    for one in found:
        if one.open and signed.may(Act.ACKNOWLEDGE):
            assert one.alert.drift is not None
            st.caption(drift_line(one.alert.drift, language()))
            _form(one.alert.id)


def _drift(one: Shown) -> TableRow:
    drift = one.alert.drift
    assert drift is not None
    over = one.alert.ended
    chance = "< 0.0001" if drift.chance < 0.0001 else f"{drift.chance:.4f}"
    return TableRow(
        {
            "what": {"text": drift_line(drift, language()), "style": "" if over else "strong"},
            "since": drift.day.isoformat(),
            "chance": chance,
            "state": {
                "text": t("drift_over", when=when(over)) if over else t("drift_going"),
                "tone": "quiet" if over else "warn",
            },
            "noted": _noted(one),
        }
    )


def _answered(found: Sequence[Shown]) -> None:
    widgets.section(t("alerts_answered"))
    columns = [
        Column("kind", t("col_alert_kind")),
        Column("what", t("col_alert_what"), wide=True),
        Column("call", t("col_call"), link=True),
        Column("team", t("col_team")),
        Column("noticed", t("col_noticed")),
        Column("noted", t("col_noted")),
    ]
    table("answered", columns, [_answer(one) for one in found[:100]], t("alerts_no_answered"))


def _answer(one: Shown) -> TableRow:
    row = one.row
    assert row is not None
    segment = row["evidence"][0]["segment"] if row["evidence"] else None
    return TableRow(
        {
            "kind": kind_name(one.alert.kind, language()),
            "what": {"text": title_of(row), "sub": " ".join(n.comment for n in one.noted)},
            "call": row["call_id"],
            "team": row["team"] or "",
            "noticed": when(one.alert.noticed),
            "noted": _noted(one) or f"{row['reviewer'] or ''} {named('decision', row['decision'])}",
        },
        call_link(row["call_id"], segment),
    )


def _noted(one: Shown) -> str:
    return " ".join(f"{note.who} {when(note.at)}" for note in one.noted)


def _channels(found: Sequence[ChannelState]) -> None:
    widgets.section(t("alerts_channels"), t("alerts_channels_note"))
    columns = [
        Column("name", t("col_channel")),
        Column("kind", t("col_channel_kind")),
        Column("sent", t("col_sent"), align="right"),
        Column("waiting", t("col_waiting"), align="right"),
        Column("failed", t("col_failed_messages"), align="right"),
        Column("last", t("col_last_sent")),
        Column("reason", t("col_why_not"), wide=True),
    ]
    rows = [
        TableRow(
            {
                "name": {"text": one.name, "sub": t("alerts_outside") if one.outside else ""},
                "kind": named("channel_kind", one.kind) if one.set_up else t("alerts_gone"),
                "sent": number(one.sent),
                "waiting": number(one.waiting),
                "failed": {"text": number(one.failed), "tone": "critical" if one.failed else ""},
                "last": when(one.last),
                "reason": fault(one.reason),
            }
        )
        for one in found
    ]
    table("channels", columns, rows, t("alerts_no_channels"))


render()
