"""Blocks on a slide, drawn one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Pt

from pipeline.documents import style
from pipeline.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Chart,
    Heading,
    Look,
    PageBreak,
    Paragraph,
    Quote,
    Table,
    Text,
    Tiles,
)
from pipeline.documents.charts import add_chart
from pipeline.documents.slide_fit import (
    AFTER,
    BOXED,
    BULLET,
    CELL,
    HEADING,
    SAID,
    SIZES,
    SOURCE,
    Box,
    height,
    row_heights,
)
from pipeline.documents.slide_parts import POINT, add_text, fill, paint, text_box


def draw(shapes: Any, blocks: Sequence[Block], box: Box, scale: float, language: str) -> None:
    """Blocks one below the other; charts share what room is left."""
    charts = sum(isinstance(block, Chart) for block in blocks)
    spare = max(box.height - sum(height(block, box.width, scale) for block in blocks), 0.0)
    top = box.top
    for block in blocks:
        tall = height(block, box.width, scale)
        if isinstance(block, Chart):
            tall += min(spare / charts, 190.0)
        _draw(shapes, block, Box(box.left, top, box.width, tall), (scale, language))
        top += tall


def _draw(shapes: Any, block: Block, box: Box, how: tuple[float, str]) -> None:
    scale = how[0]
    match block:
        case Heading():
            frame = text_box(shapes, _inside(box))
            add_text(frame, [block.text], HEADING * scale, bold=True, colour=style.DARK)
        case Paragraph():
            look = block.look
            small = look in (Look.NOTE, Look.CAPTION)
            frame = text_box(shapes, _inside(box))
            colour = style.MUTED if small else style.INK
            add_text(frame, [block.text], SIZES[look] * scale, colour=colour)
        case Bullets():
            _bullets(text_box(shapes, _inside(box)), block, BULLET * scale)
        case Quote():
            _quote(shapes, block, box, how)
        case Callout():
            _callout(shapes, block, box, how)
        case Table():
            _table(shapes, block, box, scale)
        case Tiles():
            _tiles(shapes, block, box, scale)
        case Chart():
            caption = 18 * scale
            frame = text_box(shapes, (box.left, box.top, box.width, caption))
            add_text(frame, [block.title], 13 * scale, bold=True, colour=style.MUTED)
            place = (box.left, box.top + caption, box.width, box.height - caption - AFTER)
            add_chart(shapes, block, _emu(place), 12 * scale)
        case PageBreak():
            pass


def _bullets(frame: Any, block: Bullets, size: float) -> None:
    add_text(frame, block.items, size)
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(3)
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(14 * POINT))
        properties.set("indent", str(-14 * POINT))
        properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="{style.LATIN}"/>'))
        properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="•"/>'))


def _quote(shapes: Any, quote: Quote, box: Box, how: tuple[float, str]) -> None:
    scale, language = how
    paint(shapes, (box.left, box.top, 3, box.height - AFTER), style.LINE)
    frame = text_box(shapes, (box.left + 14, box.top, box.width - 14, box.height - AFTER))
    colon = style.label("colon", language)
    lines = [((f"{who}{colon}" if who else "") + said) for who, said in quote.turns]
    add_text(frame, lines, SAID * scale)
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(2)
    if quote.source:
        fill(frame.add_paragraph(), quote.source, SOURCE * scale, bold=False, colour=style.MUTED)


def _callout(shapes: Any, callout: Callout, box: Box, how: tuple[float, str]) -> None:
    scale, language = how
    tall = box.height - AFTER
    paint(shapes, (box.left, box.top, box.width, tall), style.PALE)
    paint(shapes, (box.left, box.top, 5, tall), style.DARK)
    frame = text_box(shapes, (box.left + 16, box.top + 8, box.width - 28, tall - 16))
    add_text(
        frame, [f"{callout.title}{style.label('colon', language)}"], BOXED * scale, bold=True,
        colour=style.DARK,
    )  # fmt: skip
    fill(frame.paragraphs[0], callout.text, BOXED * scale, bold=False, colour=style.INK)


def _table(shapes: Any, table: Table, box: Box, scale: float) -> None:
    tall = row_heights(table, box.width, scale)
    place = _emu((box.left, box.top, box.width, sum(tall)))
    made = shapes.add_table(len(tall), len(table.head), *(Emu(value) for value in place)).table
    total = sum(table.widths)
    for column, share in zip(made.columns, table.widths, strict=True):
        column.width = Emu(int(place[2] * share / total))
    for number, (row, cells) in enumerate(zip(made.rows, (table.head, *table.rows), strict=True)):
        row.height = Emu(int(tall[number] * POINT))
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            _cell(cell, text, CELL * scale, (table.align(column), number))


def _cell(cell: Any, text: Text, size: float, where: tuple[str, int]) -> None:
    from pptx.dml.color import RGBColor

    align, number = where
    ground = "DCE3EA" if number == 0 else (style.WHITE if number % 2 else style.PALE)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(ground)
    add_text(cell.text_frame, [text], size, bold=number == 0, align=align)
    cell.text_frame.auto_size = None
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Pt(6)
    cell.margin_top = cell.margin_bottom = Pt(3)


def _tiles(shapes: Any, tiles: Tiles, box: Box, scale: float) -> None:
    gap = 8.0
    each = (box.width - gap * (len(tiles.tiles) - 1)) / len(tiles.tiles)
    for number, tile in enumerate(tiles.tiles):
        left = box.left + number * (each + gap)
        paint(shapes, (left, box.top, each, box.height - AFTER), style.PALE)
        frame = text_box(shapes, (left + 10, box.top + 8, each - 16, box.height - AFTER - 12))
        add_text(frame, [tile.label], 13 * scale, colour=style.MUTED)
        for text, size, bold in ((tile.value, 28.0, True), (tile.note, 12.0, False)):
            colour = style.DARK if bold else style.MUTED
            fill(frame.add_paragraph(), text, size * scale, bold=bold, colour=colour)


def _inside(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height - AFTER * 0.5


def _emu(place: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, width, tall = (round(value * POINT) for value in place)
    return left, top, width, tall
