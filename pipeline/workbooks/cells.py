"""Cells of a workbook: what comes from data is written as text, never as a formula."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 2_000  # characters of a cell
NAME_LENGTH = 31
A4 = 9
FONT, FONT_FAMILY, GB2312 = "宋体", 1, 134  # where it is missing, one of its family and charset
EDGE = "#A6A6A6"
LINE, MOST_LINES, WRAP, WIDE = 13, 12, 3, 0x2E7F
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {"indent": 1},
    "text": {"text_wrap": True, "indent": 1},
    "strong": {"bold": True, "text_wrap": True, "indent": 1},
    "count": {"num_format": "#,##0", "align": "right", "indent": 1},
    "score": {"num_format": "0.0", "align": "right", "indent": 1},
    "share": {"num_format": "0.0%", "align": "right", "indent": 1},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "indent": 1},
    "day": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
    "head": {"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "align": "center"},
    "label": {"bold": True, "bg_color": "#F2F2F2", "indent": 1},
    "sum": {"bold": True, "num_format": "#,##0", "top": 6, "align": "right", "indent": 1},
    "sum_score": {"bold": True, "num_format": "0.0", "top": 6, "align": "right", "indent": 1},
    "sum_share": {"bold": True, "num_format": "0.0%", "top": 6, "align": "right", "indent": 1},
    "sum_label": {"bold": True, "top": 6, "indent": 1},
    "fill": {"bg_color": "#FFF9DB", "text_wrap": True, "locked": False},
    "fill_score": {"bg_color": "#FFF9DB", "num_format": "0.0", "align": "right", "locked": False},
    "title": {"bold": True, "font_size": 16, "align": "center", "border": 0},
    "section": {"bold": True, "font_size": 12, "border": 0},
    "note": {"font_color": "#595959", "border": 0, "text_wrap": True},
}


class Looks:
    """The formats of one workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def __call__(self, name: str, *, quoted: bool = False) -> Format:
        """`quoted`: stays text also after somebody edits the cell."""
        if (name, quoted) not in self._made:
            base = {
                "font_name": FONT, "font_family": FONT_FAMILY, "font_charset": GB2312,
                "font_size": 10, "valign": "vcenter", "border": 1, "border_color": EDGE,
            }  # fmt: skip
            looks = {**base, **LOOKS[name], "quote_prefix": quoted}
            self._made[name, quoted] = self._book.add_format(looks)
        return self._made[name, quoted]


class Cells:
    """One sheet, written row by row from the top; `row` is the next one, from 0.

    `widths`: of its columns, in characters.
    """

    def __init__(self, sheet: Worksheet, looks: Looks, widths: Sequence[float]) -> None:
        self.sheet = sheet
        self.looks = looks
        self.row = 0
        self.widths = widths
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def put(self, column: int, value: object, look: str = "plain") -> None:
        """A value of data in this row: a number, a time, or a text."""
        if value is None or value == "":
            self.sheet.write_blank(self.row, column, None, self.looks(look))
        elif isinstance(value, datetime):
            self.sheet.write_datetime(
                self.row, column, value.replace(tzinfo=None), self.looks(look)
            )
        elif isinstance(value, date):
            midnight = datetime.combine(value, time.min)
            self.sheet.write_datetime(self.row, column, midnight, self.looks(look))
        elif isinstance(value, int | float):
            self.sheet.write_number(self.row, column, value, self.looks(look))
        else:
            text = str(value)[:LONGEST]
            quoted = text.startswith(FORMULA)
            self.sheet.write_string(self.row, column, text, self.looks(look, quoted=quoted))

    def formula(self, column: int, formula: str, value: object, look: str) -> str:
        """A formula of ours, with what it comes to; returns the address of its cell."""
        shown = "" if value is None else value
        self.sheet.write_formula(self.row, column, f"={formula}", self.looks(look), shown)
        return at(self.row, column)

    def line(self, values: Sequence[object], look: str | Sequence[str] = "plain") -> None:
        """A row of values from column A on, and on to the next one."""
        looks = [look] * len(values) if isinstance(look, str) else look
        for column, (value, one) in enumerate(zip(values, looks, strict=True)):
            self.put(column, value, one)
        self.fit(*enumerate(values))
        self.row += 1

    def fit(self, *texts: tuple[int, object]) -> None:
        """Make this row as high as its texts need: not every program does so by itself."""
        lines = 1
        for column, value in texts:
            if isinstance(value, str):
                lines = max(lines, -(-_width(value) // (int(self.widths[column]) - WRAP)))
        self.sheet.set_row(self.row, LINE * min(lines, MOST_LINES) + 3)

    def section(self, text: str, columns: int) -> None:
        """A heading over the width of the form, with an empty row above it."""
        self.row += 1
        self.sheet.merge_range(self.row, 0, self.row, columns - 1, text, self.looks("section"))
        self.row += 1


def _width(text: str) -> int:
    """In characters of a Latin font: Chinese ones take two."""
    return sum(2 if ord(character) > WIDE else 1 for character in text[:LONGEST])


def at(row: int, column: int) -> str:
    """The address of a cell, such as `B7`; rows and columns from 0, fewer than 26 columns."""
    return f"{chr(ord('A') + column)}{row + 1}"


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that a sheet may have and none has yet (case does not tell them apart)."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", wanted).strip("' ")[:NAME_LENGTH] or "_"
    name, known, number = clean, {one.casefold() for one in taken}, 2
    while name.casefold() in {*known, "history"}:
        end = f" ({number})"
        name, number = f"{clean[: NAME_LENGTH - len(end)]}{end}", number + 1
    return name


def of_sheet(name: str, cell: str) -> str:
    """The address of a cell of another sheet."""
    quoted = name.replace("'", "''")
    return f"'{quoted}'!{cell}"
