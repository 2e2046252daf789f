"""Lexicons of mood and intent: weighted patterns in `lexicons/<kind>.yaml`."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.rules.literals import needed_by_each
from pipeline.rules.marked_yaml import plain
from pipeline.rules.matcher import Needs
from pipeline.rules.patterns import any_of, in_parts

FOLDER = Path(__file__).with_name("lexicons")
Kind = Literal["abuse", "anger", "churn", "complaint", "dissatisfaction", "sarcasm"]


class Entry(BaseModel):
    """Patterns of one strength; `weight` is the score that one of them alone gives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: Annotated[float, Field(gt=0, le=1)]
    patterns: Annotated[tuple[str, ...], Field(min_length=1)]

    @cached_property
    def wanted(self) -> re.Pattern[str]:
        """All patterns as one."""
        return any_of(self.patterns)


class Lexicon(BaseModel):
    """All that speaks for one kind, and what in the same sentence speaks against it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    title: str
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
    unless: tuple[str, ...] = ()

    @cached_property
    def unwanted(self) -> re.Pattern[str] | None:
        """What speaks against it."""
        return any_of(self.unless) if self.unless else None

    @cached_property
    def needs(self) -> Needs | None:
        """Strings without which nothing is found; None when that cannot be told."""
        patterns = [pattern for entry in self.entries for pattern in entry.patterns]
        sets = needed_by_each(patterns)
        return Needs(sets, tuple(map(in_parts, patterns))) if sets else None

    def found(self, text: str) -> list[tuple[int, int, float]]:
        """Where in a folded sentence something speaks for it, and how strongly: start, end, weight.

        Several patterns of one entry count once, with the first place.
        """
        if self.unwanted is not None and self.unwanted.search(text):
            return []
        matches = ((entry, entry.wanted.search(text)) for entry in self.entries)
        return [(*match.span(), entry.weight) for entry, match in matches if match]


@cache
def lexicon(kind: Kind) -> Lexicon:
    """Read one lexicon."""
    text = (FOLDER / f"{kind}.yaml").read_text(encoding="utf-8")
    return Lexicon.model_validate(plain(text))
