"""The closed list of reasons why people call, with their names and what speaks for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.domain import NONE_OF_THE_LIST

FILE = Path(__file__).with_name("reasons.yaml")
UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody calls; `words` match what speaks for it in folded text."""

    key: str
    zh: str
    en: str
    words: re.Pattern[str]


@cache
def reasons() -> dict[str, Reason]:
    """All of them by key, in the order in which they are shown."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        key: Reason(key, one["zh"], one["en"], re.compile("|".join(one["words"])))
        for key, one in found.items()
    }


def reason_name(key: str | None, language: str) -> str:
    """What a reason is called, also None, `unsure` and `none`; an unknown key as it is."""
    if key in (None, UNSURE):
        return "不确定" if language == "zh" else "Unsure"
    if key == NONE_OF_THE_LIST:
        return "以上都不是" if language == "zh" else "None of these"
    found = reasons().get(str(key))
    return str(key) if found is None else found.zh if language == "zh" else found.en
