"""The same sentence again and again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz

from pipeline.rules.context import CallContext
from pipeline.rules.operators.base import Found, TextOperator
from pipeline.rules.turns import Turn, fold


class Repetition(TextOperator):
    """Holds when somebody says nearly the same sentence again.

    `within`: among that many earlier sentences of the same role (left out: all). `times`: how
    often it is repeated. Shorter sentences than `min_characters` and those that hold one of
    `ignore` do not count.
    """

    EXAMPLE: ClassVar[str] = """
operator: repetition
label: 客户重复提问
role: customer
times: 2
min_score: 80
"""
    operator: Literal["repetition"]
    within: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1)] = 1
    min_characters: Annotated[int, Field(ge=1)] = 4
    min_score: Annotated[float, Field(gt=0, le=100)] = 80
    ignore: tuple[str, ...] = ()

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """Folded phrases whose sentences do not count."""
        return tuple(fold(phrase) for phrase in self.ignore)

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """Every sentence that repeats an earlier one of the same role."""
        earlier: list[tuple[Turn, str]] = []
        repeats: list[tuple[Turn, int, int, float]] = []
        for turn in turns:
            for start, end in turn.pieces("sentence"):
                text = turn.text[start:end]
                if len(text) < self.min_characters or any(p in text for p in self.ignored):
                    continue
                own = [t for t, _ in enumerate(earlier) if earlier[t][0].role is turn.role]
                near = own if self.within is None else own[-self.within :]
                score = max((fuzz.ratio(text, earlier[t][1]) for t in near), default=0.0)
                if score >= self.min_score:
                    repeats.append((turn, start, end, 1.0))
                earlier.append((turn, text))
        hits, excused = self.unexcused(call, repeats)
        return Found(len(hits) >= self.times, tuple(hits), tuple(excused))
