"""Two packs side by side: what was added, removed and changed, and what the changes can do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from pipeline.rules.model import Rule
from pipeline.rules.pack import RulePack
from pipeline.rules.parts import JudgedItem


class Effect(StrEnum):
    """What a change can do, least first."""

    NOTHING = "nothing"
    EXAMPLES = "examples"
    TEXTS = "texts"
    SCORE = "score"
    VERDICT = "verdict"


_RANK = {effect: rank for rank, effect in enumerate(Effect)}
TEXTS = {"title", "title_en", "why", "suggestion", "reference", "checks", "guidance", "version"}
SCORE = {
    "points", "bonus", "counting", "most_points", "severity", "key_point", "veto", "fact",
    "control_point", "levels", "base", "most", "grades", "order",
}  # fmt: skip
# Lists in which the order means something; all others are compared as sets.
PAIRS = {"between", "outside", "turns", "seconds", "share"}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is not the same; lists by what was added and removed."""

    field: str
    effect: Effect
    before: object = None
    after: object = None
    added: tuple[object, ...] = ()
    removed: tuple[object, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it is told by what was added and removed."""
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule, human item or control point that both packs have, and what differs."""

    name: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What differs among parts of one kind."""

    kind: str
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two packs, with all that they inherit."""

    pack: tuple[Change, ...]
    parts: tuple[Part, ...]

    @property
    def effect(self) -> Effect:
        """The most that the change can do."""
        effects = [change.effect for change in self.pack]
        for part in self.parts:
            if part.added or part.removed:
                effects.append(Effect.VERDICT if part.kind == "rules" else Effect.SCORE)
            effects += [change.effect for one in part.changed for change in one.changes]
        return max(effects, key=_RANK.__getitem__, default=Effect.NOTHING)


def compare(one: RulePack, other: RulePack) -> Difference:
    """What it takes to come from one pack to the other."""
    changes = list(_changes(_of_pack(one), _of_pack(other)))
    both = {rule.id for rule in one.rules} & {rule.id for rule in other.rules}
    orders = [[rule.id for rule in pack.rules if rule.id in both] for pack in (one, other)]
    if orders[0] != orders[1]:
        changes.append(Change("order", Effect.SCORE))
    return Difference(
        tuple(changes),
        (
            _part("control_points", _points(one), _points(other)),
            _part("rules", _entries(one, Rule), _entries(other, Rule)),
            _part("human", _entries(one, JudgedItem), _entries(other, JudgedItem)),
        ),
    )


def _of_pack(pack: RulePack) -> dict[str, Any]:
    content = pack.content()
    fields = {k: content[k] for k in ("title", "version", "effective", "base", "most")}
    return {**fields, "grades": dict(content["grades"])}


def _points(pack: RulePack) -> dict[str, dict[str, Any]]:
    return {point["number"]: point for point in pack.content()["control_points"]}


def _entries(pack: RulePack, kind: type[BaseModel]) -> dict[str, dict[str, Any]]:
    return {
        name: placed.entry.model_dump(mode="json", by_alias=True)
        for name, placed in pack.placed.items()
        if isinstance(placed.entry, kind)
    }


def _part(
    kind: str, one: Mapping[str, dict[str, Any]], other: Mapping[str, dict[str, Any]]
) -> Part:
    both = [name for name in other if name in one]
    changed = [
        Changed(name, other[name]["title"], tuple(_changes(one[name], other[name])))
        for name in both
        if one[name] != other[name]
    ]
    return Part(
        kind,
        tuple((name, entry["title"]) for name, entry in other.items() if name not in one),
        tuple((name, entry["title"]) for name, entry in one.items() if name not in other),
        tuple(changed),
    )


def _changes(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
    """Field by field; conditions that only one of them has are one change each."""
    yield from _conditions(one.get("conditions", {}), other.get("conditions", {}))
    shared = set(one.get("conditions", {})) & set(other.get("conditions", {}))
    before, after = dict(_flat(one)), dict(_flat(other))
    for path in dict.fromkeys((*before, *after)):
        old, new = before.get(path), after.get(path)
        alone = path[0] == "conditions" and path[1] not in shared
        if old == new or alone:
            continue
        field, effect = ".".join(path), _effect(path)
        if _as_set(path, old) and _as_set(path, new):
            added, removed = _missing(new, old), _missing(old, new)
            if added or removed:
                yield Change(field, effect, None, None, added, removed)
                continue
        yield Change(field, effect, old, new)


def _conditions(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
    """Conditions that only one of the rules has, as a whole."""
    for name in dict.fromkeys((*one, *other)):
        if (name in one) is not (name in other):
            yield Change(f"conditions.{name}", Effect.VERDICT, one.get(name), other.get(name))


def _flat(
    part: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in part.items():
        here = (*path, key)
        if isinstance(value, Mapping) and value:
            yield from _flat(value, here)
        elif value not in (None, [], {}):
            yield here, value


def _as_set(path: Sequence[str], value: object) -> bool:
    return value is None or (isinstance(value, list) and path[-1] not in PAIRS)


def _missing(these: Iterable[object] | None, those: Iterable[object] | None) -> tuple[object, ...]:
    """What the first list has and the second has not."""
    there = {json.dumps(item, sort_keys=True) for item in those or ()}
    return tuple(x for x in these or () if json.dumps(x, sort_keys=True) not in there)


def _effect(path: Sequence[str]) -> Effect:
    """What a change of this field can do; an unknown field may do anything."""
    first, last = path[0], path[-1]
    if first == "examples":
        return Effect.EXAMPLES
    if first in TEXTS or (first == "conditions" and len(path) == 3 and last == "label"):
        return Effect.TEXTS
    if first in SCORE or first in ("cap", "bonus_cap", "weight", "full", "earned", "number"):
        return Effect.SCORE
    return Effect.VERDICT
