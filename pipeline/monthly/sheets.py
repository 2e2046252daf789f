"""The report as a workbook: a sheet per part, sums and shares as formulas, laid out to print."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.monthly import lists, tables
from pipeline.monthly.grid import Column, Grid, Total
from pipeline.monthly.report import MonthReport
from pipeline.monthly.words import Words
from pipeline.workbooks import Book, Cells, at, lay_out, new_book

ALONE, TOGETHER = 5, 2  # rows repeated on every page: with the heads of a table that stands alone
AMOUNT, KIND, STATE, UNIT = 6, 3, 5, 7  # columns of the list of rewards
SUMS = {"score": "sum_score", "share": "sum_share"}


def workbook(report: MonthReport, language: str) -> bytes:
    """The bytes of an .xlsx; the same report and language give the same bytes."""
    words = Words(language)
    with new_book(words("report"), report.made) as book:
        for name, grids in _sheets(words, report):
            cells = _begin(book, words, report, name, grids)
            for grid in grids:
                first = _grid(cells, grid)
                if name == "rewards_sheet" and grid.rows:
                    _sums(cells, words, report, (first, first + len(grid.rows) - 1))
    return book.data


def subtitle(words: Words, report: MonthReport) -> str:
    """Which month, whose, and until when it is due."""
    period = report.period
    return words(
        "subtitle", month=period.month, first=period.first, last=period.last, due=period.due,
        whose=report.team or words("everybody"),
    )  # fmt: skip


def _sheets(words: Words, report: MonthReport) -> Iterator[tuple[str, list[Grid]]]:
    yield "overview_sheet", [
        tables.results(words, words("by_team"), report.teams, lambda key: key or words("no_team")),
        tables.results(
            words, words("by_line"), report.lines, lambda key: words.of("line", key)
        ),
    ]  # fmt: skip
    yield (
        "days_sheet",
        [
            tables.spans(words, words("by_week"), report.weeks),
            tables.spans(words, words("by_day"), report.days),
        ],
    )
    yield (
        "points_sheet",
        [
            tables.failing(words, words("failing_points"), report.points),
            tables.failing(words, words("failing_rules"), report.rules),
        ],
    )
    if report.problems:
        yield "problems_sheet", [tables.problems(words, report)]
    yield "ranking_sheet", [tables.ranking(words, report.ranking)]
    yield "rewards_sheet", [lists.rewards(words, report, every_call=True)]
    if report.rewards:
        yield "behind_sheet", [lists.behind(words, report)]
    yield "vetoes_sheet", [lists.vetoes(words, report)]
    yield "open_sheet", [
        lists.open_reviews(words, report), lists.open_appeals(words, report),
        lists.open_disputes(words, report),
    ]  # fmt: skip
    yield "basis_sheet", [lists.basis(words, report), lists.readers(words, report)]


def _begin(book: Book, words: Words, report: MonthReport, name: str, grids: list[Grid]) -> Cells:
    widths = [6.0] * max(len(grid.columns) for grid in grids)
    for grid in grids:
        for place, column in enumerate(grid.columns):
            widths[place] = max(widths[place], column.width)
    cells = book.cells(words(name), tuple(widths))
    heads = ALONE if len(grids) == 1 else TOGETHER
    lay_out(cells.sheet, words("page"), heads, left=report.period.month)
    title = f"{words('report')}　{words(name)}"
    for text, look in ((title, "title"), (_made(words, report), "note")):
        cells.sheet.merge_range(cells.row, 0, cells.row, len(widths) - 1, text, cells.looks(look))
        cells.row += 1
    cells.sheet.set_row(0, 26)
    return cells


def _made(words: Words, report: MonthReport) -> str:
    return f"{subtitle(words, report)}　{words('made', day=report.made)}"


def _grid(cells: Cells, grid: Grid) -> int:
    """Write it below what is there; returns its first row of values."""
    many = len(grid.columns)
    cells.section(grid.title, many)
    cells.line([column.head for column in grid.columns], "head")
    first = cells.row
    for row in grid.rows:
        _row(cells, grid.columns, row)
    if not grid.rows:
        cells.line([grid.none, *[None] * (many - 1)])
    elif grid.total:
        _total(cells, grid, (first, cells.row - 1))
    if grid.note:
        cells.sheet.merge_range(cells.row, 0, cells.row, many - 1, grid.note, cells.looks("note"))
        cells.sheet.set_row(cells.row, 30)
        cells.row += 1
    return first


def _row(cells: Cells, columns: tuple[Column, ...], row: tuple[object, ...]) -> None:
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        if formula := _between(cells.row, column):
            cells.formula(place, formula, value, column.look)
        else:
            cells.put(place, value, column.look)
    cells.fit(*enumerate(row))
    cells.row += 1


def _between(row: int, column: Column) -> str:
    """The formula of a column that is worked out of others in its row; empty for values."""
    if column.share:
        part, whole = (at(row, place) for place in column.share)
        return f'IF({whole}=0,"",{part}/{whole})'
    if column.less:
        one, other = (at(row, place) for place in column.less)
        return f'IF(OR({one}="",{other}=""),"",{one}-{other})'
    return ""


def _total(cells: Cells, grid: Grid, rows: tuple[int, int]) -> None:
    def area(place: int) -> str:
        return f"{at(rows[0], place)}:{at(rows[1], place)}"

    for place, (column, value) in enumerate(zip(grid.columns, grid.totals(), strict=True)):
        formula = _between(cells.row, column)
        if column.total is Total.SUM:
            formula = f"SUM({area(place)})"
        elif column.total is Total.MEAN:
            weights = f"SUM({area(column.by)})"
            both = f"SUMPRODUCT({area(place)},{area(column.by)})"
            formula = f'IF({weights}=0,"",{both}/{weights})'
        if formula:
            cells.formula(place, formula, value, SUMS.get(column.look, "sum"))
        else:
            cells.put(place, value, "sum_label")
    cells.row += 1


def _sums(cells: Cells, words: Words, report: MonthReport, rows: tuple[int, int]) -> None:
    """By kind, state and unit how many lines and how much, counted from the list above."""

    def area(place: int) -> str:
        column = at(0, place)[0]
        return f"${column}${rows[0] + 1}:${column}${rows[1] + 1}"

    cells.section(words("rewards_sums"), len(cells.widths))
    cells.line([words(head) for head in ("kind", "state", "unit", "lines", "amount")], "head")
    for kind, state, unit, many, amount in lists.sums(words, report):
        row = cells.row
        for place, value in enumerate((kind, state, unit)):
            cells.put(place, value, "sum_label")
        asked = (
            f"{area(KIND)},{at(row, 0)},{area(STATE)},{at(row, 1)},{area(UNIT)},{at(row, 2)}"
        )  # fmt: skip
        cells.formula(3, f"COUNTIFS({asked})", many, "sum")
        cells.formula(4, f"SUMIFS({area(AMOUNT)},{asked})", amount, "sum_score")
        cells.row += 1
