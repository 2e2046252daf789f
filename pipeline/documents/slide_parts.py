"""Pieces of a slide: texts, grounds, fonts of the theme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from pipeline.documents import style
from pipeline.documents.blocks import Text, spans

POINT = 12_700
ALIGNS = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}
FACES = re.compile(r"<a:latin typeface=\"[^\"]*\"/>\s*<a:ea typeface=\"[^\"]*\"/>")


def add_text(
    frame: Any,
    lines: Sequence[Text],
    size: float,
    *,
    bold: bool = False,
    colour: str = style.INK,
    align: str = "left",
) -> None:
    """Fill a text frame with paragraphs, without borders of its own."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, text in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = ALIGNS[align]
        fill(paragraph, text, size, bold=bold, colour=colour)


def fill(paragraph: Any, text: Text, size: float, *, bold: bool, colour: str) -> None:
    """The pieces of a text as runs."""
    for span in spans(text):
        run = paragraph.add_run()
        run.text = span.text
        run.font.size, run.font.bold = Pt(size), bold or span.bold
        run.font.color.rgb = RGBColor.from_string(style.MUTED if span.muted else colour)
        if span.link:
            run.hyperlink.address = span.link


def text_box(shapes: Any, place: tuple[float, float, float, float]) -> Any:
    """The frame of a new text at (left, top, width, height) in points."""
    return shapes.add_textbox(*(Emu(round(value * POINT)) for value in place)).text_frame


def paint(shapes: Any, place: tuple[float, float, float, float], colour: str) -> Any:
    """A rectangle without a border."""
    shape = shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Emu(round(value * POINT)) for value in place))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape._element.remove(shape._element.find(qn("p:style")))  # of the theme: shadow, white text
    return shape


def set_theme_fonts(show: Any) -> None:
    """Latin and Chinese fonts of all texts that name none."""
    faces = f'<a:latin typeface="{style.LATIN}"/><a:ea typeface="{style.CHINESE}"/>'
    theme = show.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = FACES.sub(faces, theme.blob.decode()).encode()
