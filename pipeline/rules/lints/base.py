"""What a lint looks at and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.rules.checks import Placed
from pipeline.rules.examples import Prepare
from pipeline.rules.model import Rule
from pipeline.rules.pack import RulePack
from pipeline.rules.packfile import Layer

Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is odd at a place of a pack file, in Chinese and English; no error."""

    lint: str
    file: str
    line: int
    zh: str
    en: str
    owner: str = ""
    field: str = ""

    def says(self, language: str) -> str:
        """The remark in one language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Subject:
    """A file that is looked at.

    `pack` is the pack that it makes with all that it extends, `holders` all packs that hold the
    file, `versions` all versions of the pack by their first day.
    """

    layer: Layer
    pack: RulePack
    holders: tuple[RulePack, ...]
    versions: tuple[RulePack, ...]
    prepare: Prepare

    def rules(self) -> Iterator[tuple[Rule, Placed]]:
        """The rules of this file, without inherited ones."""
        for placed in self.pack.placed.values():
            if placed.layer is self.layer and isinstance(placed.entry, Rule):
                yield placed.entry, placed

    def remark(self, lint: str, place: Place, zh: str, en: str) -> Remark:
        """A remark about a place of the file."""
        line = self.layer.source.line_of(place)
        return Remark(lint, self.layer.source.file, line, zh, en)


def about(placed: Placed, lint: str, path: Place, zh: str, en: str) -> Remark:
    """A remark about a field of a rule."""
    problem = placed.layer.problem((*placed.place, *path), "", placed.entry.id)
    return Remark(lint, problem.file, problem.line, zh, en, problem.owner, problem.field)


Lint = Callable[[Subject], Iterator[Remark]]
