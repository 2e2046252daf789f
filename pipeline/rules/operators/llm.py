"""A question to a language model of the user's own network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from pipeline.domain import Role, Segment
from pipeline.rules.context import CLEAR_ENOUGH, HEARD_ENOUGH, ROLE_NAMES, CallContext
from pipeline.rules.judge import Judge, JudgeReply, JudgeRequest
from pipeline.rules.operators.base import WHOLE_CALL, Operator, joined, listen_again
from pipeline.rules.result import Hit, Lookup, Result, hit, no, not_applicable, unsure
from pipeline.rules.scope import Scope, Speaker, Window, windows
from pipeline.rules.turns import Turn, fold, read_turns

# A model is never as sure as a phrase that is written there.
SUREST = 0.8
_SPEAKER = re.compile(rf"^\W*(?:{'|'.join(ROLE_NAMES.values())})\s*[:：]")
_PARTS = re.compile(r"\n|…+|\.{3,}")

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Llm(Operator):
    """Asks a language model; holds when it says so and the words it quotes stand in the call.

    `question`: what is asked, in Chinese, so that yes is a hit. `include`: what counts as a hit,
    `exclude`: what does not. `role` and `scope`: only these turns are sent, always masked.
    `max_characters`: at most so many of them; when the rest may matter the answer is unsure.

    Without a server (settings: `llm.url`) it does not apply. No answer, a bad answer, or a quote
    that is not there is unsure. Every question takes seconds: put a cheap condition before it, as
    `when:` of the rule or as its anchor, and it is asked only where that one hits.
    """

    EXAMPLE: ClassVar[str] = """
operator: llm
label: 推诿客户诉求
role: agent
question: 客服是否推诿客户的诉求，不给解决办法也不登记？
include: [让客户自己想办法, 只说不归我管而不转接或登记]
exclude: [说明原因后转接或登记工单]
"""
    operator: Literal["llm"]
    question: Sentence
    include: Annotated[tuple[Sentence, ...], Field(max_length=20)] = ()
    exclude: Annotated[tuple[Sentence, ...], Field(max_length=20)] = ()
    role: Speaker | None = None
    scope: Scope = WHOLE_CALL
    max_characters: Annotated[int, Field(ge=100, le=100_000)] = 12_000

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return (self.scope.anchor.condition,) if self.scope.anchor else ()

    @property
    def costs(self) -> bool:
        """Every question takes seconds."""
        return True

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Ask once about all windows of the scope, or about each if every one must hold."""
        judge = call.advisers.judge
        if judge is None:
            return not_applicable(f"大模型未启用，未检查{self.label}")
        places = windows(self.scope, self.role, call, lookup)
        if isinstance(places, Result):
            return places
        every = self.scope.every
        asked = places if every else [_together(places)]
        return joined([self._about(call, judge, window) for window in asked], every=every)

    def _about(self, call: CallContext, judge: Judge, window: Window) -> Result:
        passage = _passage(call, window, self.max_characters)
        if not any(fold(turn.text) for turn in passage.turns):
            return no(f"{self.scope.says(self.role)}没有讲话")
        reply = judge.ask(JudgeRequest(self.question, self.include, self.exclude, passage.lines))
        if reply.fault:
            return unsure(f"{self.label}：{reply.fault}，需人工判断")
        hits = tuple(passage.find(reply.quote))
        if reply.verdict == "hit":
            return self._hit(call, window, reply, hits)
        if reply.verdict == "unsure":
            return unsure(f"{self.label}：大模型不能确定{_because(reply)}，需人工判断", hits)
        if passage.cut:
            return unsure(
                f"{self.label}：内容过长，大模型只看了前 {self.max_characters} 字，需人工判断"
            )
        clarity = call.clarity(window.turns)
        doubt = listen_again(clarity, CLEAR_ENOUGH, "相应位置")
        reason = f"{self.scope.says(self.role)}未发现{self.label}{_because(reply)}"
        return no(reason, min(SUREST, clarity), doubt)

    def _hit(
        self, call: CallContext, window: Window, reply: JudgeReply, hits: Sequence[Hit]
    ) -> Result:
        """A hit only where its quote stands in what was sent, said by whom it is asked of."""
        if not hits:
            return unsure(f"{self.label}：大模型认为有，但所引原话在通话中找不到，需人工判断")
        own = {turn.first_segment for turn in window.turns}
        if any(call.turns[call.turn_of[h.segment]].first_segment not in own for h in hits):
            who = ROLE_NAMES[Role(self.role)] if self.role else "说话人"
            return unsure(f"说话人未能区分，不能确定{self.label}是否出自{who}", hits)
        said = "、".join(dict.fromkeys(call.said(h) for h in hits[:3]))
        heard = [call.confidence_of(h) for h in hits]
        doubt = listen_again(max(heard), HEARD_ENOUGH, "命中处")
        return hit(f"{self.label}：{said}{_because(reply)}", hits, min(SUREST, *heard), doubt)


