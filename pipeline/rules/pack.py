"""Rule packs: YAML files with inheritance and versions, read into one checked `RulePack`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pipeline.domain import BUSINESS_LINES, ControlPoint, Price, ScorePlan
from pipeline.errors import BadPack
from pipeline.rules.checks import Entries, Placed, wrong_in_plan
from pipeline.rules.days import today
from pipeline.rules.marked_yaml import BrokenPack, Problem
from pipeline.rules.model import Rule
from pipeline.rules.packfile import SUFFIXES, Layer
from pipeline.rules.parts import JudgedItem, Period
from pipeline.rules.plan import Plan, make_plan
from pipeline.rules.shelf import Shelf

FALLBACK = "general"
BASE = 100.0
GRADES = {"优": 90.0, "良": 80.0, "中": 60.0, "差": 0.0}


@dataclass(frozen=True)
class RulePack:
    """The rules in one version, with everything inherited.

    `layers` are its files, its own last, and `periods` theirs. `placed` says where every rule and
    human item stands.
    """

    name: str
    title: str
    version: str
    effective: Period
    rules: tuple[Rule, ...]
    plan: ScorePlan
    sources: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    layers: tuple[Layer, ...] = field(default=(), repr=False, compare=False)
    placed: Mapping[str, Placed] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def ready(self) -> Plan:
        """The rules with all that can be worked out before the first call."""
        return make_plan(self.rules)

    @cached_property
    def compares_calls(self) -> bool:
        """Whether a rule looks at other calls of the same customer."""
        conditions = (c for rule in self.rules for c in rule.conditions.values())
        return any(condition.operator == "earlier_calls" for condition in conditions)

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """Rule → the fact it sees, for rules that may see the same fact as others."""
        return {rule.id: rule.fact for rule in self.rules if rule.fact is not None}

    @cached_property
    def sha256(self) -> str:
        """Hash of `content`: of all that can change a verdict, a score or a text shown."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """Everything in the pack but examples, as plain JSON: what an old score is explained by."""
        plan = self.plan
        points = [
            {
                "number": p.number,
                "title": p.title,
                "key_point": p.key_point,
                "cap": p.cap,
                "bonus_cap": p.bonus_cap,
                "weight": p.weight,
                "full": p.full,
                "earned": p.earned,
            }
            for p in plan.control_points
        ]
        human = [
            {
                "id": i.item,
                "title": i.title,
                "title_en": i.title_en,
                "control_point": i.control_point,
                "levels": [list(level) for level in i.levels],
                "guidance": i.guidance,
            }
            for i in plan.human_items
        ]
        return {
            "pack": self.name,
            "title": self.title,
            "version": self.version,
            "effective": self.effective.model_dump(mode="json", by_alias=True),
            "base": plan.base,
            "most": plan.highest,
            "grades": [list(grade) for grade in plan.grades],
            "control_points": points,
            "rules": [rule.model_dump(mode="json", exclude={"examples"}) for rule in self.rules],
            "human": human,
        }

    def in_force(self, day: date) -> bool:
        """Whether it, and all that it extends, is in force on a day."""
        return all(period.holds(day) for period in (self.effective, *self.periods))

    def rule(self, rule_id: str) -> Rule:
        """One rule; BadPack names those there are."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules)
        raise BadPack(f"pack {self.name!r} has no rule {rule_id!r}; known: {known}")


