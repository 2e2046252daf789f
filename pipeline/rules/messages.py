"""What is wrong in a pack file, in words: file, line, rule, field, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.rules.marked_yaml import OWNERS, MarkedYaml, Problem
from pipeline.rules.schema import fields_at

Path = Sequence[int | str]

# What pydantic says by type of error, in our words; {given} is the bad value.
_WORDS = {
    "union_tag_invalid": "unknown operator {tag!r}; known: {expected_tags}",
    "union_tag_not_found": "operator: is missing; known: {known}",
    "missing": "is missing",
    "literal_error": "{given} is not allowed; known: {expected}",
    "enum": "{given} is not allowed; known: {expected}",
    "value_error": "{error}",
    "string_type": "must be text (given: {given}); put numbers and true, false, no, on in quotes",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list such as [a, b] (given: {given})",
    "list_type": "must be a list such as [a, b] (given: {given})",
    "too_long": "may have at most {max_length} entries, has {actual_length}",
    "dict_type": "must hold fields such as `name: value` (given: {given})",
    "model_type": "must hold fields such as `name: value` (given: {given})",
    "model_attributes_type": "must hold fields such as `name: value` (given: {given})",
    "mapping_type": "must hold fields such as `name: value` (given: {given})",
    "bool_type": "must be true or false (given: {given})",
    "bool_parsing": "must be true or false (given: {given})",
    "int_type": "must be a whole number (given: {given})",
    "int_parsing": "must be a whole number (given: {given})",
    "int_from_float": "must be a whole number (given: {given})",
    "float_type": "must be a number (given: {given})",
    "float_parsing": "must be a number (given: {given})",
    "finite_number": "must be a number (given: {given})",
    "greater_than": "must be more than {gt:g} (given: {given})",
    "greater_than_equal": "must be at least {ge:g} (given: {given})",
    "less_than": "must be less than {lt:g} (given: {given})",
    "less_than_equal": "must be at most {le:g} (given: {given})",
    "date_parsing": "must be a day such as 2026-01-31 (given: {given})",
    "date_type": "must be a day such as 2026-01-31 (given: {given})",
    "date_from_datetime_parsing": "must be a day such as 2026-01-31 (given: {given})",
    "date_from_datetime_inexact": "must be a day such as 2026-01-31 (given: {given})",
}
# What a text must look like, by how its pattern begins.
_SHAPES = {
    "^[a-z]": "must be made of small letters, digits and single _, such as no_full_card_number",
    "^[A-F]": "must be the number of a check, such as A1 or C21",
    "^[1-9]": "must be the number of a control point in quotes, such as '1' or '1.2'",
}


def problems_of(source: MarkedYaml, error: ValidationError) -> list[Problem]:
    """Every fault in order of lines; several faults of one value are one problem."""
    found: dict[tuple[int, str, str], list[str]] = {}
    for one in _told(error.errors()):
        for message in _words(one).split("\n"):
            text, path = _of_field(source, message, _path(source, one))
            place = (source.line_of(path), *_place(source, path))
            texts = found.setdefault(place, [])
            if text not in texts:
                texts.append(text)
    return [
        Problem(source.file, line, "; or ".join(texts), rule, field)
        for (line, rule, field), texts in sorted(found.items(), key=lambda item: item[0][0])
    ]


def _told(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from others.

    A list without its bad entries is too short; a field that is misspelt is missing.
    """
    places = [error["loc"] for error in errors]
    meant = {
        (*error["loc"][:-1], _meant(error))
        for error in errors
        if error["type"] == "extra_forbidden"
    }
    return [
        error
        for error in errors
        if not (
            (error["type"] == "missing" and error["loc"] in meant)
            or (
                error["type"] == "too_short"
                and any(p[: len(error["loc"])] == error["loc"] != p for p in places)
            )
        )
    ]


def _words(error: ErrorDetails) -> str:
    kind, given = error["type"], _short(error["input"])
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(error)
    choices: dict[str, Any] = {
        k: str(v).replace("'", "") if k.startswith("expected") else v
        for k, v in error.get("ctx", {}).items()
    }
    words = _WORDS.get(kind, "{message} (given: {given})")
    return words.format(given=given, message=error["msg"], known=_operators(), **choices)


def _operators() -> str:
    from pipeline.rules.operators import OPERATORS

    return ", ".join(OPERATORS)


def _meant(error: ErrorDetails) -> str:
    """The field that an unknown one is probably meant to be, or nothing."""
    *path, name = error["loc"]
    near = get_close_matches(str(name), fields_at(path), n=1, cutoff=0.7)
    return near[0] if near else ""


def _unknown_field(error: ErrorDetails) -> str:
    """What the field may have been meant to be, and all that may stand there."""
    known, meant = fields_at(error["loc"][:-1]), _meant(error)
    guess = f"; did you mean {meant}?" if meant else ""
    return f"unknown field{guess}; known: {', '.join(known)}" if known else "unknown field"


def _too_short(error: ErrorDetails) -> str:
    least = error.get("ctx", {}).get("min_length", 1)
    has = error.get("ctx", {}).get("actual_length", 0)
    return f"needs at least {least} {'entry' if least == 1 else 'entries'}, has {has}"


def _wrong_shape(error: ErrorDetails) -> str:
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    words = next((w for begin, w in _SHAPES.items() if pattern.startswith(begin)), error["msg"])
    return f"{words} (given: {_short(error['input'])})"


_SPECIAL: Mapping[str, Callable[[ErrorDetails], str]] = {
    "extra_forbidden": _unknown_field,
    "too_short": _too_short,
    "string_pattern_mismatch": _wrong_shape,
}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _path(source: MarkedYaml, error: ErrorDetails) -> list[int | str]:
    """Where it is, without what pydantic puts in between (operators, members of a union)."""
    parts = list(error["loc"])
    if len(parts) > 4 and parts[0] == "rules" and parts[2] == "conditions":
        del parts[4]
    kept = source.known_part(parts)
    if error["type"] == "missing":
        kept.append(parts[-1])
    if error["type"] == "union_tag_invalid":
        kept.append("operator")
    return kept


def _of_field(
    source: MarkedYaml, message: str, path: list[int | str]
) -> tuple[str, list[int | str]]:
    """`points: is too much` of a rule is `is too much` of its points."""
    named = re.match(r"([a-z_]+(?:\.\w+)*): ", message)
    if named is None:
        return message, path
    longer = [*path, *named[1].split(".")]
    return (
        (message[named.end() :], longer) if source.known_part(longer) == longer else (message, path)
    )


def _place(source: MarkedYaml, path: Path) -> tuple[str, str]:
    """The rule and the field in it: `rule no_full_card_number`, `conditions.card.kinds[0]`."""
    parts, rule = list(path), ""
    if parts and parts[0] in OWNERS and len(parts) > 1 and isinstance(source.data, dict):
        given = source.data[parts[0]][parts[1]]
        name = given.get("id", parts[1]) if isinstance(given, dict) else parts[1]
        rule, parts = f"{OWNERS[str(parts[0])]} {name}", parts[2:]
    field = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in parts).lstrip(".")
    return rule, field
