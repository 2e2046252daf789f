"""The local time at which a call began."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.days import local
from pipeline.rules.operators.base import Operator, whole_segment
from pipeline.rules.result import Lookup, Result, hit, no, unsure

_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DAYS = "一二三四五六日"


def _in_quotes(value: object) -> object:
    """A time of day as text; YAML reads 22:00 without quotes as the number 1320."""
    if not isinstance(value, str) or not _HOUR.fullmatch(value):
        raise ValueError(f'write the time of day in quotes with two digits each, "08:00": {value}')
    return value


Hour = Annotated[str, BeforeValidator(_in_quotes)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class Clock(Operator):
    """Holds when the call began at these local hours and on these weekdays.

    `between: ["22:00", "08:00"]` runs over midnight; the first minute belongs to it, the last one
    does not. `outside` is the opposite. `weekdays`: 1 is Monday, 7 Sunday; they are those of the
    day on which the call began. A time without a zone is the centre's own.
    """

    EXAMPLE: ClassVar[str] = """
operator: clock
label: 禁止外呼时段
between: ["22:00", "08:00"]
"""
    operator: Literal["clock"]
    between: tuple[Hour, Hour] | None = None
    outside: tuple[Hour, Hour] | None = None
    weekdays: tuple[Weekday, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.between is not None and self.outside is not None:
            raise ValueError("give between: or outside:, not both")
        hours = self.between or self.outside
        if hours is None and not self.weekdays:
            raise ValueError("give between:, outside: or weekdays:")
        if hours is not None and hours[0] == hours[1]:
            raise ValueError(f"from {hours[0]} to {hours[1]} is no time at all")
        return self

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """When the call began, against the hours and weekdays."""
        began = call.transcript.info.started_at
        if began is None:
            return unsure(f"元数据没有通话开始时间，无法判断{self.label}")
        here = local(began)
        said = f"通话开始于 {here:%Y-%m-%d %H:%M}（周{_DAYS[here.weekday()]}）"
        if not self._holds(here):
            return no(said)
        return hit(f"{self.label}：{said}", [whole_segment(call, 0)])

    def _holds(self, began: datetime) -> bool:
        if self.weekdays and began.isoweekday() not in self.weekdays:
            return False
        minute = f"{began:%H:%M}"
        if self.between is not None:
            return _within(minute, *self.between)
        return self.outside is None or not _within(minute, *self.outside)


def _within(minute: str, start: str, end: str) -> bool:
    """Whether a time of day lies in [start, end), which may run over midnight."""
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end
