"""Forms as one workbook: an overview that refers to the sheets, and a sheet per agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.agents.figures import ENOUGH_CALLS
from pipeline.agents.form import Form
from pipeline.agents.sheet import Anchors, write_form
from pipeline.agents.words import Words
from pipeline.workbooks import Cells, at, lay_out, new_book, of_sheet

OVERVIEW = ("agent_id", "agent", "team", "calls", "heard", "mean", "heard_mean", "vetoed",
            "deducted", "ahead", "rank", "overall", "grade")  # fmt: skip
WIDTHS = (12, 14, 14, 10, 10, 10, 10, 10, 11, 12, 8, 11, 10)
CALLS, MEAN, AHEAD = 3, 5, 9


def workbook(forms: Sequence[Form], language: str, made: date) -> bytes:
    """The bytes of an .xlsx; the same forms, language and day give the same bytes.

    One form is one sheet; several have an overview before them.
    """
    words = Words(language)
    with new_book(words("title"), made) as book:
        front = book.cells(words("overview"), WIDTHS) if len(forms) > 1 else None
        anchors = []
        for form in forms:
            of = form.figures
            sheet = book.sheet(" ".join(filter(None, (of.agent_name, of.agent_id))))
            anchors.append((book.names[-1], write_form(sheet, book.looks, form, words)))
        if front:
            _overview(front, words, forms, anchors)
    return book.data


def _overview(
    cells: Cells, words: Words, forms: Sequence[Form], sheets: Sequence[tuple[str, Anchors]]
) -> None:
    sheet = cells.sheet
    lay_out(sheet, words("page"), 2, frozen=2)
    sheet.set_row(0, 26)
    title = words("team_title", month=f"{forms[0].first:%Y-%m}")
    sheet.merge_range(0, 0, 0, len(OVERVIEW) - 1, title, cells.looks("title"))
    cells.row = 1
    cells.line([words(head) for head in OVERVIEW], "head")
    rows = cells.row, cells.row + len(forms) - 1
    for form, (name, anchors) in zip(forms, sheets, strict=True):
        _agent(cells, form, name, anchors, rows)
    _totals(cells, words, forms, rows)
    note = words("rank_note", n=ENOUGH_CALLS)
    sheet.merge_range(cells.row, 0, cells.row, len(OVERVIEW) - 1, note, cells.looks("note"))


def _agent(cells: Cells, form: Form, name: str, anchors: Anchors, rows: tuple[int, int]) -> None:
    of = form.figures
    link = f"internal:{of_sheet(name, 'A1')}"
    cells.sheet.write_url(cells.row, 0, link, cells.looks("plain"), string=of.agent_id)
    cells.put(1, of.agent_name)
    cells.put(2, of.team)
    listened = [call.score for call in form.heard]
    lost = sum(one.points for one in form.deductions)
    refers: tuple[tuple[str, object, str], ...] = (
        (anchors.sums.calls, of.calls, "count"),
        (anchors.sums.heard, of.heard, "count"),
        (anchors.sums.mean, of.mean, "score"),
        (anchors.sums.heard_mean, sum(listened) / len(listened) if listened else None, "score"),
        (anchors.sums.vetoed, of.vetoed, "count"),
        (anchors.deducted, lost, "score"),
    )
    for column, (address, value, look) in enumerate(refers, CALLS):
        cells.formula(column, of_sheet(name, address), value, look)
    cells.put(AHEAD, of.ahead, "score")
    cells.formula(AHEAD + 1, _rank(cells.row, rows), of.rank or "—", "count")
    cells.formula(AHEAD + 2, of_sheet(name, anchors.overall), of.mean, "score")
    cells.formula(AHEAD + 3, of_sheet(name, anchors.grade), form.grade, "plain")
    cells.row += 1


def _rank(row: int, rows: tuple[int, int]) -> str:
    """Among those with calls enough, by the distance from the mean of the same lines."""
    calls, ahead = (
        f"${at(rows[0], column)[0]}${rows[0] + 1}:${at(rows[1], column)[0]}${rows[1] + 1}"
        for column in (CALLS, AHEAD)
    )
    enough, own = f'">={ENOUGH_CALLS}"', at(row, AHEAD)
    return (
        f'IF({at(row, CALLS)}<{ENOUGH_CALLS},"—",'
        f'1+COUNTIFS({calls},{enough},{ahead},">"&({own}+0.000001)))'
    )


def _totals(cells: Cells, words: Words, forms: Sequence[Form], rows: tuple[int, int]) -> None:
    def area(column: int) -> str:
        return f"{at(rows[0], column)}:{at(rows[1], column)}"

    of = [form.figures for form in forms]
    calls = sum(one.calls for one in of)
    lost = sum(deduction.points for form in forms for deduction in form.deductions)
    cells.line([words("total"), *[None] * (len(OVERVIEW) - 1)], "sum_label")
    cells.row -= 1
    sums = ((CALLS, calls), (4, sum(one.heard for one in of)), (7, sum(one.vetoed for one in of)))
    for column, value in sums:
        cells.formula(column, f"SUM({area(column)})", value, "sum")
    mean = sum(one.scores.total for one in of) / calls
    cells.formula(
        MEAN, f"SUMPRODUCT({area(MEAN)},{area(CALLS)})/SUM({area(CALLS)})", mean, "sum_score"
    )
    cells.formula(8, f"SUM({area(8)})", lost, "sum_score")
    cells.row += 1
