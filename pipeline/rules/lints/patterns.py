"""Regular expressions looked at as trees: parts that match nothing, and ways to be slow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from pipeline.rules.turns import fold

# The standard library's own parser: private by name, the same in all Pythons that we run on.
_parser: Any = import_module("re._parser")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
MANY = 16  # a repetition that may go on so long counts as endless
Items = Sequence[tuple[Any, Any]]


def dead_parts(pattern: str) -> tuple[bool, tuple[str, ...]]:
    """What folded text never has: whether the whole pattern needs it, and the characters."""
    return _looked_at(pattern)[0]


@lru_cache(maxsize=4096)
def _looked_at(pattern: str) -> tuple[tuple[bool, tuple[str, ...]], tuple[str, str] | None]:
    """Its dead parts and its risk: parsing takes most of the time of both."""
    tree = _parser.parse(pattern)
    ignore = bool(tree.state.flags & re.IGNORECASE)
    found: list[str] = []
    possible = _possible(list(tree), found, ignore=ignore)
    return (not possible, tuple(dict.fromkeys(found))), _risk(list(tree))


def _possible(items: Items, dead: list[str], *, ignore: bool) -> bool:
    """Whether folded text can match; what it never has is added to `dead`."""
    answers = [_item_possible(str(op), arg, dead, ignore=ignore) for op, arg in items]
    return all(answers)


def _item_possible(op: str, arg: Any, dead: list[str], *, ignore: bool) -> bool:  # noqa: ANN401
    if op == "LITERAL":
        return _noted(_in_text(chr(arg), ignore=ignore), chr(arg), dead)
    if op == "IN":
        possible = any(_member_possible(str(o), a, ignore=ignore) for o, a in arg)
        return _noted(possible, _set_in_words(arg), dead)
    if op == "ASSERT_NOT":  # what must not be there is never missed
        return True
    ignore = ignore or (op == "SUBPATTERN" and bool(arg[1] & re.IGNORECASE))
    answers = [_possible(below, dead, ignore=ignore) for below in _below(op, arg)]
    if op == "BRANCH":
        return any(answers)
    return all(answers) or (op in _REPEATS and arg[0] == 0)


def _noted(possible: bool, mark: str, dead: list[str]) -> bool:
    if not possible:
        dead.append(mark)
    return possible


def _in_text(char: str, *, ignore: bool) -> bool:
    """Whether a character can stand in folded text; points and colons do inside numbers."""
    char = char.lower() if ignore else char
    return char in ".:%" or fold(char) == char


def _member_possible(op: str, arg: Any, *, ignore: bool) -> bool:  # noqa: ANN401
    match op:
        case "LITERAL":
            return _in_text(chr(arg), ignore=ignore)
        case "RANGE":
            return any(_in_text(chr(code), ignore=ignore) for code in range(arg[0], arg[1] + 1))
        case "CATEGORY":
            return str(arg) != "CATEGORY_SPACE"
    return True  # a negated set


def _set_in_words(members: Items) -> str:
    parts = []
    for op, arg in members:
        match str(op):
            case "LITERAL":
                parts.append(chr(arg))
            case "RANGE":
                parts.append(f"{chr(arg[0])}-{chr(arg[1])}")
            case _:
                parts.append("\\s")
    return "".join(parts)


def risk(pattern: str) -> tuple[str, str] | None:
    """Why a pattern may take ages on a long turn, in Chinese and English; None if it does not."""
    return _looked_at(pattern)[1]


def _risk(tree: Items) -> tuple[str, str] | None:
    for body in _endless_bodies(tree):
        if _repeats_alone(body):
            return "重复里面又套着重复", "a repetition inside a repetition"
        if _two_ways(body):
            return (
                "重复的几个选项能对上同一个字",
                "alternatives of a repetition match the same character",
            )
    if _wildcards(tree) > 2:
        return (
            "有三个以上不限长度的 .*，改成 .{0,10} 这样的",
            "three or more endless .*; write .{0,10}",
        )
    return None


def _below(op: str, arg: Any) -> list[Items]:  # noqa: ANN401
    """The parts of an item."""
    match op:
        case "BRANCH":
            return [list(way) for way in arg[1]]
        case "SUBPATTERN":
            return [list(arg[3])]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [list(arg[2])]
        case "ASSERT" | "ASSERT_NOT":
            return [list(arg[1])]
        case "ATOMIC_GROUP":
            return [list(arg)]
    return []


def _endless(op: str, arg: Any) -> bool:  # noqa: ANN401
    backs_off = op in _REPEATS and op != "POSSESSIVE_REPEAT"
    return backs_off and int(arg[1]) >= MANY and arg[0] != arg[1]


def _endless_bodies(items: Items) -> Iterator[Items]:
    """What is repeated without end, anywhere in the pattern."""
    for op, arg in items:
        if _endless(str(op), arg):
            yield list(arg[2])
        for below in _below(str(op), arg):
            yield from _endless_bodies(below)


def _repeats_alone(body: Items) -> bool:
    """Whether an endless part may be all of one round: (a+)+ but not (a+b)+."""
    inner = _unwrapped(body)
    for number, (op, arg) in enumerate(inner):
        rest = [item for k, item in enumerate(inner) if k != number]
        if _endless(str(op), arg) and all(_may_be_empty(str(o), a) for o, a in rest):
            return True
        if (
            str(op) == "BRANCH"
            and len(inner) == 1
            and any(_repeats_alone(w) for w in _below(str(op), arg))
        ):
            return True
    return False


def _unwrapped(body: Items) -> Items:
    """The body of a group that is all there is."""
    while len(body) == 1 and str(body[0][0]) == "SUBPATTERN":
        body = list(body[0][1][3])
    return body


def _may_be_empty(op: str, arg: Any) -> bool:  # noqa: ANN401
    match op:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return bool(arg[0] == 0)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return True
        case "SUBPATTERN":
            return all(_may_be_empty(str(o), a) for o, a in arg[3])
        case "BRANCH":
            return any(all(_may_be_empty(str(o), a) for o, a in way) for way in arg[1])
    return False


def _two_ways(body: Items) -> bool:
    """Whether two alternatives of one character can be the same one: (.|好)+."""
    inner = _unwrapped(body)
    if len(inner) != 1 or str(inner[0][0]) != "BRANCH":
        return False
    ways = [list(way) for way in inner[0][1][1]]
    single = [
        way[0] for way in ways if len(way) == 1 and str(way[0][0]) in ("ANY", "LITERAL", "IN")
    ]
    wild = [item for item in single if str(item[0]) == "ANY"]
    return bool(wild) and len(single) > 1


def _wildcards(items: Items) -> int:
    """Endless dots one after the other, those inside groups included."""
    count = 0
    for op, arg in items:
        if (
            _endless(str(op), arg)
            and len(arg[2]) == 1
            and str(arg[2][0][0]) in ("ANY", "NOT_LITERAL")
        ):
            count += 1
        elif str(op) != "ASSERT_NOT":
            count += max((_wildcards(below) for below in _below(str(op), arg)), default=0)
    return count
