"""Models that rules may ask where no phrase or number answers."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.rules.judge import Judge
from pipeline.rules.moods import MoodReader


@dataclass(frozen=True, slots=True)
class Advisers:
    """`judge`: a language model; `moods`: reads moods. None: what asks it does not apply."""

    judge: Judge | None = None
    moods: MoodReader | None = None


NOBODY = Advisers()
