"""What a regular expression cannot do without: strings of which one stands in every match.

The idea is that of RE2's prefilter: `密码.{0,4}(告诉|报给)我` can only match where 密码 stands and
告诉我 or 报给我 does, so one pass over a call for the strings of all rules tells which turns each
expression need be tried on.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]  # no stubs for the parser
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

MOST_EXACT = 64  # ways to write a part; more are not worth keeping apart
MOST_CHARS = 48  # characters of a class such as [一二三]; a larger one tells little
MOST_NEEDED = 400
MOST_TOGETHER = 3  # sets that a match must meet; a fourth one hardly helps

Strings = frozenset[str]
Together = tuple[Strings, ...]
NOTHING: Strings = frozenset({""})


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part: all it can match (`exact`), sets of which it holds a string each."""

    exact: Strings | None = None
    needed: Together = ()

    def all_needed(self) -> Together:
        """Sets of which every match holds a string each, none of them empty."""
        own = (self.exact,) if self.exact and "" not in self.exact else ()
        return _rarest((*own, *self.needed))


_UNKNOWN = _Part()
_EMPTY = _Part(NOTHING)


def needed(pattern: str) -> Together:
    """Sets of strings: every match of the pattern holds one of each. Empty: it cannot be told."""
    try:
        return _parsed(pattern)[0]
    except re.error:
        return ()


def needed_by_each(patterns: Iterable[str]) -> tuple[Together, ...]:
    """The same for a match of any of several patterns; empty when one of them needs nothing."""
    found = tuple(needed(pattern) for pattern in patterns)
    return found if all(found) else ()


def looks_around(pattern: str) -> bool:
    r"""Whether a match depends on what stands beside it: `^`, `$`, `\\b`, `(?=…)` and their kind.

    Any other pattern that matches in a part of a text matches in the text.
    """
    return _parsed(pattern)[1]


@lru_cache(maxsize=16384)
def _parsed(pattern: str) -> tuple[Together, bool]:
    """What is needed and whether it looks around; parsing takes most of the time of both."""
    tree = parser.parse(pattern)
    if tree.state.flags & re.IGNORECASE:
        return (), _has_edge(tree)
    sets = (s for s in _sequence(tree).all_needed() if len(s) <= MOST_NEEDED)
    return tuple(map(_shortest, sets)), _has_edge(tree)


def _shortest(strings: Strings) -> Strings:
    """Without those that hold another one: where they stand, that stands, too."""

    def holds_another(string: str) -> bool:
        size = len(string)
        parts = (string[a:b] for a in range(size) for b in range(a + 1, size + 1))
        return any(part in strings for part in parts if len(part) < size)

    return frozenset(string for string in strings if not holds_another(string))


def _has_edge(node: object) -> bool:
    if isinstance(node, (list, tuple, parser.SubPattern)):
        return any(map(_has_edge, node))
    return node in (sre.AT, sre.ASSERT, sre.ASSERT_NOT)


def branches(pattern: str) -> tuple[str, ...]:
    """The alternatives of a pattern at its top level: `a(b|c)|d` is `a(b|c)` and `d`."""
    parts, depth, start, at = [], 0, 0, 0
    in_class = False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]" or pattern[start:at].endswith(("[", "[^"))
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    return (*parts, pattern[start:])


def _rarest(sets: Iterable[Strings]) -> Together:
    """Those found by chance least often: longer strings first, then fewer of them."""
    ordered = sorted(sets, key=lambda strings: (-min(map(len, strings)), len(strings)))
    return tuple(ordered[:MOST_TOGETHER])


def _sequence(items: Sequence[tuple[object, object]]) -> _Part:
    """Parts one after the other: neighbours whose ways are few are written out together."""
    whole = True
    run: Strings = NOTHING
    sets: list[Strings] = []
    for op, value in items:
        part = _part(op, value)
        if part.exact is not None and len(part.exact) * len(run) <= MOST_EXACT:
            run = frozenset(a + b for a, b in product(run, part.exact))
            continue
        whole = False
        if "" not in run:
            sets.append(run)
        few = part.exact is not None and len(part.exact) <= MOST_EXACT
        run = part.exact if few and part.exact else NOTHING
        if run is NOTHING:
            sets += part.all_needed()
    if whole:
        return _Part(run)
    if "" not in run:
        sets.append(run)
    return _Part(None, _rarest(sets))


def _part(op: object, value: object) -> _Part:
    """One node of the parsed expression."""
    found = _UNKNOWN
    if op is sre.LITERAL:
        found = _Part(frozenset({chr(value)}))  # type: ignore[arg-type]
    elif op is sre.IN:
        found = _class(value)  # type: ignore[arg-type]
    elif op is sre.SUBPATTERN:
        found = _sequence(value[3])  # type: ignore[index]
    elif op is sre.BRANCH:
        found = _branch([_sequence(branch) for branch in value[1]])  # type: ignore[index]
    elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        found = _repeat(*value)  # type: ignore[misc]
    elif op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        found = _EMPTY
    return found


def _class(items: Iterable[tuple[object, object]]) -> _Part:
    chars: set[str] = set()
    for op, value in items:
        if op is sre.LITERAL:
            chars.add(chr(value))  # type: ignore[arg-type]
        elif op is sre.RANGE and value[1] - value[0] < MOST_CHARS:  # type: ignore[index]
            chars.update(map(chr, range(value[0], value[1] + 1)))  # type: ignore[index]
        else:
            return _UNKNOWN
    return _Part(frozenset(chars)) if len(chars) <= MOST_CHARS else _UNKNOWN


def _branch(parts: Sequence[_Part]) -> _Part:
    """One of several: of each branch one set, all of them together."""
    exact: Strings | None = None
    if all(part.exact is not None for part in parts):
        exact = frozenset(way for part in parts for way in part.exact or ())
        exact = exact if len(exact) <= MOST_NEEDED else None
    each = [part.all_needed() for part in parts]
    if not all(each):
        return _Part(exact)
    return _Part(exact, (frozenset(way for sets in each for way in sets[0]),))


def _repeat(least: int, most: int, items: Sequence[tuple[object, object]]) -> _Part:
    inner = _sequence(items)
    if most == 1 and inner.exact is not None:
        return _Part(inner.exact | NOTHING) if least == 0 else inner
    return _Part(None, inner.all_needed()) if least > 0 else _UNKNOWN


@lru_cache(maxsize=8192)
def every_way(pattern: str) -> Strings | None:
    """All strings that a pattern matches, whatever stands beside them; None where they are many."""
    tree = parser.parse(pattern)
    return None if tree.state.flags & re.IGNORECASE else _sequence(tree).exact
