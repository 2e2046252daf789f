"""Who speaks at a place."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Role
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import Operator, whole_segment
from pipeline.rules.result import Lookup, Result, hit, no, not_applicable, unsure
from pipeline.rules.scope import Speaker


class RoleAt(Operator):
    """Holds when the `turn`th turn of the call (1 the first, -1 the last) is the role's."""

    EXAMPLE: ClassVar[str] = """
operator: role_at
label: 客服先开口
turn: 1
role: agent
"""
    operator: Literal["role_at"]
    turn: Annotated[int, Field()]
    role: Speaker

    @model_validator(mode="after")
    def _counts_from_one(self) -> Self:
        if self.turn == 0:
            raise ValueError("turns count from 1 (or from -1 backwards); 0 is none")
        return self

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Who has the turn."""
        position = self.turn - 1 if self.turn > 0 else self.turn
        if not -len(call.turns) <= position < len(call.turns):
            return not_applicable(f"通话没有第 {self.turn} 轮")
        turn = call.turns[position]
        if turn.role is Role.UNKNOWN:
            return unsure("说话人未能区分，无法确定由谁说话")
        said = f"第 {self.turn} 轮由{ROLE_NAMES[turn.role]}说话"
        if turn.role is not Role(self.role):
            return no(said)
        return hit(f"{self.label}：{said}", [whole_segment(call, turn.first_segment)])
