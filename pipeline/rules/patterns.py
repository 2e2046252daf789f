"""Regular expressions of packs and lexicons, compiled once however many conditions have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

from pipeline.rules.literals import branches, looks_around

# A back-reference, flags of the whole, a named group: alternatives that need each other.
_TOGETHER = re.compile(r"\\[1-9]|\(\?(?:[aiLmsux]+\)|P|\()")


@lru_cache(maxsize=16384)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern ready to be searched for; re.error when it is none."""
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def alternatives(pattern: str) -> tuple[str, ...]:
    """What stands between the `|` at the top, each a pattern; the pattern where they are none.

    re.error when it is no pattern. Compiling the alternatives does for the whole, too.
    """
    parts = branches(pattern)
    if len(parts) > 1 and not _TOGETHER.search(pattern):
        with suppress(re.error):
            for part in parts:
                compiled(part)
            return parts
    compiled(pattern)
    return (pattern,)


def in_parts(pattern: str) -> re.Pattern[str] | None:
    """A pattern to search a whole turn for where its parts matter; None if that may miss one."""
    return None if looks_around(pattern) else compiled(pattern)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Several patterns as one; give at least one: none at all would match everywhere."""
    return compiled("|".join(f"(?:{p})" for p in patterns))


def _compiles(pattern: str) -> str:
    try:
        found = any(compiled(part).search("") for part in alternatives(pattern))
    except re.error as error:
        raise ValueError(f"bad regex {pattern!r} at character {error.pos}: {error.msg}") from error
    if found:
        raise ValueError(f"regex {pattern!r} matches the empty text")
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
