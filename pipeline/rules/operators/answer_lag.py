"""From the beginning of the recording to the first word."""

from __future__ import annotations

from typing import ClassVar, Literal

from pipeline.domain import Role, Seconds
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import Bounds, Operator, needs_times, whole_segment
from pipeline.rules.result import Lookup, Result, hit, no, unsure
from pipeline.rules.scope import Speaker
from pipeline.text import spoken_length

First = tuple[Seconds, int]  # when a segment begins, and its index


class AnswerLag(Operator, Bounds):
    """Holds when the first word comes more than `above` or less than `below` s after the pick-up.

    The pick-up is the beginning of the recording: where ringing or an announcement is recorded too,
    the bound must allow for it. `first_role`: whose first word (left out: anybody's). Somebody else
    may speak before: an agent who begins 8 s after the pick-up is 8 s late even if the customer
    said 喂 in between (who opened the call is what `role_at` tells), and the reason says so. A side
    that is never heard is left to a person.
    """

    EXAMPLE: ClassVar[str] = """
operator: answer_lag
label: 接通后迟迟不应答
first_role: agent
above: 5
"""
    operator: Literal["answer_lag"]
    first_role: Speaker | None = None

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Time between the beginning and the first word, against the bounds."""
        missing = needs_times(call, "应答时间")
        if missing:
            return missing
        starts = [
            (segment.start, index)
            for index, segment in enumerate(call.transcript.segments)
            if segment.start is not None and spoken_length(segment.text)
        ]
        if not starts:
            return unsure("没有识别到讲话，无法确定应答时间")
        anybody = min(starts)
        if self.first_role is None:
            return self._judge(call, anybody, "通话中第一个人")
        who = ROLE_NAMES[Role(self.first_role)]
        own = min((s for s in starts if call.role_of(s[1]) == self.first_role), default=None)
        if not call.roles_known:
            return self._unknown(call, anybody, who)
        if own is None:
            return unsure(f"没有识别到{who}讲话，无法确定应答时间")
        before = f"（{ROLE_NAMES[call.role_of(anybody[1])]}先在 {anybody[0]:.1f} 秒开口）"
        return self._judge(call, own, who, before if own != anybody else "")

    def _judge(self, call: CallContext, first: First, who: str, before: str = "") -> Result:
        """The answer where the first word that counts is known; the wait is what to listen to."""
        said = f"{who}在录音开始 {first[0]:.1f} 秒后开口{before}"
        if not self.beyond(first[0]):
            return no(said)
        return hit(f"{self.label}：{said}", [whole_segment(call, first[1], (0.0, first[0]))])

    def _unknown(self, call: CallContext, anybody: First, who: str) -> Result:
        """Speakers are not told apart: whose word it is matters only if somebody was quick."""
        if self.above is not None and anybody[0] > self.above:
            return self._judge(call, anybody, "通话中第一个人")
        return unsure(f"说话人未能区分，无法确定{who}何时开口")
