"""Means of scores: the 95 % interval, and whether two means differ by more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from pipeline.shares import Z_MANY, Z

FEWEST = 5  # below it an interval says nothing


@dataclass(frozen=True, slots=True)
class Moments:
    """Of so many values their sum and the sum of their squares; moments of parts add up."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.count + other.count, self.total + other.total, self.squares + other.squares
        )

    @property
    def mean(self) -> float | None:
        """None of nothing."""
        return self.total / self.count if self.count else None

    @property
    def spread(self) -> float:
        """The sum of squared distances from the mean, never below 0."""
        return max(self.squares - self.total**2 / self.count, 0.0) if self.count else 0.0

    @property
    def error(self) -> float | None:
        """The standard error of the mean; None of fewer than `FEWEST`."""
        if self.count < FEWEST:
            return None
        return sqrt(self.spread / (self.count - 1) / self.count)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean by Student's t, within 0 and 100 of scores."""
        if self.mean is None or self.error is None:
            return None
        half = _student(self.count - 1) * self.error
        low, high = self.mean - half, self.mean + half
        return max(low, 0.0), min(high, max(100.0, self.mean))


def beyond_chance(difference: float, *errors: float | None) -> int:
    """1 when a difference of means with these standard errors is above chance, -1 below, else 0.

    99 %, because many are looked at. An error that nobody knows makes it 0.
    """
    known = [error for error in errors if error is not None]
    if len(known) < len(errors):
        return 0
    far = abs(difference) > Z_MANY * sqrt(sum(error**2 for error in known)) + 1e-9
    return (1 if difference > 0 else -1) if far else 0


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's t (Cornish-Fisher; within 0.3 % from 4 degrees on)."""
    terms = (
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return Z + float(sum(term / freedom**power for power, term in enumerate(terms, 1)))
