"""A process with steps: all of them, in their order."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Operator
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit


class Flow(Operator):
    """Holds when the conditions `steps` are found one after the other.

    Of every step the first hit behind the step before counts. A step of `optional` may be left out;
    `within`: at most so many turns of the call between one step and the next. The reason names the
    first step that is missing, out of order or too late. For two steps see `order`.
    """

    EXAMPLE: ClassVar[str] = """
operator: flow
label: 外呼流程
steps: [greeting, identity, purpose, closing]
optional: [identity]
"""
    operator: Literal["flow"]
    steps: Annotated[tuple[str, ...], Field(min_length=2)]
    optional: tuple[str, ...] = ()
    within: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _known_steps(self) -> Self:
        twin = next((s for k, s in enumerate(self.steps) if s in self.steps[:k]), None)
        if twin is not None:
            raise ValueError(f"step {twin!r} stands twice")
        unknown = next((step for step in self.optional if step not in self.steps), None)
        if unknown is not None:
            raise ValueError(f"optional step {unknown!r} is none of: {', '.join(self.steps)}")
        return self

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return self.steps

    def says_nothing_without(self) -> tuple[str, ...]:
        """It follows from the conditions that it refers to."""
        return ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Walk through the steps."""
        done: list[tuple[str, Hit]] = []
        results = {step: lookup(step) for step in self.steps}
        confidence = min(r.confidence for r in results.values())
        for step in self.steps:
            found = results[step]
            seen = found.hits if found.outcome is Outcome.HIT else ()
            place = next((h for h in _in_order(seen) if _behind(h, done)), None)
            if place is not None:
                done.append((step, place))
            elif step not in self.optional:
                hits = tuple(h for _, h in done)
                if found.outcome in (Outcome.UNSURE, Outcome.NOT_APPLICABLE):
                    return Result(found.outcome, found.says, hits, 0.5)
                early = seen[:1]
                said = f"{call.said(early[0])}早于前一步" if early else found.reason
                reason = f"{self.label}第 {self.steps.index(step) + 1} 步不合要求：{said}"
                doubt = next((r.doubt for r in results.values() if r.doubt), "")
                return Result(Outcome.NO, reason, (*hits, *early), confidence, doubt)
        return self._in_time(call, done, confidence)

    def _in_time(self, call: CallContext, done: list[tuple[str, Hit]], confidence: float) -> Result:
        hits = [h for _, h in done]
        for one, other in pairwise(hits):
            apart = call.turn_of[other.segment] - call.turn_of[one.segment]
            if self.within is not None and apart > self.within:
                reason = f"{self.label}：{call.said(other)}与前一步相隔 {apart} 轮"
                return Result(Outcome.NO, reason, (one, other), confidence)
        said = "，".join(call.said(h) for h in hits[:4])
        more = f"等 {len(hits)} 步" if len(hits) > 4 else ""
        return hit(f"{self.label}：依次{said}{more}", hits, confidence)


def _in_order(hits: tuple[Hit, ...]) -> list[Hit]:
    return sorted(hits, key=lambda h: h.place)


def _behind(one: Hit, done: list[tuple[str, Hit]]) -> bool:
    return not done or done[-1][1].place < one.place
