"""Which phrases of a rule pack survive recognition: written as said, still found, or lost.

Looked for are the phrases of the pack's `keyword` and `slots` conditions and every alternative of
its regular expressions. What is said n times in a reference is looked for in the recognised text by
the rules' own matcher: what is written the same counts first; then what the condition finds all the
same, by its sound or because its expression has other ways (录[音因]); the rest is lost. What is
written more often than it was said is invented: a rule may accuse somebody of words nobody used.

An alternative that can only match a few strings of the pack (再见, 不?保本) is a phrase, named by
the string that was said; one with gaps (密码.{0,4}告诉我) is a pattern, named by its condition's
label, because what it matches holds free speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.domain import Role
from pipeline.rules import CallContext, Rule, RulePack
from pipeline.rules.literals import every_way, needed
from pipeline.rules.operators.keyword import Keyword
from pipeline.rules.operators.regex import Regex
from pipeline.rules.operators.slots import Slots
from pipeline.rules.turns import Turn

PHRASE, PATTERN = "phrase", "pattern"
Name = tuple[str, str]  # PHRASE or PATTERN, and the phrase or label


class _Finder(Protocol):
    """Finds one thing that a condition looks for."""

    def may_be_in(self, text: str) -> bool:
        """False where it cannot be in a folded text."""

    def written(self, turn: Turn) -> list[str]:
        """What is written in a turn that it stands for."""

    def sounding(self, call: CallContext, turn: Turn) -> int:
        """How often it is only heard by its sound."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of a keyword condition; `probe` looks for it alone."""

    text: str
    probe: Keyword

    def may_be_in(self, text: str) -> bool:
        return self.text in text

    def written(self, turn: Turn) -> list[str]:
        return [self.text] * turn.text.count(self.text)

    def sounding(self, call: CallContext, turn: Turn) -> int:
        return sum(1 for hit in self.probe.found_in(call, turn) if hit.sounds_like)


@dataclass(frozen=True, slots=True)
class _Alternative:
    """An alternative of a regular expression, with what its condition excepts."""

    wanted: re.Pattern[str]
    condition: Regex

    def may_be_in(self, text: str) -> bool:
        return all(any(one in text for one in ways) for ways in needed(self.wanted.pattern))

    def written(self, turn: Turn) -> list[str]:
        return [turn.text[a:b] for a, b in self.condition.found_in(turn, self.wanted)]

    def sounding(self, call: CallContext, turn: Turn) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that rules look for: `label` names it where it is a pattern (else empty)."""

    finder: _Finder
    role: str | None
    label: str
    rule: str


@dataclass(slots=True)
class Kept:
    """How often something was said, and what became of it."""

    said: int = 0
    written: int = 0
    found: int = 0
    invented: int = 0
    rules: set[str] = field(default_factory=set)

    @property
    def lost(self) -> int:
        """Said, and neither written nor found otherwise."""
        return self.said - self.written - self.found

    def add(self, other: Kept) -> None:
        """Count another call's too."""
        self.said += other.said
        self.written += other.written
        self.found += other.found
        self.invented += other.invented
        self.rules |= other.rules


def sought_by(pack: RulePack) -> list[Sought]:
    """Everything said that the rules of a pack look for, equal conditions of several rules once."""
    seen: dict[tuple[str, ...], Sought] = {}
    for rule in pack.rules:
        for key, one in _sought_by(rule):
            seen.setdefault(key, one)
    return list(seen.values())


def _sought_by(rule: Rule) -> Iterator[tuple[tuple[str, ...], Sought]]:
    for condition in rule.conditions.values():
        if isinstance(condition, Keyword):
            how = {"by_sound": condition.by_sound, "min_sound": condition.min_sound}
            for text in (way for ways in condition.ways for way in ways):
                yield _phrase(text, condition.role, rule.id, **how)
        elif isinstance(condition, Slots):
            for name, slot in condition.slots.items():
                for text in slot.ways:
                    yield _phrase(text, condition.role, rule.id, by_sound="off")
                for pattern in slot.patterns:
                    label = f"{condition.label}·{name}"
                    made = _regex(label, condition.role, [pattern])
                    yield from _alternatives(made, rule.id)
        elif isinstance(condition, Regex):
            yield from _alternatives(condition, rule.id)


def _phrase(
    text: str, role: str | None, rule: str, **how: object
) -> tuple[tuple[str, ...], Sought]:
    given = {"operator": "keyword", "label": text, "phrases": [text], "role": role, **how}
    probe = Keyword.model_validate(given)
    return (text, str(role), str(how)), Sought(_Phrase(text, probe), role, "", rule)


def _regex(label: str, role: str | None, patterns: list[str]) -> Regex:
    given = {"operator": "regex", "label": label, "role": role, "patterns": patterns}
    return Regex.model_validate(given)


def _alternatives(condition: Regex, rule: str) -> Iterator[tuple[tuple[str, ...], Sought]]:
    for wanted in condition.wanted:
        key = wanted.pattern, str(condition.role), str(condition.unless), condition.within
        label = "" if every_way(wanted.pattern) is not None else condition.label
        yield key, Sought(_Alternative(wanted, condition), condition.role, label, rule)


def survival(
    sought: Iterable[Sought], said: CallContext, heard: CallContext, *, by_role: bool
) -> dict[Name, Kept]:
    """What became of everything sought in one recording; what is in neither text is absent.

    `by_role`: the speakers of both texts are known, and what the agent must say counts only where
    the agent says it. What several conditions look for counts once, as the kindest one sees it.
    """
    found: dict[Name, Kept] = {}
    for one in sought:
        if not (one.finder.may_be_in(said.text) or one.finder.may_be_in(heard.text)):
            continue
        for name, kept in _of_one(one, said, heard, by_role=by_role):
            known = found.get(name)
            if known is None or one.label:  # alternatives of one pattern add up
                found.setdefault(name, Kept()).add(kept)
            else:
                best = max(known, kept, key=lambda k: (k.said, -k.lost, -k.invented))
                best.rules |= known.rules | kept.rules
                found[name] = best
    return found


def _of_one(
    one: Sought, said: CallContext, heard: CallContext, *, by_role: bool
) -> Iterator[tuple[Name, Kept]]:
    """One thing sought; by the strings that were said where it is no pattern."""
    role = one.role if by_role else None
    turns = _of(role, heard)
    there = Counter(text for turn in _of(role, said) for text in one.finder.written(turn))
    here = Counter(text for turn in turns for text in one.finder.written(turn))
    same = there & here
    spare = here.total() - same.total()
    missing = there.total() - same.total()
    if missing > spare:
        spare += sum(one.finder.sounding(heard, turn) for turn in turns)
    if one.label:
        counts = (there.total(), same.total(), min(missing, spare))
        yield (PATTERN, one.label), _kept(one, *counts, here.total() - there.total())
        return
    for text, times in there.items():
        otherwise = min(times - same[text], spare)
        spare -= otherwise
        yield (PHRASE, text), _kept(one, times, same[text], otherwise, 0)
    for text in here.keys() - there.keys():
        if here.total() > there.total():
            yield (PHRASE, text), _kept(one, 0, 0, 0, min(here[text], here.total() - there.total()))


def _kept(one: Sought, said: int, written: int, found: int, more: int) -> Kept:
    return Kept(said, written, found, max(more, 0), {one.rule})


def _of(role: str | None, call: CallContext) -> list[Turn]:
    return [turn for turn in call.turns if role is None or turn.role in (role, Role.UNKNOWN)]
