"""Sentences that say about the same as an example."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Found, Phrase, TextOperator
from pipeline.rules.turns import Turn, fold

Example = Annotated[Phrase, Field(min_length=4, max_length=50)]


class Similarity(TextOperator):
    """Looks for a stretch of a turn that resembles one of the examples.

    `min_score` 0–100 is the share of characters in common, in order. A stretch is as long as the
    example; a turn shorter than it is compared as a whole, so that a fragment is no match.
    """

    EXAMPLE: ClassVar[str] = """
operator: similarity
label: 风险提示
role: agent
examples: [投资有风险，选择需谨慎]
min_score: 80
"""
    operator: Literal["similarity"]
    examples: Annotated[tuple[Example, ...], Field(min_length=1, max_length=200)]
    min_score: Annotated[float, Field(gt=0, le=100)] = 80

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The examples as they are compared."""
        return tuple(fold(example) for example in self.examples)

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """The best stretch of every turn."""
        matches = [m for turn in turns if turn.text and (m := self._best(turn))]
        hits, excused = self.unexcused(call, matches)
        return Found(bool(hits), tuple(hits), tuple(excused))

    def _best(self, turn: Turn) -> tuple[Turn, int, int, float] | None:
        best, place = self.min_score, None
        for example in self.folded:
            if len(turn.text) <= len(example):
                score, span = fuzz.ratio(example, turn.text), (0, len(turn.text))
            else:
                found = fuzz.partial_ratio_alignment(example, turn.text, score_cutoff=best)
                if found is None:
                    continue
                score, span = found.score, (found.dest_start, found.dest_end)
            if score >= best and span[0] < span[1]:
                best, place = score, span
        return None if place is None else (turn, *place, best / 100)
