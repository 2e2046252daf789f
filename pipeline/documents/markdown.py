"""Documents as Markdown, for chats and wikis; charts become tables of their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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

MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~])")
ALIGNS = {Align.LEFT: ":--", Align.RIGHT: "--:", Align.CENTER: ":-:"}


def write_markdown(document: Document) -> str:
    """The text of an .md file."""
    document = clean(document)
    made = style.label("made", document.language, made=document.made)
    parts = [f"# {_plain(document.title)}", _plain(document.subtitle), f"*{_plain(made)}*"]
    parts += ["\n".join(_lines(block, document.language)) for block in numbered(document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(block: Block, language: str) -> Iterator[str]:
    colon = style.label("colon", language)
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {_plain(block.shown)}"
        case Paragraph():
            yield _text(block.text)
        case Bullets():
            yield from (f"- {_text(item)}" for item in block.items)
        case Quote():
            yield "  \n".join(_quote(block, colon))
        case Callout():
            yield f"> **{_plain(block.title)}**{colon}{_text(block.text)}"
        case Table():
            aligns = [block.align(column) for column in range(len(block.head))]
            yield from _table(block.head, block.rows, aligns)
        case Tiles():
            yield from _tiles(block, colon)
        case Chart():
            yield from _chart(block)
        case PageBreak():
            yield "---"


def _quote(quote: Quote, colon: str) -> Iterator[str]:
    for who, said in quote.turns:
        yield f"> **{_plain(who)}**{colon}{_plain(said)}" if who else f"> {_plain(said)}"
    if quote.source:
        yield f"> {_text(quote.source)}"


def _tiles(tiles: Tiles, colon: str) -> Iterator[str]:
    for tile in tiles.tiles:
        note = f"（{_plain(tile.note)}）" if tile.note else ""
        yield f"- {_plain(tile.label)}{colon}**{_plain(tile.value)}**{note}"


def _chart(chart: Chart) -> Iterator[str]:
    yield f"**{_plain(chart.title)}**"
    yield ""
    head = ("", *(series.name for series in chart.series))
    rows = [
        (name, *(_value(chart, series.values[place]) for series in chart.series))
        for place, name in enumerate(chart.categories)
    ]
    yield from _table(head, rows, [Align.LEFT, *([Align.RIGHT] * len(chart.series))])


def _value(chart: Chart, value: float | None) -> str:
    return "—" if value is None else chart.said(value)


def _table(
    head: Sequence[str], rows: Sequence[Sequence[Text]], aligns: Sequence[Align]
) -> Iterator[str]:
    yield f"| {' | '.join(_plain(text) for text in head)} |"
    yield f"| {' | '.join(ALIGNS[align] for align in aligns)} |"
    for row in rows:
        yield f"| {' | '.join(_text(text) for text in row)} |"


def _text(text: Text) -> str:
    return "".join(_span(span.text, bold=span.bold, link=span.link) for span in spans(text))


def _span(text: str, *, bold: bool, link: str) -> str:
    shown = _plain(text)
    if bold and shown.strip():
        shown = f"**{shown}**"
    return f"[{shown}](<{link}>)" if link else shown


def _plain(text: str) -> str:
    """On one line, with nothing in it that Markdown reads as its own."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
