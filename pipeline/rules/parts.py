"""Small parts of a rule pack: periods, references, whom a rule is for, what a person judges."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from pipeline.domain import BUSINESS_LINES, ControlPoint, HumanItem, Verdict


def _a_business_line(line: str) -> str:
    if line not in BUSINESS_LINES:
        raise ValueError(f"unknown business line {line!r}; known: {', '.join(BUSINESS_LINES)}")
    return line


Snake = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*(\.[1-9]\d*)*$")]
CheckId = Annotated[str, StringConstraints(pattern=r"^[A-F][1-9]\d?$")]
BusinessLine = Annotated[str, AfterValidator(_a_business_line)]


class Part(BaseModel):
    """Base of everything in a pack: immutable, nothing unknown allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Period(Part):
    """From the first to the last day on which something is in force; open where left out."""

    model_config = ConfigDict(populate_by_name=True)

    start: date | None = Field(None, alias="from")
    end: date | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"to: {self.end} lies before from: {self.start}")
        return self

    def holds(self, day: date | None) -> bool:
        """Whether it is in force on a day; on an unknown day unless it has ended for good."""
        if day is None:
            return self.end is None
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


ALWAYS = Period.model_validate({})


class Reference(Part):
    """The law, standard or house rule behind a rule.

    `status`: V the text was seen, S a secondary source was seen, `house` our own rule (内部规范).
    """

    text: Text
    status: Literal["V", "S", "house"]

    @model_validator(mode="after")
    def _house_rules_say_so(self) -> Self:
        if (self.status == "house") is not self.text.startswith("内部规范"):
            raise ValueError("a reference with status house begins with 内部规范, and only those")
        return self


class Applies(Part):
    """Calls that a rule is for; left out: all. Of several fields every one must fit.

    `products` and `queues` are the attributes `product` and `queue` of the call.
    """

    business_lines: tuple[BusinessLine, ...] = ()
    directions: tuple[Literal["inbound", "outbound"], ...] = ()
    channels: tuple[Literal["voice", "chat"], ...] = ()
    teams: tuple[Text, ...] = ()
    products: tuple[Text, ...] = ()
    queues: tuple[Text, ...] = ()

    @cached_property
    def asked(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The fields that leave calls out, with the values that they let in."""
        return tuple((field, values) for field, values in self if values)

    @property
    def to_all(self) -> bool:
        """Whether there is no call that it leaves out."""
        return not self.asked


class Prerequisite(Part):
    """Another rule of the pack whose verdict decides whether this one applies.

    `verdict`: it applies where the other rule has one of these.
    """

    rule: Snake
    verdict: Annotated[tuple[Verdict, ...], Field(min_length=1)]


class JudgedItem(Part):
    """What only a person can judge (服务态度, 语气 …), with a control point of its own or shared.

    `levels`: name → points, the best 0, the others below; `guidance`: how to choose among them.
    """

    id: Snake
    title: Text
    title_en: Text
    control_point: Number
    levels: Annotated[dict[Text, float], Field(min_length=2)]
    guidance: Text

    @model_validator(mode="after")
    def _best_costs_nothing(self) -> Self:
        if max(self.levels.values()) != 0:
            raise ValueError("levels: the best level has 0 points, all others less")
        return self

    @property
    def noun(self) -> HumanItem:
        """The item on a scorecard, open."""
        best_first = tuple(sorted(self.levels.items(), key=lambda level: -level[1]))
        return HumanItem(
            self.id, self.title, self.title_en, self.control_point, best_first, self.guidance
        )


class Point(Part):
    """A numbered control point; `cap` is the most that it and all below it can cost.

    `bonus_cap`: the most they can give. A top point with a `weight` is a section: it has `full`
    points to lose (left out: the pack's base), or, `earned`, those of the rules that apply.
    """

    number: Number
    title: Text
    key_point: bool = False
    cap: Annotated[float, Field(gt=0)] | None = None
    bonus_cap: Annotated[float, Field(gt=0)] | None = None
    weight: Annotated[float, Field(ge=0)] | None = None
    full: Annotated[float, Field(gt=0)] | None = None
    earned: bool = False

    @model_validator(mode="after")
    def _sections_are_at_the_top(self) -> Self:
        if self.weight is not None and "." in self.number:
            raise ValueError("weight: only a top control point (1, 2 …) has one")
        if self.weight is None and (self.full is not None or self.earned):
            raise ValueError("full: and earned: need a weight:")
        if self.full is not None and self.earned:
            raise ValueError("give either full: or earned: true")
        return self

    @property
    def noun(self) -> ControlPoint:
        """The point on a scorecard."""
        return ControlPoint(**self.model_dump())
