"""One thing before another."""

from __future__ import annotations

from typing import ClassVar, Literal

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Operator
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit, not_applicable


class Order(Operator):
    """Holds when the condition `first` is found before the condition `then`.

    Compared are the first hit of each. Without any `then` there is no occasion to check
    (`not_applicable`).
    """

    EXAMPLE: ClassVar[str] = """
operator: order
label: 先核身后告知
first: verified
then: disclosed
"""
    operator: Literal["order"]
    first: str
    then: str

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return self.first, self.then

    def says_nothing_without(self) -> tuple[str, ...]:
        """It follows from the conditions that it refers to."""
        return ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Compare where both conditions were first found."""
        then = lookup(self.then)
        if then.outcome is Outcome.NO:
            return not_applicable(then.reason)
        if then.outcome is not Outcome.HIT or not then.hits:
            return then
        first = lookup(self.first)
        if first.outcome is not Outcome.HIT:
            return Result(
                first.outcome,
                f"{first.reason}；{then.reason}",
                then.hits[:1],
                min(first.confidence, then.confidence),
                first.doubt or then.doubt,
            )
        one, two = min(first.hits, key=_place), min(then.hits, key=_place)
        confidence = min(first.confidence, then.confidence)
        if _place(one) < _place(two):
            said = f"{self.label}：先{call.said(one)}，后{call.said(two)}"
            return hit(said, (one, two), confidence)
        reason = f"未做到{self.label}：{call.said(two)}时还没有前一步"
        return Result(Outcome.NO, reason, (two,), confidence, then.doubt)


def _place(one: Hit) -> tuple[int, int]:
    return one.place
