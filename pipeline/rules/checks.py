"""What must fit together between the rules and files of one pack; each fault with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.domain import ScorePlan
from pipeline.rules.marked_yaml import Problem
from pipeline.rules.model import Rule
from pipeline.rules.packfile import Entry, Layer


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule or human item, and the file and place that it stands in."""

    entry: Entry
    layer: Layer
    place: tuple[str, int]

    def at(self, *path: str) -> str:
        """File and line of a field of it."""
        return self.layer.at(*self.place, *path)

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.layer.source.line_of(self.place)

    def problem(self, path: tuple[str, ...], message: str) -> Problem:
        """What is wrong in a field of it."""
        return self.layer.problem((*self.place, *path), message, self.entry.id)


@dataclass(slots=True)
class Entries:
    """All rules and human items that are left, inherited ones first, and what is wrong with them.

    An inherited one may be replaced after withdrawing it. Wrong: an id that stands twice, a
    withdrawal of nothing, a prerequisite that is not there or leads back to its rule.
    """

    placed: dict[str, Placed] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _gone: dict[str, str] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Entries:
        """Those of a pack, its lowest file first."""
        entries = cls()
        for layer in layers:
            entries._withdraw(layer)
            entries._add(layer)
        entries.problems += entries._wrong_prerequisites()
        return entries

    def _withdraw(self, layer: Layer) -> None:
        for k, name in enumerate(layer.file.withdraw):
            if name not in self.placed and name not in self._left_out:
                known = ", ".join(self.placed) or "none"
                message = f"no inherited rule {name!r}; known: {known}"
                self.problems.append(layer.problem(("withdraw", k), message))
            self.placed.pop(name, None)
            self._gone[name] = layer.at("withdraw", k)

    def _add(self, layer: Layer) -> None:
        for entry, place in layer.entries():
            one = Placed(entry, layer, place)
            twin = self.placed.get(entry.id)
            if twin is None:
                self.placed[entry.id] = one
                continue
            message = (
                f"duplicate rule id {entry.id!r}, first in {twin.at('id')}; "
                "list it under withdraw: to replace an inherited one"
            )
            self.problems.append(one.problem(("id",), message))
        self._left_out |= layer.left_out

    def _wrong_prerequisites(self) -> Iterator[Problem]:
        rules = {n: one.entry for n, one in self.placed.items() if isinstance(one.entry, Rule)}
        for name, rule in rules.items():
            if rule.prerequisite is None:
                continue
            path, other = ("prerequisite", "rule"), rule.prerequisite.rule
            if other in self._gone and other not in rules:
                message = (
                    f"{other!r} is withdrawn in {self._gone[other]}; withdraw {name!r} too, or "
                    "replace it"
                )
                yield self.placed[name].problem(path, message)
            elif other not in rules and other not in self._left_out:
                message = f"{other!r} is not a rule; known: {', '.join(rules)}"
                yield self.placed[name].problem(path, message)
            elif circle := _path_back(name, rules):
                message = f"the rules wait for each other in a circle: {' → '.join(circle)}"
                yield self.placed[name].problem(path, message)


def _path_back(start: str, rules: Mapping[str, Rule]) -> list[str]:
    """The way along prerequisites from a rule back to itself, empty when there is none."""
    path = [start]
    while path[-1] in rules and (before := rules[path[-1]].prerequisite) is not None:
        if before.rule == start:
            return [*path, start]
        if before.rule in path:
            return []
        path.append(before.rule)
    return []


def wrong_in_plan(
    layers: Sequence[Layer], entries: Sequence[Placed], plan: ScorePlan
) -> Iterator[Problem]:
    """Where control points, weights or the highest score do not fit together."""
    for layer in layers:
        numbers = [p.number for p in layer.file.control_points]
        for k, number in enumerate(numbers):
            if number in numbers[:k]:
                path = ("control_points", k, "number")
                yield layer.problem(path, f"control point {number!r} stands twice")
    yield from _wrong_numbers(entries, plan)
    sections = {p.number: p.earned for p in plan.control_points if p.weight is not None}
    if sections:
        yield from _wrong_sections(layers, plan, sections)
        yield from _wrong_counting(entries, sections)
    if plan.highest < plan.base:
        layer = next(x for x in reversed(layers) if x.file.most is not None)
        yield layer.problem(("most",), f"{plan.most:g} is less than base: {plan.base:g}")


def _wrong_numbers(entries: Sequence[Placed], plan: ScorePlan) -> Iterator[Problem]:
    known = [point.number for point in plan.control_points]
    for one in entries:
        number = one.entry.control_point
        if number not in known:
            message = f"{number!r} is not defined; known: {', '.join(known) or 'none'}"
            yield one.problem(("control_point",), message)


def _wrong_sections(
    layers: Sequence[Layer], plan: ScorePlan, sections: Mapping[str, bool]
) -> Iterator[Problem]:
    """With weights every control point is in a section, and one of those counts."""
    for point in plan.control_points:
        top = _top(point.number)
        if top not in sections:
            layer, k = _definition(layers, point.number)
            message = (
                f"control point {point.number!r} is in no section: give {top!r} a weight: "
                f"(0 leaves it out of the score), as {', '.join(sections)} have"
            )
            yield layer.problem(("control_points", k, "number"), message)
    if not any(point.weight for point in plan.control_points):
        layer, k = _definition(layers, next(iter(sections)))
        yield layer.problem(("control_points", k, "weight"), "all of them are 0")


def _wrong_counting(entries: Sequence[Placed], sections: Mapping[str, bool]) -> Iterator[Problem]:
    for one in entries:
        section = _top(one.entry.control_point)
        each = isinstance(one.entry, Rule) and one.entry.counting == "each"
        if each and sections.get(section):
            message = f"each does not go with earned: true of section {section!r}"
            yield one.problem(("counting",), message)


def _top(number: str) -> str:
    return number.partition(".")[0]


def _definition(layers: Sequence[Layer], number: str) -> tuple[Layer, int]:
    """Where a control point was defined last."""
    for layer in reversed(layers):
        for k, point in enumerate(layer.file.control_points):
            if point.number == number:
                return layer, k
    raise KeyError(number)
