"""The form: filled in as it was worked out by hand, a workbook that says the same, files."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import cli, retention
from pipeline.agents import Form, forms_of
from pipeline.agents.files import write_forms
from pipeline.agents.words import WORDS
from pipeline.agents.workbook import workbook
from pipeline.domain import AppealState, Decision
from pipeline.errors import BadInput
from pipeline.retention import Erasure
from pipeline.store import FORMS, Copies, Filters, LevelDraft, Levels, Scope, Snapshot
from pipeline.workbooks import sheet_name
from tests.agents.conftest import NOVEMBER
from tests.agents.month import CARD, GREETING, PROMISE, QUOTE
from tests.retention.centre import REASON, Centre

MADE = date(2026, 11, 29)


@pytest.fixture
def forms(snapshot: Snapshot) -> dict[str, Form]:
    return {form.figures.agent_id: form for form in forms_of(snapshot, NOVEMBER)}


def test_it_is_filled_in_from_what_counts(forms: dict[str, Form]) -> None:
    form = forms["A1"]
    weeks = [
        (str(w.first), str(w.last), w.scores.count, w.scores.mean, w.heard) for w in form.weeks
    ]
    assert weeks == [
        ("2026-11-01", "2026-11-01", 1, 95.0, 1),
        ("2026-11-02", "2026-11-08", 1, 95.0, 0),
        ("2026-11-09", "2026-11-15", 2, 92.5, 1),
        ("2026-11-16", "2026-11-22", 1, 100.0, 1),
    ]
    assert [(p.number, p.fails, p.points) for p in form.points] == [
        ("1", 3, -15.0), ("2", 1, -10.0), ("2.1", 1, -10.0),
    ]  # fmt: skip
    heard = [(c.call_id, c.machine_score, c.score, c.reviewer) for c in form.heard]
    assert heard == [
        ("c-A1-1", 100.0, 95.0, "李质检"),
        ("c-A1-9", 90.0, 100.0, "李质检"),
        ("c-A1-20", 0.0, 100.0, "王主管"),
    ]
    assert (form.grade, dict(form.graded)) == ("优", {"优": 4, "良": 1, "中": 0, "差": 0})


def test_every_deduction_says_who_stands_behind_it(forms: dict[str, Form]) -> None:
    found = [
        (d.call_id, d.rule, d.points, d.decision, d.appeal and d.appeal.state)
        for d in forms["A1"].deductions
    ]
    assert found == [
        ("c-A1-1", GREETING, -5.0, Decision.ADD, None),
        ("c-A1-2", GREETING, -5.0, None, None),
        ("c-A1-10", GREETING, -5.0, None, AppealState.FILED),
        ("c-A1-10", CARD, -10.0, None, None),
        ("c-A1-20", PROMISE, 0.0, Decision.REJECT, AppealState.UPHELD),
    ]


def test_a_level_that_a_person_chose_costs_points_too(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()["c-A3-1"]
        Levels(snapshot.people).choose(
            LevelDraft("李质检", "c-A3-1", content, "attitude", "差", "1")
        )
        (form,) = forms_of(snapshot, replace(NOVEMBER, agent="A3"))
    assert form.figures.scores.total == 2340 - 4
    found = [(d.rule, d.points, d.quote, d.reviewer) for d in form.deductions[:2]]
    assert found == [("greeting", -5.0, QUOTE, ""), ("attitude", -4.0, "差", "李质检")]
    assert form.points[0].points == -5 * 12 - 4


def test_only_of_calls_in_scope(snapshot: Snapshot) -> None:
    own = snapshot.within(Scope(agent="A1"))
    assert [form.figures.agent_id for form in forms_of(own, NOVEMBER)] == ["A1"]
    assert forms_of(own, replace(NOVEMBER, agent="A2")) == []


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────


def opened(forms: dict[str, Form], language: str = "zh", *, values: bool = False) -> Workbook:
    data = workbook(list(forms.values()), language, MADE)
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


class Sums:
    """Works formulas out from the cells, as a spreadsheet would."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def value(self, sheet: Worksheet, address: str) -> object:
        if "!" in address:
            name, _, address = address.rpartition("!")
            sheet = self.book[name.strip("'").replace("''", "'")]
        cell = sheet[address.replace("$", "")]
        return self.of(sheet, str(cell.value)) if cell.data_type == "f" else cell.value

    def area(self, sheet: Worksheet, area: str) -> list[object]:
        rows = sheet[area.replace("$", "")]
        return [self.value(sheet, cell.coordinate) for row in rows for cell in row]

    def numbers(self, sheet: Worksheet, area: str) -> list[float]:
        values = self.area(sheet, area)
        return [float(v) if isinstance(v, int | float) else 0.0 for v in values]

    def of(self, sheet: Worksheet, formula: str) -> object:
        text = formula.removeprefix("=")
        if text in ('""', "0"):
            return "" if text == '""' else 0
        if re.fullmatch(r"('(?:[^']|'')+'!)?[A-Z]+\d+", text):
            return self.value(sheet, text)
        if re.fullmatch(r"[A-Z]+\d+(\+[A-Z]+\d+)+", text):
            return sum(float(str(self.value(sheet, one))) for one in text.split("+"))
        for pattern, work in self.RULES.items():
            if found := re.fullmatch(pattern, text):
                return work(self, sheet, *found.groups())
        raise AssertionError(f"unknown formula {formula}")

    def _mean(self, sheet: Worksheet, area: str, *_: str) -> object:
        found = [v for v in self.area(sheet, area) if isinstance(v, int | float)]
        return sum(found) / len(found) if found else ""

    def _weighted(self, sheet: Worksheet, *areas: str) -> object:
        means, counts = areas[-3:-1]
        whole = sum(self.numbers(sheet, counts))
        pairs = zip(self.numbers(sheet, means), self.numbers(sheet, counts), strict=True)
        return sum(a * b for a, b in pairs) / whole if whole else ""

    def _share(self, sheet: Worksheet, whole: str, part: str, _: str) -> object:
        of = self.value(sheet, whole)
        return float(str(self.value(sheet, part))) / float(str(of)) if of else ""

    def _overall(self, sheet: Worksheet, weights: str, scores: str) -> object:
        pairs = zip(self.numbers(sheet, weights), self.area(sheet, scores), strict=True)
        given = [(w, float(s)) for w, s in pairs if isinstance(s, int | float)]
        total = sum(w for w, _ in given)
        return sum(w * s for w, s in given) / total if total else ""

    def _grade(self, sheet: Worksheet, score: str, low: str, names: str) -> object:
        reached = self.value(sheet, score)
        if reached == "":
            return ""
        pairs = zip(self.numbers(sheet, low), self.area(sheet, names), strict=True)
        return [name for lowest, name in pairs if lowest <= round(float(str(reached)), 2)][-1]

    def _rank(self, sheet: Worksheet, calls: str, areas: str, aheads: str, own: str) -> object:
        if float(str(self.value(sheet, calls))) < 20:
            return "—"
        mine = float(str(self.value(sheet, own))) + 0.000001
        pairs = zip(self.numbers(sheet, areas), self.numbers(sheet, aheads), strict=True)
        return 1 + sum(count >= 20 and ahead > mine for count, ahead in pairs)

    RULES: ClassVar[dict[str, Any]] = {
        r"SUM\(([A-Z]+\d+:[A-Z]+\d+)\)": lambda self, sheet, area: sum(self.numbers(sheet, area)),
        r'IF\(COUNT\((.+)\)=0,"",AVERAGE\((.+)\)\)': _mean,
        r'IF\(SUM\((.+)\)=0,"",SUMPRODUCT\(([^,()]+),([^,()]+)\)/SUM\((.+)\)\)': _weighted,
        r"SUMPRODUCT\(([^,()]+),([^,()]+)\)/SUM\((.+)\)": _weighted,
        r'IF\(([A-Z]+\d+)=0,"",([A-Z]+\d+)/([A-Z]+\d+)\)': _share,
        r'IF\(SUMPRODUCT\(([^*()]+)\*ISNUMBER\(([^()]+)\)\)=0,.+\)': _overall,
        r'IF\([A-Z]+\d+="","",LOOKUP\(ROUND\((.+),2\),(.+),(.+)\)\)': _grade,
        r'IF\((.+)<20,"—",1\+COUNTIFS\((.+),">=20",(.+),">"&\((.+)\+0\.000001\)\)\)': _rank,
    }  # fmt: skip


