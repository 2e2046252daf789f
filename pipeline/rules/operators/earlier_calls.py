"""Earlier calls with the same customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import CallInfo, PastCall, Role
from pipeline.rules.context import CallContext
from pipeline.rules.days import local
from pipeline.rules.operators.base import Operator, whole_segment
from pipeline.rules.result import Lookup, Result, hit, no, not_applicable, unsure
from pipeline.rules.turns import fold

ENOUGH_WORDS = 4  # pairs of characters; two calls with fewer cannot be compared
# Pairs that are said in every call, whatever it is about.
_ALWAYS = (
    "你好您好我想想问问一一下你们我的我们这个那个什么怎么可以不是就是好的知道谢谢再见没有现在是吗为什对对"
    "请问我这的话是不不可时候是的银行手机信用用卡帮我查查询查我卡里的卡还有还是就行好吧多少"
)
_COMMON = frozenset(_ALWAYS[k : k + 2] for k in range(0, len(_ALWAYS), 2))


class EarlierCalls(Operator):
    """Holds when there are more than `above` earlier calls with the same customer.

    Looked at are calls that began before this one: `same_day` on the same local day,
    `within_hours` or `within_days` before it (give one of the three). Of these count: those in
    `direction`; those alike in all that `same` names; calls of at least `min_seconds` and at most
    `max_seconds`; those in which the customer spoke at least `min_customer_turns` times; those that
    one of the rules `passed` or `failed`; none that one of `unless_passed` passed. `similar`: at
    least so much (0-100) of what the customer says is the same.

    Without other calls to look at (a call that is scored alone) it is not applicable; without a
    customer or a time in the metadata it is unsure.
    """

    EXAMPLE: ClassVar[str] = """
operator: earlier_calls
label: 当天已有的有效外呼
same_day: true
direction: outbound
min_customer_turns: 1
above: 2
"""
    operator: Literal["earlier_calls"]
    above: Annotated[int, Field(ge=0)] = 0
    same_day: bool = False
    within_hours: Annotated[float, Field(gt=0)] | None = None
    within_days: Annotated[float, Field(gt=0, le=366)] | None = None
    direction: Literal["inbound", "outbound"] | None = None
    same: tuple[
        Literal["agent", "business_line", "direction", "product", "queue", "callee_relation"], ...
    ] = ()
    min_seconds: Annotated[float, Field(ge=0)] = 0
    max_seconds: Annotated[float, Field(gt=0)] | None = None
    min_customer_turns: Annotated[int, Field(ge=0)] = 0
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unless_passed: tuple[str, ...] = ()
    similar: Annotated[float, Field(gt=0, le=100)] | None = None

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        given = [self.same_day, self.within_hours is not None, self.within_days is not None]
        if sum(given) != 1:
            raise ValueError("give one of same_day: true, within_hours: and within_days:")
        return self

    @cached_property
    def reach(self) -> timedelta:
        """How far back it looks."""
        if self.same_day:
            return timedelta(days=1)
        return timedelta(hours=self.within_hours or 0, days=self.within_days or 0)

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Count the earlier calls that are meant."""
        info = call.transcript.info
        if call.history is None:
            return not_applicable("单独评分，没有与该客户的其他通话比对")
        if info.customer_id is None or info.started_at is None:
            missing = "客户编号" if info.customer_id is None else "通话开始时间"
            return unsure(f"元数据没有{missing}，无法查找{self.label}")
        began = local(info.started_at)
        found = [past for past in call.history if self._counts(past, began, call)]
        if len(found) <= self.above:
            return no(f"{self.label}：{len(found)} 次")
        latest = sorted(found, key=lambda past: local(past.started_at))[-5:]
        named = "、".join(f"{local(p.started_at):%m-%d %H:%M} {p.call_id}" for p in latest)
        more = "等" if len(found) > len(latest) else ""
        reason = f"{self.label}：{len(found)} 次（{named}{more}）"
        return hit(reason, [whole_segment(call, 0)] if call.turns else [])

    def _counts(self, past: PastCall, began: datetime, call: CallContext) -> bool:
        then = local(past.started_at)
        if not then < began or began - then > self.reach:
            return False
        if self.same_day and then.date() != began.date():
            return False
        return (
            self._is_meant(past, call.transcript.info)
            and self._has_verdicts(past)
            and (self.similar is None or _alike(past.customer_words, call) >= self.similar)
        )

    def _is_meant(self, past: PastCall, info: CallInfo) -> bool:
        seconds = past.duration
        return (
            self.direction in (None, past.direction)
            and all(_same(name, past, info) for name in self.same)
            and past.customer_turns >= self.min_customer_turns
            and (self.min_seconds == 0 or (seconds is not None and seconds >= self.min_seconds))
            and (self.max_seconds is None or seconds is None or seconds <= self.max_seconds)
        )

    def _has_verdicts(self, past: PastCall) -> bool:
        return (
            (not self.passed or not past.passed.isdisjoint(self.passed))
            and (not self.failed or not past.failed.isdisjoint(self.failed))
            and past.passed.isdisjoint(self.unless_passed)
        )


def _same(name: str, past: PastCall, info: CallInfo) -> bool:
    if name == "agent":
        return past.agent_id is not None and past.agent_id == info.agent.id
    if name in ("business_line", "direction"):
        return bool(getattr(past, name) == getattr(info, name))
    value = info.attributes.get(name)
    return value is not None and past.attributes.get(name) == value


def _alike(words: str, call: CallContext) -> float:
    """How much of what the customer says here was said then: share of pairs of characters."""
    own = "".join(t.text for t in call.turns if t.role is Role.CUSTOMER)
    one, other = _pairs(own), _pairs(fold(words))
    if min(len(one), len(other)) < ENOUGH_WORDS:
        return 0.0
    return 100 * len(one & other) / min(len(one), len(other))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[k : k + 2] for k in range(len(text) - 1)) - _COMMON
