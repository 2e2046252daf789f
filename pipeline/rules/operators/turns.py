"""How often somebody takes the floor."""

from __future__ import annotations

from typing import ClassVar, Literal

from pipeline.domain import Role
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import Bounds, Operator, speaker_doubt
from pipeline.rules.result import Lookup, Result, hit, no
from pipeline.rules.scope import Speaker


class TurnCount(Operator, Bounds):
    """Holds when there are more turns than `above` or fewer than `below`, of a role or of both."""

    EXAMPLE: ClassVar[str] = """
operator: turns
label: 有实际交谈
role: customer
above: 1
"""
    operator: Literal["turns"]
    role: Speaker | None = None

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Number of turns against the bounds."""
        doubt = speaker_doubt(call, "各说了几轮") if self.role else None
        if doubt:
            return doubt
        count = sum(1 for t in call.turns if self.role is None or t.role == self.role)
        who = ROLE_NAMES[Role(self.role)] if self.role else "双方"
        said = f"{who}共 {count} 轮"
        return hit(f"{self.label}：{said}") if self.beyond(count) else no(said)
