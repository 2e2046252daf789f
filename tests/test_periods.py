from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.periods import Period


@pytest.mark.parametrize(
    ("period", "moment", "before"),
    [
        ("2y", "2026-11-28T10:00+08:00", "2024-11-28T10:00+08:00"),
        ("1y", "2024-02-29T10:00+08:00", "2023-02-28T10:00+08:00"),
        ("1m", "2026-03-31T10:00+08:00", "2026-02-28T10:00+08:00"),
        ("18m", "2026-01-15T10:00+08:00", "2024-07-15T10:00+08:00"),
        ("12m", "2026-12-31T10:00+08:00", "2025-12-31T10:00+08:00"),
        ("90d", "2026-03-01T10:00+08:00", "2025-12-01T10:00+08:00"),
    ],
)
def test_periods_go_by_the_calendar(period: str, moment: str, before: str) -> None:
    found = Period.parse(period).before(datetime.fromisoformat(moment))
    assert found == datetime.fromisoformat(before)


@pytest.mark.parametrize("text", ["", "2", "2 years", "0d", "-1y", "1.5y", "12345d", "2w"])
def test_what_is_no_period_is_told_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="write years, months or days: 2y, 18m, 90d"):
        Period.parse(text)


def test_periods_are_written_as_people_read_them() -> None:
    assert [str(Period.parse(text)) for text in ("2y", "24m", "18m", "90d")] == [
        "2y", "2y", "18m", "90d",
    ]  # fmt: skip
    assert Period.parse("2y").longer_than(Period.parse("700d"))
    assert not Period.parse("700d").longer_than(Period.parse("2y"))