class Library:
    """Packs by name and day, each put together once. Files that change meanwhile do not count."""

    def __init__(self, search: Iterable[Path] = ()) -> None:
        self._search = tuple(search)
        self._shelf = Shelf(self._search)
        self._shelves: dict[Path, Shelf] = {}
        self._packs: dict[tuple[str, ...], RulePack] = {}

    def load(self, name_or_path: str | Path, day: date | None = None) -> RulePack:
        """A pack in the version in force on a day (left out: today), or the very file of a path.

        What it extends is taken in the version in force on that day.
        """
        day, shelf, name = day or today(), self._shelf_of(name_or_path), str(name_or_path)
        if _is_file(name_or_path):
            top = shelf.read(Path(name_or_path))
        else:
            top = shelf.in_force(name, day)
        return self._put_together(shelf.layers(top, day))

    def versions(self, name_or_path: str | Path) -> list[RulePack]:
        """Every version of a pack, as on the first day on which it is in force (else its last).

        BrokenPack has the faults of all of them.
        """
        shelf = self._shelf_of(name_or_path)
        if _is_file(name_or_path):
            found: tuple[Layer, ...] = (shelf.read(Path(name_or_path)),)
        else:
            found = shelf.versions(str(name_or_path))
        packs: list[RulePack] = []
        problems: list[Problem] = []
        for top in found:
            period = top.file.effective
            day = period.start or period.end or today()
            try:
                packs.append(self._put_together(shelf.layers(top, day)))
            except BrokenPack as broken:
                problems += broken.problems
        if problems:
            raise BrokenPack(problems)
        if not found:
            self.load(name_or_path)  # says what there is
        return packs

    def _shelf_of(self, name_or_path: str | Path) -> Shelf:
        """The shelf that a pack lies on; a file sees its own folder too."""
        if not _is_file(name_or_path):
            return self._shelf
        folder = Path(name_or_path).parent
        return self._shelves.setdefault(folder, Shelf((*self._search, folder)))

    def _put_together(self, layers: Sequence[Layer]) -> RulePack:
        files = tuple(layer.source.file for layer in layers)
        if files not in self._packs:
            self._packs[files] = _assembled(tuple(layers))
        return self._packs[files]

    def names(self) -> tuple[str, ...]:
        """Names of all packs, sorted."""
        return self._shelf.names

    def name_for(self, business_line: str) -> str:
        """The pack for a business line: the one of its name, else `general`."""
        known = business_line in BUSINESS_LINES and business_line in self.names()
        return business_line if known else FALLBACK


def list_packs(search: Iterable[Path] = ()) -> tuple[str, ...]:
    """Names of all packs: the built-in ones and those in the given folders, sorted."""
    return Library(search).names()


def pack_for(business_line: str, search: Iterable[Path] = ()) -> str:
    """The pack for a business line: the one of its name, else `general`."""
    return Library(search).name_for(business_line)


def load_pack(
    name_or_path: str | Path, search: Iterable[Path] = (), day: date | None = None
) -> RulePack:
    """Read a pack by name (own folders before built-in ones) or by path, with all it extends.

    By name in the version in force on `day`, today where it is left out. Raises BadPack: file,
    line, what is wrong and the valid choices.
    """
    return Library(search).load(name_or_path, day)


def _is_file(name_or_path: str | Path) -> bool:
    return Path(name_or_path).suffix in SUFFIXES


@lru_cache(maxsize=64)
def _assembled(layers: tuple[Layer, ...]) -> RulePack:
    """One pack out of its files, the one that extends nothing first; BrokenPack has all faults.

    Made once of the same layers: what is worked out for it (`ready`) serves every library.
    """
    own = layers[-1].file
    entries = Entries.of(layers)
    placed = list(entries.placed.values())
    rules = tuple(one.entry for one in placed if isinstance(one.entry, Rule))
    items = [one.entry for one in placed if isinstance(one.entry, JudgedItem)]
    plan = _plan(layers, {rule.id: rule.price for rule in rules}, items)
    problems = [problem for layer in layers for problem in layer.problems]
    problems += [*entries.problems, *wrong_in_plan(layers, placed, plan)]
    if problems:
        raise BrokenPack(problems)
    return RulePack(
        name=own.pack,
        title=own.title,
        version=own.version,
        effective=own.effective,
        rules=rules,
        plan=plan,
        sources=tuple(layer.source.file for layer in layers),
        periods=tuple(layer.file.effective for layer in layers),
        layers=layers,
        placed=entries.placed,
    )


def _plan(
    layers: Sequence[Layer], prices: Mapping[str, Price], items: Sequence[JudgedItem]
) -> ScorePlan:
    """How findings become a score; of what several files say the last one holds."""
    base, grades, most = BASE, GRADES, None
    points: dict[str, ControlPoint] = {}
    for layer in layers:
        base = layer.file.base or base
        most = layer.file.most or most
        grades = layer.file.grades or grades
        points |= {p.number: p.noun for p in layer.file.control_points}
    ordered = sorted(points.values(), key=lambda p: [int(n) for n in p.number.split(".")])
    best_first = tuple(sorted(grades.items(), key=lambda grade: -grade[1]))
    human = tuple(item.noun for item in items)
    return ScorePlan(base, tuple(ordered), best_first, most, prices, human)
