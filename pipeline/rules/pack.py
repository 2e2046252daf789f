"""Rule packs: YAML files with inheritance, read into one checked, hashed `RulePack`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.domain import BUSINESS_LINES, ControlPoint, ScorePlan
from pipeline.errors import BadPack
from pipeline.rules.marked_yaml import MarkedYaml, read_marked
from pipeline.rules.model import PackFile, Period, Rule
from pipeline.rules.plan import Plan, make_plan

BUILT_IN = Path(__file__).parent / "packs"
FALLBACK = "general"
MOST_ERRORS_SHOWN = 5


@dataclass(frozen=True)
class RulePack:
    """The rules in one version, with everything inherited.

    `sha256` covers all that can change a verdict, a score or a text shown; examples do not.
    """

    name: str
    title: str
    version: str
    effective: Period
    rules: tuple[Rule, ...]
    plan: ScorePlan
    sha256: str
    sources: tuple[str, ...] = ()

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

    def rule(self, rule_id: str) -> Rule:
        """One rule; BadPack names those there are."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules)
        raise BadPack(f"pack {self.name!r} has no rule {rule_id!r}; known: {known}")


@dataclass(frozen=True, slots=True)
class _Layer:
    """One file of a pack and where it came from."""

    file: PackFile
    source: MarkedYaml


def list_packs(search: Iterable[Path] = ()) -> tuple[str, ...]:
    """Names of all packs: the built-in ones and those in the given folders, sorted."""
    return tuple(sorted(_files(search)))


def pack_for(business_line: str, search: Iterable[Path] = ()) -> str:
    """The pack for a business line: the one of its name, else `general`."""
    known = business_line in BUSINESS_LINES and business_line in _files(search)
    return business_line if known else FALLBACK


def load_pack(name_or_path: str | Path, search: Iterable[Path] = ()) -> RulePack:
    """Read a pack by name (own folders before built-in ones) or by path, with all it extends.

    Raises BadPack: file, line, what is wrong and the valid choices.
    """
    folders = tuple(search)
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        folders = (*folders, path.parent)
    else:
        path = _path_of(str(name_or_path), folders, f"no rule pack {str(name_or_path)!r}")
    layers = _layers(path, folders)
    own = layers[-1].file
    rules = tuple(_rules(layers))
    plan = _plan(layers)
    _check_points(layers, plan)
    return RulePack(
        name=own.pack,
        title=own.title,
        version=own.version,
        effective=own.effective,
        rules=rules,
        plan=plan,
        sha256=_hash(own, rules, plan),
        sources=tuple(layer.source.file for layer in layers),
    )


def _files(search: Iterable[Path]) -> dict[str, Path]:
    """Pack name → file; a folder given first wins over those behind it and the built-in ones."""
    files: dict[str, Path] = {}
    for folder in (BUILT_IN, *reversed(tuple(search))):
        for path in (*folder.glob("*.yml"), *folder.glob("*.yaml")):
            files[path.stem] = path
    return files


def _path_of(name: str, folders: Sequence[Path], complaint: str) -> Path:
    files = _files(folders)
    if name not in files:
        raise BadPack(f"{complaint}; known: {', '.join(sorted(files))}")
    return files[name]


def _layers(path: Path, folders: Sequence[Path]) -> list[_Layer]:
    """The files of a pack, the one that extends nothing first."""
    layers: list[_Layer] = []
    seen: list[Path] = []
    while True:
        if path.resolve() in seen:
            raise BadPack(f"{path}: packs extend each other in a circle")
        seen.append(path.resolve())
        layer = _read(path)
        layers.insert(0, layer)
        base = layer.file.extends
        if base is None:
            return layers
        line = layer.source.line_of(("extends",))
        path = _path_of(base, folders, f"{path}:{line}: extends an unknown pack {base!r}")


def _read(path: Path) -> _Layer:
    source = read_marked(path)
    try:
        file = PackFile.model_validate(source.data)
    except ValidationError as error:
        shown = [_message(source, e) for e in error.errors()[:MOST_ERRORS_SHOWN]]
        hidden = error.error_count() - len(shown)
        more = [f"… and {hidden} more"] if hidden > 0 else []
        raise BadPack("\n".join((*shown, *more))) from error
    if file.pack != path.stem:
        raise BadPack(
            f"{path}:{source.line_of(('pack',))}: pack {file.pack!r} must be in a file of its "
            f"name, {file.pack}.yaml"
        )
    return _Layer(file, source)


