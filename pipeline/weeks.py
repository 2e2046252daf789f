"""ISO weeks: what a briefing is about, Monday to Sunday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from pipeline.errors import BadInput

FORM = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week by its Monday; as text `2026-W47`."""

    monday: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2026-W47`; BadInput when there is no such week."""
        match = FORM.fullmatch(text.strip().upper())
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
        except ValueError:
            monday = None
        if monday is None:
            raise BadInput(f"'{text}' is no week; write the ISO year and week, such as 2026-W47")
        return cls(monday)

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def back(self, weeks: int) -> Week:
        """So many weeks earlier."""
        return Week(self.monday - timedelta(weeks=weeks))

    def __str__(self) -> str:
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"
