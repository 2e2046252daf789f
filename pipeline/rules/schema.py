"""The JSON Schema of a pack file, for editors; and what it says of a place in one."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pipeline.domain import BUSINESS_LINES
from pipeline.rules import handbook
from pipeline.rules.model import LINE, PackFile

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"  # what editors' YAML plug-ins read best
_DIALOGUE_LINE = re.sub(r"\?P<\w+>", "?:", LINE.pattern)


@cache
def raw_schema() -> Mapping[str, Any]:
    """The schema as pydantic makes it."""
    return PackFile.model_json_schema()


def pack_schema() -> Schema:
    """The schema for editors: with descriptions in Chinese and English, in draft 7."""
    schema: Schema = copy.deepcopy(dict(raw_schema()))
    definitions: dict[str, Schema] = schema["$defs"]
    for name, definition in (("PackFile", schema), *definitions.items()):
        _describe(name, definition)
    _as_people_write(definitions)
    return {"$schema": DRAFT, "title": "callqa rule pack", **_draft_7(schema)}


def _describe(name: str, definition: Schema) -> None:
    """Descriptions of a definition and its fields out of the handbook."""
    definition["description"] = str(handbook.meaning(name))
    for field, below in definition.get("properties", {}).items():
        if "$ref" in below:  # draft 7 does not look beside a $ref
            below["allOf"] = [{"$ref": below.pop("$ref")}]
        below["description"] = str(handbook.field(name, field))
        if not isinstance(below.get("default"), str | int | float):
            below.pop("default", None)


def _as_people_write(definitions: dict[str, Schema]) -> None:
    """What validators allow or forbid beyond the types of the fields."""
    lines = {"type": "array", "minItems": 1, "items": {"type": "string"}}
    lines["items"] = {"type": "string", "pattern": f"^{_DIALOGUE_LINE}$"}
    whole = definitions["Dialogue"]
    whole["properties"]["lines"] |= lines
    description = whole.pop("description")
    definitions["Dialogue"] = {"description": description, "anyOf": [lines, whole]}
    applies = definitions["Applies"]["properties"]
    applies["business_lines"]["items"] = {"enum": list(BUSINESS_LINES)}
    rule = definitions["Rule"]
    rule["properties"]["conditions"]["additionalProperties"] = False
    rule["oneOf"] = [{"required": ["require"]}, {"required": ["forbid"]}]


def _draft_7(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Draft 7 has `items: […]` for pairs; titles made of field names only clutter an editor."""
    if isinstance(node, list):
        return [_draft_7(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {k: v for k, v in node.items() if k != "title" or isinstance(v, dict)}
    if "prefixItems" in kept:
        kept["items"] = kept.pop("prefixItems")
    return {key: _draft_7(value) for key, value in kept.items()}


def fields_at(path: Sequence[int | str]) -> tuple[str, ...]:
    """Fields that may stand at a path such as `("rules", 3, "conditions", "x", "keyword")`."""
    below = list(_walk(raw_schema(), path))
    return tuple(dict.fromkeys(name for node in below for name in node.get("properties", ())))


def _walk(node: Mapping[str, Any], path: Sequence[int | str]) -> Iterator[Mapping[str, Any]]:
    """Every schema that may hold at a path."""
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        yield from _walk(raw_schema()["$defs"][name], path)
    for choice in (*node.get("anyOf", ()), *node.get("allOf", ())):
        yield from _walk(choice, path)
    if not path:
        yield node
        return
    for below in _below(node, path[0]):
        yield from _walk(below, path[1:])


def _below(node: Mapping[str, Any], part: int | str) -> Iterator[Mapping[str, Any]]:
    """The schemas of one entry or field, or of the operator that pydantic puts into a path."""
    if isinstance(part, int):
        choices = [node.get("items")]
    elif part in (operators := node.get("discriminator", {}).get("mapping", {})):
        choices = [{"$ref": operators[part]}]
    elif part in node.get("properties", {}):
        choices = [node["properties"][part]]
    else:
        choices = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    yield from (choice for choice in choices if isinstance(choice, Mapping))
