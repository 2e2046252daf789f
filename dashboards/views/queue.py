"""The queue: flagged calls, most serious first, filtered by what the URL says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboards import data, desk, holding, learned, likely, reviews, signed, widgets
from dashboards.address import days, put
from dashboards.components import Column, TableRow, table
from dashboards.language import (
    SEVERITY_TONE,
    agent_of,
    clock,
    named,
    number,
    score,
    t,
    title_of,
    when,
)
from dashboards.links import CLOSED, Listing, call_link, listing_of
from pipeline.access import Act
from pipeline.store import Filters

Row = Mapping[str, Any]
Options = Mapping[Any, str]
# Column → the orders that a click on its head goes through.
HEADS = {
    "priority": ("priority",),
    "when": ("newest", "oldest"),
    "duration": ("longest",),
    "score": ("score", "best"),
    "problem": ("worst",),
    "counts": ("unsure",),
}
UPWARD = ("oldest", "score")
FLAGS = ("true", "false")  # as the URL says yes and no


def render() -> None:
    """Lay out the page."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    listing = listing_of(st.query_params.to_dict())
    filters = _effective(listing)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        widgets.title(t("page_queue"))
        desk.assigning(filters, listing.sort)
        desk.next_button(filters, listing.sort)
    _filters(listing)
    if listing.ignored:
        st.warning(
            t("ignored_filters", names=", ".join(listing.ignored)), icon=":material/filter_alt_off:"
        )
    with widgets.working():
        total = data.count_calls(filters)
    pages = max(-(-total // listing.size), 1)
    listing = replace(listing, page=min(listing.page, pages))
    _paging(listing, total, pages)
    offset = (listing.page - 1) * listing.size
    with widgets.working():
        rows = data.list_calls(filters, listing.sort, listing.size, offset)
    st.session_state["queue_ids"] = [row["call_id"] for row in rows]
    st.session_state["queue_params"] = st.query_params.to_dict()
    st.session_state["queue_page"] = "queue"
    if listing.sort == "priority":
        st.caption(likely.order_note())
    clicked = table("queue", _columns(listing.sort), [_row(row) for row in rows], t("no_match"))
    if clicked:
        put(sort=clicked, page=None)
        st.rerun()


def _effective(listing: Listing) -> Filters:
    """What is asked for; who works on what is nothing for those who review nothing."""
    if signed.may(Act.REVIEW):
        return listing.wanted
    return replace(listing.wanted, holder=None, free=None)


# ── filters: the URL holds them, widgets only show and change it ─────────────────────────────────


def _filters(listing: Listing) -> None:
    found, chosen = data.choices(), listing.filters
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _choice("scope", {name: t(f"scope_{name}") for name in CLOSED["scope"]}, listing.scope, 142)
        days("filter_days", chosen.since, chosen.until, found, 215)
        _choice(
            "severity", {s: named("severity", s) for s in CLOSED["severity"]}, chosen.severity, 105
        )
        _choice("rule", {r["rule"]: title_of(r) for r in found["rules"] or ()}, chosen.rule, 190)
        _choice("pack", _same(found["packs"], "line"), chosen.pack, 110)
        _choice("control_point", _points(found, chosen.pack), chosen.control_point, 142)
        _choice("team", _same(found["teams"]), chosen.team, 100)
        _choice("agent", _agents(found["agents"] or ()), chosen.agent, 142)
        _choice("business_line", _same(found["business_lines"], "line"), chosen.business_line, 125)
        _choice("grade", _same(found["grades"], "grade"), chosen.grade, 105)
        _choice("passed", {s: t(f"passed_{s}") for s in FLAGS}, _said(chosen.passed), 110)
        _choice("review", {s: named_review(s) for s in CLOSED["review"]}, chosen.review, 115)
        _choice("reason", learned.reason_options(found["reasons"]), chosen.reason, 125)
        _choice("flag", learned.flag_options(), chosen.flag, 125)
        _choice("able", {name: _able(name) for name in CLOSED["able"]}, chosen.able, 142)
        _holder(chosen)
        _text("text", chosen.text)
        _flag("vetoed", chosen.vetoed)
        st.button(
            t("clear_filters"),
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=st.query_params.clear,
        )


def named_review(state: str) -> str:
    """Return the name of a state of review."""
    return t(f"review_{state}")


def _able(name: str) -> str:
    can = named("can", name.removeprefix("-"))
    return t("unable", what=can) if name.startswith("-") else can


def _same(values: Sequence[str] | None, family: str = "") -> Options:
    return {value: named(family, value) if family else value for value in values or ()}


def _points(found: Row, pack: str | None) -> Options:
    """Control points of a pack; of all packs, where a number may mean several things, by number."""
    titles: dict[str, set[str]] = {}
    for point in found["control_points"] or ():
        if pack in (None, point["pack"]):
            titles.setdefault(point["number"], set()).add(point["title"])
    return {number: f"{number} {' / '.join(sorted(names))}" for number, names in titles.items()}


def _said(flag: bool | None) -> str | None:
    return None if flag is None else FLAGS[not flag]


def _agents(agents: Sequence[Row]) -> Options:
    return {a["id"]: agent_of({"agent_name": a["name"], "agent_id": a["id"]}) for a in agents}


def _choice(name: str, options: Options, current: str | None, width: int) -> None:
    """A filter with given values; what the URL says stays even when nobody has it any more."""
    known = {**({} if name == "scope" else {None: t("all")}), **options}
    if current is not None and current not in known:
        known[current] = current
    st.selectbox(
        t(f"filter_{name}"),
        list(known),
        format_func=known.__getitem__,
        placeholder=t(f"filter_{name}"),
        key=_bound(name, current),
        width=width,
        label_visibility="collapsed",
        on_change=_changed,
        args=(name, str),
    )


def _flag(name: str, current: bool | None) -> None:
    key = _bound(name, bool(current))
    st.checkbox(t(f"filter_{name}"), key=key, on_change=_changed, args=(name, lambda _: "true"))


def _holder(chosen: Filters) -> None:
    """Everybody's calls, those that nobody has, one's own, or somebody's."""
    if not signed.may(Act.REVIEW):
        return
    me = reviews.me()
    known: dict[str | None, str] = {None: t("all"), "free": t("holder_free")}
    if me:
        known[me] = t("holder_me")
    current = "free" if chosen.free else chosen.holder
    for name in (*holding.holders(), *([current] if current else [])):
        known.setdefault(name, name)
    st.selectbox(
        t("filter_holder"), list(known), format_func=known.__getitem__, width=125,
        placeholder=t("filter_holder"), key=_bound("holder", current),
        label_visibility="collapsed", on_change=_holder_changed,
    )  # fmt: skip


def _holder_changed() -> None:
    value = st.session_state["filter_holder"]
    free = value == "free"
    put(free="true" if free else None, holder=None if free else value or None, page=None)


def _text(name: str, current: str | None) -> None:
    label = t(f"filter_{name}")
    st.text_input(
        label, key=_bound(name, current or ""), width=170, placeholder=label,
        label_visibility="collapsed", on_change=_changed, args=(name, str),
    )  # fmt: skip


def _bound(name: str, current: object) -> str:
    key = f"filter_{name}"
    st.session_state[key] = current
    return key


def _changed(name: str, write: Callable[[Any], str]) -> None:
    value = st.session_state[f"filter_{name}"]
    put(**{name: write(value) if value else None, "page": None})


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


def _paging(listing: Listing, total: int, pages: int) -> None:
    first = (listing.page - 1) * listing.size + 1
    last = min(listing.page * listing.size, total)
    said = t("count", n=number(total), first=first, last=last) if total else t("count_none")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{said}**", width="stretch")
        _choice_inline("sort", CLOSED["sort"], listing.sort, lambda s: t(f"sort_{s}"), 190)
        _choice_inline(
            "size", CLOSED["size"], str(listing.size), lambda s: f"{t('filter_size')} {s}", 120
        )
        for label, page in (("previous_page", listing.page - 1), ("next_page", listing.page + 1)):
            st.button(
                t(label), key=label, disabled=not 1 <= page <= pages, on_click=_turn, args=(page,)
            )


def _turn(page: int) -> None:
    put(page=str(page))


def _choice_inline(
    name: str, options: Sequence[str], current: str, label: Callable[[str], str], width: int
) -> None:
    st.selectbox(
        t(f"filter_{name}"), options, key=_bound(name, current), format_func=label, width=width,
        label_visibility="collapsed", on_change=_changed, args=(name, str),
    )  # fmt: skip


def _columns(sort: str) -> list[Column]:
    arrow = "↑" if sort in UPWARD else "↓"

    def head(key: str, label: str, **more: Any) -> Column:  # noqa: ANN401 - a column's fields
        orders = HEADS.get(key, ())
        following = orders[(orders.index(sort) + 1) % len(orders)] if sort in orders else None
        return Column(
            key,
            t(label),
            sort=following or (orders[0] if orders else None),
            sorted=arrow if sort in orders else None,
            **more,
        )

    return [
        head("priority", "col_priority", align="right"),
        head("score", "col_score", align="right"),
        head("grade", "col_grade"),
        head("problem", "col_problem", wide=True),
        head("counts", "col_counts", align="right"),
        head("call", "col_call", link=True),
        head("when", "col_when"),
        head("agent", "col_agent"),
        head("team", "col_team"),
        head("line", "col_line"),
        head("duration", "col_duration", align="right"),
        head("review", "col_review"),
    ]


def _row(row: Row) -> TableRow:
    problem: list[Any] = [{"text": t("veto_badge"), "tone": "critical"}] if row["vetoed"] else []
    if row["worst_severity"]:
        severity = row["worst_severity"]
        problem.append({"text": named("severity", severity), "tone": SEVERITY_TONE[severity]})
    elif row["unsure"]:
        problem.append({"text": named("verdict", "unsure"), "tone": "warn"})
    problem.append(title_of(row, "top_title"))
    state = row["review_state"]
    holder = desk.waiting_since(row) if signed.may(Act.REVIEW) else ""
    cells = {
        "priority": number(row["priority"] and round(row["priority"])),
        "score": {"text": score(row["score"]), "style": "bad" if row["vetoed"] else "strong"},
        "grade": named("grade", row["grade"]),
        "problem": problem,
        "counts": f"{row['fails']} / {row['unsure']}",
        "call": row["call_id"],
        "when": when(row["started_at"]),
        "agent": agent_of(row),
        "team": row["team"],
        "line": named("line", row["business_line"]),
        "duration": clock(row["duration"])
        if row["channel"] == "voice"
        else named("channel", "chat"),
        "review": {
            "text": named_review(state),
            "tone": {"open": "quiet", "partly": "warn", "reviewed": "ok"}[state],
            "sub": holder,
        },
    }
    return TableRow(cells, call_link(row["call_id"]))


render()
