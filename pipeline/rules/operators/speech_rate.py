"""How fast somebody speaks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Role
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import (
    Bounds,
    Operator,
    needs_times,
    whole_segment,
)
from pipeline.rules.result import Lookup, Outcome, Result, hit, no, unsure
from pipeline.rules.scope import Speaker
from pipeline.text import spoken_length


class SpeechRate(Operator, Bounds):
    """Holds when the rate is `above` or `below` so many characters a minute.

    `measure: call` takes all speech of the role; `measure: segment` tests each segment of at least
    `min_characters` by itself. With `of`, only segments in which that condition is found count.
    """

    EXAMPLE: ClassVar[str] = """
operator: speech_rate
label: 语速过快
role: agent
above: 400
measure: call
"""
    operator: Literal["speech_rate"]
    role: Speaker
    measure: Literal["call", "segment"] = "call"
    min_characters: Annotated[int, Field(ge=1)] = 10
    of: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.of is not None and self.measure == "call":
            raise ValueError("of: needs measure: segment")
        return self

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return (self.of,) if self.of else ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Rate of the call or of its segments against the bounds."""
        missing = needs_times(call, "语速")
        if missing:
            return missing
        return self._of_call(call) if self.measure == "call" else self._of_segments(call, lookup)

    def _of_call(self, call: CallContext) -> Result:
        who = ROLE_NAMES[Role(self.role)]
        rate = call.metrics.agent_rate if self.role == "agent" else call.metrics.customer_rate
        if rate is None:
            return unsure(f"{who}说话太少或说话人未能区分，测不出语速")
        said = f"{who}平均语速每分钟 {rate:.0f} 字"
        return hit(f"{self.label}：{said}") if self.beyond(rate) else no(said)

    def _of_segments(self, call: CallContext, lookup: Lookup) -> Result:
        wanted: set[int] | None = None
        if self.of is not None:
            found = lookup(self.of)
            if found.outcome is not Outcome.HIT:
                return found
            wanted = {h.segment for h in found.hits}
        hits, rates, unknown = [], [], False
        for index in range(len(call.transcript.segments)):
            if wanted is not None and index not in wanted:
                continue
            rate = self._rate(call, index)
            if rate is None or not self.beyond(rate):
                continue
            role = call.role_of(index)
            unknown = unknown or role is Role.UNKNOWN
            if role == self.role:
                hits.append(whole_segment(call, index))
                rates.append(rate)
        if hits:
            return hit(f"{self.label}：{call.when(hits[0])} 每分钟 {max(rates):.0f} 字", hits)
        if unknown:
            return unsure(f"有语速超限的语句，但说话人未能区分，不能确定{self.label}")
        return no(f"没有{self.label}")

    def _rate(self, call: CallContext, index: int) -> float | None:
        segment = call.segment(index)
        characters = spoken_length(segment.text)
        if segment.start is None or segment.end is None or characters < self.min_characters:
            return None
        seconds = segment.end - segment.start
        return characters * 60 / seconds if seconds > 0 else None
