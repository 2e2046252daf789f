"""Lints: what is allowed in a pack but probably not meant. To add one: a function, a line here."""

from __future__ import annotations

from pipeline.rules.lints.base import Lint, Remark, Subject
from pipeline.rules.lints.numbering import numbering, unused_point
from pipeline.rules.lints.speech import collision, example
from pipeline.rules.lints.standing import (
    authority,
    lonely_fact,
    long_title,
    never_in_force,
    overlapping_dates,
    unknown_check,
    version_dates,
)
from pipeline.rules.lints.wording import (
    duplicate_phrase,
    empty_phrase,
    never_matches,
    slow_pattern,
)

LINTS: tuple[Lint, ...] = (
    authority,
    unknown_check,
    long_title,
    lonely_fact,
    overlapping_dates,
    never_in_force,
    version_dates,
    unused_point,
    numbering,
    never_matches,
    slow_pattern,
    duplicate_phrase,
    empty_phrase,
    example,
    collision,
)

__all__ = ["LINTS", "Lint", "Remark", "Subject"]
