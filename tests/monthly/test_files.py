"""The report as files: every sum comes to what is shown, the same data gives the same bytes."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import cli
from pipeline.errors import BadInput
from pipeline.monthly import MonthReport, Wish, report_of
from pipeline.monthly.files import WRITERS, bytes_of, write_bundle, write_report
from pipeline.monthly.words import WORDS
from pipeline.store import Copies, Gone, Snapshot, names_any
from tests.agents.test_form import Sums as FormSums
from tests.agents.test_form import cells_of
from tests.monthly.conftest import MADE, NOVEMBER, RULES


def opened(report: MonthReport, language: str = "zh", *, values: bool = False) -> Workbook:
    data = bytes_of(report, "xlsx", language)
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


class Sums(FormSums):
    """Formulas of the report besides those of forms."""

    def _less(self, sheet: Worksheet, one: str, other: str, *_: str) -> object:
        values = [self.value(sheet, address) for address in (one, other)]
        if any(value in (None, "") for value in values):
            return ""
        return float(str(values[0])) - float(str(values[1]))

    def _matching(self, sheet: Worksheet, asked: str) -> list[int]:
        parts = asked.split(",")
        areas = [self.area(sheet, area) for area in parts[::2]]
        wanted = [self.value(sheet, address) for address in parts[1::2]]
        return [n for n, row in enumerate(zip(*areas, strict=True)) if list(row) == wanted]

    def _countifs(self, sheet: Worksheet, asked: str) -> object:
        return len(self._matching(sheet, asked))

    def _sumifs(self, sheet: Worksheet, area: str, asked: str) -> object:
        values = self.numbers(sheet, area)
        return sum(values[n] for n in self._matching(sheet, asked))

    RULES: ClassVar[dict[str, Any]] = {
        r'IF\(OR\(([A-Z]+\d+)="",([A-Z]+\d+)=""\),"",([A-Z]+\d+)-([A-Z]+\d+)\)': _less,
        r"COUNTIFS\((.+)\)": _countifs,
        r"SUMIFS\(([^,]+),(.+)\)": _sumifs,
        **FormSums.RULES,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_formulas_come_to_what_is_shown(report: MonthReport, language: str) -> None:
    book, shown = opened(report, language), opened(report, language, values=True)
    sums, tried = Sums(book), 0
    for sheet, cell in cells_of(book):
        if cell.data_type != "f":
            continue
        came, said = sums.of(sheet, str(cell.value)), shown[sheet.title][cell.coordinate].value
        tried += 1
        if isinstance(came, int | float):
            assert said == pytest.approx(came), (sheet.title, cell.coordinate, cell.value)
        else:
            assert (said or "") == came, (sheet.title, cell.coordinate, cell.value)
    assert tried > 70


def test_sums_are_those_of_the_report(report: MonthReport) -> None:
    book = opened(report, values=True)
    for name, key in (("overview_sheet", "by_team"), ("overview_sheet", "by_line")):
        sheet = book[WORDS[name][0]]
        start = next(c for row in sheet.iter_rows() for c in row if c.value == WORDS[key][0]).row
        total = next(
            row for row in sheet.iter_rows(min_row=start, values_only=True) if row[0] == "合计"
        )
        assert (total[1], total[2], total[10], total[14]) == (98, 6, 93, 5)
        assert total[3] == pytest.approx(report.whole.now.mean)
        assert total[11] == pytest.approx(93 / 98)
    rewards = book[WORDS["rewards_sheet"][0]]
    found = [
        row[:5]
        for row in rewards.iter_rows(values_only=True)
        if row[0] in ("奖励", "处罚") and isinstance(row[3], int)
    ]
    assert found == [
        ("奖励", "执行", "元", 2, 400), ("奖励", WORDS["line_pending"][0], "元", 1, 200),
        ("处罚", "执行", "元", 1, 100), ("处罚", WORDS["line_suspended"][0], "元", 1, 100),
        ("处罚", WORDS["line_suspended"][0], "分", 2, 4),
    ]  # fmt: skip


def test_every_line_of_the_list_says_why(report: MonthReport) -> None:
    sheet = opened(report)[WORDS["rewards_sheet"][0]]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[4] and "服务之星" in row[4]]
    assert rows[0][8] == "通话 24 通（≥ 20）；平均得分 97.5（≥ 95.0）；确认的否决 0 次（≤ 0）"
    assert rows[0][9] == "c-B1-1"


def test_it_prints_on_a4_with_the_heads_on_every_page(report: MonthReport) -> None:
    for sheet in opened(report).worksheets:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)
        assert sheet.print_title_rows in ("$1:$2", "$1:$5")
    ranking = opened(report)[WORDS["ranking_sheet"][0]]
    assert ranking.print_title_rows == "$1:$5"
    assert ranking["A5"].value == WORDS["place"][0]


def test_what_comes_from_data_is_never_a_formula(report: MonthReport) -> None:
    book = opened(report)
    ours = re.compile(r"=(SUM|SUMPRODUCT|IF|COUNTIFS|SUMIFS)\(")
    assert all(ours.match(str(c.value)) for _, c in cells_of(book) if c.data_type == "f")
    team = next(c for _, c in cells_of(book) if c.value == "@二组")
    assert (team.data_type, team.quotePrefix) == ("s", True)


@pytest.mark.parametrize("form", ["docx", "xlsx", "html"])
def test_the_same_data_gives_the_same_bytes(
    snapshot: Snapshot, report: MonthReport, form: str
) -> None:
    again = report_of(snapshot, Wish(NOVEMBER, MADE, RULES))
    assert bytes_of(report, form, "zh") == bytes_of(again, form, "zh")


def test_another_day_and_an_unknown_format(report: MonthReport) -> None:
    other = replace(report, made=date(2026, 11, 30))
    assert bytes_of(report, "xlsx", "zh") != bytes_of(other, "xlsx", "zh")
    with pytest.raises(BadInput, match="unknown format 'pdf'"):
        bytes_of(other, "pdf", "zh")


def text_of(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as file:
        return re.sub(r"<[^>]+>", " ", file.read("word/document.xml").decode())


def test_the_document_says_what_the_workbook_says(report: MonthReport) -> None:
    text = text_of(bytes_of(report, "docx", "zh"))
    assert "本期共 98 通，平均得分 94.2" in text
    for said in ("服务之星", "暂缓（申诉未结）", "c-A2-5", "未复核", "校准中未解决的分歧", "pppp"):
        assert said in text
    english = bytes_of(report, "html", "en").decode()
    assert "98 calls, mean score 94.2" in english
    assert "suspended (open appeal)" in english


def test_a_bundle_leads_to_the_forms_of_all_agents(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        report = report_of(snapshot, Wish(NOVEMBER, MADE, RULES))
        folder = db.parent / "out"
        written = write_bundle(snapshot, report, folder, "zh")
        listed = {Path(one.path) for one in Copies(snapshot.people).all()}
    names = sorted(str(path.relative_to(folder)) for path in written)
    assert names == [
        "服务质量分析报告_2026-11.docx", "服务质量分析报告_2026-11.html",
        "服务质量分析报告_2026-11.xlsx", "考评表/服务质量综合考评表_2026-11_@二组.xlsx",
        "考评表/服务质量综合考评表_2026-11_一组.xlsx",
    ]  # fmt: skip
    assert {path.absolute() for path in written} == listed
    page = (folder / names[1]).read_text(encoding="utf-8")
    assert 'href="考评表/服务质量综合考评表_2026-11_一组.xlsx"' in page


def test_an_erasure_finds_every_call_that_a_report_names(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        report = report_of(snapshot, Wish(NOVEMBER, MADE, RULES))
        for form in WRITERS:
            write_report(snapshot, report, db.parent / f"m.{form}", form, "zh")
        copies = [one for one in Copies(snapshot.people).all() if "/m." in one.path]
    assert len(copies) == 3
    for copy in copies:
        for call, named in (("c-A2-4", True), ("c-B1-1", True), ("c-A1-7", False), ("c-A2", False)):
            assert names_any(copy, Gone.of([call], [], [])) == named, (copy.path, call)


def run(monkeypatch: pytest.MonkeyPatch, *given: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["callqa", "monthly", *given])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_the_command(
    db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(db.parent)
    given = ("--db", str(db), "--month", "2026-11")
    assert not run(monkeypatch, *given, "--team", "一组", "-o", "month.xlsx")
    assert capsys.readouterr().out.strip() == "month.xlsx"
    book = openpyxl.load_workbook(db.parent / "month.xlsx", data_only=True)
    assert book.worksheets[0]["A6"].value == "一组"
    assert not run(monkeypatch, *given, "--format", "html")
    assert (db.parent / "服务质量分析报告_2026-11.html").exists()
    assert run(monkeypatch, *given, "--format", "pdf") == 2
    assert "choose one of: docx, xlsx, html" in capsys.readouterr().err
    assert run(monkeypatch, *given, "-o", "x.docx", "--format", "xlsx") == 2
    assert run(monkeypatch, "--db", str(db), "--month", "2026-02") == 2
    assert "no calls from 2026-02-01 to 2026-02-28" in capsys.readouterr().err
