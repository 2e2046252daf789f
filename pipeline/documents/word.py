"""Documents as Word files (.docx) on A4, with charts that can be edited."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

from pipeline.documents import style
from pipeline.documents.blocks import (
    Align,
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    Look,
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
from pipeline.documents.packing import packed
from pipeline.documents.word_frame import frame
from pipeline.documents.word_parts import (
    add_link,
    bar_beside,
    box_cell,
    edges,
    place_chart,
    repeat_head,
    shade,
    width_of,
)

WIDTH = Cm(17.4)
ALIGNS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT, Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
}  # fmt: skip
LOOKS = {
    Look.PLAIN: "Normal", Look.LEAD: "Lead", Look.NOTE: "Small Print", Look.CAPTION: "Chart Title",
}  # fmt: skip


def write_docx(document: Document) -> bytes:
    """The bytes of a .docx; the same document gives the same bytes."""
    document = clean(document)
    word = docx.Document()
    frame(word, document)
    word.add_paragraph(document.title, "Title")
    if document.subtitle:
        word.add_paragraph(document.subtitle, "Subtitle")
    writer = _Writer(word, document.language)
    for block in numbered(document.blocks):
        writer.add(block)
    out = BytesIO()
    word.save(out)
    return packed(out.getvalue(), document.made)


class _Writer:
    """Appends blocks to a Word document."""

    def __init__(self, word: Any, language: str) -> None:
        self._word = word
        self._language = language
        self._charts = 0

    def add(self, block: Block) -> None:  # noqa: C901 - one case per kind of block
        match block:
            case Heading():
                self._word.add_paragraph(block.shown, f"Heading {block.level}")
            case Paragraph():
                self._line(self._word.add_paragraph(style=LOOKS[block.look]), block.text)
            case Bullets():
                for item in block.items:
                    self._line(self._word.add_paragraph(style="List Bullet"), item)
            case Quote():
                self._quote(block)
            case Callout():
                self._callout(block)
            case Table():
                self._table(block)
            case Tiles():
                self._tiles(block)
            case Chart():
                self._chart(block)
            case PageBreak():
                self._word.add_paragraph(style="Gap").paragraph_format.page_break_before = True

    def _line(self, paragraph: Any, text: Text, *, bold: bool = False) -> None:
        for span in spans(text):
            if span.link:
                add_link(paragraph, span.text, span.link)
                continue
            run = paragraph.add_run(span.text)
            run.bold = True if span.bold or bold else None
            if span.muted:
                run.font.color.rgb = RGBColor.from_string(style.MUTED)

    def _quote(self, quote: Quote) -> None:
        colon = style.label("colon", self._language)
        for who, said in quote.turns:
            paragraph = self._word.add_paragraph(style="Said")
            paragraph.paragraph_format.keep_with_next = True
            bar_beside(paragraph)
            if who:
                paragraph.add_run(f"{who}{colon}").bold = True
            paragraph.add_run(said)
        if quote.source:
            paragraph = self._word.add_paragraph(style="Said Where")
            bar_beside(paragraph)
            self._line(paragraph, quote.source)

    def _callout(self, callout: Callout) -> None:
        table = self._word.add_table(1, 1)
        cell = table.rows[0].cells[0]
        width_of(cell, int(WIDTH - Cm(0.15)))
        box_cell(cell)
        first = cell.paragraphs[0]
        first.style = "Cell"
        first.add_run(f"{callout.title}{style.label('colon', self._language)}").bold = True
        self._line(first, callout.text)
        self._after()

    def _table(self, table: Table) -> None:
        made = self._word.add_table(1 + len(table.rows), len(table.head))
        made.autofit = False
        edges(made)
        total = sum(table.widths)
        widths = [int(WIDTH * share / total) for share in table.widths]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for number, cells in enumerate((table.head, *table.rows)):
            row = made.rows[number]
            repeat_head(row, head=number == 0)
            for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                width_of(cell, widths[column])
                paragraph = cell.paragraphs[0]
                paragraph.style = "Cell"
                paragraph.alignment = ALIGNS[table.align(column)]
                self._line(paragraph, text, bold=number == 0)
                if number == 0 or number % 2 == 0:
                    shade(cell, style.PALE if number else "DCE3EA")
        self._after()

    def _tiles(self, tiles: Tiles) -> None:
        made = self._word.add_table(1, len(tiles.tiles))
        made.autofit = False
        for cell, tile in zip(made.rows[0].cells, tiles.tiles, strict=True):
            width_of(cell, int(WIDTH / len(tiles.tiles)))
            shade(cell, style.PALE)
            first = cell.paragraphs[0]
            first.style = "Tile Label"
            first.add_run(tile.label)
            cell.add_paragraph(tile.value, "Tile Value")
            cell.add_paragraph(tile.note, "Tile Note")
        edges(made, inside="FFFFFF", thick=24)
        self._after()

    def _chart(self, chart: Chart) -> None:
        self._charts += 1
        self._word.add_paragraph(chart.title, "Chart Title")
        paragraph = self._word.add_paragraph(style="Chart")
        place_chart(paragraph, chart, self._charts, (int(WIDTH), int(Cm(chart.height))))

    def _after(self) -> None:
        """Word runs two tables into one when nothing stands between them."""
        self._word.add_paragraph(style="Gap").paragraph_format.line_spacing = Pt(6)
