"""Which days a day is compared with, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.domain import Drift, DriftKind

Key = tuple[DriftKind, str]

ALPHA = 0.01  # of a false alarm per day and kind of figure, after correction
DAYS = 28  # days before that a share is compared with
WEEKS = 8  # weeks before that a number of calls is compared with


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the day. `far`: far enough from usual to matter; `still`: not back yet."""

    drift: Drift
    far: bool
    still: bool

    @property
    def alarming(self) -> bool:
        """Whether it is both large and no chance."""
        return self.far and self.drift.chance < ALPHA

    def of(self, alarm: Drift) -> Drift:
        """Its figures, under the day on which the alarm began."""
        return replace(self.drift, day=alarm.day, since=alarm.since)

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.drift.kind, self.drift.subject


@dataclass(frozen=True, slots=True)
class Since:
    """Since when alarms are going on."""

    going: Mapping[Key, date]

    def of(self, drift: Drift) -> date:
        """The first day that is not a usual one any more: of the alarm, or the day itself."""
        return self.going.get((drift.kind, drift.subject), drift.day)


def recent(first: date) -> list[date]:
    """The usual days: the `DAYS` before this one, on which something may have begun."""
    return [first - timedelta(days=n) for n in range(1, DAYS + 1)]


def alike(one: date, other: date) -> bool:
    """Whether both are days of the working week, or both of a week-end."""
    return (one.weekday() >= 5) == (other.weekday() >= 5)
