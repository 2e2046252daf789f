"""YAML whose every value knows its line, so that an error can name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.errors import BadPack

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def _child(node: yaml.Node, part: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node below, and the node whose line is shown for it (the key of a mapping)."""
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def read_marked(path: Path) -> MarkedYaml:
    """Read one document; BadPack names file and line of what is not YAML."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPack(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadPack(f"{path}: is not UTF-8 text (byte {error.start})") from error
    try:
        root = loader.get_single_node()
        if root is None:
            raise BadPack(f"{path}: is empty; a rule pack needs pack, title, version and rules")
        _no_twins(path, root)
        return MarkedYaml(str(path), loader.construct_document(root), root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadPack(f"{path}:{line}: is not YAML: {error.problem}") from error
    finally:
        loader.dispose()


def _no_twins(path: Path, node: yaml.Node) -> None:
    """YAML lets the last of two equal keys win in silence: an error here."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise BadPack(
                    f"{path}:{line}: {key.value!r} stands twice, first in line {seen[key.value]}"
                )
            seen[key.value] = line
            _no_twins(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _no_twins(path, value)
