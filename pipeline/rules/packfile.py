"""One YAML file of a rule pack, read and checked; what is wrong in it, in words with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import BadPack
from pipeline.rules.marked_yaml import MarkedYaml, read_marked
from pipeline.rules.model import PackFile

SUFFIXES = (".yaml", ".yml")
MOST_ERRORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a pack and where it came from."""

    file: PackFile
    source: MarkedYaml

    def at(self, *path: int | str) -> str:
        """File and line of what stands at a path, for messages."""
        return f"{self.source.file}:{self.source.line_of(path)}"


def name_of(path: Path) -> str:
    """The pack that a file holds: `bank.yaml` and `bank@2027.1.yaml` hold `bank`."""
    return path.stem.partition("@")[0]


def read_layer(path: Path) -> Layer:
    """Read a file; BadPack says file, line, what is wrong and the valid choices."""
    source = read_marked(path)
    try:
        file = PackFile.model_validate(source.data)
    except ValidationError as error:
        shown = [_message(source, e) for e in error.errors()[:MOST_ERRORS_SHOWN]]
        hidden = error.error_count() - len(shown)
        more = [f"… and {hidden} more"] if hidden > 0 else []
        raise BadPack("\n".join((*shown, *more))) from error
    layer = Layer(file, source)
    _check_name(path, layer)
    return layer


def _check_name(path: Path, layer: Layer) -> None:
    """A file is named after its pack, and after its version where it gives one."""
    pack, version = layer.file.pack, layer.file.version
    if pack != name_of(path):
        raise BadPack(
            f"{layer.at('pack')}: pack {pack!r} must be in a file of its name, {pack}.yaml "
            f"or {pack}@{version}.yaml"
        )
    if "@" in path.stem and path.stem != f"{pack}@{version}":
        raise BadPack(
            f"{layer.at('version')}: version {version!r} must be in a file of its name, "
            f"{pack}@{version}.yaml"
        )


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
