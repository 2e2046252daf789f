"""Decks as PowerPoint files (.pptx), 16:9, with charts and tables that can be edited.

A block that has no room goes on to a further slide; nothing is left out and nothing runs over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.util import Emu

from pipeline.documents import style
from pipeline.documents.blocks import Block, Deck, Slide, clean
from pipeline.documents.packing import packed
from pipeline.documents.slide_blocks import draw
from pipeline.documents.slide_fit import Box, columns_fitting
from pipeline.documents.slide_parts import add_text, paint, set_theme_fonts

POINT = 12_700  # EMU
WIDE, HIGH = 960, 540  # points
EDGE, HEAD, FOOT = 40, 84, 34
GAP = 24


@dataclass(frozen=True, slots=True)
class _Page:
    """A slide as it will be drawn: blocks that have room, and the size of their text."""

    title: str
    columns: tuple[tuple[tuple[Block, ...], Box], ...]
    scale: float
    notes: str


def write_pptx(deck: Deck) -> bytes:
    """The bytes of a .pptx; the same deck gives the same bytes."""
    deck = clean(deck)
    show = Presentation()
    show.slide_width, show.slide_height = Emu(WIDE * POINT), Emu(HIGH * POINT)
    set_theme_fonts(show)
    layout = _only_layout(show)
    _first(show, layout, deck)
    pages = [page for slide in deck.slides for page in _pages(slide, deck.language)]
    for number, page in enumerate(pages, 2):
        _draw(show.slides.add_slide(layout), page, deck, (number, len(pages) + 1))
    _properties(show.core_properties, deck)
    out = BytesIO()
    show.save(out)
    return packed(out.getvalue(), deck.made)


def _only_layout(show: Any) -> Any:
    """The layout with a title alone, made for our paper; the others go."""
    kept = show.slide_layouts[5]
    for layout in list(show.slide_layouts):
        if layout is not kept:
            show.slide_layouts.remove(layout)
    for holder in (show.slide_master, kept):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.idx == 0:
                _place_title(shape)
            elif holder is kept:
                shape._element.getparent().remove(shape._element)
            else:
                shape.left, shape.width = Emu(EDGE * POINT), Emu((WIDE - 2 * EDGE) * POINT)
    return kept


def _place_title(shape: Any) -> None:
    shape.left, shape.top = Emu(EDGE * POINT), Emu(22 * POINT)
    shape.width, shape.height = Emu((WIDE - 2 * EDGE) * POINT), Emu(46 * POINT)


def _first(show: Any, layout: Any, deck: Deck) -> None:
    slide = show.slides.add_slide(layout)
    paint(slide.shapes, (0, 0, WIDE, HIGH), style.DARK)
    title = slide.shapes.title
    slide.shapes._spTree.append(title._element)  # before the ground, not behind it
    title.left, title.top = Emu(80 * POINT), Emu(170 * POINT)
    title.width, title.height = Emu(800 * POINT), Emu(90 * POINT)
    add_text(title.text_frame, [deck.title], 38, bold=True, colour=style.WHITE)
    made = style.label("made", deck.language, made=deck.made)
    box = slide.shapes.add_textbox(
        Emu(80 * POINT), Emu(268 * POINT), Emu(800 * POINT), Emu(80 * POINT)
    )
    add_text(box.text_frame, [deck.subtitle, made], 18, colour=style.WHITE)


def _pages(slide: Slide, language: str) -> list[_Page]:
    boxes = _boxes(slide)
    rest = [slide.left, slide.right][: len(boxes)]
    pages: list[_Page] = []
    while any(rest) or not pages:
        scale, taken, rest = columns_fitting(rest, boxes, language)
        title = slide.title + (style.label("continued", language) if pages else "")
        columns = tuple(zip(taken, boxes, strict=True))
        pages.append(_Page(title, columns, scale, slide.notes if not pages else ""))
    return pages


def _boxes(slide: Slide) -> list[Box]:
    width, height = WIDE - 2 * EDGE, HIGH - HEAD - FOOT - 8
    if not slide.right:
        return [Box(EDGE, HEAD, width, height)]
    left = (width - GAP) * slide.split
    return [
        Box(EDGE, HEAD, left, height),
        Box(EDGE + left + GAP, HEAD, width - GAP - left, height),
    ]


def _draw(slide: Any, page: _Page, deck: Deck, number: tuple[int, int]) -> None:
    title = slide.shapes.title
    size = 26 if len(page.title) <= 32 else 20
    add_text(title.text_frame, [page.title], size, bold=True, colour=style.DARK)
    paint(slide.shapes, (EDGE, HEAD - 12, WIDE - 2 * EDGE, 1.5), style.DARK)
    for blocks, box in page.columns:
        draw(slide.shapes, blocks, box, page.scale, deck.language)
    foot = style.label("page", deck.language, page=number[0], pages=number[1])
    for left, width, text, align in (
        (EDGE, 600, f"{deck.running or deck.title}  {deck.subtitle}", "left"),
        (WIDE - EDGE - 220, 220, foot, "right"),
    ):
        box = slide.shapes.add_textbox(
            Emu(left * POINT), Emu((HIGH - FOOT) * POINT), Emu(width * POINT), Emu(22 * POINT)
        )
        add_text(box.text_frame, [text], 10, colour=style.MUTED, align=align)
    if page.notes:
        slide.notes_slide.notes_text_frame.text = page.notes


def _properties(properties: Any, deck: Deck) -> None:
    properties.title, properties.subject = deck.title, deck.subtitle
    properties.author = properties.last_modified_by = "callqa"
    properties.language = "en-US" if deck.language == "en" else "zh-CN"
    properties.created = properties.modified = datetime.combine(deck.made, time.min, UTC)
