"""Periods of the calendar such as 2y, 18m or 90d: how long something is kept."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

_FORM = re.compile(r"([1-9]\d{0,3})([ymd])")


@dataclass(frozen=True, slots=True)
class Period:
    """Months and days; a year is twelve months."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2y`, `18m` or `90d`; ValueError says so."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is not a period; write years, months or days: 2y, 18m, 90d")
        count, unit = int(match[1]), match[2]
        return cls(days=count) if unit == "d" else cls(months=count * (12 if unit == "y" else 1))

    def before(self, moment: datetime) -> datetime:
        """The moment that lies this long before; the last day of a shorter month stands for more.

        ValueError when that is before the year 1.
        """
        years, month = divmod(moment.year * 12 + moment.month - 1 - self.months, 12)
        day = min(moment.day, calendar.monthrange(years, month + 1)[1])
        return moment.replace(year=years, month=month + 1, day=day) - timedelta(days=self.days)

    def longer_than(self, other: Period) -> bool:
        """Whether it reaches further back, a month taken as 30.4 days."""
        return self._rough() > other._rough()

    def _rough(self) -> float:
        return self.months * 30.4375 + self.days

    def __str__(self) -> str:
        """As it was written, but for years of whole months."""
        if self.days:
            return f"{self.days}d"
        return f"{self.months // 12}y" if self.months % 12 == 0 else f"{self.months}m"
