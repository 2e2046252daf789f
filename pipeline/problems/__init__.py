"""Common problems of a week, found in what is asked, what goes wrong and what customers resent.

::

    Snapshot ── Passages ──▶ Turns, failed rules ── group (register first) ──▶ topics
      ── counted by week ── trend ── concerned, hints, moments, name ──▶ Problem

Looking changes nothing; `note` keeps a finished week's topics, people's acts hold in every week.
"""

from pipeline.problems.concerned import REASONS
from pipeline.problems.editing import (
    LEAST_NOTED,
    hide,
    merge,
    note,
    rename,
    split,
    subject_of,
)
from pipeline.problems.edits import Edits, edits_of
from pipeline.problems.material import WEEKS, Said
from pipeline.problems.trend import LEVEL
from pipeline.problems.weekly import Weekly, hear, look, weekly

__all__ = [
    "LEAST_NOTED",
    "LEVEL",
    "REASONS",
    "WEEKS",
    "Edits",
    "Said",
    "Weekly",
    "edits_of",
    "hear",
    "hide",
    "look",
    "merge",
    "note",
    "rename",
    "split",
    "subject_of",
    "weekly",
]
