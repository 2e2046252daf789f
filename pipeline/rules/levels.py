"""Values of the metadata compared: numbers in texts, risk levels R1-R5 and C1-C5 on one scale."""

from __future__ import annotations

import re

from pipeline.domain import Attribute

_LEVEL = re.compile(r"[RCrc]([1-5])$")


def number_of(value: Attribute) -> float | None:
    """A value as a number; None when it is none."""
    if isinstance(value, str):
        level = _LEVEL.match(value.strip())
        if level:
            return float(level[1])
        try:
            return float(value)
        except ValueError:
            return None
    return float(value)


def same(left: Attribute, right: Attribute) -> bool:
    """Whether two values are the same, as numbers where both are some."""
    if isinstance(left, bool) or isinstance(right, bool):
        return str(left).lower() == str(right).lower()
    one, two = number_of(left), number_of(right)
    if one is not None and two is not None:
        return one == two
    return str(left) == str(right)
