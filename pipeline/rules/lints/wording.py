"""Phrases and patterns: each can match something, says something new, and is quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from pydantic import BaseModel

from pipeline.rules.lints.base import Place, Remark, Subject, about
from pipeline.rules.lints.patterns import dead_parts, risk
from pipeline.rules.patterns import Pattern
from pipeline.rules.turns import fold


def never_matches(subject: Subject) -> Iterator[Remark]:
    """A pattern looks for nothing that folded text does not have."""
    for rule, placed in subject.rules():
        for path, pattern in _of_conditions(rule.conditions, patterns=True):
            whole, dead = dead_parts(pattern)
            if not dead:
                continue
            marks = " ".join(f"“{mark}”" for mark in dead)
            start = "永远匹配不到" if whole else "有一部分永远匹配不到"
            begin = "can never match" if whole else "has a part that can never match"
            yield about(
                placed, "never_matches", path,
                f"{pattern!r} {start}：文字已去掉标点和空格、全角变半角、大写变小写，没有 {marks}",
                f"{pattern!r} {begin}: text has no punctuation or blanks, is half width and lower "
                f"case, so there is no {marks}",
            )  # fmt: skip


def slow_pattern(subject: Subject) -> Iterator[Remark]:
    """A pattern does not try the same text in ever more ways."""
    for rule, placed in subject.rules():
        for path, pattern in _of_conditions(rule.conditions, patterns=True):
            why = risk(pattern)
            if why is not None:
                yield about(
                    placed, "slow_pattern", path,
                    f"{pattern!r} 可能极慢：{why[0]}",
                    f"{pattern!r} may be extremely slow: {why[1]}",
                )  # fmt: skip


def duplicate_phrase(subject: Subject) -> Iterator[Remark]:
    """A phrase stands once in a list, whatever its punctuation."""
    for rule, placed in subject.rules():
        seen: dict[tuple[Place, str], str] = {}
        for path, text in _of_conditions(rule.conditions):
            for way in text.split("|"):
                key = (path[:-1], fold(way) or way)
                first = seen.setdefault(key, way)
                if first is not way:
                    yield about(
                        placed, "duplicate_phrase", path,
                        f"“{way}”重复：前面已有“{first}”",
                        f"“{way}” stands there already as “{first}”",
                    )  # fmt: skip


def empty_phrase(subject: Subject) -> Iterator[Remark]:
    """A phrase holds a letter, digit or Han character; one of punctuation alone fits everything."""
    for rule, placed in subject.rules():
        for path, text in _of_conditions(rule.conditions):
            if not all(fold(way) for way in text.split("|")):
                yield about(
                    placed, "empty_phrase", path,
                    f"“{text}”去掉标点后是空的，会对上任何话",
                    f"“{text}” is empty without its punctuation and fits everything",
                )  # fmt: skip


def _of_conditions(
    conditions: Mapping[str, BaseModel], *, patterns: bool = False
) -> Iterator[tuple[Place, str]]:
    for name, condition in conditions.items():
        for path, text in _texts(condition, patterns=patterns):
            yield ("conditions", name, *path), text


def _texts(part: BaseModel, *, patterns: bool) -> Iterator[tuple[Place, str]]:
    """Every phrase, or every pattern, that the pack gives to a condition, with its place."""
    for name in part.model_fields_set:
        value, annotation = getattr(part, name), type(part).model_fields[name].annotation
        if isinstance(value, Mapping):
            for key, below in value.items():
                if isinstance(below, BaseModel):
                    for path, text in _texts(below, patterns=patterns):
                        yield (name, key, *path), text
        elif isinstance(value, tuple) and (Pattern in get_args(annotation)) is patterns:
            texts = ((k, item) for k, item in enumerate(value) if isinstance(item, str))
            yield from (((name, k), text) for k, text in texts)
