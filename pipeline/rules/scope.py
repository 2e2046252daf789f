"""Where in a call a condition looks: whose turns, which of them, near what.

::

    role: agent                       whose turns (left out: everybody's)
    scope:
      first: 3                        the first 3 turns of that role
      last: 2                         the last 2
      turns: [3, -3]                  from the 3rd to the 3rd-last
      seconds: [0, 30]                said in the first half minute ([-20, null]: the last 20 s)
      share: [0, 0.25]                said in the first quarter of the call
      anchor: {condition: x, where: after, hit: any, within: 2}

An anchor is another condition of the same rule. `where`: `before`, `after`, `around` (both) or
`same` (the very turn); `within`: that many turns of the role, outward (left out: all of them);
`including`: the anchor's own turn belongs to it. `hit`: 1 the first, -1 the last, `any` of them,
or `every` one, each of which must then satisfy the condition.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.domain import Role, Seconds
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.result import Hit, Lookup, Outcome, Result, not_applicable, unsure
from pipeline.rules.turns import Turn

Speaker = Literal["agent", "customer"]
_WHERE = {"before": "其前", "after": "其后", "around": "其前后", "same": "同一轮中"}


class Anchor(BaseModel):
    """Near the hits of another condition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    condition: str
    where: Literal["before", "after", "around", "same"] = "after"
    hit: Literal["any", "every"] | int = "any"
    within: Annotated[int, Field(ge=1)] | None = None
    including: bool = False

    @model_validator(mode="after")
    def _counts_from_one(self) -> Self:
        if self.hit == 0:
            raise ValueError("hit: 1 is the first, -1 the last; 0 is none. Also: any, every")
        return self

    def chosen(self, hits: Sequence[Hit]) -> list[Hit]:
        """The anchor's hits that count."""
        if isinstance(self.hit, str):
            return list(hits)
        position = self.hit - 1 if self.hit > 0 else self.hit
        return [hits[position]] if -len(hits) <= position < len(hits) else []


