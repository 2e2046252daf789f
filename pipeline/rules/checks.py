"""What must fit together between the rules and files of one pack; each fault with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import ScorePlan
from pipeline.errors import BadPack
from pipeline.rules.model import Rule
from pipeline.rules.packfile import Layer
from pipeline.rules.parts import JudgedItem

Entry = Rule | JudgedItem
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule or human item, and the file and place that it stands in."""

    entry: Entry
    layer: Layer
    place: Place

    def at(self, *path: str) -> str:
        """File and line of a field of it."""
        return self.layer.at(*self.place, *path)


def entries_of(layers: Sequence[Layer]) -> list[Placed]:
    """All rules and human items that are left, inherited ones first.

    An inherited one may be replaced after withdrawing it. BadPack: an id that stands twice, a
    withdrawal of nothing, a prerequisite that is not there or leads back to its rule.
    """
    placed: dict[str, Placed] = {}
    gone: dict[str, str] = {}
    for layer in layers:
        for k, name in enumerate(layer.file.withdraw):
            where = layer.at("withdraw", k)
            if name not in placed:
                known = ", ".join(placed) or "none"
                raise BadPack(f"{where}: withdraw: no inherited rule {name!r}; known: {known}")
            del placed[name]
            gone[name] = where
        for one in _placed(layer):
            twin = placed.get(one.entry.id)
            if twin is not None:
                raise BadPack(
                    f"{one.at('id')}: duplicate rule id {one.entry.id!r}, first in "
                    f"{twin.at('id')}; list it under withdraw: to replace an inherited one"
                )
            placed[one.entry.id] = one
    _check_prerequisites(placed, gone)
    return list(placed.values())


def _placed(layer: Layer) -> Iterable[Placed]:
    for k, rule in enumerate(layer.file.rules):
        yield Placed(rule, layer, ("rules", k))
    for k, item in enumerate(layer.file.human):
        yield Placed(item, layer, ("human", k))


def _check_prerequisites(placed: dict[str, Placed], gone: dict[str, str]) -> None:
    rules = {name: one.entry for name, one in placed.items() if isinstance(one.entry, Rule)}
    for name, rule in rules.items():
        if rule.prerequisite is None:
            continue
        where = f"{placed[name].at('prerequisite', 'rule')}: rule {name}: prerequisite.rule"
        other = rule.prerequisite.rule
        if other in gone and other not in rules:
            raise BadPack(
                f"{where}: {other!r} is withdrawn in {gone[other]}; withdraw {name!r} too, or "
                "replace it"
            )
        if other not in rules:
            raise BadPack(f"{where}: {other!r} is not a rule; known: {', '.join(rules)}")
    for name in rules:
        path = _path_back(name, rules)
        if path:
            where = placed[name].at("prerequisite", "rule")
            raise BadPack(
                f"{where}: rule {name}: prerequisite.rule: the rules wait for each other in a "
                f"circle: {' → '.join(path)}"
            )


def _path_back(start: str, rules: dict[str, Rule]) -> list[str]:
    """The way along prerequisites from a rule back to itself, empty when there is none."""
    path = [start]
    while (before := rules[path[-1]].prerequisite) is not None:
        if before.rule == start:
            return [*path, start]
        if before.rule in path:
            return []
        path.append(before.rule)
    return []


def check_plan(layers: Sequence[Layer], entries: Sequence[Placed], plan: ScorePlan) -> None:
    """BadPack where control points, weights or the highest score do not fit together."""
    for layer in layers:
        numbers = [p.number for p in layer.file.control_points]
        twin = next((n for i, n in enumerate(numbers) if n in numbers[:i]), None)
        if twin is not None:
            raise BadPack(f"{layer.at('control_points')}: control point {twin!r} stands twice")
    _check_numbers(entries, plan)
    sections = {p.number: p.earned for p in plan.control_points if p.weight is not None}
    if sections:
        _check_sections(layers, plan, sections)
        _check_counting(entries, sections)
    if plan.highest < plan.base:
        layer = next(x for x in reversed(layers) if x.file.most is not None)
        raise BadPack(f"{layer.at('most')}: most: {plan.most:g} is less than base: {plan.base:g}")


def _check_numbers(entries: Sequence[Placed], plan: ScorePlan) -> None:
    known = [point.number for point in plan.control_points]
    for one in entries:
        if one.entry.control_point not in known:
            kind = "rule" if isinstance(one.entry, Rule) else "human item"
            raise BadPack(
                f"{one.at('control_point')}: {kind} {one.entry.id}: control_point: "
                f"{one.entry.control_point!r} is not defined; known: {', '.join(known) or 'none'}"
            )


def _check_sections(layers: Sequence[Layer], plan: ScorePlan, sections: Mapping[str, bool]) -> None:
    """With weights every control point is in a section, and one of those counts."""
    for point in plan.control_points:
        top = _top(point.number)
        if top not in sections:
            layer, k = _definition(layers, point.number)
            raise BadPack(
                f"{layer.at('control_points', k, 'number')}: control point {point.number!r} is in "
                f"no section: give {top!r} a weight: (0 leaves it out of the score), as "
                f"{', '.join(sections)} have"
            )
    if not any(point.weight for point in plan.control_points):
        layer, k = _definition(layers, next(iter(sections)))
        raise BadPack(f"{layer.at('control_points', k, 'weight')}: weight: all of them are 0")


def _check_counting(entries: Sequence[Placed], sections: Mapping[str, bool]) -> None:
    for one in entries:
        section = _top(one.entry.control_point)
        if isinstance(one.entry, Rule) and one.entry.counting == "each" and sections[section]:
            raise BadPack(
                f"{one.at('counting')}: rule {one.entry.id}: counting: each does not go with "
                f"earned: true of section {section!r}"
            )


def _top(number: str) -> str:
    return number.partition(".")[0]


def _definition(layers: Sequence[Layer], number: str) -> tuple[Layer, int]:
    """Where a control point was defined last."""
    for layer in reversed(layers):
        for k, point in enumerate(layer.file.control_points):
            if point.number == number:
                return layer, k
    raise KeyError(number)
