"""What went wrong, said in the language of the page; the code and the terminal say it in English.

A text that stands in no table is shown as it is: nothing is lost.
"""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from functools import cache

from dashboards.error_texts import ERROR_TEXTS
from dashboards.fault_texts import FAULT_TEXTS, REASON_TEXTS
from dashboards.file_texts import FILE_TEXTS
from dashboards.language import language, named, when

CHINESE = ERROR_TEXTS | FAULT_TEXTS | FILE_TEXTS | REASON_TEXTS
FAMILIES = ("decision", "step", "act", "jobrole", "kind")


def fault(error: Exception | str) -> str:
    """What an error says, in the language of the page."""
    return _chinese(str(error)) if language() == "zh" else str(error)


def _chinese(message: str) -> str:
    for pattern, text in _patterns():
        if match := pattern.fullmatch(message):
            return text.format(**{name: _value(name, v) for name, v in match.groupdict().items()})
    return message


def _value(name: str, value: str) -> str:
    if name == "error":
        return _chinese(value)
    if name == "at":
        return _local(value)
    return named(name, value) if name in FAMILIES else value


def _local(moment: str) -> str:
    """A moment of a message, in UTC where it does not say, in the centre's time."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return when(at if at.tzinfo else at.replace(tzinfo=UTC))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The tables as patterns; those with most words of their own first."""
    found = []
    for english, chinese in CHINESE.items():
        words, pattern, names = 0, "", set()
        for literal, name, *_ in string.Formatter().parse(english):
            words += len(literal)
            pattern += re.escape(literal)
            if name:
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
                names.add(name)
        found.append((words, re.compile(pattern, re.DOTALL), chinese))
    return [(pattern, text) for _, pattern, text in sorted(found, key=lambda one: -one[0])]
