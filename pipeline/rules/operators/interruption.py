"""One speaks while the other still does."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Overlap, Seconds
from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Operator, speaker_doubt, whole_segment
from pipeline.rules.result import Lookup, Result, hit, no, not_applicable, unsure
from pipeline.rules.scope import Speaker
from pipeline.rules.turns import fold
from pipeline.text import BACKCHANNELS


class Interruption(Operator):
    """Holds when `by` begins to speak while the other still speaks, for `above` seconds.

    What consists of `ignore` words alone (嗯, 好的 …) or is shorter than `min_characters` is no
    interruption. `gives_way: true`: only where the other one stops for it within a second, in an
    unfinished sentence; such an overlap is short, so `above` is at most 1. Needs two channels: on a
    mono recording it is unsure.
    """

    EXAMPLE: ClassVar[str] = """
operator: interruption
label: 客服抢话
by: agent
above: 2
"""
    operator: Literal["interruption"]
    by: Speaker = "agent"
    above: Annotated[Seconds, Field(ge=0.2)] = 2.0
    min_characters: Annotated[int, Field(ge=1)] = 4
    times: Annotated[int, Field(ge=1)] = 1
    gives_way: bool = False
    ignore: tuple[str, ...] = BACKCHANNELS

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.gives_way and self.above > 1:
            raise ValueError("gives_way: true needs above: at most 1 (who gives way stops by then)")
        return self

    @cached_property
    def fillers(self) -> re.Pattern[str]:
        """Matches text that is nothing but fillers."""
        words = sorted((fold(w) for w in self.ignore), key=len, reverse=True)
        return re.compile("(?:" + "|".join(map(re.escape, words)) + ")*") if words else _NOTHING

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Overlaps that count, by role, length and content."""
        if call.is_chat:
            return not_applicable("文字会话没有抢话")
        if not call.can("overlap"):
            return unsure("录音不是双声道，无法判断抢话")
        doubt = speaker_doubt(call, "由谁抢话")
        if doubt:
            return doubt
        counted = [o for o in call.metrics.overlaps if self._counts(o, call)]
        if len(counted) < self.times:
            return no(f"没有发现{self.label}")
        hits = [whole_segment(call, o.by, (o.start, o.end)) for o in counted]
        said = "、".join(
            f"{call.when(h)} 重叠 {o.duration:.1f} 秒" for h, o in zip(hits, counted, strict=True)
        )
        return hit(f"{self.label}：{said}", hits)

    def _counts(self, overlap: Overlap, call: CallContext) -> bool:
        if overlap.duration < self.above or call.role_of(overlap.by) != self.by:
            return False
        if self.gives_way and overlap.yields != overlap.over:
            return False
        text = fold(call.segment(overlap.by).text)
        return len(text) >= self.min_characters and not self.fillers.fullmatch(text)


_NOTHING = re.compile("")
