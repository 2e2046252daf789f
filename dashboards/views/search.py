"""Search: what was said, by whom, in which call; a click leads to the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import data, widgets
from dashboards.address import days, put
from dashboards.components import Column, TableRow, table
from dashboards.faults import fault
from dashboards.language import agent_of, clock, listed, named, number, t, title_of, when
from dashboards.links import call_link, listing_of
from dashboards.options import options
from pipeline.domain import Medium, Role
from pipeline.errors import BadInput
from pipeline.search import COUNTED, LONGEST, Answer, BadQuery, Hit
from pipeline.store import Filters

Row = Mapping[str, Any]
DIRECTIONS = ("inbound", "outbound")
SAID_BY = (None, str(Role.AGENT), str(Role.CUSTOMER))
NARROW = (
    "since", "until", "rule", "team", "agent", "business_line", "channel", "direction",
)  # fmt: skip
CONTEXT = 24  # characters


def render() -> None:
    """Lay out the page; its address holds all that is asked."""
    if data.count_calls() == 0:
        widgets.title(t("no_calls"))
        st.write(t("no_calls_help"))
        return
    widgets.title(t("page_search"))
    params = st.query_params.to_dict()
    there, outdated = data.search_state()
    if not there:
        widgets.section(t("search_missing"))
        st.write(t("search_missing_help"))
        st.code(f"callqa search rebuild --db {options().db}", language=None)
        return
    filters = listing_of({name: params[name] for name in NARROW if name in params}).filters
    typed, sound, role = _asked(params)
    _filters(filters)
    if outdated:
        st.caption(t("search_outdated"))
    if not typed.strip():
        _start()
        return
    page = _page(params.get("page"))
    try:
        answer = data.search(typed, sound, role, filters, page)
    except BadQuery as error:
        st.warning(t(f"query_{error.why}", n=LONGEST), icon=":material/edit:")
        return
    except BadInput as error:
        st.error(fault(error), icon=":material/report:")
        return
    _results(answer, page, typed, sound=sound)


# ── what is asked: the URL holds it, widgets only show and change it ─────────────────────────────


def _asked(params: Mapping[str, str]) -> tuple[str, bool, str | None]:
    typed, sound = params.get("q", ""), params.get("sound") == "1"
    role = params.get("role") if params.get("role") in SAID_BY else None
    st.session_state.update(search_q=typed, search_sound=sound, search_role=role or "any")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            t("search_words"), key="search_q", placeholder=t("search_hint"), width=560,
            label_visibility="collapsed", on_change=_changed, args=("q",), icon=":material/search:",
        )  # fmt: skip
        st.segmented_control(
            t("search_role"), ["any", *SAID_BY[1:]], key="search_role", required=True,
            format_func=lambda name: t(f"said_by_{name}"), label_visibility="collapsed",
            on_change=_changed, args=("role", "any"),
        )  # fmt: skip
        st.toggle(
            t("search_sound"), key="search_sound", help=t("search_sound_help"), on_change=_sounds
        )
    return typed, sound, role


def _filters(chosen: Filters) -> None:
    found = data.choices()
    agents = {
        a["id"]: agent_of({"agent_name": a["name"], "agent_id": a["id"]})
        for a in found["agents"] or ()
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        days("search_days", chosen.since, chosen.until, found, 205)
        _choice("team", {team: team for team in found["teams"] or ()}, chosen.team, 95)
        _choice("agent", agents, chosen.agent, 130)
        lines = {line: named("line", line) for line in found["business_lines"] or ()}
        _choice("business_line", lines, chosen.business_line, 110)
        channels = {str(medium): named("channel", medium) for medium in Medium}
        _choice("channel", channels, chosen.channel, 88)
        ways = {way: named("direction", way) for way in DIRECTIONS}
        _choice("direction", ways, chosen.direction, 105)
        _choice("rule", {r["rule"]: title_of(r) for r in found["rules"] or ()}, chosen.rule, 150)
        st.button(
            t("clear_filters"), icon=":material/filter_alt_off:", type="tertiary", on_click=_clear,
        )  # fmt: skip


def _choice(name: str, known: Mapping[str, str], current: str | None, width: int) -> None:
    shown = {"": t("all"), **known, **({current: known.get(current, current)} if current else {})}
    st.session_state[f"search_{name}"] = current or None
    st.selectbox(
        t(f"filter_{name}"), list(shown), format_func=shown.__getitem__, index=None,
        placeholder=t(f"filter_{name}"), key=f"search_{name}", width=width,
        label_visibility="collapsed", on_change=_changed, args=(name,),
    )  # fmt: skip


def _changed(name: str, nothing: str = "") -> None:
    value = st.session_state[f"search_{name}"]
    put(**{name: None if value in (None, nothing) else str(value), "page": None})


def _sounds() -> None:
    put(sound="1" if st.session_state["search_sound"] else None, page=None)


def _clear() -> None:
    put(**dict.fromkeys((*NARROW, "role", "page")))


def _page(text: str | None) -> int:
    last = -(-COUNTED // data.SEARCH_PAGE)
    return min(max(int(text), 1), last) if text is not None and text.isdecimal() else 1


# ── what was found ───────────────────────────────────────────────────────────────────────────────


def _start() -> None:
    widgets.section(t("search_start"))
    st.write(t("search_start_help"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("search_example"), width="content")
        for text in t("search_examples").split("|"):
            st.button(text, type="tertiary", on_click=put, kwargs={"q": text})


def _results(answer: Answer, page: int, typed: str, *, sound: bool) -> None:
    ids = dict.fromkeys(hit.sentence.call_id for hit in answer.hits)
    st.session_state["queue_ids"] = list(ids)
    st.session_state["queue_params"] = st.query_params.to_dict()
    st.session_state["queue_page"] = "search"
    if not answer.count:
        st.info(f"{t('search_none')}　{t('search_none_help')}", icon=":material/search_off:")
    else:
        _paging(answer, page, _looked_for(typed, sound=sound))
        columns = [
            Column("said", t("col_said"), wide=True),
            Column("by", t("col_said_by")),
            Column("at", t("col_at"), align="right"),
            Column("when", t("col_when")),
            Column("call", t("col_call"), link=True),
            Column("agent", t("col_agent")),
            Column("line", t("col_line")),
        ]
        table("search", columns, [_row(hit) for hit in answer.hits], t("no_match"))
    if answer.stopped:
        st.caption(t("search_stopped"))
    elif answer.more and page * data.SEARCH_PAGE >= COUNTED:
        st.caption(t("search_deep", n=number(COUNTED)))


def _looked_for(typed: str, *, sound: bool) -> str:
    query = data.parsed(typed, sound=sound)
    said = t("search_terms", terms=listed(term.text for term in query.terms))
    if query.excluded:
        said += f"　{t('search_without', terms=listed(term.text for term in query.excluded))}"
    return said


def _paging(answer: Answer, page: int, looked_for: str) -> None:
    first = (page - 1) * data.SEARCH_PAGE + 1
    last = first + len(answer.hits) - 1
    figures = {"n": number(answer.count), "first": first, "last": last}
    said = t("search_more", **figures) if answer.more else t("search_count", **figures)
    pages = -(-answer.count // data.SEARCH_PAGE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{said}**", width="content")
        st.caption(looked_for.replace("*", r"\*"), width="stretch")
        for label, to in (("previous_page", page - 1), ("next_page", page + 1)):
            st.button(
                t(label), key=label, disabled=not 1 <= to <= pages, on_click=put,
                kwargs={"page": str(to)},
            )  # fmt: skip


def _row(hit: Hit) -> TableRow:
    call, sentence = hit.call, hit.sentence
    chat = sentence.start is None
    cells = {
        "said": _quote(hit),
        "by": named("role", sentence.role),
        "at": t("search_turn", n=sentence.segment + 1) if chat else clock(sentence.start),
        "when": when(call["started_at"], year=True),
        "call": sentence.call_id,
        "agent": agent_of(call),
        "line": named("line", call["business_line"]),
    }
    return TableRow(cells, call_link(sentence.call_id, sentence.segment))


def _quote(hit: Hit) -> Sequence[dict[str, str]]:
    """The sentence with what was looked for marked, and below it what was said around it."""
    text, parts, read = hit.sentence.text, list[dict[str, str]](), 0
    for start, end in hit.spans:
        parts += [{"text": text[read:start]}, {"text": text[start:end], "style": "hit"}]
        read = end
    around = []
    if hit.sentence.before:
        around.append(t("search_before", text=_short(hit.sentence.before)))
    if hit.sentence.after:
        around.append(t("search_after", text=_short(hit.sentence.after)))
    return [*parts, {"text": text[read:], "sub": "　".join(around)}]


def _short(text: str) -> str:
    return text if len(text) <= CONTEXT else f"{text[:CONTEXT]}…"


render()
