"""A workbook as bytes: the same content, title and day give the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.workbooks.cells import A4, Cells, Looks, sheet_name

__all__ = ["Book", "Worksheet", "lay_out", "new_book"]

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Book:
    """A workbook that is being written; `data` has it when it is closed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Use `new_book`."""
        self._book = book
        self.looks = Looks(book)
        self.names: list[str] = []
        self.data = b""

    def sheet(self, wanted: str) -> Worksheet:
        """A new empty sheet; its name, the last of `names`, is one that a sheet may have."""
        self.names.append(sheet_name(wanted, self.names))
        return self._book.add_worksheet(self.names[-1])

    def cells(self, wanted: str, widths: tuple[float, ...]) -> Cells:
        """A new sheet to write row by row; `widths` of its columns, in characters."""
        return Cells(self.sheet(wanted), self.looks, widths)


@contextmanager
def new_book(title: str, made: date) -> Iterator[Book]:
    """Write a workbook in memory."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {**TEXT_ONLY, "in_memory": True}) as written:
        created = datetime.combine(made, time.min)
        written.set_properties({"title": title, "created": created, "author": "callqa"})
        written.set_calc_mode("auto")
        book = Book(written)
        yield book
    book.data = file.getvalue()


def lay_out(sheet: Worksheet, page: str, heads: int, *, frozen: int = 0, left: str = "") -> None:
    """A4 across, one page wide; the first rows are repeated on every page and stay in sight.

    `page` numbers the pages, in the words of the language; `left` stands beside it.
    """
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(0, heads - 1)
    sheet.freeze_panes(heads, frozen)
    sheet.set_footer(f"&R{page}" + (f"&L{left}" if left else ""))
    sheet.hide_gridlines(2)
