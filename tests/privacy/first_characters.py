"""With what a match of an expression can begin, read from its parse tree."""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]  # no stubs for the parser
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

ANY = "\0"  # stands for all characters of a class that is not written out


def beginnings(pattern: str, size: int = 1) -> set[str]:
    """The first `size` characters of all matches; shorter strings are whole matches.

    What stands around a match (lookarounds, ^, $) is left out of account.
    """
    return _of_all(parser.parse(pattern), size)


def _of_all(nodes: Iterable[Any], size: int) -> set[str]:
    found = {""}
    for op, value in nodes:
        if all(len(each) >= size for each in found):
            break
        found = {
            each + more
            for each in found
            for more in (_of_one(op, value, size - len(each)) if len(each) < size else {""})
        }
    return found


def _of_one(op: Any, value: Any, size: int) -> set[str]:
    if op in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
        return _of_class(value if op is sre.IN else [(op, value)])
    if op is sre.SUBPATTERN:
        return _of_all(value[3], size)
    if op is sre.BRANCH:
        return set().union(*(_of_all(each, size) for each in value[1]))
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        fewest, most, inner = value
        times = range(fewest, min(most, fewest + size) + 1)
        return set().union(*(_of_all([*inner] * count, size) for count in times))
    assert op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
    return {""}


def _of_class(parts: Iterable[Any]) -> set[str]:
    chars: set[str] = set()
    for op, value in parts:
        if op is sre.LITERAL:
            chars.add(chr(value))
        elif op is sre.RANGE:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return {ANY}
    return chars
