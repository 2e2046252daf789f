"""Blocks on a slide: how high each is, what has room, and drawing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    plain,
)
from pipeline.documents.charts import add_chart
from pipeline.documents.fit import LINE, height_of, width_in_ems
from pipeline.documents.slide_parts import POINT, add_text, fill, paint, text_box

SCALES = (1.0, 0.92, 0.85, 0.78, 0.72)
SPLIT_SCALE = 0.85  # two slides that can be read instead of one that cannot
SIZES = {Look.PLAIN: 16.0, Look.LEAD: 18.0, Look.NOTE: 11.0, Look.CAPTION: 13.0}
HEADING, BULLET, SAID, SOURCE, BOXED, CELL = 18.0, 15.0, 14.0, 11.0, 15.0, 12.5
AFTER = 7.0
CHART_LEAST = 150.0
TILE = 100.0


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float


def height(block: Block, width: float, scale: float) -> float:  # noqa: PLR0911 - one per kind
    """Of a block, in points, with the space after it."""
    match block:
        case Heading():
            return height_of(block.text, HEADING * scale, width) + AFTER * 0.5
        case Paragraph():
            return height_of(plain(block.text), SIZES[block.look] * scale, width) + AFTER
        case Bullets():
            each = [height_of(plain(item), BULLET * scale, width - 16) + 3 for item in block.items]
            return sum(each) + AFTER
        case Quote():
            lines = [f"{who}：{said}" for who, said in block.turns]
            tall = sum(height_of(line, SAID * scale, width - 14) + 2 for line in lines)
            source = plain(block.source)
            return tall + (height_of(source, SOURCE * scale, width - 14) if source else 0) + AFTER
        case Callout():
            text = f"{block.title}：{plain(block.text)}"
            return height_of(text, BOXED * scale, width - 28) + 16 + AFTER
        case Table():
            return sum(row_heights(block, width, scale)) + AFTER
        case Tiles():
            return TILE * scale + AFTER
        case Chart():
            return CHART_LEAST + 18 * scale + AFTER
        case PageBreak():
            return 0.0


def row_heights(table: Table, width: float, scale: float) -> list[float]:
    """Of the head and every row."""
    total, size = sum(table.widths), CELL * scale
    return [
        max(
            height_of(plain(text), size, width * share / total - 12)
            for text, share in zip(row, table.widths, strict=True)
        )
        + 8
        for row in (table.head, *table.rows)
    ]


# ── what has room ────────────────────────────────────────────────────────────────────────────────


def columns_fitting(
    columns: Sequence[Sequence[Block]], boxes: Sequence[Box], language: str
) -> tuple[float, list[tuple[Block, ...]], list[tuple[Block, ...]]]:
    """The size of the text, what has room in each column, and what is left for a further slide."""
    pairs = list(zip(columns, boxes, strict=True))
    for scale in SCALES:
        if all(_tall(blocks, box, scale) <= box.height for blocks, box in pairs):
            return scale, [tuple(blocks) for blocks in columns], [() for _ in columns]
    parts = [_first_part(list(blocks), box) for blocks, box in pairs]
    return SPLIT_SCALE, [part[0] for part in parts], [part[1] for part in parts]


def _tall(blocks: Sequence[Block], box: Box, scale: float) -> float:
    return sum(height(block, box.width, scale) for block in blocks)


def _first_part(blocks: list[Block], box: Box) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """As many blocks as have room; lists and tables are divided, a single long text is cut."""
    taken: list[Block] = []
    room = box.height
    while blocks:
        need = height(blocks[0], box.width, SPLIT_SCALE)
        if need <= room:
            taken.append(blocks.pop(0))
            room -= need
            continue
        head, tail = _divided(blocks[0], box.width, room)
        if head is not None:
            taken.append(head)
            blocks[:1] = [tail] if tail is not None else []
        elif not taken:
            taken.append(_cut(blocks.pop(0), box))
        break
    if blocks and len(taken) > 1 and isinstance(taken[-1], Heading):
        blocks.insert(0, taken.pop())  # a heading goes with what it heads
    return tuple(taken), tuple(blocks)


def _divided(block: Block, width: float, room: float) -> tuple[Block | None, Block | None]:
    """A list or a table up to where there is room, and the rest of it."""
    if isinstance(block, Bullets):
        fits = _how_many(
            block.items, lambda items: height(Bullets(items), width, SPLIT_SCALE), room
        )
        if fits:
            return Bullets(block.items[:fits]), Bullets(block.items[fits:])
    if isinstance(block, Table):
        fits = _how_many(
            block.rows, lambda rows: height(replace(block, rows=rows), width, SPLIT_SCALE), room
        )
        if fits:
            return replace(block, rows=block.rows[:fits]), replace(block, rows=block.rows[fits:])
    return None, None


def _how_many(items: tuple[Any, ...], tall: Callable[[tuple[Any, ...]], float], room: float) -> int:
    return max((n for n in range(len(items) + 1) if n and tall(items[:n]) <= room), default=0)


def _cut(block: Block, box: Box) -> Block:
    """A text that no slide holds, up to where it holds it; the other formats have all of it."""
    most = int(box.height / (SIZES[Look.LEAD] * LINE)) * box.width / SIZES[Look.LEAD] * 0.8
    match block:
        case Paragraph() | Callout():
            return replace(block, text=_short(plain(block.text), most))
        case Quote():
            each = most / max(len(block.turns), 1)
            return replace(
                block, turns=tuple((who, _short(said, each)) for who, said in block.turns)
            )
        case Bullets():
            return Bullets((_short(plain(block.items[0]), most), *block.items[1:]))
        case Table():
            few = tuple(_short(plain(text), most / 12) for text in block.rows[0])
            return replace(block, rows=(few, *block.rows[1:])) if block.rows else block
        case _:
            return block


def _short(text: str, ems: float) -> str:
    while width_in_ems(text) > ems:
        text = text[: max(int(len(text) * 0.9), 1) - 1].rstrip("…") + "…"
        if len(text) < 3:
            break
    return text


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────


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
