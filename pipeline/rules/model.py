"""The schema of a rule pack: what may stand in the YAML, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from pipeline.domain import BUSINESS_LINES, Severity
from pipeline.rules.logic import Expression, names_in, parse
from pipeline.rules.meaning import GUARDS
from pipeline.rules.operators import OPERATORS, Operator

if TYPE_CHECKING:
    Condition = Operator
else:
    Condition = Annotated[reduce(or_, OPERATORS.values()), Field(discriminator="operator")]


def _expression(text: str) -> str:
    parse(text)
    return text


def _a_business_line(line: str) -> str:
    if line not in BUSINESS_LINES:
        raise ValueError(f"unknown business line {line!r}; known: {', '.join(BUSINESS_LINES)}")
    return line


Snake = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*(\.[1-9]\d*)*$")]
CheckId = Annotated[str, StringConstraints(pattern=r"^[A-F][1-9]\d?$")]
BooleanText = Annotated[str, AfterValidator(_expression)]
BusinessLine = Annotated[str, AfterValidator(_a_business_line)]


class Part(BaseModel):
    """Base of everything in a pack: immutable, nothing unknown allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Part):
    """From the first to the last day on which something is in force; open where left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

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
    """Calls that a rule is for; left out: all."""

    business_lines: tuple[BusinessLine, ...] = ()
    directions: tuple[Literal["inbound", "outbound"], ...] = ()
    channels: tuple[Literal["voice", "chat"], ...] = ()


class Dialogue(Part):
    """A short example call: `info` are its fields, `tail` the seconds behind the last word.

    `pace`: characters that are spoken in a second. `before`: earlier calls of the same customer;
    their `info` is that of the call, apart from what they give themselves (`started_at`).
    """

    lines: Annotated[tuple[Text, ...], Field(min_length=1)]
    info: dict[str, Any] = Field(default_factory=dict)
    tail: Annotated[float, Field(ge=0)] = 0
    pace: Annotated[float, Field(gt=0)] = 5
    before: tuple[Dialogue, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, value: object) -> object:
        return {"lines": value} if isinstance(value, list) else value

    @field_validator("lines")
    @classmethod
    def _readable(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            if not LINE.fullmatch(line):
                raise ValueError(
                    f"cannot read the line {line!r}: write 客服: …, 客户: … or 未知: …, "
                    "with +8 before it for 8 seconds of silence, -2 for 2 seconds of overlap"
                )
        return lines


LINE = re.compile(r"(?:(?P<pause>[+-]\d+(?:\.\d+)?) )?(?P<who>客服|客户|未知)[:：] ?(?P<text>.+)")


class Examples(Part):
    """Calls that fail the rule (`hit`), that do not (`no_hit`), that a person must judge.

    `noted`, in place of `hit`: calls that pass a rule that only takes note of something for later
    calls (`require` and `when` the same) and can therefore not fail.
    """

    hit: Annotated[tuple[Dialogue, ...], Field(min_length=3)] = ()
    noted: Annotated[tuple[Dialogue, ...], Field(min_length=3)] = ()
    no_hit: Annotated[tuple[Dialogue, ...], Field(min_length=3)]
    unsure: tuple[Dialogue, ...] = ()


class Rule(Part):
    """One rule: conditions, how they make it fail, what that costs, why it matters."""

    id: Snake
    title: Text
    title_en: Text
    why: Text
    checks: tuple[CheckId, ...]
    reference: Reference
    control_point: Number
    severity: Severity
    points: Annotated[float, Field(le=0)] = 0
    key_point: bool = False
    veto: bool = False
    fact: Snake | None = None
    effective: Period = ALWAYS
    applies: Applies = Applies()
    conditions: Annotated[dict[Snake, Condition], Field(min_length=1)]
    require: BooleanText | None = None
    forbid: BooleanText | None = None
    when: BooleanText | None = None
    suggestion: Text
    examples: Examples

    @model_validator(mode="before")
    @classmethod
    def _guard_what_is_forbidden(cls, value: object) -> object:
        """Conditions of a forbid rule are guarded against denial, question and report."""
        if not isinstance(value, dict) or not isinstance(value.get("forbid"), str):
            return value
        conditions = value.get("conditions")
        if not isinstance(conditions, dict):
            return value
        used = set(re.findall(r"\w+", value["forbid"]))
        return {**value, "conditions": dict(_guarded(conditions, used))}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.require is None) == (self.forbid is None):
            raise ValueError("give either require: (must hold) or forbid: (must not hold)")
        used = {name for text in self.expressions for name in names_in(text)}
        used |= {name for c in self.conditions.values() for name in c.refers_to()}
        unknown = sorted(used - set(self.conditions))
        if unknown:
            known = ", ".join(self.conditions)
            raise ValueError(f"unknown condition {unknown[0]!r}; known: {known}")
        idle = [name for name in self.conditions if name not in used]
        if idle:
            raise ValueError(f"condition {idle[0]!r} is used nowhere")
        _no_circle(self.conditions)
        kind = "noted" if self.only_notes else "hit"
        if not getattr(self.examples, kind):
            raise ValueError(f"examples: give at least 3 of {kind}:")
        return self

    @property
    def only_notes(self) -> bool:
        """Whether it passes where something is said, applies nowhere else and never fails."""
        return self.require is not None and self.require == self.when

    @cached_property
    def judged(self) -> Expression:
        """What must or must not hold."""
        return parse(self.require or self.forbid or "")

    @cached_property
    def occasion(self) -> Expression | None:
        """What makes the rule apply."""
        return None if self.when is None else parse(self.when)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All expressions of the rule."""
        return (self.judged,) if self.occasion is None else (self.judged, self.occasion)


def _guarded(conditions: Mapping[str, object], used: set[str]) -> Iterator[tuple[str, object]]:
    for name, condition in conditions.items():
        if isinstance(condition, dict) and name in used and "guard" not in condition:
            operator = OPERATORS.get(str(condition.get("operator")))
            if operator is not None and "guard" in operator.model_fields:
                yield name, {**condition, "guard": GUARDS}
                continue
        yield name, condition


def _no_circle(conditions: Mapping[str, Operator]) -> None:
    """Conditions that refer to each other must end somewhere."""

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path, name))
            raise ValueError(f"conditions refer to each other in a circle: {circle}")
        for other in conditions[name].refers_to():
            visit(other, (*path, name))

    for name in conditions:
        visit(name, ())


class Point(Part):
    """A numbered control point."""

    number: Number
    title: Text
    key_point: bool = False
    cap: Annotated[float, Field(gt=0)] | None = None


class PackFile(Part):
    """One YAML file. With `extends` it adds to another pack; `withdraw` takes rules out of that."""

    pack: Snake
    title: Text
    version: Text
    extends: Snake | None = None
    effective: Period = ALWAYS
    base: Annotated[float, Field(gt=0)] | None = None
    grades: Annotated[dict[Text, float], Field(min_length=1)] | None = None
    control_points: tuple[Point, ...] = ()
    withdraw: tuple[Snake, ...] = ()
    rules: tuple[Rule, ...] = ()
