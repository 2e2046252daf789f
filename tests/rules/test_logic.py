"""Expressions with four values."""

from __future__ import annotations

import pytest

from pipeline.rules.logic import Truth, judge, names_in, parse

VALUES = {"t": Truth.TRUE, "f": Truth.FALSE, "u": Truth.UNSURE, "n": Truth.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("text", "truth", "names"),
    [
        ("t", Truth.TRUE, "t"),
        ("not t", Truth.FALSE, "t"),
        ("t and f", Truth.FALSE, "f"),
        ("u and f", Truth.FALSE, "f"),
        ("u and t", Truth.UNSURE, "u"),
        ("u or t", Truth.TRUE, "t"),
        ("u or f", Truth.UNSURE, "u"),
        ("n or t", Truth.TRUE, "t"),
        ("n and t", Truth.NOT_APPLICABLE, "n"),
        ("n or f", Truth.NOT_APPLICABLE, "n"),
        ("not u", Truth.UNSURE, "u"),
        ("f or t and t", Truth.TRUE, "t"),
        ("(f or t) and f", Truth.FALSE, "f"),
        ("not (t and f)", Truth.TRUE, "f"),
        ("not not t", Truth.TRUE, "t"),
        ("f or f", Truth.FALSE, "f"),
    ],
)
def test_truth(text: str, truth: Truth, names: str) -> None:
    found = judge(parse(text), lambda name, _: VALUES[name])
    assert found.truth is truth
    assert found.names == tuple(names)


def test_words_within_names_are_no_operators() -> None:
    assert names_in(parse("order_a or not android and order_a")) == ("order_a", "android")


def test_polarity_is_told() -> None:
    seen: dict[str, bool] = {}

    def value(name: str, positive: bool) -> Truth:
        seen[name] = positive
        return Truth.TRUE

    judge(parse("t and not (f or not u)"), value)
    assert seen == {"t": True, "f": False, "u": True}


@pytest.mark.parametrize(
    ("text", "column"), [("", 1), ("t and", 6), ("t t", 3), ("(t", 3), ("t && f", 3), ("T", 1)]
)
def test_errors_name_the_place(text: str, column: int) -> None:
    with pytest.raises(ValueError, match=f"at character {column}:"):
        parse(text)
