"""Documents in one style: blocks, written as Word, PowerPoint, HTML or Markdown.

The same blocks give the same bytes; only the day a document says it was made is not data.
python-docx and python-pptx are imported when a file is written, not before.
"""

from __future__ import annotations

from pipeline.documents.blocks import (
    Align,
    Block,
    Bullets,
    Callout,
    Chart,
    ChartKind,
    Deck,
    Document,
    Heading,
    Look,
    PageBreak,
    Paragraph,
    Quote,
    Series,
    Slide,
    Span,
    Table,
    Text,
    Tile,
    Tiles,
    plain,
    spans,
)
from pipeline.documents.markdown import write_markdown
from pipeline.documents.web import embedded_style, html_of, write_html


def write_docx(document: Document) -> bytes:
    """The bytes of a .docx on A4."""
    from pipeline.documents.word import write_docx as write

    return write(document)


def write_pptx(deck: Deck) -> bytes:
    """The bytes of a .pptx, 16:9."""
    from pipeline.documents.slides import write_pptx as write

    return write(deck)


__all__ = [
    "Align",
    "Block",
    "Bullets",
    "Callout",
    "Chart",
    "ChartKind",
    "Deck",
    "Document",
    "Heading",
    "Look",
    "PageBreak",
    "Paragraph",
    "Quote",
    "Series",
    "Slide",
    "Span",
    "Table",
    "Text",
    "Tile",
    "Tiles",
    "embedded_style",
    "html_of",
    "plain",
    "spans",
    "write_docx",
    "write_html",
    "write_markdown",
    "write_pptx",
]
