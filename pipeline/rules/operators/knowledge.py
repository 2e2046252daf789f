"""What the agent states against what is known: fees, rates, terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.rules.amounts import Unit, amounts
from pipeline.rules.context import CallContext
from pipeline.rules.literals import needed_by_each
from pipeline.rules.matcher import Needs
from pipeline.rules.meaning import GUARDS, excuse
from pipeline.rules.operators.base import Operator, joined
from pipeline.rules.patterns import Pattern, any_of, compiled
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit, not_applicable, unsure
from pipeline.rules.scope import Speaker
from pipeline.rules.turns import Turn, among


class Numbers(BaseModel):
    """The numbers of one unit that are right."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    unit: Unit
    right: Annotated[tuple[float, ...], Field(min_length=1, alias="is")]


class Entry(BaseModel):
    """One thing that is known: how it is asked for or named, and what is right and wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    ask: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    right: tuple[Pattern, ...] = ()
    wrong: tuple[Pattern, ...] = ()
    numbers: Numbers | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.right and not self.wrong and self.numbers is None:
            raise ValueError("an entry needs right:, wrong: or numbers:")
        _ = self.named, self.rights, self.wrongs
        return self

    @cached_property
    def named(self) -> re.Pattern[str]:
        """Finds the topic."""
        return any_of(self.ask)

    @cached_property
    def rights(self) -> re.Pattern[str] | None:
        """Finds a right statement."""
        return any_of(self.right) if self.right else None

    @cached_property
    def wrongs(self) -> re.Pattern[str] | None:
        """Finds a wrong statement."""
        return any_of(self.wrong) if self.wrong else None


class Knowledge(Operator):
    """Compares what `role` states with what is known, for every entry that comes up.

    An entry comes up when one of its `ask` patterns is said by anybody. Looked at is what `role`
    then says: the rest of that turn if it is his own, and his next `within` turns. There `numbers`
    of the unit must be among those that are right (百分之三点六 and 3.6% are the same), `wrong`
    patterns must not be said; asking back, denying or reporting is no statement, and one that is
    put right in the same turn is right. Sums that state the customer's own account (您的余额是三千)
    are not compared.

    `expect: right` (default) holds when nothing wrong is stated, `expect: answer` when something
    right is. Without any topic it is not applicable; with `expect: right` too when nothing is
    stated.
    """

    EXAMPLE: ClassVar[str] = """
operator: knowledge
label: 与知识库一致
entries:
  - topic: 分期手续费
    ask: ['分期.{0,6}(手续费|费率)']
    numbers: {unit: percent, is: [0.6]}
"""
    operator: Literal["knowledge"]
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
    role: Speaker = "agent"
    within: Annotated[int, Field(ge=1)] = 2
    expect: Literal["right", "answer"] = "right"

    def needs(self) -> Mapping[str, Needs]:
        """Strings without which no topic comes up, by number of the entry."""
        each = [
            Needs(needed_by_each(entry.ask), tuple(map(compiled, entry.ask)))
            for entry in self.entries
        ]
        return {str(k): n for k, n in enumerate(each)} if all(n.written for n in each) else {}

    def says_nothing_without(self) -> tuple[str, ...] | None:
        """Without a topic there is nothing to compare."""
        return tuple(self.needs()) or None

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Every place at which an entry comes up; all must be right (or answered)."""
        topics = list(self._topics(call))
        if topics and not call.roles_known:
            return unsure(f"说话人未能区分，无法核对{self.label}")
        results = [self._compared(call, *place) for place in topics]
        results = [r for r in results if r.outcome is not Outcome.NOT_APPLICABLE]
        if not results:
            return not_applicable(f"通话未说明{self.label}所涉事项")
        return joined(results, every=True)

    def _topics(self, call: CallContext) -> Iterator[tuple[Entry, Turn, int]]:
        """Entry, turn and position behind the words that bring it up; once a turn."""
        for number, entry in enumerate(self.entries):
            worth = call.near(self, str(number))
            for turn in among(call.turns, worth):
                found = entry.named.search(turn.text)
                if found:
                    yield entry, turn, turn.clause(found.start(), found.end())[0]

    def _compared(self, call: CallContext, entry: Entry, turn: Turn, at: int) -> Result:
        """What is said of an entry that came up at a place."""
        places = [(turn, at)] if turn.role == self.role else []
        following = [t for t in call.turns[turn.index + 1 :] if t.role == self.role]
        places += [(t, 0) for t in following[: self.within]]
        wrong: Hit | None = None
        for own, start in places:
            part = own, start, self._end(entry, own, start)
            right = self._stated(call, entry, part, right=True)
            if right is not None:
                return hit(f"{entry.topic}：{call.said(right)}", [right], call.confidence_of(right))
            wrong = wrong or self._stated(call, entry, part, right=False)
        if wrong is not None:
            reason = f"{entry.topic}的说法与知识库不符：{call.said(wrong)}"
            return Result(Outcome.NO, reason, (wrong,), call.confidence_of(wrong))
        if self.expect == "right":
            return not_applicable(f"没有说明{entry.topic}")
        asked = call.hit_in(turn, at, min(at + 1, len(turn.text)) or 1)
        return Result(Outcome.NO, f"没有答复{entry.topic}", (asked,), call.clarity([turn]))

    def _end(self, entry: Entry, turn: Turn, start: int) -> int:
        """Where another entry takes over."""
        others = (
            m.start()
            for other in self.entries
            if other is not entry and (m := other.named.search(turn.text, start))
        )
        return min((at for at in others if at > start), default=len(turn.text))

    def _stated(
        self, call: CallContext, entry: Entry, part: tuple[Turn, int, int], *, right: bool
    ) -> Hit | None:
        """The first right (or wrong) statement in a part of a turn."""
        turn, start, end = part
        patterns = entry.rights if right else entry.wrongs
        spans = [m.span() for m in patterns.finditer(turn.text, start, end)] if patterns else []
        if entry.numbers is not None:
            spans += [
                (amount.start, amount.end)
                for first, last in turn.pieces("clause")
                for amount in amounts(turn.text, max(first, start), min(last, end))
                if amount.unit == entry.numbers.unit
                and amount.is_one_of(entry.numbers.right) is right
                and not _of_an_account(call, turn, amount.start)
            ]
        return self._first(call, turn, spans)

    @staticmethod
    def _first(call: CallContext, turn: Turn, spans: Sequence[tuple[int, int]]) -> Hit | None:
        """The first statement that is neither asked, denied nor reported."""
        for start, end in sorted(spans):
            if excuse(turn, start, end, GUARDS) is None:
                return call.hit_in(turn, start, end)
        return None


def _of_an_account(call: CallContext, turn: Turn, at: int) -> bool:
    """Whether a number states the customer's own account, which no entry knows."""
    segment, char = turn.place(at)
    return any(
        span.kind == "amount"
        and span.segment == segment
        and span.start_char <= char < span.end_char
        for span in call.spans
    )
