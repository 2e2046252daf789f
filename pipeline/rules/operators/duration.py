"""How long the call is."""

from __future__ import annotations

from typing import ClassVar, Literal

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Bounds, Operator
from pipeline.rules.result import Lookup, Result, hit, no, not_applicable, unsure


class Duration(Operator, Bounds):
    """Holds when the call lasts longer than `above` or shorter than `below` seconds."""

    EXAMPLE: ClassVar[str] = """
operator: duration
label: 通话过短
below: 10
"""
    operator: Literal["duration"]

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Measured length against the bounds."""
        if call.is_chat:
            return not_applicable("文字会话没有通话时长")
        seconds = call.metrics.duration
        if seconds is None:
            return unsure("通话时长未知")
        said = f"通话时长 {seconds:.0f} 秒"
        return hit(f"{self.label}：{said}") if self.beyond(seconds) else no(said)
