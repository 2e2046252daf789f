"""The frame of a Word document: paper, fonts, styles, what stands at the head and foot of pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from pipeline.documents import style
from pipeline.documents.blocks import Document
from pipeline.documents.word_parts import field

FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}>
<w:font w:name="{style.CHINESE}"><w:altName w:val="{style.CHINESE_ALSO}"/>
<w:panose1 w:val="020B0503020204020204"/><w:charset w:val="86"/><w:family w:val="swiss"/>
<w:pitch w:val="variable"/></w:font>
<w:font w:name="{style.LATIN}"><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/>
<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>"""


@dataclass(frozen=True, slots=True)
class _Style:
    """Sizes in points."""

    name: str
    size: float
    before: float = 0
    after: float = 0
    bold: bool = False
    colour: str = style.INK
    keep: bool = False
    indent: float = 0
    line: float = 1.15


STYLES = (
    _Style("Normal", 10, after=4),
    _Style("Title", 20, after=2, bold=True, colour=style.DARK),
    _Style("Subtitle", 10, after=6, colour=style.MUTED),
    _Style("Heading 1", 13.5, 10, 4, bold=True, colour=style.DARK, keep=True),
    _Style("Heading 2", 11.5, 8, 3, bold=True, colour=style.DARK, keep=True),
    _Style("Heading 3", 10.5, 6, 2, bold=True, keep=True),
    _Style("List Bullet", 10, after=2),
    _Style("Lead", 11, after=5),
    _Style("Small Print", 8.5, after=3, colour=style.MUTED),
    _Style("Chart Title", 9, 4, 0, bold=True, colour=style.MUTED, keep=True),
    _Style("Chart", 9, after=4, line=1.0),
    _Style("Said", 10, indent=14),
    _Style("Said Where", 8.5, after=4, colour=style.MUTED, indent=14),
    _Style("Cell", 9, 1.5, 1.5, line=1.05),
    _Style("Tile Label", 8.5, 3, 0, colour=style.MUTED, line=1.0),
    _Style("Tile Value", 17, bold=True, colour=style.DARK, line=1.0),
    _Style("Tile Note", 8, after=3, colour=style.MUTED, line=1.0),
    _Style("Gap", 4, line=1.0),
    _Style("Header", 8.5, colour=style.MUTED, line=1.0),
    _Style("Footer", 8.5, colour=style.MUTED, line=1.0),
)


def frame(word: Any, document: Document) -> None:
    """Make a fresh Word document ours."""
    language = "en-US" if document.language == "en" else "zh-CN"
    _paper(word)
    _defaults(word, language)
    known = {existing.name: existing for existing in word.styles}
    for one in STYLES:
        _style(word.styles, known.get(one.name), one)
    _head_and_foot(word.sections[0], document)
    properties = word.core_properties
    properties.title, properties.subject = document.title, document.subtitle
    properties.author = properties.last_modified_by = "callqa"
    properties.comments, properties.language = "", language
    properties.created = properties.modified = datetime.combine(document.made, time.min, UTC)


def _paper(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.6)
    section.header_distance = section.footer_distance = Cm(0.8)


def _defaults(word: Any, language: str) -> None:
    for style_ in list(word.styles):  # a hundred designs of tables that nobody uses
        if style_.type == WD_STYLE_TYPE.TABLE and style_.name not in ("Normal Table", "Table Grid"):
            style_.delete()
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = FONT_TABLE.encode()
    properties = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))[0]
    _fonts(properties)
    spoken = properties.find(qn("w:lang"))
    spoken.set(qn("w:val"), "en-US" if language == "en-US" else language)
    spoken.set(qn("w:eastAsia"), "zh-CN")
    settings = word.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _fonts(properties: Any) -> None:
    """Latin and Chinese by name, not by theme."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(
        0,
        parse_xml(
            f'<w:rFonts {nsdecls("w")} w:ascii="{style.LATIN}" w:hAnsi="{style.LATIN}" '
            f'w:eastAsia="{style.CHINESE}" w:cs="{style.LATIN}"/>'
        ),
    )


def _style(styles: Any, known: Any, one: _Style) -> None:
    found = known or styles.add_style(one.name, WD_STYLE_TYPE.PARAGRAPH)
    if known is None:
        found.base_style = styles["Normal"]
    properties = found.element.get_or_add_rPr()
    _fonts(properties)
    for name in ("w:spacing", "w:kern", "w:i", "w:iCs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    for border in found.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)
    found.font.size, found.font.bold = Pt(one.size), one.bold
    found.font.color.rgb = RGBColor.from_string(one.colour)
    form = found.paragraph_format
    form.space_before, form.space_after = Pt(one.before), Pt(one.after)
    form.line_spacing, form.keep_with_next = one.line, one.keep
    if one.indent:
        form.left_indent = Pt(one.indent)


def _head_and_foot(section: Any, document: Document) -> None:
    right = section.page_width - section.left_margin - section.right_margin
    made = style.label("made", document.language, made=document.made)
    for area in (section.header, section.footer):
        paragraph = area.paragraphs[0]
        stops = paragraph.paragraph_format.tab_stops
        for stop in (4680, 9360):  # where Letter paper has them
            stops.add_tab_stop(stop * 635, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.add_run(f"{document.running or document.title}\t{document.subtitle}")
    _line_under(head)
    foot.add_run(f"{made}\t")
    before, rest = style.LABELS["page"][document.language == "en"].split("{page}")
    middle, after = rest.split("{pages}")
    for text, code in ((before, "PAGE"), (middle, "NUMPAGES"), (after, "")):
        foot.add_run(text)
        if code:
            field(foot, code)


def _line_under(paragraph: Any) -> None:
    border = OxmlElement("w:pBdr")
    border.append(
        parse_xml(
            f'<w:bottom {nsdecls("w")} w:val="single" w:sz="4" w:space="3" w:color="{style.LINE}"/>'
        )
    )
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
    )
