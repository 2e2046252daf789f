"""Excel workbooks that print well and hold no formula but our own; the only importer of xlsxwriter."""

from pipeline.workbooks.book import Book, lay_out, new_book
from pipeline.workbooks.cells import Cells, Looks, Worksheet, at, of_sheet, sheet_name

__all__ = [
    "Book",
    "Cells",
    "Looks",
    "Worksheet",
    "at",
    "lay_out",
    "new_book",
    "of_sheet",
    "sheet_name",
]
