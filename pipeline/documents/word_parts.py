"""Pieces of Word's XML that python-docx has no words for."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from pipeline.documents import style
from pipeline.documents.blocks import Chart
from pipeline.documents.charts import chart_parts

CHART_SIZE = 8.5  # points of the texts in a printed chart
CHART_XML = """
<w:drawing {ns}><wp:inline distT="0" distB="0" distL="0" distR="0">
<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name={name} descr={alt}/>
<wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>
"""


def place_chart(paragraph: Any, chart: Chart, number: int, size: tuple[int, int]) -> None:
    """A chart with its workbook in a paragraph; `size` in EMU."""
    parts, package = chart_parts(chart, CHART_SIZE), paragraph.part.package
    drawn = Part(
        PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, parts.xml, package
    )
    book = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, parts.workbook,
        package,
    )  # fmt: skip
    drawn.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    relation = paragraph.part.relate_to(drawn, RELATIONSHIP_TYPE.CHART)
    xml = CHART_XML.format(
        ns=nsdecls("w", "wp", "a", "r", "c"), width=size[0], height=size[1], number=number,
        name=quoteattr(chart.title), alt=quoteattr(chart.alt or chart.title), relation=relation,
    )  # fmt: skip
    paragraph.add_run()._r.append(parse_xml(xml.replace("\n", "")))


def add_link(paragraph: Any, text: str, address: str) -> None:
    """A piece of a line that leads to an address."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(text)
    run.font.underline = True
    run._r.get_or_add_rPr().append(parse_xml(f'<w:color {nsdecls("w")} w:val="{style.LINK}"/>'))
    link.append(run._r)
    paragraph._p.append(link)


def bar_beside(paragraph: Any) -> None:
    """A line at the left: this is what somebody said."""
    edge = f'<w:left w:val="single" w:sz="18" w:space="8" w:color="{style.LINE}"/>'
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>"),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc",
    )  # fmt: skip


def shade(cell: Any, colour: str) -> None:
    """The ground of a cell."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def box_cell(cell: Any) -> None:
    """A cell as a box: pale, with a thick line at the left."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
        for side, size, colour in (
            ("top", 4, style.LINE), ("left", 36, style.DARK), ("bottom", 4, style.LINE),
            ("right", 4, style.LINE),
        )
    )  # fmt: skip
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f"<w:tcBorders {nsdecls('w')}>{sides}</w:tcBorders>")
    )
    shade(cell, style.PALE)


def edges(table: Any, *, inside: str = "", thick: int = 4) -> None:
    """Lines between rows; with `inside` only lines of that colour between columns."""
    rows = ("top", "bottom", "insideH") if not inside else ()
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{thick}" w:space="0" w:color="{inside or style.LINE}"/>'
        for side in (*rows, *(("insideV",) if inside else ()))
    )
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))


def repeat_head(row: Any, *, head: bool) -> None:
    """A row stays on one page; the head comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def width_of(cell: Any, width: int) -> None:
    """In EMU; every cell says it, as not every program reads it from the columns."""
    from docx.shared import Emu

    cell.width = Emu(width)


def field(paragraph: Any, code: str) -> None:
    """What Word works out itself, such as `PAGE`."""
    for kind in ("begin", None, "separate", "end"):
        run = paragraph.add_run()._r
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run.append(text)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
