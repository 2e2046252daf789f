"""Regular expressions of packs and lexicons, compiled once however many conditions have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

from pipeline.rules.literals import looks_around


@lru_cache(maxsize=16384)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern ready to be searched for; re.error when it is none."""
    return re.compile(pattern)


def in_parts(pattern: str) -> re.Pattern[str] | None:
    """A pattern to search a whole turn for where its parts matter; None if that may miss one."""
    return None if looks_around(pattern) else compiled(pattern)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Several patterns as one; give at least one: none at all would match everywhere."""
    return compiled("|".join(f"(?:{p})" for p in patterns))


def _compiles(pattern: str) -> str:
    try:
        found = compiled(pattern).search("")
    except re.error as error:
        raise ValueError(f"bad regex {pattern!r} at character {error.pos}: {error.msg}") from error
    if found:
        raise ValueError(f"regex {pattern!r} matches the empty text")
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
