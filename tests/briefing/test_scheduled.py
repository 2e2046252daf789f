"""Reports that are due: each written once, none lost, a failure told and tried again."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import night, reporting
from pipeline.errors import BadSettings, TryAgain
from pipeline.reporting import REPORTS, write_due
from pipeline.settings import Settings, load_settings
from pipeline.store import Snapshot
from tests.briefing.problems import a_problem, finds

SUNDAY, MONDAY, WEDNESDAY = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder is tested elsewhere; here it would take most of the time."""
    gather = reporting.gather
    find = finds(a_problem())
    monkeypatch.setattr(
        reporting, "gather", lambda snapshot, week, team: gather(snapshot, week, team, find)
    )


def settings(folder: Path, **weekly: Any) -> Settings:
    given = {"formats": ["md", "html"], **weekly}
    return Settings(reports={"folder": folder, "teams": ["一组"], "weekly": given})  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_the_week_that_is_over_is_written_once_for_everybody_and_each_team(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    told = write_due(snapshot, settings(folder), MONDAY)
    assert names(folder) == [
        "服务质量周报_2026-W47.html", "服务质量周报_2026-W47.md",
        "服务质量周报_2026-W47_一组.html", "服务质量周报_2026-W47_一组.md",
    ]  # fmt: skip
    assert (len(told.written), told.failed) == (4, [])
    assert write_due(snapshot, settings(folder), WEDNESDAY).written == []


def test_before_its_weekday_it_is_not_due(snapshot: Snapshot, tmp_path: Path) -> None:
    later = settings(tmp_path, weekday=3)
    told = write_due(snapshot, later, MONDAY)
    assert all("2026-W46" in path for path in told.written), "that of the week before still is"
    assert any("2026-W47" in path for path in write_due(snapshot, later, WEDNESDAY).written)


def test_the_first_night_writes_the_last_week_alone_and_later_ones_what_was_missed(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    kept = settings(tmp_path)
    first = write_due(snapshot, kept, SUNDAY)  # the week is not over yet
    assert {Path(path).parent.name for path in first.written} == {"2026-W46"}
    two_weeks_later = write_due(snapshot, kept, date(2026, 12, 7))
    assert {Path(path).parent.name for path in two_weeks_later.written} == {"2026-W47"}


def test_what_fails_is_told_stops_nothing_and_is_tried_again(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, write = settings(tmp_path / "r"), reporting.save

    def broken(people: object, target: Path, data: bytes, form: str) -> None:
        if form == "md":
            raise TryAgain("the disk is full")
        if "一组" in target.name:
            raise ZeroDivisionError
        write(people, target, data, form)  # type: ignore[arg-type]

    monkeypatch.setattr(reporting, "save", broken)
    told = write_due(snapshot, kept, MONDAY)
    assert len(told.written) == 1
    assert sum("the disk is full" in line for line in told.failed) == 2
    assert sum("a bug (ZeroDivisionError)" in line for line in told.failed) == 1
    monkeypatch.setattr(reporting, "save", write)
    assert len(write_due(snapshot, kept, MONDAY).written) == 3


def test_a_team_without_calls_has_no_report(snapshot: Snapshot, tmp_path: Path) -> None:
    kept = Settings(reports={"folder": tmp_path, "everybody": False, "teams": ["九组"]})  # type: ignore[arg-type]
    assert write_due(snapshot, kept, MONDAY) == reporting.Told()


def test_a_night_with_nothing_new_writes_what_is_due_and_tells_of_it(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def today(*_: object) -> reporting.Told:
        return reporting.Told(["w.md"], ["f.docx: why"])

    monkeypatch.setattr(reporting, "write_due", today)
    (tmp_path / "in").mkdir()
    summary = night.nothing_new([tmp_path / "in"], db, settings(tmp_path / "out"))
    assert summary is not None
    assert summary["reports"] == {"written": ["w.md"], "failed": ["f.docx: why"]}


def test_no_night_fails_because_of_a_report(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    summary: dict[str, Any] = {}
    with caplog.at_level(logging.WARNING):
        reporting.after_night(tmp_path / "none.duckdb", settings(tmp_path), summary)
    assert "nothing is published" in summary["reports"]["failed"][0]
    assert "could not be written" in caplog.text


def test_without_a_folder_none_is_written(db: Path) -> None:
    summary: dict[str, Any] = {}
    reporting.after_night(db, Settings(), summary)
    assert summary == {}


def test_the_settings_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    for text in ("{weekly: {weekday: 8}}", "{monthly: {day: 23}}", "{weekly: {formats: [pdf]}}",
                 "{address: callqa}"):  # fmt: skip
        file = tmp_path / "callqa.yaml"
        file.write_text(f"reports: {text}\n")
        with pytest.raises(BadSettings, match="reports"):
            load_settings(file)


def test_kinds_of_reports_have_names_of_their_own() -> None:
    assert len({report.kind for report in REPORTS}) == len(REPORTS)
