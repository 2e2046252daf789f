"""Blocks on a slide: how high each is, and what has room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
    Tiles,
    plain,
)
from pipeline.documents.fit import LINE, height_of, width_in_ems

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
