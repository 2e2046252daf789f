"""What the metadata says of the call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Literal, Self

from pydantic import StrictBool, model_validator

from pipeline.domain import Attribute as Value
from pipeline.domain import CallInfo
from pipeline.rules.context import CallContext
from pipeline.rules.formula import MissingError, NoValueError, names_of, read_formula, value_of
from pipeline.rules.levels import number_of, same
from pipeline.rules.operators.base import IfMissing, Operator, means
from pipeline.rules.result import Lookup, Result, hit, no, unsure

Plain = StrictBool | int | float | str
FIELDS: dict[str, Callable[[CallInfo], Value | None]] = {
    "business_line": lambda info: info.business_line,
    "direction": lambda info: info.direction,
    "channel": lambda info: info.medium.value,
    "agent_id": lambda info: info.agent.id,
    "team": lambda info: info.agent.team,
    "customer_id": lambda info: info.customer_id,
}


class AttributeIs(Operator):
    """Compares a field or attribute of the call: `is`, `in`, `at_least`, `at_most`, `above`.

    `value` is a constant, `value_of` names another attribute. R1–R5 and C1–C5 are numbers on one
    scale. Or `expression`: a formula that must be true, such as
    `round(amount * rate / 100, 2) > 500 and channel == "voice"` (numbers, quoted texts, attributes,
    `+ - * / ( )`, `round`, comparisons, `and or not`). `if_missing` says what a missing value means
    (default `unsure`).
    """

    EXAMPLE: ClassVar[str] = """
operator: attribute
label: 产品风险高于客户等级
name: product_risk_level
compare: above
value_of: customer_risk_level
"""
    operator: Literal["attribute"]
    name: str | None = None
    compare: Literal["is", "is_not", "in", "at_least", "at_most", "above", "below"] = "is"
    value: Plain | tuple[Plain, ...] | None = None
    value_of: str | None = None
    expression: str | None = None
    if_missing: IfMissing = "unsure"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.expression is not None:
            if (self.name, self.value, self.value_of) != (None, None, None):
                raise ValueError("give either expression: or name: with value: or value_of:")
            read_formula(self.expression)
            return self
        if self.name is None:
            raise ValueError("give name: or expression:")
        if (self.value is None) == (self.value_of is None):
            raise ValueError("give either value: or value_of:")
        if (self.compare == "in") != isinstance(self.value, tuple):
            raise ValueError("compare: in takes a list of values, and only in does")
        return self

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Compare; the value is missing, incomparable, right or wrong."""
        info = call.transcript.info
        if self.expression is not None:
            return self._worked_out(self.expression, info)
        assert self.name is not None  # for mypy: one of the two is there
        left = attribute_of(info, self.name)
        right = self.value
        if self.value_of is not None:
            right = attribute_of(info, self.value_of)
        for name, given in ((self.name, left), (self.value_of, right)):
            if given is None:
                return means(self.if_missing, f"元数据没有注明{self.label}（{name}）")
        assert left is not None  # for mypy: both were looked at above
        assert right is not None
        holds = _compare(self.compare, left, right)
        said = f"{self.name} 为 {left}"
        if holds is None:
            return unsure(f"{said}，无法与 {right} 比较")
        return hit(f"{self.label}：{said}") if holds else no(said)

    def _worked_out(self, expression: str, info: CallInfo) -> Result:
        formula = read_formula(expression)
        try:
            holds = value_of(formula, partial(attribute_of, info))
        except MissingError as missing:
            return means(self.if_missing, f"元数据没有注明{self.label}（{missing}）")
        except NoValueError as error:
            return unsure(f"{self.label}无法计算：{error}")
        values = "、".join(f"{name} 为 {attribute_of(info, name)}" for name in names_of(formula))
        return hit(f"{self.label}：{values}") if holds else no(values or self.label)


def attribute_of(info: CallInfo, name: str) -> Value | None:
    """A field of the call or one of its attributes; None where it is missing."""
    return FIELDS[name](info) if name in FIELDS else info.attributes.get(name)


def _compare(how: str, left: Value, right: Value | tuple[Value, ...]) -> bool | None:
    if isinstance(right, tuple):
        return any(same(left, value) for value in right)
    if how in ("is", "is_not"):
        return same(left, right) is (how == "is")
    one, two = number_of(left), number_of(right)
    if one is None or two is None:
        return None
    return {"at_least": one >= two, "at_most": one <= two, "above": one > two, "below": one < two}[
        how
    ]
