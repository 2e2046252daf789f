"""Where packs lie, and which version of one is in force on a day.

`bank.yaml` is the plain file of a pack, `bank@2027.1.yaml` one more version of it. A folder with
the plain file hides the pack in the folders behind it and the built-in one; a folder that has only
files with @ adds versions. A pack that extends its own name adds to the built-in one that it hides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from pipeline.errors import BadPack
from pipeline.rules.marked_yaml import BrokenPack
from pipeline.rules.packfile import SUFFIXES, Layer, name_of, read_layer
from pipeline.rules.parts import Period

BUILT_IN = Path(__file__).parent / "packs"


class Shelf:
    """All packs of some folders and the built-in ones; every file is read once."""

    def __init__(self, search: Iterable[Path] = ()) -> None:
        self._folders = (*search, BUILT_IN)
        self._read: dict[Path, Layer] = {}
        self._versions: dict[str, tuple[Layer, ...]] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all packs, sorted."""
        return tuple(sorted({name_of(path) for f in self._folders for path in _files(f)}))

    @cached_property
    def _built_in(self) -> Shelf:
        """Nothing but what comes with the product."""
        return Shelf()

    def versions(self, name: str) -> tuple[Layer, ...]:
        """All versions of a pack, by the day from which they are in force; none: no such pack.

        BadPack when two of them begin on the same day or have the same version.
        """
        if name not in self._versions:
            layers = sorted((self.read(path) for path in self._paths(name)), key=_begin)
            _refuse_twins(layers)
            self._versions[name] = tuple(layers)
        return self._versions[name]

    def in_force(self, name: str, day: date) -> Layer:
        """The version in force on a day: of several the one that began last.

        On a day on which none is, the nearest one, so that no call is lost. BadPack when there is
        no such pack, or when another version of it is broken: that is told before its day comes.
        """
        versions = self.versions(name)
        if not versions:
            raise BadPack(f"no rule pack {name!r}; known: {', '.join(self.names)}")
        held = [layer for layer in versions if layer.file.effective.holds(day)]
        near = min(versions, key=lambda layer: _days_away(layer.file.effective, day))
        chosen = held[-1] if held else near
        others = [p for layer in versions if layer is not chosen for p in layer.problems]
        if others:
            raise BrokenPack([*chosen.problems, *others])
        return chosen

    def layers(self, top: Layer, day: date) -> list[Layer]:
        """A file with all that it extends, as in force on a day; what extends nothing first."""
        layers = [top]
        while (base := layers[0].file.extends) is not None:
            below = self._below(layers[0], base, day)
            if any(below.source.file == layer.source.file for layer in layers):
                message = "packs extend each other in a circle"
                raise BrokenPack([layers[0].problem(("extends",), message)])
            layers.insert(0, below)
        return layers

    def _below(self, layer: Layer, base: str, day: date) -> Layer:
        shelf = self._built_in if base == layer.file.pack else self
        if not shelf.versions(base):
            known = ", ".join(name for name in self.names if name != layer.file.pack)
            message = f"unknown pack {base!r}; known: {known}"
            raise BrokenPack([*layer.problems, layer.problem(("extends",), message)])
        return shelf.in_force(base, day)

    def read(self, path: Path) -> Layer:
        """One file."""
        key = path.resolve()
        if key not in self._read:
            self._read[key] = read_layer(path)
        return self._read[key]

    def _paths(self, name: str) -> list[Path]:
        """Files of a pack; of the same file name the one in the folder that comes first."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            here = {path.stem: path for path in _files(folder) if name_of(path) == name}
            found = {**here, **found}
            if name in here:
                break
        return list(found.values())


def _files(folder: Path) -> list[Path]:
    """Pack files of a folder; of `a.yml` and `a.yaml` the latter comes last and wins."""
    return [path for suffix in reversed(SUFFIXES) for path in sorted(folder.glob(f"*{suffix}"))]


def _begin(layer: Layer) -> date:
    return layer.file.effective.start or date.min


def _days_away(period: Period, day: date) -> int:
    """Days from a day to a period that does not hold it."""
    if period.start is not None and day < period.start:
        return (period.start - day).days
    return (day - (period.end or date.max)).days


def _refuse_twins(layers: list[Layer]) -> None:
    problems = []
    for one, other in pairwise(layers):
        if one.file.effective.start == other.file.effective.start:
            begin = one.file.effective.start or "the beginning of time"
            message = (
                f"in force from {begin} like {one.source.file}: "
                "give effective: {from: …} so that one follows the other"
            )
            problems.append(other.problem(("effective",), message))
    seen: dict[str, Layer] = {}
    for layer in layers:
        twin = seen.setdefault(layer.file.version, layer)
        if twin is not layer:
            message = f"{layer.file.version!r} is also that of {twin.source.file}"
            problems.append(layer.problem(("version",), message))
    if problems:
        raise BrokenPack(problems)
