"""Rules of the settings by which a month rewards or fines agents: declared, never code.

A fine rests on what people confirmed and on nothing else: a rule that would fine somebody for what
a machine found, or for a score that holds what nobody looked at, is refused when settings are read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Figure(StrEnum):
    """What a condition may ask of an agent's month.

    CALLS scored; CHECKED by people; MEAN score and PASS_RATE (0 to 1) of all calls, as they count;
    CHECKED_MEAN of the checked ones; STANDS 1 above the same business lines by more than chance, -1
    below, else 0; CONFIRMED violations (of each severity; vetoes) and the points they cost, with
    the levels that people chose.
    """

    CALLS = "calls"
    CHECKED = "checked"
    MEAN = "mean"
    CHECKED_MEAN = "checked_mean"
    PASS_RATE = "pass_rate"  # noqa: S105 - a figure
    STANDS = "stands"
    CONFIRMED = "confirmed"
    CONFIRMED_CRITICAL = "confirmed_critical"
    CONFIRMED_MAJOR = "confirmed_major"
    CONFIRMED_MINOR = "confirmed_minor"
    CONFIRMED_VETOES = "confirmed_vetoes"
    CONFIRMED_POINTS = "confirmed_points"


COUNTS = (Figure.CALLS, Figure.CHECKED)
MACHINES = (Figure.MEAN, Figure.CHECKED_MEAN, Figure.PASS_RATE, Figure.STANDS)
CONFIRMED = tuple(one for one in Figure if one not in (*COUNTS, *MACHINES))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Part):
    """From `at_least` to `at_most`, both included; None does not limit."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("write at_least or at_most")
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]
            raise ValueError(f"nothing is at least {self.at_least} and at most {self.at_most}")
        return self

    def holds(self, value: float | None) -> bool:
        """Whether a figure keeps to it; one that is not known never does."""
        if value is None:
            return False
        low = self.at_least is None or value >= self.at_least - 1e-9
        return low and (self.at_most is None or value <= self.at_most + 1e-9)


class RewardRule(_Part):
    """One rule: all conditions (`when`) must hold. `per`: the amount for each of that figure."""

    name: str = Field(min_length=1)
    kind: Literal["reward", "penalty"]
    when: dict[Figure, Limits] = Field(min_length=1)
    amount: float = Field(gt=0)
    unit: str = "元"
    per: Figure | None = None
    text: str = ""
    name_en: str = ""
    text_en: str = ""

    @model_validator(mode="after")
    def _fair(self) -> Self:
        if self.kind == "penalty":
            self._only_confirmed()
        elif any(one in self.when for one in MACHINES) and not any(
            self.when[one].at_least for one in COUNTS if one in self.when
        ):
            raise ValueError(
                f"'{self.name}' goes by a mean or a share: say of how many calls at least, such as "
                "`checked: {at_least: 20}`"
            )
        if self.per is not None and self.per not in (*COUNTS, *CONFIRMED):
            raise ValueError(f"'{self.name}': per counts something, {self.per} does not")
        return self

    def _only_confirmed(self) -> None:
        wrong = [one for one in self.when if one in MACHINES]
        if wrong:
            raise ValueError(
                f"'{self.name}' would fine somebody by {wrong[0]}, which holds what nobody "
                f"confirmed; a penalty asks for: {', '.join((*COUNTS, *CONFIRMED))}"
            )
        if not any((self.when[one].at_least or 0) > 0 for one in CONFIRMED if one in self.when):
            raise ValueError(
                f"'{self.name}' would fine somebody for nothing that was confirmed; write at least "
                "one such as `confirmed_vetoes: {at_least: 1}`"
            )
