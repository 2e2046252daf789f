"""Numbers of institutions, known by their form: nobody's private data."""

from __future__ import annotations

import re

_HOTLINE = re.compile(
    r"400\d{7}|800\d{7}"  # toll-free
    r"|9[56]\d{3}|1[02]\d{3}"  # 95588, 96110, 12378, 10086
    r"|106\d{5,}"  # sender numbers of text messages
    r"|110|114|119|120|122"
)


def is_hotline(digits: str) -> bool:
    """Whether these digits are a hotline or a service number."""
    return _HOTLINE.fullmatch(digits) is not None
