"""Two packs side by side: each change with what it can do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.rules import load_pack
from pipeline.rules.compare import Change, Difference, Effect, compare
from tests.rules.packs import GOOD


def differs(folder: Path, *changes: tuple[str, str]) -> Difference:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    packs = []
    for name, content in (("old", GOOD), ("new", text)):
        (folder / name).mkdir(exist_ok=True)
        path = folder / name / "mine.yaml"
        path.write_text(content, encoding="utf-8")
        packs.append(load_pack(path))
    return compare(packs[0], packs[1])


def of_rule(difference: Difference) -> list[Change]:
    (rules,) = [part for part in difference.parts if part.kind == "rules"]
    return [change for one in rules.changed for change in one.changes]


def test_the_same_pack_does_not_differ(tmp_path: Path) -> None:
    assert differs(tmp_path).effect is Effect.NOTHING


@pytest.mark.parametrize(
    ("old", "new", "field", "effect", "values"),
    [
        ("points: -1", "points: -2", "points", Effect.SCORE, (-1.0, -2.0)),
        ("severity: minor", "severity: major", "severity", Effect.SCORE, ("minor", "major")),
        ("title: 问好", "title: 您好", "title", Effect.TEXTS, ("问好", "您好")),
        ("label: 问好", "label: 您好", "conditions.hello.label", Effect.TEXTS, ("问好", "您好")),
        ("：用语", "：话术", "reference.text", Effect.TEXTS, ("内部规范：用语", "内部规范：话术")),
        ("points: -1", "effective: {from: 2027-01-01}", "effective.from", Effect.VERDICT,
         (None, "2027-01-01")),
        ("role: agent", "role: customer", "conditions.hello.role", Effect.VERDICT,
         ("agent", "customer")),
        ("role: agent", "scope: {turns: [1, 3]}", "conditions.hello.scope.turns", Effect.VERDICT,
         (None, [1, 3])),
        ("require: hello", "forbid: hello", "forbid", Effect.VERDICT, (None, "hello")),
        ("points: -1", "veto: true", "veto", Effect.SCORE, (False, True)),
    ],
)  # fmt: skip
def test_change_of_a_field(
    tmp_path: Path, old: str, new: str, field: str, effect: Effect, values: tuple[Any, Any]
) -> None:
    (change,) = [c for c in of_rule(differs(tmp_path, (old, new))) if c.field == field]
    assert (change.effect, (change.before, change.after)) == (effect, values)


def test_lists_are_compared_as_sets(tmp_path: Path) -> None:
    found = differs(tmp_path, ("phrases: [您好]", "phrases: [早上好, 您好, 欢迎]"))
    (change,) = of_rule(found)
    assert (change.added, change.removed) == (("早上好", "欢迎"), ())
    assert found.effect is Effect.VERDICT


def test_an_example_changes_nothing_that_is_shown(tmp_path: Path) -> None:
    found = differs(tmp_path, ("客服: 讲。", "客服: 请讲。"))
    (change,) = of_rule(found)
    assert (change.field, change.effect) == ("examples.hit", Effect.EXAMPLES)
    assert len(change.added) == len(change.removed) == 1
    assert found.effect is Effect.EXAMPLES


def test_a_condition_that_is_new_is_one_change(tmp_path: Path) -> None:
    more = "      bye: {operator: duration, label: 长, above: 3}\n    require: hello or bye"
    changes = of_rule(differs(tmp_path, ("    require: hello", more)))
    assert [c.field for c in changes] == ["conditions.bye", "require"]
    assert changes[0].before is None


def test_rules_and_points_come_and_go(tmp_path: Path) -> None:
    found = differs(
        tmp_path,
        ("id: says_hello", "id: says_hi"),
        ('{number: "1", title: 规范}', '{number: "1", title: 用语, cap: 5}'),
        ('version: "1"', 'version: "2"\ngrades: {好: 60, 差: 0}'),
    )
    points, rules, _ = found.parts
    assert [name for name, _ in rules.added] == ["says_hi"]
    assert [name for name, _ in rules.removed] == ["says_hello"]
    assert [(c.field, c.effect) for c in points.changed[0].changes] == [
        ("title", Effect.TEXTS),
        ("cap", Effect.SCORE),
    ]
    effects = {change.field: change.effect for change in found.pack}
    assert effects["version"] is Effect.TEXTS
    assert effects["grades.好"] is Effect.SCORE
    assert found.effect is Effect.VERDICT


def test_the_order_of_rules_is_a_change(tmp_path: Path) -> None:
    rule = GOOD[GOOD.index("  - id:") :]
    other = rule.replace("id: says_hello", "id: other")
    head = GOOD[: GOOD.index("  - id:")]
    packs = []
    for name, text in (("a", head + rule + other), ("b", head + other + rule)):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        packs.append(load_pack(path))
    assert [(c.field, c.effect) for c in compare(*packs).pack] == [("order", Effect.SCORE)]
