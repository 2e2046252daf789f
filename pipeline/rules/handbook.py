"""What every part and field of a rule pack means, in words: for editors, `rules show` and the docs.

The words are in `handbook.yaml`. What is not there is explained by the class's own docstring: a
sentence of it that names the field in backticks.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from pipeline.rules.marked_yaml import plain
from pipeline.rules.model import PackFile
from pipeline.rules.operators import OPERATORS

FILE = Path(__file__).parent / "handbook.yaml"
COMMON = "common"


@dataclass(frozen=True, slots=True)
class Words:
    """A meaning in Chinese and in English, and a short Chinese name."""

    zh: str
    en: str
    name: str

    def __str__(self) -> str:
        """Both, the Chinese first."""
        return self.en if self.zh == self.en else f"{self.zh}\n\n{self.en}"

    def of(self, language: str) -> str:
        """The meaning in one language."""
        return self.en if language == "en" else self.zh


@cache
def _book() -> Mapping[str, Any]:
    return dict(plain(FILE.read_text(encoding="utf-8")))


@cache
def models() -> Mapping[str, type[BaseModel]]:
    """Everything that a pack file is made of, by its key in the handbook: operators by name."""
    found: dict[str, type[BaseModel]] = dict(OPERATORS)
    waiting: list[type[BaseModel]] = [PackFile, *OPERATORS.values()]
    while waiting:
        model = waiting.pop()
        if model not in found.values():
            found[model.__name__] = model
        for field in model.model_fields.values():
            known = set(found.values())
            waiting += [below for below in _models_in(field.annotation) if below not in known]
    return found


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _key(name: str) -> str:
    """An operator's name for the name of its class."""
    return next((key for key, model in models().items() if model.__name__ == name), name)


def meaning(name: str) -> Words:
    """What a part means, by its key or the name of its class."""
    key = _key(name)
    entry, model = _book().get(key, {}), models().get(key)
    said = inspect.getdoc(model) if model is not None else None
    english = str(entry.get("en") or said or "")
    return Words(str(entry.get("zh", english)), english, str(entry.get("name", key)))


def field(name: str, of: str) -> Words:
    """What a field of a part means."""
    key = _key(name)
    given = _book().get(key, {}).get("fields", {}).get(of)
    if given is None and key in OPERATORS:
        given = _book()[COMMON].get(of)
    if given is not None:
        short, chinese, english = given
        return Words(chinese, english, short)
    model = models().get(key)
    english = "" if model is None else _sentence(model, of)
    return Words(english, english, of)


def _sentence(model: type[BaseModel], of: str) -> str:
    """The sentence of a docstring that explains a field, of the class or of one it is made of."""
    for one in model.__mro__:
        if one is BaseModel:
            break
        text = " ".join((one.__doc__ or "").split())
        sentences = re.split(r"(?<=[.;]) +(?=[A-Z`])", text)
        marks = (rf"^`{of}`?:", rf"`{of}[`: ]")
        for mark in marks:
            found = next((s for s in sentences if re.search(mark, s)), None)
            if found is not None:
                return found
    return ""