def cells_of(book: Workbook) -> list[tuple[Worksheet, Cell]]:
    return [(s, c) for s in book for row in s.iter_rows() for c in row if c.value is not None]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_formulas_come_to_what_is_shown(forms: dict[str, Form], language: str) -> None:
    book, shown = opened(forms, language), opened(forms, language, values=True)
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
    assert tried > 80


def find(sheet: Worksheet, text: str) -> Cell:
    return next(c for row in sheet.iter_rows() for c in row if c.value == text)


def test_what_people_fill_in_counts(forms: dict[str, Form]) -> None:
    book = opened({"A1": forms["A1"]})
    sheet = book.worksheets[0]
    row = find(sheet, WORDS["attendance"][0]).row
    sheet.cell(row, 2).value, sheet.cell(row, 3).value = 100, 40
    overall = find(sheet, WORDS["overall"][0]).row
    sums = Sums(book)
    assert sums.value(sheet, f"C{overall}") == (95 + 40) / 2
    assert sums.value(sheet, f"C{overall + 1}") == "中"
    assert len(sheet.data_validations.dataValidation) == 2


def test_what_was_said_never_becomes_a_formula(forms: dict[str, Form]) -> None:
    book = opened(forms)
    quotes = [cell for _, cell in cells_of(book) if cell.value == QUOTE]
    assert quotes
    assert {(cell.data_type, cell.quotePrefix) for cell in quotes} == {("s", True)}
    team = find(book["坐席A3 A3"], "@二组")
    assert (team.data_type, team.quotePrefix) == ("s", True)
    ours = re.compile(r"=(SUM|SUMPRODUCT|IF|'|[A-Z]+\d+[+]?|0|\"\")")
    assert all(ours.match(str(c.value)) for _, c in cells_of(book) if c.data_type == "f")


