"""Excel workbooks that print well, with no formula but ours; the only importer of xlsxwriter."""

from pipeline.workbooks.book import Book, Worksheet, lay_out, new_book
from pipeline.workbooks.cells import Cells, Looks, at, of_sheet, sheet_name

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
