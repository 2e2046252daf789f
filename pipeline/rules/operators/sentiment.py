"""Abuse, anger, complaint, sarcasm … by lexicon, and by a trained model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.rules.context import CallContext
from pipeline.rules.lexicon import Kind, lexicon
from pipeline.rules.matcher import Needs
from pipeline.rules.moods import MoodReading
from pipeline.rules.operators.base import Found, TextOperator
from pipeline.rules.result import Hit, Lookup, Result, not_applicable, unsure
from pipeline.rules.turns import Turn

READ = ("abuse", "churn", "complaint", "dissatisfaction")  # what the model knows, of customers
SUREST = 0.99  # of a model; what a lexicon finds has 1.0


class Sentiment(TextOperator):
    """Looks for sentences that speak for one of the `kinds`, by weighted patterns.

    `abuse` 辱骂, `anger` 愤怒, `churn` 流失倾向, `complaint` 投诉倾向, `dissatisfaction` 不满,
    `sarcasm` 讥讽; the patterns stand in rules/lexicons. The score of a sentence is
    1 - (1-w1)(1-w2)… over the entries of a kind that are found in it; it counts from `least` on.
    `times`: in how many sentences. What a guard takes out (denied, asked, reported) does not count.

    `by: model` asks the trained model of flags instead (docs/learning.md), which also knows moods
    in words that no list has; `by: either` both. It reads what customers say (`role: customer`),
    for the kinds abuse, churn, complaint and dissatisfaction, a segment at a time, from `chance` on
    (left out: the model's own threshold); guards do not apply to it. Three in ten of what it
    raises are wrong, so what it alone finds accuses nobody: the rule is unsure and names the model.
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
    by: Literal["words", "model", "either"] = "words"
    chance: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.by == "words":
            if self.chance is not None:
                raise ValueError("chance is of the model: give by: model or by: either with it")
            return self
        if self.role != "customer":
            raise ValueError("the model reads what customers say: write role: customer")
        unknown = [kind for kind in self.kinds if kind not in READ]
        if unknown:
            raise ValueError(
                f"the model does not know {', '.join(unknown)}, only {', '.join(READ)}"
            )
        return self

    def needs(self) -> Mapping[str, Needs]:
        """The strings of all kinds; a model needs none."""
        if self.by != "words":
            return {}
        each = [lexicon(kind).needs for kind in self.kinds]
        known = [needs for needs in each if needs is not None]
        if len(known) < len(each):
            return {}
        written = tuple(sets for needs in known for sets in needs.written)
        patterns = tuple(pattern for needs in known for pattern in needs.patterns)
        return {"": Needs(written, patterns, role=self.role)}

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """As every text condition, where there is a model if one is asked for."""
        if self.by != "words":
            read = call.moods_read
            if read is None:
                return not_applicable(f"没有情绪模型，未检查{self.label}")
            if read.fault:
                return unsure(f"{self.label}：{read.fault}，需人工判断")
        return super().check(call, lookup)

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """Sentences of every turn whose score is high enough, segments that the model names."""
        hits: list[Hit] = []
        excused: list[tuple[Hit, str]] = []
        for turn in turns:
            for start, end in turn.pieces("sentence") if self.by != "model" else ():
                own, out = self._in_sentence(call, turn, start, end)
                hits += own
                excused += out
        if self.by != "words" and call.moods_read is not None:
            taken = {hit.segment for hit in hits}
            found = (hit for turn in turns for hit in self._read(call, call.moods_read, turn))
            hits += [hit for hit in found if hit.segment not in taken]
        return Found(len(hits) >= self.times, tuple(hits), tuple(excused))

    def _read(self, call: CallContext, read: MoodReading, turn: Turn) -> Iterator[Hit]:
        """Segments of a turn in which the model says one of the kinds."""
        for index in range(turn.first_segment, turn.last_segment + 1):
            said = [
                read.chances[kind][index]
                for kind in self.kinds
                if read.chances[kind][index] >= (self.chance or read.least[kind])
            ]
            if said:
                text = call.segment(index).text
                yield Hit(index, 0, len(text), score=min(max(said), SUREST))

    def _present(self, call: CallContext, found: Found) -> Result:
        result = super()._present(call, found)
        read = None if self.by == "words" else call.moods_read  # no model runs for mere words
        if read is None or any(h.score > SUREST for h in found.hits):
            return result
        chance = max(hit.score for hit in found.hits)
        doubt = f"仅由情绪模型（{read.model}，概率 {chance:.0%}）判断，需听录音确认"
        return result._replace(doubt=doubt)

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
