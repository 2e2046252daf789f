"""How fast somebody speaks."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Role, Seconds
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import (
    Bounds,
    Operator,
    needs_times,
    whole_segment,
)
from pipeline.rules.result import Lookup, Outcome, Result, hit, no, not_applicable, unsure
from pipeline.rules.scope import Speaker
from pipeline.text import spoken_length

LEAST = 5  # segments without which there is no usual rate


class SpeechRate(Operator, Bounds):
    """Holds when the rate is `above` or `below` so many characters a minute.

    `measure: call` takes all speech of the role; `measure: segment` tests each segment of at least
    `min_characters` by itself. With `of`, only segments in which that condition is found count.
    `pauses: out` leaves pauses of 0.25 s and longer out (articulation rate); a call in which they
    were not measured is unsure. `relative: true` (with `measure: segment`) compares with the median
    of the same speaker's segments in this call, in percent: `above: 30` is more than 30 % faster
    than usual; fewer than five such segments are `not_applicable`.
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
    pauses: Literal["in", "out"] = "in"
    relative: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for field, given in (("of", self.of is not None), ("relative: true", self.relative)):
            if given and self.measure == "call":
                raise ValueError(f"{field}: needs measure: segment")
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
        if self.pauses == "out":
            side = call.metrics.agent if self.role == "agent" else call.metrics.customer
            rate = None if side is None else side.articulation
            if rate is None:
                return unsure(f"没有停顿信息，测不出{who}不含停顿的语速")
        said = f"{who}{self._name('平均语速')}每分钟 {rate:.0f} 字"
        return hit(f"{self.label}：{said}") if self.beyond(rate) else no(said)

    def _of_segments(self, call: CallContext, lookup: Lookup) -> Result:
        wanted: set[int] | None = None
        if self.of is not None:
            found = lookup(self.of)
            if found.outcome is not Outcome.HIT:
                return found
            wanted = {h.segment for h in found.hits}
        usual = self._usual(call)
        unfit = self._unfit(call, usual)
        if unfit is not None:
            return unfit
        hits, rates, unknown = [], [], False
        for index in range(len(call.transcript.segments)):
            role = call.role_of(index)
            if role not in (self.role, Role.UNKNOWN):
                continue
            rate = None if wanted is not None and index not in wanted else self._rate(call, index)
            value = rate if rate is None or usual is None else 100 * (rate / usual - 1)
            if value is None or not self.beyond(value):
                continue
            unknown = unknown or role is Role.UNKNOWN
            if role == self.role:
                hits.append(whole_segment(call, index))
                rates.append(value)
        if hits:
            return hit(f"{self.label}：{call.when(hits[0])} {self._said(rates)}", hits)
        if unknown:
            return unsure(f"有语速超限的语句，但说话人未能区分，不能确定{self.label}")
        return no(f"没有{self.label}")

    def _unfit(self, call: CallContext, usual: float | None) -> Result | None:
        """The result of a call in which pauses or the usual rate are not known, else None."""
        if self.pauses == "out" and not any(s.voice for s in call.transcript.segments):
            return unsure(f"没有停顿信息，不能确定{self.label}")
        if not self.relative or usual is not None:
            return None
        if not call.roles_known:
            return unsure(f"说话人未能区分，不能确定{self.label}")
        return not_applicable(f"{ROLE_NAMES[Role(self.role)]}说话太少，无法与本人平时比较")

    def _said(self, values: list[float]) -> str:
        """The value that is furthest out, in words."""
        if not self.relative:
            return f"{self._name('')}每分钟 {max(values):.0f} 字"
        most = max(values, key=abs)
        return f"{self._name('')}比本人平时{'快' if most >= 0 else '慢'} {abs(most):.0f}%"

    def _name(self, rate: str) -> str:
        return f"{rate}（不含停顿）" if self.pauses == "out" else rate

    def _usual(self, call: CallContext) -> float | None:
        """The median rate of the role's segments; None where it is not wanted or too few are."""
        if not self.relative:
            return None
        own = [
            rate
            for index in range(len(call.transcript.segments))
            if call.role_of(index) == self.role and (rate := self._rate(call, index)) is not None
        ]
        return median(own) if len(own) >= LEAST else None

    def _rate(self, call: CallContext, index: int) -> float | None:
        segment = call.segment(index)
        characters = _spoken(call)[index]
        if segment.start is None or segment.end is None or characters < self.min_characters:
            return None
        seconds: Seconds | None = segment.end - segment.start
        if self.pauses == "out":
            seconds = segment.voice.speech if segment.voice else None
        return characters * 60 / seconds if seconds else None


def _spoken(call: CallContext) -> Sequence[int]:
    """How many characters are spoken in every segment, counted once a call."""
    known: Sequence[int] | None = call.memo.get("spoken")
    if known is None:
        known = call.memo["spoken"] = [spoken_length(s.text) for s in call.transcript.segments]
    return known
