"""A clear answer to what the other side asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import Role
from pipeline.rules.context import CLEAR_ENOUGH, ROLE_NAMES, CallContext
from pipeline.rules.operators.base import Operator, joined, listen_again
from pipeline.rules.patterns import Pattern, any_of
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit, unsure
from pipeline.rules.scope import Anchor, Scope, Speaker, Window, windows
from pipeline.rules.turns import Turn

_KNOW = (
    "知道|清[楚除]|明白|了解|理解|同[意义]|接[受收]|确认|确定|认可|愿意|承担|懂|记住"
    "|看过|看了|读过|阅读"
)
YES: tuple[Pattern, ...] = (
    rf"(?<![不没未])(?<!没有)(?:{_KNOW})",
    r"^(?:嗯|啊|哦|那|我)*(?:是|对|好|行|有|可以|愿意|能|会|做过|办|要|成|中|没问题|没有问题|当然|必须)(?:的|了|啊|呀|吧|呢|是|对|好|行|可以|没错)*(?:我|本人|$)",
    r"是(?:我)?(?:本人|自愿|自己)|没(?:有)?(?:问题|异议|意见|疑问)|^(?:对对|是是|好好|行行)",
)
NO: tuple[Pattern, ...] = (
    rf"(?:不|没有?|未)(?:想|能|会|要)?(?:{_KNOW})",
    r"^(?:嗯|啊|哦|那|我|都|这个)*(?:不是|不对|没有|没|不行|不用|不可以|不要|不买|不办|不能|不会|不需要|不)(?:的|了|啊|呀|过|吧|呢|我|$)",
)
UNCLEAR: tuple[Pattern, ...] = (
    r"不太|不怎么|不大|可能|也许|大概|好像|似乎|差不多|应该(?:是)?(?:吧|可以|行)?|再(?:说|想|看|考虑)"
    r"|考虑|想想|想一想|随便|看看|问问|商量|不好说|不一定|说不准|无所谓|你说了算|看情况|算是吧|就那样",
    r"^[嗯啊哦噢喔唔呃哼哈额]+$",
)
_HUM = re.compile(UNCLEAR[1])


class Answer(Operator):
    """Holds when each hit of the condition `to` is answered clearly by `role`.

    The answer must come within the next `within` turns of `role`. A clause that holds an `unclear`
    pattern (我再想想, 嗯), or that asks back, is no answer. `accept`: `any` clear answer, or only
    `agreed` or `denied`. Words that are neither are left to a person (`unsure`); silence,
    evasion and a mere hum are not an answer. Without any hit of `to` there is nothing to answer
    (`not_applicable`).
    """

    EXAMPLE: ClassVar[str] = """
operator: answer
label: 客户明确答复
to: key_question
role: customer
within: 2
"""
    operator: Literal["answer"]
    to: str
    role: Speaker
    within: Annotated[int, Field(ge=1)] = 2
    accept: Literal["any", "agreed", "denied"] = "any"
    agreed: Annotated[tuple[Pattern, ...], Field(min_length=1)] = YES
    denied: Annotated[tuple[Pattern, ...], Field(min_length=1)] = NO
    unclear: tuple[Pattern, ...] = UNCLEAR

    @model_validator(mode="after")
    def _compile_now(self) -> Self:
        _ = self.kinds
        return self

    @cached_property
    def kinds(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """What a clause can be; the first that fits counts."""
        given = (("unclear", self.unclear), ("denied", self.denied), ("agreed", self.agreed))
        return tuple((kind, any_of(ways)) for kind, ways in given if ways)

    def refers_to(self) -> tuple[str, ...]:
        """The condition that asks."""
        return (self.to,)

    def says_nothing_without(self) -> tuple[str, ...]:
        """It follows from the conditions that it refers to."""
        return ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Look at what was said after every question; all of them must be answered."""
        anchor = Anchor(condition=self.to, where="after", hit="every", within=self.within)
        places = windows(Scope(anchor=anchor), self.role, call, lookup)
        if isinstance(places, Result):
            return places
        return joined([self._after(call, place) for place in places], every=True)

    def _after(self, call: CallContext, window: Window) -> Result:
        """Whether one question was answered."""
        assert window.anchor is not None  # for mypy: there is an anchor
        who, asked = ROLE_NAMES[Role(self.role)], call.said(window.anchor)
        replies = [reply for turn in window.turns for reply in self._replies(call, turn)]
        for kind, one in replies:
            if kind == self.accept or (self.accept == "any" and kind in ("agreed", "denied")):
                return hit(f"{self.label}：{call.said(one)}", [one], call.confidence_of(one))
        if window.maybe:
            return unsure(f"说话人未能区分，不能确定{who}对{asked}是否明确答复", [window.anchor])
        evaded = [one for kind, one in replies if kind in ("unclear", "agreed", "denied")]
        if all(kind == "hum" for kind, _ in replies):
            evaded = [one for _, one in replies]
        if replies and not evaded:
            return unsure(f"{asked}之后，不能确定{who}是否明确答复", [replies[0][1]])
        reason = f"{asked}之后没有{who}的答复"
        if evaded:
            reason = f"{asked}之后，{call.said(evaded[0])}，{self._wrong(replies)}"
        clarity = call.clarity(window.turns)
        doubt = listen_again(clarity, CLEAR_ENOUGH, "答复处")
        hits = (window.anchor, *evaded[:1])
        return Result(Outcome.NO, f"{reason}，缺少{self.label}", hits, clarity, doubt)

    def _wrong(self, replies: list[tuple[str, Hit]]) -> str:
        if any(kind in ("agreed", "denied") for kind, _ in replies):
            return "答复不是所要求的"
        return "答复含糊"

    def _replies(self, call: CallContext, turn: Turn) -> Iterator[tuple[str, Hit]]:
        """Every clause of a turn: agreed, denied, unclear, a mere hum, or other words."""
        for start, end in turn.pieces("clause"):
            text = turn.text[start:end]
            kind = next((k for k, ways in self.kinds if ways.search(text)), "other")
            asks = end in turn.questions or (end == len(turn.text) and text[-1] in "吗么")
            if kind == "unclear" and _HUM.fullmatch(text):
                kind = "hum"
            yield "other" if asks else kind, call.hit_in(turn, start, end)
