"""The weekly briefing: common problems of a week with what is to be done, for the trainer.

Gathered once (`gather`), edited by people (`pipeline.store.Briefings`, texts through `check`),
written as Word, slides, HTML or Markdown (`files.written`).
"""

from __future__ import annotations

from pipeline.briefing import saying
from pipeline.briefing.checking import LONGEST, check
from pipeline.briefing.content import (
    Agreed,
    Basis,
    Briefing,
    GoodExample,
    Headline,
    Item,
    Match,
    Outcome,
    Training,
    WeekFigures,
    Why,
)
from pipeline.briefing.gather import gather, weeks_there
from pipeline.briefing.suggesting import suggested

__all__ = [
    "LONGEST",
    "Agreed",
    "Basis",
    "Briefing",
    "GoodExample",
    "Headline",
    "Item",
    "Match",
    "Outcome",
    "Training",
    "WeekFigures",
    "Why",
    "check",
    "gather",
    "saying",
    "suggested",
    "weeks_there",
]
