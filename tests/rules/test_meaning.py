"""The guards: what is denied, asked or reported is not said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.domain import Role, Segment
from pipeline.rules.marked_yaml import plain
from pipeline.rules.meaning import GUARDS, excuse
from pipeline.rules.turns import fold, read_turns
from tests.rules.calls import CASES


def cases() -> Iterator[Any]:
    document = plain((CASES / "meaning.yaml").read_text(encoding="utf-8"))
    for kind in ("excused", "said"):
        for row in document[kind]:
            yield pytest.param(kind, row["text"], row["phrase"], id=f"{kind}-{row['text']}")


@pytest.mark.parametrize(("kind", "text", "phrase"), list(cases()))
def test_meaning(kind: str, text: str, phrase: str) -> None:
    turn = read_turns([Segment(Role.AGENT, text, 0, 5)], roles_known=True)[0]
    start = turn.text.index(fold(phrase))
    found = excuse(turn, start, start + len(fold(phrase)), GUARDS)
    assert (found is not None) is (kind == "excused"), found


def test_there_are_enough_cases_each_way() -> None:
    document = plain((CASES / "meaning.yaml").read_text(encoding="utf-8"))
    assert min(len(document["excused"]), len(document["said"])) >= 20


def test_no_guard_excuses_nothing() -> None:
    turn = read_turns([Segment(Role.AGENT, "不保本", 0, 5)], roles_known=True)[0]
    assert excuse(turn, 1, 3, ()) is None
    assert excuse(turn, 1, 3, ("question",)) is None
    assert excuse(turn, 1, 3, ("negation",)) == "negation"
