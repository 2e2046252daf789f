"""Packs by what people call them, and where rules stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from pipeline.errors import BadPack
from pipeline.rules.marked_yaml import BrokenPack
from pipeline.rules.pack import Library, RulePack
from pipeline.rules.packfile import SUFFIXES, Entry


@dataclass(frozen=True, slots=True)
class NamedPack:
    """A pack under the name that tells it from its other versions: `bank`, `bank@2027.1`."""

    name: str
    pack: RulePack


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A rule or human item as it stands in one file, and the packs that hold it."""

    entry: Entry
    pack: RulePack
    file: str
    line: int
    packs: tuple[str, ...]


def packs_named(library: Library, name: str | None) -> Iterator[NamedPack | BrokenPack]:
    """Every version of a pack, or (None) of all; a broken one among all is given as its error.

    A name is that of a pack, `name@version` or a path.
    """
    if name is not None:
        yield from _versions(library, name)
        return
    for each in library.names():
        try:
            yield from _versions(library, each)
        except BrokenPack as broken:
            yield broken


def whole_packs(library: Library, name: str | None) -> list[NamedPack]:
    """The same without broken ones."""
    return [one for one in packs_named(library, name) if isinstance(one, NamedPack)]


def _versions(library: Library, name: str) -> Iterator[NamedPack]:
    if "@" in name and not name.endswith(SUFFIXES):
        yield NamedPack(name, pack_called(library, name))
        return
    versions = library.versions(name)
    for pack in versions:
        title = name if len(versions) == 1 else f"{name}@{pack.version}"
        yield NamedPack(title, pack)


def pack_called(library: Library, name: str) -> RulePack:
    """One pack: a name (the version in force today), `name@version` or a path."""
    plain, at, version = name.partition("@")
    if not at or name.endswith(SUFFIXES):
        return library.load(Path(name) if name.endswith(SUFFIXES) else name)
    known = library.versions(plain)
    for pack in known:
        if pack.version == version:
            return pack
    versions = ", ".join(pack.version for pack in known)
    raise BadPack(f"pack {plain!r} has no version {version!r}; known: {versions}")


def entries_called(packs: Iterable[NamedPack], wanted: str) -> list[FoundEntry]:
    """A rule or human item as it stands in every file that has one; BadPack names close ones."""
    found: dict[tuple[str, int], FoundEntry] = {}
    titles: dict[str, str] = {}
    for named in packs:
        for name, place in named.pack.placed.items():
            titles[name] = place.entry.title
            if name != wanted:
                continue
            key = place.layer.source.file, place.line
            if key in found:
                found[key] = replace(found[key], packs=(*found[key].packs, named.name))
            else:
                found[key] = FoundEntry(place.entry, named.pack, *key, (named.name,))
    if not found:
        raise BadPack(f"no rule {wanted!r}{_meant(wanted, titles)}")
    return list(found.values())


def _meant(wanted: str, titles: dict[str, str]) -> str:
    """Rules whose id is alike or whose title has the word, to choose from."""
    close = [name for name, title in titles.items() if wanted in title or wanted in name]
    close += [name for name in get_close_matches(wanted, titles, n=5) if name not in close]
    if not close:
        return "; `callqa rules list PACK` shows all"
    return "; did you mean: " + ", ".join(f"{name} ({titles[name]})" for name in close[:8])
