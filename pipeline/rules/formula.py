"""Formulas over the metadata of a call: `amount * rate / 100 > 500 and channel == "voice"`.

Numbers, texts in quotes, names of fields and attributes, `+ - * / ( )`, `round(x, n)`, comparisons,
`and or not`. R1-R5 and C1-C5 are numbers on one scale. Nothing else can be called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv

from lark import Lark, Token, Tree

from pipeline.domain import Attribute
from pipeline.rules.levels import number_of, same
from pipeline.rules.logic import read

_GRAMMAR = r"""
    ?start: either
    ?either: both ("or" both)*
    ?both: negation ("and" negation)*
    ?negation: "not" negation -> negated
             | comparison
    ?comparison: sum (COMPARE sum)?
    ?sum: product (PLUS product)*
    ?product: sign (TIMES sign)*
    ?sign: "-" sign -> minus
         | atom
    ?atom: NUMBER -> number
         | STRING -> text
         | "round" "(" either ["," NUMBER] ")" -> rounded
         | NAME -> name
         | "(" either ")"
    COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
    PLUS: "+" | "-"
    TIMES: "*" | "/"
    NUMBER: /\d+(\.\d+)?/
    STRING: /"[^"]*"|'[^']*'/
    NAME: /(?!(and|or|not|round)\b)[a-z][a-z0-9_]*/
    %ignore /\s+/
"""
_COMPARE: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": add, "-": sub, "*": mul, "/": truediv,
}  # fmt: skip
_SAME = {"==": eq, "!=": ne}

Formula = Tree[Token] | Token


class MissingError(Exception):
    """An attribute that the formula needs is not in the metadata; the argument is its name."""


class NoValueError(Exception):
    """It cannot be worked out: a text where a number is needed, a division by zero."""


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


@cache
def read_formula(text: str) -> Formula:
    """Read a formula; ValueError says at which character it goes wrong."""
    expected = (
        "numbers, 'texts', names of attributes, + - * / ( ), round(x, n), < <= > >= == !=, "
        "and, or, not"
    )
    return read(_parser(), text, expected)  # type: ignore[no-any-return]  # of no transformer


def names_of(formula: Formula) -> tuple[str, ...]:
    """The attributes that a formula uses, each once."""
    if isinstance(formula, Token):
        return ()
    named = (str(node.children[0]) for node in formula.iter_subtrees() if node.data == "name")
    return tuple(dict.fromkeys(named))


def value_of(formula: Formula, look_up: Callable[[str], Attribute | None]) -> Attribute:
    """The value for one call. Raises MissingError or NoValueError."""
    if isinstance(formula, Token):
        raise NoValueError(str(formula))
    parts = formula.children
    value: Attribute
    match formula.data:
        case "number":
            value = float(str(parts[0]))
        case "text":
            value = str(parts[0])[1:-1]
        case "name":
            value = _known(str(parts[0]), look_up)
        case "negated":
            value = not _true(parts[0], look_up)
        case "both":
            value = all(_true(part, look_up) for part in parts)
        case "either":
            value = any(_true(part, look_up) for part in parts)
        case "minus":
            value = -_number(parts[0], look_up)
        case "rounded":
            value = round(_number(parts[0], look_up), int(str(parts[1] or 0)))
        case _:
            value = _folded(parts, look_up)
    return value


def _folded(parts: list[Formula], look_up: Callable[[str], Attribute | None]) -> Attribute:
    """A comparison, or a chain of + - or * /, from left to right."""
    sign = str(parts[1])
    if sign in _SAME:
        alike = same(value_of(parts[0], look_up), value_of(parts[2], look_up))
        return bool(_SAME[sign](alike, True))
    total = _number(parts[0], look_up)
    if sign in _COMPARE:
        return _COMPARE[sign](total, _number(parts[2], look_up))
    for k in range(1, len(parts), 2):
        try:
            total = _ARITHMETIC[str(parts[k])](total, _number(parts[k + 1], look_up))
        except ZeroDivisionError as error:
            raise NoValueError("除数为零") from error
    return total


def _known(name: str, look_up: Callable[[str], Attribute | None]) -> Attribute:
    value = look_up(name)
    if value is None:
        raise MissingError(name)
    return value


def _number(part: Formula, look_up: Callable[[str], Attribute | None]) -> float:
    value = value_of(part, look_up)
    number = number_of(value)
    if number is None:
        raise NoValueError(f"{value} 不是数字")
    return number


def _true(part: Formula, look_up: Callable[[str], Attribute | None]) -> bool:
    value = value_of(part, look_up)
    return value.lower() not in ("", "false", "0", "no") if isinstance(value, str) else bool(value)
