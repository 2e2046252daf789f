"""Boolean expressions over the conditions of a rule: `greeting and (name or not staff_number)`.

Four values, because a recording cannot always tell: `or` is true as soon as one side is, `and` is
false as soon as one side is; otherwise unsure wins over not-applicable. `judge` also names the
conditions that decided, so that a finding can say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

T = TypeVar("T")


class Truth(StrEnum):
    """Value of an expression."""

    TRUE = "true"
    FALSE = "false"
    UNSURE = "unsure"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Name:
    """One condition."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    part: Expression


@dataclass(frozen=True, slots=True)
class All:
    """`x and y`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`x or y`."""

    parts: tuple[Expression, ...]


Expression = Name | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Judgement:
    """The value of an expression and the conditions that decided it, in order."""

    truth: Truth
    names: tuple[str, ...]


_GRAMMAR = r"""
    ?start: either
    ?either: both ("or" both)*
    ?both: negation ("and" negation)*
    ?negation: "not" negation -> negated
             | NAME -> name
             | "(" either ")"
    NAME: /[a-z][a-z0-9_]*/
    %ignore /\s+/
"""


class _Build(Transformer[Token, Expression]):
    def name(self, children: list[Token]) -> Expression:
        return Name(str(children[0]))

    def negated(self, children: list[Expression]) -> Expression:
        return Not(children[0])

    def both(self, children: list[Expression]) -> Expression:
        return All(tuple(children))

    def either(self, children: list[Expression]) -> Expression:
        return AnyOf(tuple(children))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Build())


@cache
def parse(text: str) -> Expression:
    """Read an expression; ValueError says at which character it goes wrong and what may stand."""
    expected = "condition names joined by and, or, not and parentheses"
    return read(_parser(), text, expected)  # type: ignore[no-any-return]  # the transformer's


def read(parser: Lark, text: str, expected: str) -> Any:  # noqa: ANN401 - what the parser makes
    """What a parser makes of a text; ValueError says where it goes wrong and what may stand."""
    try:
        return parser.parse(text)
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        column = len(text) + 1 if ended else error.column
        raise ValueError(
            f"cannot read {text!r} at character {column}: expected {expected}"
        ) from error


def names_in(expression: Expression) -> tuple[str, ...]:
    """The conditions that an expression uses, in order, each once."""
    match expression:
        case Name(name):
            return (name,)
        case Not(part):
            return names_in(part)
        case All(parts) | AnyOf(parts):
            return tuple(dict.fromkeys(name for part in parts for name in names_in(part)))


def places_in(expression: Expression, of: Callable[[str], frozenset[T]]) -> frozenset[T]:
    """At which places an expression is true; `of` says where a condition holds.

    Conditions joined by `or` add up; of those joined by `and` the one with the fewest places says
    how often all of them were there together. What is not there (`not`) has no place.
    """
    match expression:
        case Name(name):
            return of(name)
        case Not():
            return frozenset()
        case AnyOf(parts):
            return frozenset().union(*(places_in(part, of) for part in parts))
        case All(parts):
            places = [found for part in parts if (found := places_in(part, of))]
            return min(places, key=len, default=frozenset())


def judge(
    expression: Expression, value: Callable[[str, bool], Truth], positive: bool = True
) -> Judgement:
    """Evaluate an expression.

    `value(name, positive)` gives a condition's value; `positive` is False under an odd number of
    `not`, so that the caller knows which way this condition pushes.
    """
    match expression:
        case Name(name):
            return Judgement(value(name, positive), (name,))
        case Not(part):
            inner = judge(part, value, not positive)
            return Judgement(_OPPOSITE[inner.truth], inner.names)
        case All(parts):
            return _join([judge(part, value, positive) for part in parts], _AND_ORDER)
        case AnyOf(parts):
            return _join([judge(part, value, positive) for part in parts], _OR_ORDER)


class Judged:
    """An expression with what it gave: few values turn up, so it is seldom worked out twice.

    `places`: its names as they stand, in order, with False under an odd number of `not`.
    """

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.places = tuple(_places_of(expression, True))
        self._known: dict[tuple[Truth, ...], Judgement] = {}

    def of(self, values: tuple[Truth, ...]) -> Judgement:
        """What `judge` says where the places have these values."""
        found = self._known.get(values)
        if found is None:
            in_order = iter(values)
            found = judge(self.expression, lambda name, positive: next(in_order))
            self._known[values] = found
        return found


def _places_of(expression: Expression, positive: bool) -> Iterator[tuple[str, bool]]:
    """The names as they stand, in the order in which `judge` asks for their values."""
    match expression:
        case Name(name):
            yield name, positive
        case Not(part):
            yield from _places_of(part, not positive)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _places_of(part, positive)


_OPPOSITE = {
    Truth.TRUE: Truth.FALSE,
    Truth.FALSE: Truth.TRUE,
    Truth.UNSURE: Truth.UNSURE,
    Truth.NOT_APPLICABLE: Truth.NOT_APPLICABLE,
}
# The first of these that any part has is the value of the whole.
_AND_ORDER = (Truth.FALSE, Truth.UNSURE, Truth.NOT_APPLICABLE, Truth.TRUE)
_OR_ORDER = (Truth.TRUE, Truth.UNSURE, Truth.NOT_APPLICABLE, Truth.FALSE)


def _join(parts: list[Judgement], order: tuple[Truth, ...]) -> Judgement:
    truths = {part.truth for part in parts}
    truth = next(t for t in order if t in truths)
    deciding = [part.names for part in parts if part.truth is truth]
    if len(deciding) == 1:
        return Judgement(truth, deciding[0])
    return Judgement(truth, tuple(dict.fromkeys(chain.from_iterable(deciding))))
