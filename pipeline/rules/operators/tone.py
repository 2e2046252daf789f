"""Somebody's voice stands out from how he usually speaks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipeline.domain import Role, Tone, ToneMark
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.base import IfMissing, Operator, means, whole_segment
from pipeline.rules.result import Lookup, Outcome, Result, hit, no, not_applicable
from pipeline.rules.scope import Speaker

MOST_NAMED = 3
SAID = (
    ("louder", "响", "分贝"),
    ("higher", "音调高", "个半音"),
    ("faster", "快", "%"),
    ("wider", "音调起伏大", "个半音"),
)


class VoiceTone(Operator):
    """Holds when turns of `role` stand out from that speaker's own usual voice in this call.

    A turn is `raised` when it is louder or higher than usual and stands out in another measure too
    (loudness, pitch, pace, movement), or is much louder or much higher; `agitated` when it is both
    louder and higher, one of them much. `least: raised` (default) takes both. The reason says by
    how much. It is a comparison of a voice with itself and no judgement: joy sounds like anger. So
    a rule that stands on it alone can cost no points; join it with what was said.

    Needs two channels and at least five turns of the speaker that are a second long: with fewer,
    `not_applicable`. `times`: at least so many turns. With `of`, only turns in which that condition
    is found are looked at. `if_missing`: what a voice call without levels or with unknown speakers
    means (default `unsure`).
    """

    EXAMPLE: ClassVar[str] = """
operator: tone
label: 客服语气比平时高
role: agent
least: raised
"""
    operator: Literal["tone"]
    role: Speaker
    least: Literal["raised", "agitated"] = "raised"
    times: Annotated[int, Field(ge=1)] = 1
    of: str | None = None
    if_missing: IfMissing = "unsure"

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return (self.of,) if self.of else ()

    @property
    def only_measures(self) -> bool:
        """Whether nothing but the sound decides; with `of` something else does too."""
        return self.of is None

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """The role's turns that stand out."""
        if call.is_chat:
            return not_applicable("文字会话没有语气")
        found = None if self.of is None else lookup(self.of)
        if found is not None and found.outcome in (Outcome.NO, Outcome.NOT_APPLICABLE):
            return found
        missing = self._missing(call)
        if missing is not None:
            return missing
        if found is not None and found.outcome is Outcome.UNSURE:
            return found
        wanted = None if found is None else {one.segment for one in found.hits}
        return self._judge(call, wanted)

    def _missing(self, call: CallContext) -> Result | None:
        """What a call means that cannot carry the check, else None."""
        if not call.can("loudness"):
            return means(self.if_missing, f"录音没有分声道的音量信息，不能确定{self.label}")
        if not call.roles_known:
            return means(self.if_missing, f"说话人未能区分，不能确定{self.label}")
        side = call.metrics.agent if self.role == "agent" else call.metrics.customer
        if side is None or side.compared is None:
            return not_applicable(f"{ROLE_NAMES[Role(self.role)]}说话太少，无法与本人平时比较")
        return None

    def _judge(self, call: CallContext, wanted: set[int] | None) -> Result:
        tones = (Tone.AGITATED,) if self.least == "agitated" else (Tone.RAISED, Tone.AGITATED)
        marks = [
            mark
            for mark in call.metrics.tones
            if mark.tone in tones
            and call.role_of(mark.segment) == self.role
            and (wanted is None or mark.segment in wanted)
        ]
        if len(marks) < self.times:
            return no(f"没有{self.label}（与本人平时相比）")
        hits = [whole_segment(call, mark.segment) for mark in marks]
        said = "；".join(
            f"{call.when(one)} {in_words(mark)}"
            for one, mark in zip(hits[:MOST_NAMED], marks, strict=False)
        )
        more = f" 等 {len(marks)} 处" if len(marks) > MOST_NAMED else ""
        return hit(f"{self.label}：{said}{more}", hits)


def in_words(mark: ToneMark) -> str:
    """By how much a turn stands out: `比本人平时响 6 分贝、音调高 3.5 个半音`."""
    parts = [
        f"{name} {value:g} {unit}".replace(" %", "%")
        for field, name, unit in SAID
        if (value := getattr(mark, field)) is not None
    ]
    return "比本人平时" + "、".join(parts)
