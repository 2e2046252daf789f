"""Abuse, anger, complaint, sarcasm … by lexicon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipeline.rules.context import CallContext
from pipeline.rules.lexicon import Kind, lexicon
from pipeline.rules.matcher import Needs
from pipeline.rules.operators.base import Found, TextOperator
from pipeline.rules.result import Hit
from pipeline.rules.turns import Turn


class Sentiment(TextOperator):
    """Looks for sentences that speak for one of the `kinds`, by weighted patterns.

    `abuse` 辱骂, `anger` 愤怒, `churn` 流失倾向, `complaint` 投诉倾向, `dissatisfaction` 不满,
    `sarcasm` 讥讽; the patterns stand in rules/lexicons. The score of a sentence is
    1 - (1-w1)(1-w2)… over the entries of a kind that are found in it; it counts from `least` on.
    `times`: in how many sentences. What a guard takes out (denied, asked, reported) does not count.
    """

    EXAMPLE: ClassVar[str] = """
operator: sentiment
label: 客户投诉倾向
kinds: [complaint]
role: customer
guard: [reported]
"""
    operator: Literal["sentiment"]
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    least: Annotated[float, Field(gt=0, le=1)] = 0.6
    times: Annotated[int, Field(ge=1)] = 1

    def needs(self) -> Mapping[str, Needs]:
        """The strings of all kinds."""
        each = [lexicon(kind).needs for kind in self.kinds]
        known = [needs for needs in each if needs is not None]
        if len(known) < len(each):
            return {}
        written = tuple(sets for needs in known for sets in needs.written)
        patterns = tuple(pattern for needs in known for pattern in needs.patterns)
        return {"": Needs(written, patterns, role=self.role)}

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """Sentences of every turn whose score is high enough."""
        hits: list[Hit] = []
        excused: list[tuple[Hit, str]] = []
        for turn in turns:
            for start, end in turn.pieces("sentence"):
                own, out = self._in_sentence(call, turn, start, end)
                hits += own
                excused += out
        return Found(len(hits) >= self.times, tuple(hits), tuple(excused))

    def _in_sentence(
        self, call: CallContext, turn: Turn, start: int, end: int
    ) -> tuple[list[Hit], list[tuple[Hit, str]]]:
        """The strongest place of a sentence that counts, and what was taken out."""
        text, excused = turn.text[start:end], list[tuple[Hit, str]]()
        for kind in self.kinds:
            places = [(start + a, start + b, w) for a, b, w in lexicon(kind).found(text)]
            kept = []
            for first, last, weight in places:
                own, out = self.unexcused(call, [(turn, first, last, 1.0)])
                kept += [(weight, h) for h in own]
                excused += out
            if kept and 1 - prod(1 - weight for weight, _ in kept) >= self.least - 1e-9:
                return [max(kept, key=lambda pair: pair[0])[1]], excused
        return [], excused
