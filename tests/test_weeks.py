from __future__ import annotations

from datetime import date

import pytest

from pipeline.errors import BadInput
from pipeline.weeks import Week


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W47", date(2026, 11, 16)),
        ("2026-W01", date(2025, 12, 29)),  # the year of a week is not that of its Monday
        ("2026-w53", date(2026, 12, 28)),
    ],
)
def test_a_week_is_named_by_iso_year_and_number(text: str, monday: date) -> None:
    week = Week.parse(text)
    assert week.monday == monday
    assert str(week) == text.upper()
    assert Week.of(week.sunday) == week
    assert week.back(1).sunday < week.monday


@pytest.mark.parametrize("text", ["2025-W53", "2026-W00", "2026-47", "next", "2026-W7"])
def test_no_week_says_how_one_is_written(text: str) -> None:
    with pytest.raises(BadInput, match="2026-W47"):
        Week.parse(text)
