"""Who reads moods in what customers say where no list of words does: a trained model.

The rules know only this protocol; `pipeline/learning/moods.py` reads with the model in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MoodReading:
    """Of every kind the chance (0-1, calibrated) in each text, and from which on it is said.

    `model`: which one read, with its version. `fault`: why nothing was read, a Chinese clause.
    """

    model: str = ""
    chances: Mapping[str, Sequence[float]] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)
    fault: str = ""


class MoodReader(Protocol):
    """Reads texts of customers, from several threads at once."""

    def read(self, texts: Sequence[str]) -> MoodReading:
        """The reading; never raises because of a model that cannot be read."""
        ...
