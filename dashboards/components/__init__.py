"""Small browser components (Streamlit Components v2, inline, no build step, offline).

Texts reach the browser as data and are set with `textContent`: nothing that somebody said on a
call can become markup. `go.js` and `common.css` are part of each that shows something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboards.links import Link

HERE = Path(__file__).parent
PLAYER = "player"  # key of the container that holds the page's audio element


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _component(name: str, *parts: str) -> ComponentRenderer:
    """A component of `name`.js and .css, and of the files that it shares or is split into."""
    styles = [part for part in ("common", *parts, name) if (HERE / f"{part}.css").is_file()]
    return st.components.v2.component(
        f"callqa_{name}",
        html='<div class="host"></div>',
        css="".join(_read(f"{part}.css") for part in styles),
        js="".join(_read(f"{part}.js") for part in ("go", *parts, name)),
    )


_TABLE = _component("table")
_TILES = _component("tiles")
_TRANSCRIPT = _component("transcript", "player", "detail", "wave", "strip", "hands")


_MEMORY = st.components.v2.component("callqa_memory", js=_read("memory.js"))
_LISTEN = st.components.v2.component("callqa_listen", js=_read("listen.js"))
_ENTER = st.components.v2.component("callqa_enter", js=_read("enter.js"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `sort` is sent back when the head is clicked; `sorted`: ↑ or ↓."""

    key: str
    label: str
    align: str = "left"
    wide: bool = False
    link: bool = False
    sort: str | None = None
    sorted: str | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells by column key, text or `{text, tone, style, bar, sub}`; the page the row leads to."""

    cells: Mapping[str, Any]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure and the calls behind it."""

    label: str
    value: str
    note: str = ""
    link: Link | None = None
    alarm: bool = False


def table(key: str, columns: Sequence[Column], rows: Sequence[TableRow], empty: str) -> str | None:
    """Show a table; a clicked row leads to its page, a clicked head's `sort` is returned."""
    data = {
        "columns": [asdict(column) for column in columns],
        "rows": [{"cells": dict(row.cells), "link": _linked(row.link)} for row in rows],
        "empty": empty,
    }
    result = _TABLE(key=key, data=data, on_go_change=_nothing, on_sort_change=_nothing)
    _go(result.go)
    clicked: str | None = result.sort
    return clicked


def tiles(key: str, items: Sequence[Tile]) -> None:
    """Show headline figures; goes to the calls behind one when it is clicked."""
    data = {"tiles": [{**asdict(item), "link": _linked(item.link)} for item in items]}
    _go(_TILES(key=key, data=data, on_go_change=_nothing).go)


def transcript(key: str, data: Mapping[str, Any]) -> None:
    """Show the strip and the turns of a call; they work the audio element in `PLAYER`."""
    _TRANSCRIPT(key=key, data={**data, "audio": f".st-key-{PLAYER} audio"})


def remembered(key: str) -> None:
    """Keep the text of the widget `key` in the browser's tab; call it before that widget.

    Neither in the URL, which people pass on, nor in a cookie, which the next person here has too.
    """
    name, known = f"callqa_{key}", f"callqa_{key}_known"
    value = st.session_state.get(key)
    if value:
        st.session_state[known] = True  # from here on an empty text was emptied by a person
    shown = value if known in st.session_state else None

    def recall() -> None:
        st.session_state[key] = st.session_state.get(key) or st.session_state[name].found

    _MEMORY(key=name, data={"name": name, "value": shown}, on_found_change=recall)


def listen(url: str) -> None:
    """A player of a short sound, without a download of its own."""
    with st.container(key="listen"):
        st.audio(url, format="audio/wav")
    _LISTEN(key="listening", data={"audio": ".st-key-listen audio", "url": url})


def enter(ticket: str) -> None:
    """Let the browser turn a ticket into its cookie and load the page anew."""
    _ENTER(key="enter", data={"ticket": ticket})


def go(link: Link) -> None:
    """Switch to a page of the dashboard, keeping the language in the URL."""
    lang = st.query_params.get("lang")
    params = {**link.params, "lang": lang} if lang else link.params
    st.switch_page(f"views/{link.page}.py", query_params=params)


def _go(target: Mapping[str, Any] | None) -> None:
    if target:
        go(Link(str(target["page"]), dict(target["params"])))


def _linked(link: Link | None) -> dict[str, Any] | None:
    if link is None:
        return None
    lang = st.query_params.get("lang")
    whole = Link(link.page, {**link.params, "lang": lang}) if lang else link
    return {"page": link.page, "params": link.params, "href": whole.href}


def _nothing() -> None:
    """Streamlit wants a callback for every value that a component sends."""