class Scope(BaseModel):
    """Which turns of a role a condition looks at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Annotated[int, Field(ge=1)] | None = None
    last: Annotated[int, Field(ge=1)] | None = None
    turns: tuple[int, int] | None = None
    seconds: tuple[float, float | None] | None = None
    share: tuple[float, float] | None = None
    anchor: Anchor | None = None

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        given = [n for n in ("first", "last", "turns", "seconds", "share") if getattr(self, n)]
        if len(given) > 1:
            raise ValueError(f"choose one of first, last, turns, seconds, share; got {given}")
        if self.turns is not None and 0 in self.turns:
            raise ValueError("turns count from 1 (or from -1 backwards); 0 is none")
        return self

    @property
    def is_part(self) -> bool:
        """Whether it is a part of the call that no other condition decides."""
        return self.anchor is None and self != WHOLE_CALL

    @property
    def every(self) -> bool:
        """Whether each place of the anchor must satisfy the condition."""
        return self.anchor is not None and self.anchor.hit == "every"

    @cached_property
    def places(self) -> Mapping[Speaker | None, tuple[object, ...]]:
        """The window of each role without its anchor, as a key."""
        window = (self.first, self.last, self.turns, self.seconds, self.share)
        return {role: (role, *window) for role in (None, "agent", "customer")}

    def says(self, role: Speaker | None) -> str:
        """The scope in words, such as `客服前 3 轮`."""
        who = ROLE_NAMES[Role(role)] if role else "通话"
        return f"{who}{self._part()}"

    def _part(self) -> str:
        if self.first is not None or self.last is not None:
            return f"前 {self.first} 轮" if self.first else f"最后 {self.last} 轮"
        if self.turns is not None:
            return f"第 {self.turns[0]} 至 {self.turns[1]} 轮"
        if self.seconds is not None:
            until = "结束" if self.seconds[1] is None else f"{self.seconds[1]:g} 秒"
            return f"在 {self.seconds[0]:g} 秒至{until}"
        if self.share is not None:
            return f"在通话的 {self.share[0]:.0%} 至 {self.share[1]:.0%}"
        if self.anchor is not None:
            near = f" {self.anchor.within} 轮内" if self.anchor.within else ""
            return f"在{_WHERE[self.anchor.where]}{near}"
        return "全程"


WHOLE_CALL = Scope()


@dataclass(frozen=True, slots=True)
class Window:
    """Turns that are looked at, and turns of unknown speakers that might belong to them."""

    turns: tuple[Turn, ...]
    maybe: tuple[Turn, ...] = ()
    anchor: Hit | None = None
    _clarity: list[float] = field(default_factory=list, compare=False)

    @property
    def all_turns(self) -> tuple[Turn, ...]:
        """Its turns with those of unknown speakers."""
        return (*self.turns, *self.maybe)

    def clarity(self, call: CallContext) -> float:
        """Mean recogniser confidence of its turns, worked out once."""
        if not self._clarity:
            self._clarity.append(call.clarity(self.turns))
        return self._clarity[0]


def windows(
    scope: Scope, role: Speaker | None, call: CallContext, lookup: Lookup
) -> list[Window] | Result:
    """What to look at: one window, or one per anchor hit; a Result when there is nothing to."""
    if scope.anchor is not None:
        return _near(scope.anchor, role, call, lookup)
    key = scope.places[role]
    known: list[Window] | Result | None = call.memo.get(key)
    if known is None:
        known = call.memo[key] = _window(scope, role, call)
    return known


def _window(scope: Scope, role: Speaker | None, call: CallContext) -> list[Window] | Result:
    own, maybe = _turns_of(role, call)
    if scope.seconds is not None or scope.share is not None:
        times = _times(scope, call)
        if isinstance(times, Result):
            return times
        own, maybe = (_between(turns, times, call) for turns in (own, maybe))
    return [Window(tuple(_numbered(own, scope)), tuple(maybe))]


def _turns_of(role: Speaker | None, call: CallContext) -> tuple[list[Turn], list[Turn]]:
    """The turns of a role, and those that may be its own; looked for once a call."""
    key = ("turns", role)
    known: tuple[list[Turn], list[Turn]] | None = call.memo.get(key)
    if known is None:
        own = [t for t in call.turns if role is None or t.role == role]
        maybe = [] if role is None else [t for t in call.turns if t.role is Role.UNKNOWN]
        known = call.memo[key] = own, maybe
    return known


def _numbered(own: list[Turn], scope: Scope) -> list[Turn]:
    if scope.first is not None:
        return own[: scope.first]
    if scope.last is not None:
        return own[-scope.last :]
    if scope.turns is None:
        return own
    start, end = (n - 1 if n > 0 else len(own) + n for n in scope.turns)
    if start > end and scope.turns[0] * scope.turns[1] > 0:  # [-1, -3] is [-3, -1]
        start, end = end, start
    return own[max(start, 0) : max(end + 1, 0)]


def _times(scope: Scope, call: CallContext) -> tuple[Seconds, Seconds] | Result:
    """The window in seconds from the beginning of the recording."""
    if call.is_chat:
        return not_applicable("文字会话没有时间，无法按时间范围检查")
    ends = [s.end for s in call.transcript.segments if s.end is not None]
    duration = call.transcript.duration or max(ends, default=None)
    if duration is None:
        return unsure("转写没有时间信息，无法按时间范围检查")
    if scope.share is not None:
        return scope.share[0] * duration, scope.share[1] * duration
    assert scope.seconds is not None  # for mypy: the caller checked
    start, end = scope.seconds
    start = start if start >= 0 else duration + start
    if end is None:
        return start, duration
    return start, end if end >= 0 else duration + end


def _between(turns: list[Turn], times: tuple[Seconds, Seconds], call: CallContext) -> list[Turn]:
    """Turns that touch the window."""
    chosen = []
    for turn in turns:
        start = call.segment(turn.first_segment).start
        end = call.segment(turn.last_segment).end
        if start is not None and end is not None and start <= times[1] and end >= times[0]:
            chosen.append(turn)
    return chosen


def _near(
    anchor: Anchor, role: Speaker | None, call: CallContext, lookup: Lookup
) -> list[Window] | Result:
    found = lookup(anchor.condition)
    if found.outcome is Outcome.NO:
        return not_applicable(found.reason)
    if found.outcome is not Outcome.HIT:
        return found
    chosen = anchor.chosen(found.hits)
    if not chosen:
        return not_applicable(f"{found.reason}，但没有第 {anchor.hit} 次")
    own, maybe = ([t.index for t in turns] for turns in _turns_of(role, call))
    return [
        Window(
            tuple(call.turns[i] for i in _beside(own, call.turn_of[h.segment], anchor)),
            tuple(call.turns[i] for i in _beside(maybe, call.turn_of[h.segment], anchor)),
            h,
        )
        for h in chosen
    ]


def _beside(candidates: Sequence[int], here: int, anchor: Anchor) -> Sequence[int]:
    """Which of the candidate turns, in order, lie where the anchor says, nearest first cut off."""
    first, behind = bisect_left(candidates, here), bisect_right(candidates, here)
    if anchor.where == "same":
        return candidates[first:behind]
    start, end = 0, len(candidates)
    if anchor.within is not None:
        start, end = max(first - anchor.within, 0), behind + anchor.within
    before = candidates[start:first] if anchor.where != "after" else []
    after = candidates[behind:end] if anchor.where != "before" else []
    own = candidates[first:behind] if anchor.including else []
    return [*before, *own, *after]
