"""Shares of counts: Wilson's interval, and whether two shares differ by more than chance."""

from __future__ import annotations

from math import sqrt

Z = 1.959964  # 95 %
Z_MANY = 2.575829  # 99 %: where many are looked at, some differ by chance


def wilson(share: float, size: float) -> tuple[float, float]:
    """The 95 % interval of a share of `size` (above 0) cases."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def differ(part: int, whole: int, other_part: int, other_whole: int) -> int:
    """1 when the first share is higher than the other by more than chance, -1 lower, else 0."""
    if not whole or not other_whole:
        return 0
    both = (part + other_part) / (whole + other_whole)
    spread = sqrt(both * (1 - both) * (1 / whole + 1 / other_whole))
    if not spread:
        return 0
    z = (part / whole - other_part / other_whole) / spread
    return 0 if abs(z) < Z_MANY else (1 if z > 0 else -1)
