"""The monthly report of the last month whose day has come, of those who have calls."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import reporting
from pipeline.settings import Settings
from pipeline.store import Snapshot


def site(folder: Path, **monthly: object) -> Settings:
    given = {"formats": ["xlsx"], **monthly}
    return Settings.model_validate(
        {
            "reports": {
                "folder": folder, "teams": ["一组", "三组"], "weekly": {"enabled": False},
                "monthly": given,
            }
        }
    )  # fmt: skip


def due(db: Path, settings: Settings, today: date) -> list[tuple[str, str | None]]:
    with Snapshot.open(db) as snapshot:
        found = reporting.MONTHLY.due(snapshot, settings, today)
    return [(one.period, one.team) for one in found]


def test_from_its_day_on_and_only_of_those_with_calls(db: Path) -> None:
    settings = site(db.parent)
    assert due(db, settings, date(2026, 12, 21)) == [("2026-10", None), ("2026-10", "一组")]
    assert due(db, settings, date(2026, 12, 22)) == [("2026-11", None), ("2026-11", "一组")]
    assert due(db, settings, date(2027, 1, 22)) == []
    assert due(db, site(db.parent, enabled=False), date(2026, 12, 22)) == []
    early = site(db.parent, begins=21)
    assert due(db, early, date(2026, 11, 22))[0] == ("2026-11", None)


def test_it_is_written_once(db: Path) -> None:
    settings, today = site(db.parent / "out"), date(2026, 12, 22)
    with Snapshot.open(db) as snapshot:
        told = reporting.write_due(snapshot, settings, today)
        assert (len(told.written), told.failed) == (2, [])
        assert all(Path(path).exists() for path in told.written)
        assert reporting.write_due(snapshot, settings, today).written == []
