"""Whom a problem concerns more than chance would, and what its calls have more often than others.

Both compare the calls of the week that have it with those that have not: the hypergeometric test
(one-sided), corrected over everything that was looked at in the week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from pipeline.domain import Concerned, Hint
from pipeline.problems.trend import LEVEL, benjamini_hochberg

Row = Mapping[str, Any]
WHO: dict[str, tuple[str, str]] = {  # key, name
    "agents": ("agent_id", "agent_name"),
    "teams": ("team", "team"),
    "products": ("product", "product"),
}
SIGNS = ("team", "product", "line", "channel", "direction", "hour", "hold", "reason", "read_reason")
REASONS = frozenset({"reason", "read_reason"})  # of the metadata; as a model reads it
FEW_CALLS = 10  # of somebody in the week: with fewer nothing is said about them
FEW_WITH = 3
MOST = 5  # of each that are shown
MOST_HINTS = 4
TIMES = 1.5  # so much more often than elsewhere, and at least
LEAST_SHARE = 0.2  # of the calls with the problem


@dataclass(frozen=True, slots=True)
class Told:
    """Of one problem."""

    agents: tuple[Concerned, ...] = ()
    teams: tuple[Concerned, ...] = ()
    products: tuple[Concerned, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One comparison: in how many of a group's calls, and of how many of all the week's."""

    problem: int
    what: str
    value: str
    calls: int
    of: int
    with_it: int


def told(
    rows: Sequence[Row], rules: Sequence[tuple[str, ...]], problems: Sequence[frozenset[int]]
) -> list[Told]:
    """What each problem concerns: `rows` are the week's calls, `problems` numbers of some of them.

    `rules` are those that each call failed.
    """
    groups = dict(_groups(rows, rules))
    asked = [one for number, calls in enumerate(problems) for one in _asked(number, calls, groups)]
    corrected = dict(zip(asked, _corrected(asked, len(rows)), strict=True))
    names = {
        (what, str(row[key])): str(row[name] or row[key])
        for what, (key, name) in WHO.items()
        for row in rows
        if row[key]
    }
    by_problem: dict[int, list[_Asked]] = {number: [] for number in range(len(problems))}
    for one in asked:
        by_problem[one.problem].append(one)

    def concerned(own: list[_Asked], what: str) -> tuple[Concerned, ...]:
        among = [one for one in own if one.what == what]
        listed = [
            Concerned(one.value, names[what, one.value], one.calls, one.of, corrected[one] <= LEVEL)
            for one in among
        ]
        return tuple(sorted(listed, key=lambda c: (not c.excess, -c.calls, c.key))[:MOST])

    return [
        Told(
            concerned(own, "agents"),
            concerned(own, "teams"),
            concerned(own, "products"),
            _hints(own, corrected.__getitem__, len(rows)),
        )
        for own in by_problem.values()
    ]


def _groups(
    rows: Sequence[Row], rules: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, str], frozenset[int]]]:
    found: dict[tuple[str, str], set[int]] = {}
    for number, row in enumerate(rows):
        for what, (key, _) in WHO.items():
            if row[key]:
                found.setdefault((what, str(row[key])), set()).add(number)
        for sign in SIGNS:
            if row[sign] is not None and row[sign] is not False and row[sign] != "":
                found.setdefault((sign, _value(sign, row[sign])), set()).add(number)
        for rule in rules[number]:
            found.setdefault(("rule", rule), set()).add(number)
    yield from ((group, frozenset(calls)) for group, calls in sorted(found.items()))


def _value(sign: str, value: Any) -> str:  # noqa: ANN401 - a cell
    if sign == "hour":
        return f"{value:02}:00–{value + 3:02}:00"
    return "yes" if value is True else str(value)


def _asked(
    number: int, calls: frozenset[int], groups: Mapping[tuple[str, str], frozenset[int]]
) -> Iterator[_Asked]:
    for (what, value), group in groups.items():
        both = len(calls & group)
        if both and (what in WHO or both >= FEW_WITH):
            yield _Asked(number, what, value, both, len(group), len(calls))


def _corrected(asked: Sequence[_Asked], total: int) -> list[float]:
    """Corrected chances; 1 where there are too few calls to say anything."""
    from scipy import stats

    enough = [n for n, one in enumerate(asked) if one.of >= FEW_CALLS and one.calls >= FEW_WITH]
    found = [1.0] * len(asked)
    if enough:
        calls, of, with_it = (_column([asked[n] for n in enough], name)
                              for name in ("calls", "of", "with_it"))  # fmt: skip
        chances = cast("Any", stats).hypergeom.sf(calls - 1, total, with_it, of)
        for n, value in zip(enough, benjamini_hochberg(list(map(float, chances))), strict=True):
            found[n] = value
    return found


def _column(asked: Iterable[_Asked], name: str) -> npt.NDArray[np.int64]:
    return np.array([getattr(one, name) for one in asked], np.int64)


def _hints(
    own: Sequence[_Asked], chance: Callable[[_Asked], float], total: int
) -> tuple[Hint, ...]:
    """Signs that are much more frequent with the problem than without, least by chance first."""
    found = []
    for one in own:
        if one.what in WHO or chance(one) > LEVEL or total == one.with_it:
            continue
        share = one.calls / one.with_it
        elsewhere = (one.of - one.calls) / (total - one.with_it)
        if share >= LEAST_SHARE and share >= TIMES * elsewhere:
            hint = Hint(one.what, one.value, round(share, 4), round(elsewhere, 4))
            found.append((chance(one), -share, hint))
    return tuple(hint for *_, hint in sorted(found, key=lambda one: one[:2])[:MOST_HINTS])
