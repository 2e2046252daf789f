"""Strings found in one pass are those that a plain search finds, in every turn."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pytest

from pipeline.rules import load_pack, parse_dialogue
from pipeline.rules.literals import needed
from pipeline.rules.logic import All, AnyOf, Expression, Judged, Name, Not, Truth, judge
from pipeline.rules.needles import Needles, as_bits, as_ints
from pipeline.rules.turns import fold

LETTERS = "保本息不能收益𠮷a1"  # one of them beyond the table of single characters
LINES = ("bank", "wealth", "securities", "insurance", "collection")


def words(rng: random.Random, most: int) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(most + 1)))


def marked(needles: Needles, turns: Sequence[str], sets: int) -> list[int]:
    """The bits of the turns by set."""
    bits = np.zeros((sets, max(-(-len(turns) // 64), 1)), np.uint64)
    starts = np.cumsum([0, *(len(turn) + 1 for turn in turns)])
    turn_at = np.repeat(np.arange(len(turns)), np.diff(starts))[: max(starts[-1] - 1, 0)]
    needles.mark("\n".join(turns), turn_at, bits)
    return as_ints(bits)


@pytest.mark.parametrize("size", [0, 1, 5, 63, 64, 65, 200])
@pytest.mark.parametrize("longest", [1, 4])
def test_every_turn_that_holds_a_string_has_its_bit(size: int, longest: int) -> None:
    rng = random.Random(size)
    sets = [{words(rng, longest - 1) + rng.choice(LETTERS) for _ in range(3)} for _ in range(40)]
    turns = [words(rng, 12) for _ in range(size)]
    needles = Needles()
    for number, strings in enumerate(sets):
        needles.add(strings, number)
    needles.seal()
    plainly = [
        sum(1 << k for k, turn in enumerate(turns) if any(string in turn for string in strings))
        for strings in sets
    ]
    assert marked(needles, turns, len(sets)) == plainly
    assert any(plainly) or size == 0, "nothing was there to be found: this shows nothing"


def test_without_strings_nothing_is_marked() -> None:
    needles = Needles()
    needles.seal()
    assert marked(needles, ["保本", "收益"], 2) == [0, 0]


@pytest.mark.parametrize("words_of_64", [1, 2, 3])
def test_bits_are_the_integers_they_were(words_of_64: int) -> None:
    masks = [0, 1, (1 << 64 * words_of_64) - 1, 1 << (64 * words_of_64 - 1)]
    assert as_ints(as_bits(masks, words_of_64)) == masks


def spoken() -> Iterator[tuple[str, str]]:
    """Expressions of all packs with every line of the examples of their rules."""
    for line in LINES:
        for rule in load_pack(line).rules:
            lines = [
                fold(segment.text)
                for kind in ("hit", "noted", "no_hit", "unsure")
                for dialogue in getattr(rule.examples, kind)
                for segment in parse_dialogue(dialogue.lines).segments
            ]
            for condition in rule.conditions.values():
                if condition.operator == "regex":
                    yield from ((p, said) for p in condition.patterns for said in lines)


def test_where_an_expression_matches_each_of_its_sets_is_met() -> None:
    matching = 0
    for pattern, said in spoken():
        match = re.search(pattern, said)
        if match:
            matching += 1
            for strings in needed(pattern):
                assert any(string in match[0] for string in strings), (pattern, match[0])
    assert matching > 1000


def expressions(rng: random.Random, depth: int) -> Expression:
    if depth == 0 or rng.random() < 0.3:
        return Name(rng.choice("abcd"))
    if rng.random() < 0.3:
        return Not(expressions(rng, depth - 1))
    parts = tuple(expressions(rng, depth - 1) for _ in range(rng.choice((2, 3))))
    return rng.choice((All, AnyOf))(parts)


def test_a_remembered_judgement_is_the_one_that_is_worked_out() -> None:
    rng = random.Random(3)
    for _ in range(200):
        expression = expressions(rng, 3)
        judged = Judged(expression)
        for _ in range(20):
            given = {place: rng.choice(list(Truth)) for place in judged.places}
            values = tuple(given[place] for place in judged.places)
            plainly = judge(expression, partial(_value, given))
            assert judged.of(values) == plainly
            assert judged.of(values) is judged.of(values)


def _value(given: dict[tuple[str, bool], Truth], name: str, positive: bool) -> Truth:
    return given[name, positive]
