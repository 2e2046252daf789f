"""Everything that is wrong or odd in packs: schema errors, and what the lints remark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.rules.catalogue import NamedPack, packs_named, whole_packs
from pipeline.rules.examples import Prepare
from pipeline.rules.lints import LINTS, Remark, Subject
from pipeline.rules.marked_yaml import BrokenPack, Problem
from pipeline.rules.pack import Library, RulePack


@dataclass(slots=True)
class Checked:
    """What was looked at: files, rules, errors (each once) and remarks, in order of files."""

    files: list[str] = field(default_factory=list)
    rules: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def check(library: Library, name: str | None, prepare: Prepare) -> Checked:
    """Look at one pack (a name, `name@version` or a path), or at every file of all packs.

    Lints look at the pack's own file; what it extends is looked at when it is named itself.
    """
    checked = Checked()
    named: list[NamedPack] = []
    for one in _named(library, name):
        if isinstance(one, NamedPack):
            named.append(one)
        else:
            checked.problems += [p for p in one.problems if p not in checked.problems]
    everything = [one.pack for one in whole_packs(library, None)] if named else []
    for subject in _subjects(library, named, everything, prepare):
        checked.files.append(subject.layer.source.file)
        checked.rules += sum(1 for _ in subject.rules())
        found = [remark for lint in LINTS for remark in lint(subject)]
        checked.remarks += sorted(dict.fromkeys(found), key=lambda r: (r.file, r.line))
    return checked


def _named(library: Library, name: str | None) -> Iterator[NamedPack | BrokenPack]:
    try:
        yield from packs_named(library, name)
    except BrokenPack as broken:
        yield broken


def _subjects(
    library: Library, named: list[NamedPack], everything: list[RulePack], prepare: Prepare
) -> Iterator[Subject]:
    """The own file of every pack, once."""
    seen: set[str] = set()
    for one in named:
        layer, file = one.pack.layers[-1], one.pack.sources[-1]
        if file in seen:
            continue
        seen.add(file)
        holders = tuple(pack for pack in everything if file in pack.sources)
        versions = tuple(p.pack for p in named if p.pack.name == one.pack.name)
        yield Subject(layer, one.pack, holders, versions, prepare)
