"""Documents open, hold what they were given, and the same blocks give the same bytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import docx
import pptx
import pytest
from openpyxl import load_workbook
from pptx.util import Pt

from pipeline.documents import (
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quote,
    Slide,
    Table,
    write_docx,
    write_html,
    write_markdown,
    write_pptx,
)
from tests.documents.samples import BARS, BLOCKS, LINES, MADE, QUOTE, TABLE, a_deck, a_document


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_document_gives_the_same_bytes_at_another_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = write_docx(a_document()), write_pptx(a_deck())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert (write_docx(a_document()), write_pptx(a_deck())) == first
    assert write_html(a_document()) == write_html(a_document())


def test_only_the_stated_day_differs_on_another_day() -> None:
    other = replace(a_document(), made=date(2026, 11, 30))
    one, two = parts(write_docx(a_document())), parts(write_docx(other))
    assert {name for name in one if one[name] != two[name]} == {
        "docProps/core.xml", "word/footer1.xml",
    }  # fmt: skip
    assert b"2026-11-23T00:00:00Z" in one["docProps/core.xml"]


def test_every_zip_entry_and_every_inner_workbook_has_one_moment() -> None:
    for data in (write_docx(a_document()), write_pptx(a_deck())):
        archive = zipfile.ZipFile(BytesIO(data))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert books
        inner = zipfile.ZipFile(BytesIO(archive.read(books[0])))
        assert b"1980-01-01T00:00:00Z" in inner.read("docProps/core.xml")


def test_word_holds_the_blocks_in_order_with_numbered_headings() -> None:
    word = docx.Document(BytesIO(write_docx(a_document())))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["1  共性问题", "1.1  未提示风险", "2  附录"]
    assert [[cell.text for cell in row.cells] for row in word.tables[-1].rows] == [
        ["问题", "本周"], ["未提示风险", "34"], ["打断客户", "20"],
    ]  # fmt: skip
    assert "坐席：没有风险的。" in [p.text for p in word.paragraphs]
    section = word.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


def test_word_names_chinese_fonts_everywhere_and_says_what_to_take_instead() -> None:
    found = parts(write_docx(a_document()))
    fonts = re.findall(rb'w:eastAsia="([^"]+)"', found["word/styles.xml"])
    assert {name.decode() for name in fonts} - {"zh-CN"} == {"微软雅黑"}
    table = found["word/fontTable.xml"].decode()
    assert '<w:altName w:val="Microsoft YaHei"/>' in table
    assert "宋体" not in table
    assert b"eastAsiaTheme" not in b"".join(
        part
        for style in ("Normal", "Heading1", "Heading2", "Title", "ListBullet")
        for part in re.findall(
            rb'<w:style [^>]*w:styleId="' + style.encode() + rb'".*?</w:style>',
            found["word/styles.xml"], re.DOTALL,
        )
    )  # fmt: skip


def test_charts_in_word_are_charts_with_their_numbers() -> None:
    found = parts(write_docx(a_document()))
    assert "本条" in found["word/charts/chart1.xml"].decode()
    book = load_workbook(BytesIO(found["word/embeddings/chart2.xlsx"]))
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == [34, 20]
    link = found["word/charts/_rels/chart1.xml.rels"].decode()
    assert 'Id="rId1"' in link
    assert "../embeddings/chart1.xlsx" in link
    assert 'descr="上升"' in found["word/document.xml"].decode()


def test_series_of_a_chart_are_told_apart_without_colour() -> None:
    chart = parts(write_docx(a_document()))["word/charts/chart1.xml"].decode()
    assert '<a:prstDash val="dash"/>' in chart
    assert len(set(re.findall(r'<c:symbol val="(\w+)"/>', chart))) == 2


def test_slides_have_titles_notes_and_native_charts() -> None:
    show = pptx.Presentation(BytesIO(write_pptx(a_deck())))
    assert [slide.shapes.title.text for slide in show.slides] == ["服务质量周报", "概况", "问题一"]
    assert show.slides[2].notes_slide.notes_text_frame.text == "讲稿"
    assert any(shape.has_chart for shape in show.slides[2].shapes)
    theme = parts(write_pptx(a_deck()))["ppt/theme/theme1.xml"].decode()
    assert theme.count('<a:ea typeface="微软雅黑"/>') == 2


@pytest.mark.parametrize("many", [3, 25, 90])
def test_what_has_no_room_goes_on_to_further_slides_and_nothing_is_lost(many: int) -> None:
    rows = tuple((f"问题 {number} " + "很长的说明" * 6, str(number)) for number in range(many))
    items = tuple(f"第 {number} 条：" + "内容" * 30 for number in range(many))
    deck = a_deck(Slide("清单", (replace(TABLE, rows=rows),)), Slide("各条", (Bullets(items),)))
    show = pptx.Presentation(BytesIO(write_pptx(deck)))
    cells = [
        row.cells[1].text
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]
    assert cells == [str(number) for number in range(many)]
    said = "".join(
        shape.text_frame.text for slide in show.slides for shape in slide.shapes
        if shape.has_text_frame
    )  # fmt: skip
    assert [f"第 {number} 条：" in said for number in range(many)] == [True] * many


def test_no_shape_reaches_over_the_edge_of_a_slide() -> None:
    long = Paragraph("很长的一段话，" * 400)
    deck = a_deck(
        Slide("长", (long, QUOTE, TABLE, BLOCKS[1], BARS)),
        Slide("左右", (long, QUOTE), (LINES, BARS, TABLE)),
        Slide("引", (Quote((("客户", "说" * 3000),), "何处"),)),
    )
    show = pptx.Presentation(BytesIO(write_pptx(deck)))
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width + Pt(1)
            assert shape.top + shape.height <= show.slide_height + Pt(1), shape.name


def test_no_writer_reads_markup_out_of_a_text() -> None:
    evil = '<script>alert(1)</script> [a](http://x) | **b** =1+1 "q"'
    blocks = (Heading(evil), Paragraph(evil), Table((evil,), ((evil,),), (1,)),
              replace(BARS, title=evil, categories=(evil, evil), alt=evil))  # fmt: skip
    document = Document(evil, evil, blocks, MADE)
    page = write_html(document)
    assert "<script" not in page
    text = write_markdown(document)
    assert "\\[a\\](http" in text
    assert "\\<script\\>" in text
    assert docx.Document(BytesIO(write_docx(document))).paragraphs[0].text == evil


def test_characters_that_no_xml_may_hold_are_left_out() -> None:
    document = Document("题\x00目", "", (Paragraph("a\x0bb\ud800"), BARS), MADE)
    assert docx.Document(BytesIO(write_docx(document))).paragraphs[0].text == "题目"
    assert "ab" in write_html(document)
    assert write_pptx(a_deck(Slide("\x01题", (Paragraph("b\x08"),))))


def test_the_page_fetches_nothing_and_is_well_formed() -> None:
    page = write_html(a_document())
    assert "default-src 'none'" in page
    assert not re.search(r"(src=|@import|url\()", page)
    assert [href for href in re.findall(r'href="([^"]+)"', page)] == [
        "http://127.0.0.1:8501/call?call=c-1"
    ]
    assert page.count("<svg") == 2
    assert "@media print" in page
    open_tags: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "col", "br"):
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Balance().feed(page)
    assert open_tags == []


def test_markdown_reads_as_it_should() -> None:
    text = write_markdown(a_document())
    assert "## 1  共性问题" in text or "## 1 共性问题" in text
    assert "> **坐席**：没有风险的。" in text
    assert "| 未提示风险 | **34** |" in text
    assert "[c-1](<http://127.0.0.1:8501/call?call=c-1>)" in text
    assert "| W46 | 11% | — |" in text


def test_the_frame_speaks_the_language_of_the_document() -> None:
    foot = parts(write_docx(a_document("en")))["word/footer1.xml"].decode()
    assert "Made on 2026-11-23" in foot
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