def _because(reply: JudgeReply) -> str:
    reason = reply.reason.rstrip("。.；;，, ")
    return f"（大模型：{reason}）" if reason else ""


def _together(places: Sequence[Window]) -> Window:
    """Several windows as one, each turn once."""
    turns = {turn.first_segment: turn for place in places for turn in place.turns}
    maybe = {turn.first_segment: turn for place in places for turn in place.maybe}
    return Window(tuple(turns.values()), tuple(maybe.values()))


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is sent: lines of masked text, the same folded, and where each segment came from."""

    lines: tuple[str, ...]
    turns: tuple[Turn, ...]
    origin: tuple[int, ...]
    cut: bool

    def find(self, quote: str) -> Iterator[Hit]:
        """Where the quoted words stand, whatever the punctuation; nothing when a part is missing.

        Parts of a quote are its lines, or what stands between dots of omission.
        """
        parts = [fold(_SPEAKER.sub("", part)) for part in _PARTS.split(quote)]
        found = [self._place(part) for part in parts if part]
        if all(found):
            yield from (place for place in found if place is not None)

    def _place(self, part: str) -> Hit | None:
        """The first place of some folded words; one character alone must be a whole clause."""
        for turn in self.turns:
            at = turn.text.find(part)
            while at >= 0 and len(part) == 1 and turn.clause(at, at + 1) != (at, at + 1):
                at = turn.text.find(part, at + 1)
            if at >= 0:
                return self._hit(turn, at, at + len(part) - 1)
        return None

    def _hit(self, turn: Turn, first: int, last: int) -> Hit:
        segment, start = turn.place(first)
        end = turn.place(last)
        while end[0] != segment:
            last = turn.folded(end[0], 0) - 1
            end = turn.place(last)
        return Hit(self.origin[segment], start, end[1] + 1)


def _passage(call: CallContext, window: Window, most: int) -> _Passage:
    """The masked text of a window, at most so many characters of it."""
    turns = sorted((*window.turns, *window.maybe), key=lambda t: t.first_segment)
    sent: list[Segment] = []
    origin: list[int] = []
    lines: list[str] = []
    left, cut = most, False
    for turn in turns:
        texts: list[str] = []
        for index in range(turn.first_segment, turn.last_segment + 1):
            text = call.masked.segments[index].text
            cut = cut or len(text) > left
            text = text[:left]
            left -= len(text)
            texts.append(text)
            sent.append(replace(call.masked.segments[index], role=turn.role, text=text))
            origin.append(index)
        said = " ".join(" ".join(texts).split())  # a line end inside could feign a speaker
        if said:
            lines.append(f"{ROLE_NAMES[turn.role]}：{said}")
    return _Passage(tuple(lines), read_turns(sent, roles_known=True), tuple(origin), cut)
