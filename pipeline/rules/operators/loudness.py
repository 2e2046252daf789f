"""How loud somebody speaks."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Role, Seconds
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import (
    Bounds,
    IfMissing,
    Operator,
    means,
    whole_segment,
)
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit, no, not_applicable
from pipeline.rules.scope import Speaker
from pipeline.text import spoken_length

Level = tuple[int, float]  # a segment, and its level or what it differs by
LEAST = {"level": 3, "jump": 2, "range": 2}  # segments without which nothing can be compared
MOST_NAMED = 3


class Loudness(Operator, Bounds):
    """Holds when `role` speaks louder than `above` or more softly than `below` decibels.

    `measure: level` (default): a segment against the median of the same speaker in this call;
    `above: 10` is more than 10 dB louder than usual, `below: -10` more than 10 dB softer. With
    `relative: false` against digital full scale instead (`above: -12` dBFS): that says more of the
    line than of the voice. `measure: jump`: a segment against the one before of the same speaker.
    `measure: range`: the loudest segment of the call against the softest one (highest less lowest).

    Only segments of at least `min_seconds` and `min_characters` are measured. A speaker with fewer
    than three of them (two for jump and range) cannot be compared with himself:
    `not_applicable`. With `of`, only segments in which that condition is found are looked at.
    `if_missing`: what a voice call without levels or with unknown speakers means (default
    `unsure`); a rule that is a mere hint says `not_applicable`.

    Alibaba's 能量检测 counts in levels of 10 dB: 1 level between neighbours is `jump` `above: 10`,
    a span of 3 is `range` `above: 30`.
    """

    EXAMPLE: ClassVar[str] = """
operator: loudness
label: 客服音量突然升高
role: agent
measure: jump
above: 10
"""
    operator: Literal["loudness"]
    role: Speaker
    measure: Literal["level", "jump", "range"] = "level"
    relative: bool = True
    min_seconds: Annotated[Seconds, Field(ge=0)] = 1.0
    min_characters: Annotated[int, Field(ge=1)] = 4
    of: str | None = None
    if_missing: IfMissing = "unsure"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.of is not None and self.measure == "range":
            raise ValueError("of: needs measure: level or jump")
        if not self.relative and self.measure != "level":
            raise ValueError("relative: false needs measure: level")
        return self

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return (self.of,) if self.of else ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Levels of the role's segments against the bounds."""
        if call.is_chat:
            return not_applicable("文字会话没有音量")
        found = None if self.of is None else lookup(self.of)
        unfit = self._unfit(call, found)
        if unfit is not None:
            return unfit
        levels = self._levels(call)
        if len(levels) < (LEAST[self.measure] if self.relative else 1):
            return not_applicable(f"{ROLE_NAMES[Role(self.role)]}说话太少，无法比较音量")
        if self.measure == "range":
            return self._range(call, levels)
        values = self._values(levels)
        if found is not None:
            wanted = {h.segment for h in found.hits}
            values = [(index, value) for index, value in values if index in wanted]
        return self._segments(call, values)

    def _unfit(self, call: CallContext, found: Result | None) -> Result | None:
        """The result of a call in which nothing can be, or need be, measured; else None."""
        outcome = Outcome.HIT if found is None else found.outcome
        if outcome in (Outcome.NO, Outcome.NOT_APPLICABLE):
            return found  # nothing to look at, whatever the recording can carry
        return self._missing(call) or (found if outcome is Outcome.UNSURE else None)

    def _missing(self, call: CallContext) -> Result | None:
        """What a recording means that cannot carry the check, else None."""
        if not call.can("loudness"):
            reason = f"录音没有音量信息，不能确定{self.label}"
        elif not call.roles_known:
            reason = f"说话人未能区分，不能确定{self.label}"
        else:
            return None
        return means(self.if_missing, reason)

    def _levels(self, call: CallContext) -> list[Level]:
        """The role's segments that are long enough, with their levels in dBFS, in order."""
        levels = []
        for index, segment in enumerate(call.transcript.segments):
            if segment.level is None or call.role_of(index) != self.role:
                continue
            timed = segment.start is not None and segment.end is not None
            seconds = (segment.end or 0.0) - (segment.start or 0.0) if timed else self.min_seconds
            if seconds >= self.min_seconds and spoken_length(segment.text) >= self.min_characters:
                levels.append((index, segment.level))
        return levels

    def _values(self, levels: list[Level]) -> list[Level]:
        """What is compared with the bounds; rounded, as 8.000000000000004 is not above 8."""
        if self.measure == "jump":
            return [(i, round(level - before, 2)) for (_, before), (i, level) in pairwise(levels)]
        usual = median(level for _, level in levels) if self.relative else 0.0
        return [(index, round(level - usual, 2)) for index, level in levels]

    def _segments(self, call: CallContext, values: list[Level]) -> Result:
        if not values:
            return no(f"要检查的语句太短，没有{self.label}")
        beyond = [(index, value) for index, value in values if self.beyond(value)]
        if not beyond:
            most = max if self.above is not None else min
            nearest = most(values, key=lambda item: item[1])
            return no(f"没有{self.label}（{self._said(call, nearest)}）")
        said = "、".join(self._said(call, value) for value in beyond[:MOST_NAMED])
        more = f"等 {len(beyond)} 处" if len(beyond) > MOST_NAMED else ""
        return hit(f"{self.label}：{said}{more}", [whole_segment(call, i) for i, _ in beyond])

    def _said(self, call: CallContext, value: Level) -> str:
        """One value in words: `01:12 比前一句高 9.5 分贝`."""
        index, decibels = value
        when = call.when(whole_segment(call, index))
        if not self.relative:
            return f"{when} 音量 {decibels:.1f} dBFS"
        than = "前一句" if self.measure == "jump" else "本人平时"
        return f"{when} 比{than}{'高' if decibels >= 0 else '低'} {abs(decibels):.1f} 分贝"

    def _range(self, call: CallContext, levels: list[Level]) -> Result:
        softest = min(levels, key=lambda item: item[1])
        loudest = max(levels, key=lambda item: item[1])
        hits: list[Hit] = [whole_segment(call, index) for index, _ in (softest, loudest)]
        places = "最轻 {}，最响 {}".format(*(call.when(one) for one in hits))
        span = round(loudest[1] - softest[1], 2)
        who = ROLE_NAMES[Role(self.role)]
        said = f"{who}全程音量相差 {span:.1f} 分贝（{places}）"
        return hit(f"{self.label}：{said}", hits) if self.beyond(span) else no(said)