# What pydantic says by type of error, in our words; {given} is the bad value.
_WORDS = {
    "union_tag_invalid": "unknown operator '{tag}'; known: {expected_tags}",
    "union_tag_not_found": "operator: is missing",
    "extra_forbidden": "unknown field",
    "missing": "is missing",
    "literal_error": "{given} is not allowed; known: {expected}",
    "enum": "{given} is not allowed; known: {expected}",
    "value_error": "{error}",
}


def _message(source: MarkedYaml, error: ErrorDetails) -> str:
    """One of pydantic's errors with file, line, the rule's id and the valid choices."""
    where = f"{source.file}:{source.line_of(error['loc'])}: {_place(source, error['loc'])}"
    words = _WORDS.get(error["type"], f"{error['msg']} (given: {{given}})")
    choices = {
        k: str(v).replace("'", "") if k.startswith("expected") else v
        for k, v in error.get("ctx", {}).items()
    }
    return f"{where}: {words.format(given=_short(error['input']), **choices)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _place(source: MarkedYaml, path: Sequence[int | str]) -> str:
    """A path in words: `rule no_full_card_number: conditions.card.kinds[0]`."""
    parts = list(path)
    prefix = ""
    if parts[:1] == ["rules"] and len(parts) > 1 and isinstance(source.data, dict):
        rule = source.data["rules"][parts[1]]
        name = rule.get("id", parts[1]) if isinstance(rule, dict) else parts[1]
        prefix, parts = f"rule {name}: ", parts[2:]
    if parts[:1] == ["conditions"] and len(parts) > 2:
        del parts[2]  # the operator that pydantic puts in
    text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in parts).lstrip(".")
    return f"{prefix}{text}" if text else prefix.removesuffix(": ")


def _rules(layers: Sequence[_Layer]) -> list[Rule]:
    """All rules that are left, inherited ones first; a rule may be replaced after withdrawing."""
    rules: dict[str, Rule] = {}
    home: dict[str, str] = {}
    for layer in layers:
        for k, name in enumerate(layer.file.withdraw):
            if name not in rules:
                line = layer.source.line_of(("withdraw", k))
                raise BadPack(
                    f"{layer.source.file}:{line}: withdraw: no inherited rule {name!r}; "
                    f"known: {', '.join(rules) or 'none'}"
                )
            del rules[name]
        for k, rule in enumerate(layer.file.rules):
            place = f"{layer.source.file}:{layer.source.line_of(('rules', k, 'id'))}"
            if rule.id in rules:
                raise BadPack(
                    f"{place}: duplicate rule id {rule.id!r}, first in {home[rule.id]}; "
                    "list it under withdraw: to replace an inherited one"
                )
            rules[rule.id], home[rule.id] = rule, place
    return list(rules.values())


def _plan(layers: Sequence[_Layer]) -> ScorePlan:
    base, grades = 100.0, {"优": 90.0, "良": 80.0, "中": 60.0, "差": 0.0}
    points: dict[str, ControlPoint] = {}
    for layer in layers:
        base = layer.file.base or base
        grades = layer.file.grades or grades
        numbers = [p.number for p in layer.file.control_points]
        twin = next((n for i, n in enumerate(numbers) if n in numbers[:i]), None)
        if twin is not None:
            line = layer.source.line_of(("control_points",))
            raise BadPack(f"{layer.source.file}:{line}: control point {twin!r} stands twice")
        for p in layer.file.control_points:
            points[p.number] = ControlPoint(p.number, p.title, p.key_point, p.cap)
    ordered = sorted(points.values(), key=lambda p: [int(n) for n in p.number.split(".")])
    best_first = tuple(sorted(grades.items(), key=lambda grade: -grade[1]))
    return ScorePlan(base, tuple(ordered), best_first)


def _check_points(layers: Sequence[_Layer], plan: ScorePlan) -> None:
    known = [point.number for point in plan.control_points]
    for layer in layers:
        for k, rule in enumerate(layer.file.rules):
            if rule.control_point not in known:
                line = layer.source.line_of(("rules", k, "control_point"))
                raise BadPack(
                    f"{layer.source.file}:{line}: rule {rule.id}: control_point: "
                    f"{rule.control_point!r} is not defined; known: {', '.join(known) or 'none'}"
                )


def _hash(own: PackFile, rules: Sequence[Rule], plan: ScorePlan) -> str:
    content = {
        "pack": [own.pack, own.title, own.version, own.effective.model_dump(mode="json")],
        "rules": [rule.model_dump(mode="json", exclude={"examples"}) for rule in rules],
        "base": plan.base,
        "grades": plan.grades,
        "points": [[p.number, p.title, p.key_point, p.cap] for p in plan.control_points],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
