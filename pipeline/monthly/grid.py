"""A table of the report before it is a sheet or a page: values, how they look, how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Total(StrEnum):
    """What stands below a column: nothing, its sum, its mean weighted by the column `by`."""

    NONE = ""
    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Column:
    """`look` is one of a workbook (plain, text, count, score, share, day, moment).

    `share`: the value is the first of these columns divided by the second, `less`: the first minus
    the second; both also in the row of totals. `paper`: shown in documents too, not in the workbook
    alone. `width` in characters.
    """

    head: str
    look: str = "plain"
    width: float = 10
    total: Total = Total.NONE
    by: int = 0
    share: tuple[int, int] | None = None
    less: tuple[int, int] | None = None
    paper: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """`total`: the label of the row of totals, empty for none; `none` is said without rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    total: str = ""
    note: str = ""
    none: str = ""

    def totals(self) -> tuple[object, ...]:
        """What the row of totals comes to, after its label."""
        sums: list[object] = [self.total]
        for place, column in enumerate(self.columns[1:], 1):
            sums.append(self._total(place, column))
        for place, column in enumerate(self.columns[1:], 1):
            if column.share:
                part, whole = (number(sums[at]) for at in column.share)
                sums[place] = part / whole if whole else None
            elif column.less:
                one, other = (sums[at] for at in column.less)
                known = one is not None and other is not None
                sums[place] = number(one) - number(other) if known else None
        return tuple(sums)

    def _total(self, place: int, column: Column) -> object:
        values = [row[place] for row in self.rows]
        if column.total is Total.SUM:
            return sum(number(value) for value in values)
        if column.total is Total.MEAN:
            weights = [number(row[column.by]) for row in self.rows]
            whole = sum(weights)
            pairs = zip(values, weights, strict=True)
            return sum(number(value) * weight for value, weight in pairs) / whole if whole else None
        return None


def number(value: object) -> float:
    """A value as sums take it: what is no number is 0."""
    return float(value) if isinstance(value, int | float) else 0.0


def shown(value: object, look: str) -> str:
    """A value as documents write it; which year it is stands above."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return f"{value:%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%m-%d}"
    if isinstance(value, int | float):
        return {"share": f"{value:.1%}", "score": f"{value:.1f}"}.get(look, f"{value:,.0f}")
    return str(value)
