"""One YAML file of a rule pack, read and checked, with all that is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.rules.marked_yaml import (
    OWNERS,
    BrokenPack,
    MarkedYaml,
    Problem,
    parse_marked,
    read_text,
)
from pipeline.rules.messages import problems_of
from pipeline.rules.model import PackFile, Rule
from pipeline.rules.parts import JudgedItem

SUFFIXES = (".yaml", ".yml")
Entry = Rule | JudgedItem


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One file of a pack and where it came from.

    Of equal text at one path there is one layer in a process (`read_layer`), equal to itself only.

    Where rules are wrong, `problems` says so, `file` is without them, `left_out` holds their ids
    and `numbers` the places of the others: what else is wrong in the pack can still be told.
    """

    file: PackFile
    source: MarkedYaml
    problems: tuple[Problem, ...] = ()
    left_out: frozenset[str] = frozenset()
    numbers: tuple[int, ...] = ()

    def at(self, *path: int | str) -> str:
        """File and line of what stands at a path, for messages."""
        return f"{self.source.file}:{self.source.line_of(path)}"

    def problem(self, path: tuple[int | str, ...], message: str, entry: str = "") -> Problem:
        """What is wrong at a path; `entry`: the id of the rule or human item that it leads into."""
        owner = f"{OWNERS[str(path[0])]} {entry}" if entry else ""
        names = path[2:] if entry else path
        field = ".".join(name for name in names if isinstance(name, str))
        return Problem(self.source.file, self.source.line_of(path), message, owner, field)

    def entries(self) -> Iterator[tuple[Entry, tuple[str, int]]]:
        """The rules and human items, and where each stands in the document."""
        for k, rule in enumerate(self.file.rules):
            yield rule, ("rules", self.numbers[k] if self.numbers else k)
        for k, item in enumerate(self.file.human):
            yield item, ("human", k)


def _id_of(raw: object) -> str:
    return str(raw.get("id")) if isinstance(raw, dict) else ""


def name_of(path: Path) -> str:
    """The pack that a file holds: `bank.yaml` and `bank@2027.1.yaml` hold `bank`."""
    return path.stem.partition("@")[0]


def read_layer(path: Path) -> Layer:
    """Read a file; BrokenPack says file, line, what is wrong and the valid choices.

    Checking takes a second for all packs, so a process does it once for as long as the text stays.
    """
    return _layer(path, read_text(path))


@lru_cache(maxsize=64)
def _layer(path: Path, text: str) -> Layer:
    source = parse_marked(path, text)
    try:
        layer = Layer(PackFile.model_validate(source.data), source)
    except ValidationError as error:
        layer = _without_bad_rules(source, error)
    wrong = list(_wrong_names(path, layer))
    if wrong:
        raise BrokenPack((*wrong, *layer.problems))
    return layer


def _without_bad_rules(source: MarkedYaml, error: ValidationError) -> Layer:
    """The layer as it is without the rules that are wrong; BrokenPack where more is wrong."""
    problems = tuple(problems_of(source, error))
    places = {one["loc"][:2] for one in error.errors()}
    bad = {place[1] for place in places if len(place) == 2 and place[0] == "rules"}
    if not isinstance(source.data, dict) or len(bad) < len(places):
        raise BrokenPack(problems) from error
    rules = source.data["rules"]
    numbers = tuple(k for k in range(len(rules)) if k not in bad)
    file = PackFile.model_validate({**source.data, "rules": [rules[k] for k in numbers]})
    return Layer(file, source, problems, frozenset(_id_of(rules[k]) for k in bad), numbers)


def _wrong_names(path: Path, layer: Layer) -> Iterator[Problem]:
    """A file is named after its pack, and after its version where it gives one."""
    pack, version = layer.file.pack, layer.file.version
    if pack != name_of(path):
        message = (
            f"pack {pack!r} must be in a file of its name, {pack}.yaml or {pack}@{version}.yaml"
        )
        yield Problem(layer.source.file, layer.source.line_of(("pack",)), message)
    elif "@" in path.stem and path.stem != f"{pack}@{version}":
        message = f"version {version!r} must be in a file of its name, {pack}@{version}.yaml"
        yield Problem(layer.source.file, layer.source.line_of(("version",)), message)
