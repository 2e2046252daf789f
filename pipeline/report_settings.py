"""Settings of reports that are written by themselves at the end of a night."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeeklySettings(_Part):
    """The briefing of the week before, from this day of the week on (1 is Monday)."""

    enabled: bool = True
    weekday: int = Field(1, ge=1, le=7)
    formats: tuple[Literal["docx", "pptx", "html", "md"], ...] = ("docx", "pptx")


class MonthlySettings(_Part):
    """The monthly report, from this day of the month on, the first after its period.

    `begins`: the day on which a month begins; 21: from the 21st of the month before to the 20th.
    """

    enabled: bool = True
    day: int = Field(22, ge=1, le=22)
    begins: int = Field(1, ge=1, le=28)
    formats: tuple[Literal["docx", "xlsx", "html"], ...] = ("docx", "xlsx")


class ReportSettings(_Part):
    """Where reports are written; none are while `folder` is null.

    `teams`: of each of these a report too, besides the one of all (`everybody`).
    """

    folder: Path | None = None
    everybody: bool = True
    teams: tuple[str, ...] = ()
    weekly: WeeklySettings = WeeklySettings()
    monthly: MonthlySettings = MonthlySettings()

    @field_validator("folder")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    @property
    def readers(self) -> tuple[str | None, ...]:
        """Of whom there are reports: None of all teams, then each team."""
        return (*((None,) if self.everybody else ()), *self.teams)