def test_it_prints_on_a4_one_page_wide_with_its_head_on_every_page(forms: dict[str, Form]) -> None:
    for sheet in opened(forms).worksheets:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$2"


def test_the_same_data_gives_the_same_bytes(forms: dict[str, Form]) -> None:
    first, again = (workbook(list(forms.values()), "zh", MADE) for _ in range(2))
    assert first == again
    assert first != workbook(list(forms.values()), "zh", date(2026, 11, 30))


def test_names_of_sheets_are_possible_and_different() -> None:
    taken: list[str] = []
    for wanted in ("a/b:c*[d]?", "A_B_C__D__", "'", "x" * 40, "x" * 41, "History", "'=1+1'"):
        taken.append(sheet_name(wanted, taken))
    assert len({name.casefold() for name in taken}) == len(taken)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in taken)
    assert not any(name.startswith("'") or name.endswith("'") for name in taken)


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_per_team_listed_and_never_written_over_what_was_filled_in(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        files = write_forms(snapshot, NOVEMBER, db.parent / "out", "zh", MADE)
        assert [file.name for file in files] == [
            "服务质量综合考评表_2026-11_@二组.xlsx", "服务质量综合考评表_2026-11_一组.xlsx",
        ]  # fmt: skip
        listed = [(copy.path, copy.what) for copy in Copies(snapshot.people).all()]
        assert listed == sorted((str(file), FORMS) for file in files)
        assert write_forms(snapshot, NOVEMBER, db.parent / "out", "zh", MADE) == files
        files[1].write_bytes(files[1].read_bytes() + b" ")
        with pytest.raises(BadInput, match="filled it in"):
            write_forms(snapshot, NOVEMBER, db.parent / "out", "zh", MADE)
        with pytest.raises(BadInput, match="no calls of A9 in 2026-11"):
            write_forms(snapshot, replace(NOVEMBER, agent="A9"), db.parent, "zh", MADE)


def test_the_command_writes_one_agents_form(
    db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = db.parent / "forms"
    given = ["--db", str(db), "--month", "2026-11", "--agent", "A1", "-o", str(out)]
    monkeypatch.setattr(sys, "argv", ["callqa", "forms", *given])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    (file,) = out.iterdir()
    assert capsys.readouterr().out.strip() == str(file)
    assert openpyxl.load_workbook(file).sheetnames == ["坐席A1 A1"]


@pytest.mark.parametrize("filled", [False, True])
def test_erasure_finds_the_forms_that_name_a_call(tmp_path: Path, *, filled: bool) -> None:
    centre = Centre(tmp_path)
    centre.call("call-00000001", customer="U-20261128-0042")
    centre.call("call-00000002", customer="U1", agent="B1", team="二组")
    month = Filters(since=date(2026, 11, 1), until=date(2026, 11, 30))
    with Snapshot.open(centre.db) as snapshot:
        named, other = write_forms(snapshot, month, tmp_path / "out", "zh", MADE)
    if filled:
        book = openpyxl.load_workbook(named)
        book.worksheets[0]["B5"] = "已填写"
        book.save(named)
    done = retention.erase(centre.settings, centre.db, Erasure("U-20261128-0042", REASON))
    assert other.exists()
    assert named.exists() == filled
    assert done.counts["form"] == (0 if filled else 1)
    assert [str(named) in line for line in done.by_hand] == ([True] if filled else [])
