"""From the last word to the end of the recording."""

from __future__ import annotations

from typing import ClassVar, Literal

from pipeline.domain import Role
from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import (
    Bounds,
    Operator,
    needs_times,
    whole_segment,
)
from pipeline.rules.result import Lookup, Result, hit, no, unsure
from pipeline.rules.scope import Speaker


class HangupLag(Operator, Bounds):
    """Holds when the line is open for more than `above` or less than `below` s after the last word.

    `last_role`: only when this side spoke last.
    """

    EXAMPLE: ClassVar[str] = """
operator: hangup_lag
label: 通话结束后未挂机
above: 10
"""
    operator: Literal["hangup_lag"]
    last_role: Speaker | None = None

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Time between the last word and the end, against the bounds."""
        missing = needs_times(call, "挂机时间")
        if missing:
            return missing
        lag = call.metrics.hangup_lag
        if lag is None:
            return unsure("录音总时长未知，无法检查挂机时间")
        said = f"最后一句话之后 {lag:.1f} 秒录音结束"
        last = len(call.transcript.segments) - 1
        if not self.beyond(lag):
            return no(said)
        if self.last_role is not None and call.role_of(last) != self.last_role:
            if call.role_of(last) is Role.UNKNOWN:
                return unsure(f"{said}，但不能确定最后由谁说话")
            return no(said)
        return hit(f"{self.label}：{said}", [whole_segment(call, last)])
