"""YAML whose every value knows its line, so that an error can name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import BadPack

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML takes for no text at all.
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_SHOWN = 5
OWNERS = {"rules": "rule", "human": "human item"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file. `line` 0: in the file as a whole.

    `owner` is what it is wrong in: `rule no_full_card_number`, `human item attitude` or nothing.
    """

    file: str
    line: int
    message: str
    owner: str = ""
    field: str = ""

    def __str__(self) -> str:
        """`file:line: rule id: field: message`, as `callqa rules check` prints it."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(filter(None, (place, self.owner, self.field, self.message)))


class BrokenPack(BadPack):
    """A pack with everything that is wrong in it; the message shows the first few."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        hidden = len(self.problems) - len(shown)
        more = [f"… and {hidden} more; `callqa rules check` shows all"] if hidden > 0 else []
        super().__init__("\n".join((*shown, *more)))


@dataclass(frozen=True, slots=True)
class MarkedYaml:
    """A YAML document: its plain data, and the tree that knows the lines."""

    file: str
    data: object
    root: yaml.Node

    def line_of(self, path: Sequence[int | str]) -> int:
        """Line (from 1) of the value at a path such as `("rules", 3, "points")`.

        Parts that the tree does not have (a missing field, the tag of a union) are passed over.
        """
        node, line = self.root, self.root.start_mark.line
        for part in path:
            below = _child(node, part)
            if below is None:
                continue
            key, node = below
            line = key.start_mark.line
        return line + 1

    def known_part(self, path: Sequence[int | str]) -> list[int | str]:
        """The path without the parts that the tree does not have."""
        node, kept = self.root, []
        for part in path:
            below = _child(node, part)
            if below is not None:
                node = below[1]
                kept.append(part)
        return kept


def _child(node: yaml.Node, part: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node below, and the node whose line is shown for it (the key of a mapping)."""
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def plain(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """The data of a YAML text without its lines; YAML's own errors."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe one, in C where there is one


def parse_marked(path: Path, text: str) -> MarkedYaml:
    """The one document in the text of a file; BrokenPack names file and line of what is no YAML."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            raise _broken(path, 0, "is empty; a rule pack needs pack, title, version and rules")
        twins = list(_twins(str(path), root))
        if twins:
            raise BrokenPack(twins)
        return MarkedYaml(str(path), _data(loader, path, root), root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"is not YAML: {error.problem}{_hint(text, line)}"
        raise _broken(path, line, message) from error
    except RecursionError as error:
        raise _broken(path, 0, "is not YAML for us: a part that holds itself") from error
    finally:
        loader.dispose()


def read_text(path: Path) -> str:
    """The text of a file; BrokenPack when it is not readable, or not text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _broken(path, 0, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _broken(path, 0, f"is not UTF-8 text (byte {error.start})") from error
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        line = text.count("\n", 0, unreadable.start()) + 1
        raise _broken(path, line, f"holds the control character {unreadable[0]!r}; take it out")
    return text


def _broken(path: Path, line: int, message: str) -> BrokenPack:
    return BrokenPack([Problem(str(path), line, message)])


def _data(loader: Any, path: Path, root: yaml.Node) -> object:  # noqa: ANN401 - untyped in PyYAML
    """The plain data; YAML reads 2026-13-45 as a date, which does not exist."""
    try:
        return loader.construct_document(root)
    except ValueError as error:
        bad = next((n for n in _scalars(root) if not _constructs(n)), root)
        message = f"{bad.value!r}: {error}; put it in quotes where it is no date or number"
        raise _broken(path, bad.start_mark.line + 1, message) from error


def _scalars(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.ScalarNode):
        yield node
        return
    for below in node.value:
        for one in below if isinstance(below, tuple) else (below,):
            yield from _scalars(one)


def _constructs(node: yaml.Node) -> bool:
    try:
        yaml.constructor.SafeConstructor().construct_object(node)
    except ValueError:
        return False
    return True


def _hint(text: str, line: int) -> str:
    """What people who write Chinese often get wrong there or in the line before."""
    near = "\n".join(text.splitlines()[max(line - 2, 0) : line])
    if re.search(r"^\s*(?:- )?\w+：", near, re.MULTILINE):
        return "; a full-width ： stands behind a name: write : and a space"
    if "\t" in near:
        return "; indent with spaces, not with tabs"
    return ""


def _twins(file: str, node: yaml.Node) -> Iterator[Problem]:
    """YAML lets the last of two equal keys win in silence: an error here."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen and isinstance(key, yaml.ScalarNode):
                yield Problem(file, line, f"{name!r} stands twice, first in line {seen[name]}")
            seen.setdefault(name, line)
            yield from _twins(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twins(file, value)
