"""How much room a text takes, near enough to lay out slides and charts without drawing them."""

from __future__ import annotations

import unicodedata
from math import ceil

LATIN = 0.56  # of the height of a font, on average
LINE = 1.28  # from line to line


def width_in_ems(text: str) -> float:
    """Chinese characters take one em."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else LATIN for c in text)


def lines_of(text: str, size: float, width: float) -> int:
    """Into how many lines of `width` points a text of `size` points breaks; at least one."""
    if width <= 0:
        return 1
    return max(1, ceil(width_in_ems(text) * size * 1.03 / width))


def height_of(text: str, size: float, width: float) -> float:
    """In points."""
    return lines_of(text, size, width) * size * LINE
