"""What a regular expression cannot do without: one of these strings stands in every match.

The idea is that of RE2's prefilter: `密码.{0,4}(告诉|报给)我` can only match where 密码 stands, so one
pass over a call for the strings of all rules tells which turns each expression need be tried on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import re._constants as sre  # type: ignore[import-not-found]  # no stubs for the parser
import re._parser as parser  # type: ignore[import-not-found]

MOST_EXACT = 64  # ways to write a part; more are not worth keeping apart
MOST_CHARS = 48  # characters of a class such as [一二三]; a larger one tells little
MOST_NEEDED = 400

Strings = frozenset[str]
NOTHING: Strings = frozenset({""})


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part: all it can match (`exact`), or strings of which it holds one."""

    exact: Strings | None = None
    needed: Strings | None = None

    def best(self) -> Strings | None:
        """Strings of which every match holds one, none of them empty."""
        own = self.exact if self.exact and "" not in self.exact else None
        return _better(own, self.needed)


_UNKNOWN = _Part()
_EMPTY = _Part(NOTHING)


@lru_cache(maxsize=8192)
def needed(pattern: str) -> Strings | None:
    """Strings of which every match of the pattern holds one; None when that cannot be told."""
    try:
        tree = parser.parse(pattern)
    except re.error:
        return None
    if tree.state.flags & re.IGNORECASE:
        return None
    found = _sequence(tree).best()
    return found if found and len(found) <= MOST_NEEDED else None


def needed_by_any(patterns: Iterable[str]) -> Strings | None:
    """The same for a match of any of several patterns."""
    found: set[str] = set()
    for pattern in patterns:
        own = needed(pattern)
        if own is None:
            return None
        found |= own
    return frozenset(found)


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """The set that is found by chance least often: longer strings first, then fewer of them."""
    if one is None or other is None:
        return one if other is None else other
    return max(one, other, key=lambda strings: (min(map(len, strings)), -len(strings)))


def _sequence(items: Sequence[tuple[object, object]]) -> _Part:
    """Parts one after the other: neighbours whose ways are few are written out together."""
    exact: Strings | None = NOTHING
    run: Strings = NOTHING
    best: Strings | None = None
    for op, value in items:
        part = _part(op, value)
        if part.exact is not None and len(part.exact) * len(run) <= MOST_EXACT:
            run = frozenset(a + b for a, b in product(run, part.exact))
            continue
        exact = None
        best = _better(best, run if "" not in run else None)
        best = _better(best, part.best())
        few = part.exact is not None and len(part.exact) <= MOST_EXACT
        run = part.exact if few and part.exact else NOTHING
    if exact is not None:
        return _Part(run)
    return _Part(None, _better(best, run if "" not in run else None))


def _part(op: object, value: object) -> _Part:
    """One node of the parsed expression."""
    if op is sre.LITERAL:
        return _Part(frozenset({chr(value)}))  # type: ignore[arg-type]
    if op is sre.IN:
        return _class(value)  # type: ignore[arg-type]
    if op is sre.SUBPATTERN:
        return _sequence(value[3])  # type: ignore[index]
    if op is sre.BRANCH:
        return _branch([_sequence(branch) for branch in value[1]])  # type: ignore[index]
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeat(*value)  # type: ignore[misc]
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return _EMPTY
    return _UNKNOWN


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
    exact: Strings | None = None
    if all(part.exact is not None for part in parts):
        exact = frozenset(way for part in parts for way in part.exact or ())
        exact = exact if len(exact) <= MOST_NEEDED else None
    best = [part.best() for part in parts]
    if any(strings is None for strings in best):
        return _Part(exact)
    return _Part(exact, frozenset(way for strings in best for way in strings or ()))


def _repeat(least: int, most: int, items: Sequence[tuple[object, object]]) -> _Part:
    inner = _sequence(items)
    if most == 1 and inner.exact is not None:
        return _Part(inner.exact | NOTHING) if least == 0 else inner
    return _Part(None, inner.best()) if least > 0 else _UNKNOWN
