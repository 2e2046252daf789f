"""Several things of which every one must be stated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.literals import needed_by_each
from pipeline.rules.matcher import Needs
from pipeline.rules.operators.base import Found, Phrase, TextOperator
from pipeline.rules.patterns import Pattern, any_of, compiled
from pipeline.rules.result import Hit, Result
from pipeline.rules.scope import Window
from pipeline.rules.turns import Turn, among, fold


class Slot(BaseModel):
    """One thing to state: any of the phrases or patterns does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phrases: tuple[Phrase, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _compile_now(self) -> Self:
        """At least one way to say it; compile when the pack is loaded."""
        if not self.phrases and not self.patterns:
            raise ValueError("a slot needs phrases: or patterns:")
        _ = self.wanted
        return self

    @cached_property
    def wanted(self) -> re.Pattern[str]:
        """All ways to say it as one pattern, on folded text."""
        return any_of((*self.patterns, *map(re.escape, self.ways)))

    @property
    def ways(self) -> list[str]:
        """The phrases as they are looked for."""
        return [fold(way) for phrase in self.phrases for way in phrase.split("|")]

    @property
    def needs(self) -> Needs | None:
        """What a turn must hold that states it; None when that cannot be told."""
        patterns = needed_by_each(self.patterns)
        if len(patterns) < len(self.patterns):
            return None
        ways = ((frozenset(self.ways),),) if self.phrases else ()
        return Needs((*patterns, *ways), tuple(map(compiled, self.patterns)))


class Slots(TextOperator):
    """Holds when all of the named things are stated, in any wording and any order.

    `slots`: name → `phrases` (`a|b` are two ways to say it) or `patterns` (regular expressions).
    `need`: how many of them, if not all. The reason names those that are missing.
    """

    EXAMPLE: ClassVar[str] = """
operator: slots
label: 机构、用途和金额
role: agent
slots:
  机构名称: {phrases: [银行|消费金融]}
  来电用途: {phrases: [还款|逾期]}
  欠款金额: {patterns: ['[0-9一二两三四五六七八九十百千万]+(元|块)']}
"""
    operator: Literal["slots"]
    slots: Annotated[Mapping[str, Slot], Field(min_length=1)]
    need: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _enough_slots(self) -> Self:
        if self.need is not None and self.need > len(self.slots):
            raise ValueError(f"need: {self.need}, but there are only {len(self.slots)} slots")
        return self

    @property
    def least(self) -> int:
        """How many slots must be stated."""
        return len(self.slots) if self.need is None else self.need

    def needs(self) -> Mapping[str, Needs]:
        """Strings without which nothing of a slot matches, by slot."""
        needs = {name: slot.needs for name, slot in self.slots.items()}
        known = {name: replace(own, role=self.role) for name, own in needs.items() if own}
        return known if len(known) == len(needs) else {}

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """The first place that states each slot."""
        hits, excused = self._stated(call, turns)
        first = tuple(sorted(hits.values(), key=lambda h: h.place))
        return Found(len(hits) >= self.least, tuple(dict.fromkeys(first)), tuple(excused))

    def _stated(
        self, call: CallContext, turns: Sequence[Turn]
    ) -> tuple[dict[str, Hit], list[tuple[Hit, str]]]:
        stated: dict[str, Hit] = {}
        excused: list[tuple[Hit, str]] = []
        for name, slot in self.slots.items():
            worth = call.near(self, name)
            own, out = self.unexcused(call, _matches(slot, among(turns, worth)))
            if own:
                stated[name] = min(own, key=lambda h: h.place)
            else:
                excused += out
        return stated, excused

    def _present(self, call: CallContext, found: Found) -> Result:
        result = super()._present(call, found)
        if self.need is not None:
            return result
        names = "、".join(self.slots)
        return result._replace(says=f"{self.label}：{names}均已说明")

    def _lacking(self, call: CallContext, window: Window) -> str:
        stated, _ = self._stated(call, window.all_turns)
        return f"{self.scope.says(self.role)}{self._lacks(stated)}"

    def _lacks(self, stated: Collection[str]) -> str:
        """What is missing, in words."""
        if self.need is not None:
            named = "、".join(stated) or "无"
            return f"说明的{self.label}不足 {self.need} 项（已说明：{named}）"
        missing = "、".join(name for name in self.slots if name not in stated)
        return f"未说明{missing}（{self.label}）"


def _matches(slot: Slot, turns: Sequence[Turn]) -> Iterator[tuple[Turn, int, int, float]]:
    for turn in turns:
        for match in slot.wanted.finditer(turn.text):
            if match.end() > match.start():
                yield turn, match.start(), match.end(), 1.0
