"""Phrases that are (not) said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Found, TextOperator, Within, _folds
from pipeline.rules.result import Hit
from pipeline.rules.turns import Turn, fold


class Keyword(TextOperator):
    """Looks for phrases, whatever the punctuation inside them.

    `a|b` in one phrase are two ways to say the same thing. `need`: `any` (default), `all`, `none`
    or how many different ones. `times`: least total of hits. `together`: all that is needed must
    stand in one clause, sentence or turn (left out: anywhere in the scope).
    """

    EXAMPLE: ClassVar[str] = """
operator: keyword
label: 报机构名称
role: agent
scope: {first: 3}
phrases: [这里是|我是|欢迎致电, 银行|证券|保险]
need: all
"""
    operator: Literal["keyword"]
    phrases: Annotated[
        tuple[Annotated[str, AfterValidator(_folds)], ...], Field(min_length=1, max_length=500)
    ]
    need: Literal["any", "all", "none"] | Annotated[int, Field(ge=1)] = "any"
    times: Annotated[int, Field(ge=1)] = 1
    together: Within | None = None

    @cached_property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """For every phrase the folded ways to say it, longest first."""
        return tuple(
            tuple(sorted((fold(way) for way in phrase.split("|")), key=len, reverse=True))
            for phrase in self.phrases
        )

    @cached_property
    def least(self) -> int:
        """How many different phrases must be there."""
        if isinstance(self.need, int):
            return self.need
        return len(self.phrases) if self.need == "all" else 1

    def may_hold(self, text: str) -> bool:
        """Whether any of it is said anywhere."""
        return self.need == "none" or any(way in text for ways in self.ways for way in ways)

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """All hits in the scope, or those of the pieces in which enough stands together."""
        groups: list[list[tuple[int, Hit]]] = []
        excused: list[tuple[Hit, str]] = []
        for turn in turns:
            for start, end in turn.pieces(self.together or "turn"):
                hits, out = self._in_piece(call, turn, start, end)
                groups.append(hits)
                excused += out
        if self.together is None:
            groups = [[h for group in groups for h in group]]
        enough = [group for group in groups if self._enough(group)]
        found = tuple(dict.fromkeys(h for group in enough for _, h in group))
        if self.need == "none":
            return Found(not enough, (), tuple(excused))
        return Found(bool(enough), tuple(sorted(found, key=lambda h: h.place)), tuple(excused))

    def _enough(self, group: Sequence[tuple[int, Hit]]) -> bool:
        return len({phrase for phrase, _ in group}) >= self.least and len(group) >= self.times

    def _in_piece(
        self, call: CallContext, turn: Turn, start: int, end: int
    ) -> tuple[list[tuple[int, Hit]], list[tuple[Hit, str]]]:
        hits: list[tuple[int, Hit]] = []
        excused: list[tuple[Hit, str]] = []
        for number, ways in enumerate(self.ways):
            matches = ((turn, a, b, 1.0) for a, b in _matches(turn.text, ways, start, end))
            own, out = self.unexcused(call, matches)
            hits += [(number, h) for h in own]
            excused += out
        return hits, excused


def _matches(text: str, ways: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where any way of one phrase stands in text[start:end]; longer ways first, none twice."""
    taken: list[tuple[int, int]] = []
    for way in ways:
        at = text.find(way, start, end)
        while at >= 0:
            stop = at + len(way)
            if all(stop <= a or at >= b for a, b in taken):
                taken.append((at, stop))
            at = text.find(way, stop, end)
    return iter(sorted(taken))
