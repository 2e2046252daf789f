"""Documents as one HTML file: nothing is fetched, nothing runs; made to be read and printed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from pipeline.documents import style
from pipeline.documents.blocks import (
    Align,
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Table,
    Text,
    Tiles,
    clean,
    numbered,
    spans,
)
from pipeline.documents.svg import svg

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(document: Document) -> str:
    """The text of an .html file."""
    document = clean(document)
    language = "en" if document.language == "en" else "zh-CN"
    made = style.label("made", document.language, made=document.made)
    css = files("pipeline.documents").joinpath("page.css").read_text("utf-8")
    body = html_of(document.blocks, document.language)
    title = escape(document.title)
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ --fonts: {style.STACK}; }}
{css}</style></head><body><main>
<header><h1>{title}</h1><p class="subtitle">{escape(document.subtitle)}</p></header>
{body}
<footer>{escape(document.running or document.title)} · {escape(made)}</footer>
</main></body></html>
"""


def html_of(blocks: Sequence[Block], language: str, *, pictures: bool = False) -> str:
    """The blocks alone, for a page that has its own frame; `pictures`: charts as `<img>`."""
    return "\n".join(
        "".join(_parts(block, language, pictures)) for block in numbered(clean(tuple(blocks)))
    )


def embedded_style(within: str) -> str:
    """The style for blocks inside the element that the selector `within` names.

    A sheet of paper, also on a dark page: it shows what is printed, and its charts are pictures.
    """
    css = files("pipeline.documents").joinpath("page.css").read_text("utf-8")
    rules = css.split("@media (max-width")[0]
    kept = [rule for rule in rules.splitlines() if not rule.startswith(("body", "main", "header"))]
    font = f"--fonts: {style.STACK}; font: 15px/1.6 var(--fonts); max-width: 860px;"
    paper = f"color: #{style.INK}; background: #{style.WHITE}; border: 1px solid #{style.LINE};"
    room = "padding: 4px 32px 24px; color-scheme: light;"
    return f"{within} {{ {font} {paper} {room}\n" + "\n".join(kept) + "\n}"


def _parts(block: Block, language: str, pictures: bool = False) -> Iterator[str]:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            yield f"<{tag}>{escape(block.shown)}</{tag}>"
        case Paragraph():
            yield f'<p class="{block.look}">{_text(block.text)}</p>'
        case Bullets():
            yield f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in block.items)}</ul>"
        case Quote():
            yield from _quote(block, language)
        case Callout():
            colon = style.label("colon", language)
            title = f"<strong>{escape(block.title)}{colon}</strong>"
            yield f'<p class="callout">{title}{_text(block.text)}</p>'
        case Table():
            yield from _table(block)
        case Tiles():
            yield from _tiles(block)
        case Chart():
            title = escape(block.title)
            drawn = _picture(block) if pictures else svg(block)
            yield f"<figure><figcaption>{title}</figcaption>{drawn}</figure>"
        case PageBreak():
            yield '<div class="break"></div>'


def _picture(chart: Chart) -> str:
    data = b64encode(svg(chart).encode()).decode()
    alt = escape(chart.alt or chart.title)
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}">'


def _quote(quote: Quote, language: str) -> Iterator[str]:
    colon = style.label("colon", language)
    yield "<blockquote>"
    for who, said in quote.turns:
        name = f"<strong>{escape(who)}{colon}</strong>" if who else ""
        yield f"<p>{name}{escape(said)}</p>"
    if quote.source:
        yield f"<cite>{_text(quote.source)}</cite>"
    yield "</blockquote>"


def _table(table: Table) -> Iterator[str]:
    total = sum(table.widths)
    columns = "".join(f'<col style="width:{share / total:.1%}">' for share in table.widths)
    aligns = [
        "" if table.align(place) is Align.LEFT else f' class="{table.align(place)}"'
        for place in range(len(table.head))
    ]
    yield f"<table><colgroup>{columns}</colgroup><thead><tr>"
    yield from (f"<th{a}>{escape(t)}</th>" for a, t in zip(aligns, table.head, strict=True))
    yield "</tr></thead><tbody>"
    for row in table.rows:
        cells = zip(aligns, row, strict=True)
        yield f"<tr>{''.join(f'<td{a}>{_text(t)}</td>' for a, t in cells)}</tr>"
    yield "</tbody></table>"


def _tiles(tiles: Tiles) -> Iterator[str]:
    yield '<div class="tiles">'
    for tile in tiles.tiles:
        yield (
            f"<div><span>{escape(tile.label)}</span><b>{escape(tile.value)}</b>"
            f"<small>{escape(tile.note)}</small></div>"
        )
    yield "</div>"


def _text(text: Text) -> str:
    return "".join(_span(span.text, span.link, span.bold, span.muted) for span in spans(text))


def _span(text: str, link: str, bold: bool, muted: bool) -> str:
    shown = escape(text)
    if bold:
        shown = f"<strong>{shown}</strong>"
    if muted:
        shown = f'<span class="muted">{shown}</span>'
    return f'<a href="{escape(link)}">{shown}</a>' if link else shown
