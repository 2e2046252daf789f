"""The days of a month as a site counts them, and when its report is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from pipeline.agents.months import month_before
from pipeline.errors import BadInput


@dataclass(frozen=True, slots=True)
class MonthPeriod:
    """`month` as in 2026-11; from `first` to `last`, both included; its report is due on `due`."""

    month: str
    first: date
    last: date
    due: date

    @classmethod
    def of(cls, month: str, begins: int = 1, due: int = 22) -> Self:
        """The month `2026-11`; BadInput for anything else.

        It begins on this day of the month before, for 1 of the month itself. It is due on the first
        such day after its end.
        """
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError as error:
            raise BadInput(f"'{month}' is no month; write it as 2026-11") from error
        after = (first + timedelta(days=32)).replace(day=1)
        if begins > 1:
            first, after = month_before(first.replace(day=begins)), first.replace(day=begins)
        last = after - timedelta(days=1)
        ready = last.replace(day=due)
        if ready <= last:
            ready = (last.replace(day=1) + timedelta(days=32)).replace(day=due)
        return cls(month, first, last, ready)

    @classmethod
    def around(cls, day: date, begins: int = 1, due: int = 22) -> Self:
        """The month that a day lies in."""
        ahead = day if begins == 1 or day.day < begins else day.replace(day=1) + timedelta(days=32)
        return cls.of(f"{ahead:%Y-%m}", begins, due)

    def before(self, begins: int = 1, due: int = 22) -> Self:
        """The month before."""
        return self.around(self.first - timedelta(days=1), begins, due)
