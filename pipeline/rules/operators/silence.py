"""Nobody speaks."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipeline.domain import Role, Seconds, Silence
from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Operator, needs_times, whole_segment
from pipeline.rules.patterns import Pattern, any_of
from pipeline.rules.result import Lookup, Result, hit, no, unsure
from pipeline.rules.scope import Speaker
from pipeline.rules.turns import fold


class LongSilence(Operator):
    """Holds when a silence lasts longer than `above` seconds, at least `times` times.

    `after_role` / `before_role`: who spoke before it, who speaks behind it (the one who was
    awaited). `left_by`: whose turn it was, by what was said around it: after a question or a
    request the other side, after an announced wait the one who announced it (docs/voice.md has the
    rules); where that cannot be told it is unsure. It is excused when one of `unless_said` was said
    by either side in the last `within` segments before it, or one of the patterns `unless_agent` by
    the agent or `unless_customer` by the customer (帮我查一下 is a request, 我帮您查一下 announces
    a wait); who is unknown may be either. Silence before the first and behind the last word is left
    out unless `edges` is true.
    """

    EXAMPLE: ClassVar[str] = """
operator: silence
label: 长时间静音
above: 15
before_role: agent
unless_said: [请稍等, 稍等一下]
"""
    operator: Literal["silence"]
    above: Annotated[Seconds, Field(ge=1)]
    times: Annotated[int, Field(ge=1)] = 1
    after_role: Speaker | None = None
    before_role: Speaker | None = None
    left_by: Speaker | None = None
    unless_said: tuple[str, ...] = ()
    unless_agent: tuple[Pattern, ...] = ()
    unless_customer: tuple[Pattern, ...] = ()
    within: Annotated[int, Field(ge=1)] = 2
    edges: bool = False

    @cached_property
    def excuses(self) -> tuple[str, ...]:
        """Folded phrases that announce the silence."""
        return tuple(fold(phrase) for phrase in self.unless_said)

    @cached_property
    def patterns(self) -> tuple[tuple[Role, re.Pattern[str]], ...]:
        """What announces the silence when one side says it."""
        given = ((Role.AGENT, self.unless_agent), (Role.CUSTOMER, self.unless_customer))
        return tuple((role, any_of(ways)) for role, ways in given if ways)

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Silences that are too long, not announced, and left by the right side."""
        missing = needs_times(call, "静音")
        if missing:
            return missing
        long = [s for s in call.metrics.silences if s.duration > self.above]
        if not self.edges:
            last = len(call.transcript.segments) - 1
            long = [s for s in long if s.after is not None and self._next(s) <= last]
        excused = [s for s in long if self._excused(s, call)]
        left = [s for s in long if s not in excused]
        fits = [(s, self._fits(s, call)) for s in left]
        sure = [s for s, fit in fits if fit]
        if len(sure) >= self.times:
            return self._hit(sure, call)
        if len([s for s, fit in fits if fit is not False]) >= self.times:
            whose = "说话人未能区分" if not call.roles_known else "听不出当时轮到谁说话"
            return unsure(f"有超过 {self.above:g} 秒的静音，但{whose}，不能确定由谁造成")
        longest = max((s.duration for s in call.metrics.silences), default=0.0)
        note = f"，其中 {len(excused)} 处事先已告知等待" if excused else ""
        return no(f"没有应计的超过 {self.above:g} 秒的静音（最长 {longest:.0f} 秒{note}）")

    def _hit(self, silences: list[Silence], call: CallContext) -> Result:
        hits = [whole_segment(call, s.after or 0, (s.start, s.end)) for s in silences]
        said = "、".join(
            f"{call.when(h)} 起 {s.duration:.0f} 秒" for h, s in zip(hits, silences, strict=True)
        )
        return hit(f"{self.label}：{said}", hits)

    @staticmethod
    def _next(silence: Silence) -> int:
        return 0 if silence.after is None else silence.after + 1

    def _excused(self, silence: Silence, call: CallContext) -> bool:
        """Whether the wait was announced in the last segments before it."""
        if silence.after is None:
            return False
        last = range(max(silence.after + 1 - self.within, 0), silence.after + 1)
        said = fold("".join(call.segment(i).text for i in last))
        if any(phrase in said for phrase in self.excuses):
            return True
        for role, pattern in self.patterns:
            own = (call.segment(i).text for i in last if call.role_of(i) in (role, Role.UNKNOWN))
            if any(pattern.search(fold(text)) for text in own):
                return True
        return False

    def _fits(self, silence: Silence, call: CallContext) -> bool | None:
        """Whether the right people speak before and behind it; None when that is unknown."""
        behind = self._next(silence)
        if behind >= len(call.transcript.segments) and self.before_role:
            return False
        pairs = ((self.after_role, silence.after), (self.before_role, behind))
        actual = [(w, call.role_of(i)) for w, i in pairs if w is not None and i is not None]
        if any(role is not Role.UNKNOWN and role is not Role(wanted) for wanted, role in actual):
            return False
        if self.left_by is not None and silence.left_by not in (Role.UNKNOWN, Role(self.left_by)):
            return False
        unknown = self.left_by is not None and silence.left_by is Role.UNKNOWN
        return None if unknown or any(role is Role.UNKNOWN for _, role in actual) else True
