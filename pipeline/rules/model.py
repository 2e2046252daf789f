"""The schema of a rule pack: what may stand in the YAML, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from pipeline.domain import Price, Severity
from pipeline.rules.logic import Expression, Truth, judge, names_in, parse
from pipeline.rules.meaning import GUARDS
from pipeline.rules.operators import OPERATORS, Operator
from pipeline.rules.parts import (
    ALWAYS,
    Applies,
    CheckId,
    JudgedItem,
    Number,
    Part,
    Period,
    Point,
    Prerequisite,
    Reference,
    Snake,
    Text,
)

if TYPE_CHECKING:
    Condition = Operator
else:
    Condition = Annotated[reduce(or_, OPERATORS.values()), Field(discriminator="operator")]


def _expression(text: str) -> str:
    parse(text)
    return text


BooleanText = Annotated[str, AfterValidator(_expression)]


class Dialogue(Part):
    """A short example call: `info` are its fields, `tail` the seconds behind the last word.

    `lead`: seconds before the first word. `pace`: characters that are spoken in a second.
    `before`: earlier calls of the same customer; their `info` is that of the call, apart from what
    they give themselves (`started_at`).
    """

    lines: Annotated[tuple[Text, ...], Field(min_length=1)]
    info: dict[str, Any] = Field(default_factory=dict)
    tail: Annotated[float, Field(ge=0)] = 0
    pace: Annotated[float, Field(gt=0)] = 5
    lead: Annotated[float, Field(ge=0)] = 0.5
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
                    "with +8 before it for 8 seconds of silence, -2 for 2 seconds of overlap; "
                    "客服 +10dB: … is said 10 dB louder than usual, 客服 -6dB: … more softly, "
                    "客服 +6dB +3st: … also 3 semitones higher"
                )
        return lines


LINE = re.compile(
    r"(?:(?P<pause>[+-]\d+(?:\.\d+)?) )?(?P<who>客服|客户|未知)"
    r"(?: (?P<louder>[+-]\d+(?:\.\d+)?)dB)?(?: (?P<higher>[+-]\d+(?:\.\d+)?)st)?"
    r"[:：] ?(?P<text>.+)"
)


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
    """One rule: conditions, how they make it fail, what that costs, why it matters.

    A fail costs `points` once, or (`counting: each`) for every separate place that is hit, at most
    `most_points` in all. A pass gives `bonus`.
    """

    id: Snake
    title: Text
    title_en: Text
    why: Text
    checks: tuple[CheckId, ...]
    reference: Reference
    control_point: Number
    severity: Severity
    points: Annotated[float, Field(le=0)] = 0
    bonus: Annotated[float, Field(ge=0)] = 0
    counting: Literal["once", "each"] = "once"
    most_points: Annotated[float, Field(gt=0)] | None = None
    key_point: bool = False
    veto: bool = False
    fact: Snake | None = None
    effective: Period = ALWAYS
    applies: Applies = Applies()
    prerequisite: Prerequisite | None = None
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
        wrong = [*self._unknown_names(), *self._idle_conditions()]
        if wrong:
            raise ValueError("\n".join(wrong))
        _no_circle(self.conditions)
        kind = "noted" if self.only_notes else "hit"
        if not getattr(self.examples, kind):
            raise ValueError(f"examples: give at least 3 of {kind}:")
        return self

    @model_validator(mode="after")
    def _counted_sensibly(self) -> Self:
        if self.counting == "each" and (self.forbid is None or self.points == 0):
            raise ValueError("counting: each needs forbid: and points: below 0")
        if self.most_points is not None and self.counting != "each":
            raise ValueError("most_points: needs counting: each")
        if self.most_points is not None and self.most_points < -self.points:
            raise ValueError(f"most_points: {self.most_points:g} is less than one hit costs")
        return self

    @model_validator(mode="after")
    def _accuses_by_more_than_a_measure(self) -> Self:
        """How a voice sounds is measured, not judged: alone it costs nothing."""
        measures = {name for name, c in self.conditions.items() if c.only_measures}
        costs = self.points < 0 or self.veto
        if costs and measures and self._decided_by(measures):
            raise ValueError(
                f"points: {', '.join(sorted(measures))} only measures how somebody sounds; a rule "
                "that fails for it alone costs nothing: give points: 0 and no veto, or join it by "
                "and with what was said"
            )
        return self

    def _decided_by(self, names: Collection[str]) -> bool:
        """Whether these conditions alone make the rule fail, all others being in its favour."""
        favour = Truth.FALSE if self.require is None else Truth.TRUE

        def fails(measured: Truth) -> bool:
            given = judge(self.judged, lambda name, _: measured if name in names else favour)
            return (given.truth is Truth.TRUE) is (self.require is None)

        return fails(Truth.TRUE) is not fails(Truth.FALSE)

    @cached_property
    def price(self) -> Price:
        """What it costs and gives."""
        each = self.counting == "each"
        return Price(float(self.points), float(self.bonus), each, self.most_points)

    def _unknown_names(self) -> Iterator[str]:
        """Names of conditions that there are not, each with the field that has it."""
        known = ", ".join(self.conditions)
        for field in ("require", "forbid", "when"):
            for name in names_in(parse(text)) if (text := getattr(self, field)) else ():
                if name not in self.conditions:
                    yield f"{field}: unknown condition {name!r}; known: {known}"
        for name, condition in self.conditions.items():
            for other in condition.refers_to():
                if other not in self.conditions:
                    yield f"conditions.{name}: needs an unknown condition {other!r}; known: {known}"

    def _idle_conditions(self) -> Iterator[str]:
        used = {name for text in self.expressions for name in names_in(text)}
        used |= {name for c in self.conditions.values() for name in c.refers_to()}
        for name in self.conditions:
            if name not in used:
                yield f"conditions.{name}: is used nowhere: not in require:, forbid: or when:"

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
    def asks_a_model(self) -> bool:
        """Whether one of its conditions is a question to a language model."""
        return any(condition.operator == "llm" for condition in self.conditions.values())

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
            raise ValueError(f"conditions: they refer to each other in a circle: {circle}")
        for other in conditions[name].refers_to():
            visit(other, (*path, name))

    for name in conditions:
        visit(name, ())


class PackFile(Part):
    """One YAML file: a pack in one version.

    With `extends` it adds to another pack; `withdraw` takes rules and human items out of that.
    `most`: the highest score, where bonuses may lift it above `base`.
    """

    pack: Snake
    title: Text
    version: Text
    extends: Snake | None = None
    effective: Period = ALWAYS
    base: Annotated[float, Field(gt=0)] | None = None
    most: Annotated[float, Field(gt=0)] | None = None
    grades: Annotated[dict[Text, float], Field(min_length=1)] | None = None
    control_points: tuple[Point, ...] = ()
    withdraw: tuple[Snake, ...] = ()
    rules: tuple[Rule, ...] = ()
    human: tuple[JudgedItem, ...] = ()
