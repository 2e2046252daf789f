"""A broken rule: the message names the file, the line, the field and the valid choices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.packs import message


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "operator: keyword",
            "operator: must_sy",
            18,
            "conditions.hello.operator: unknown operator 'must_sy'; "
            "known: answer, answer_lag, attribute, clock",
        ),
        ("operator: keyword", "role: customer", 20, "'role' stands twice, first in line 18"),
        ("        operator: keyword\n", "", 17, "conditions.hello: operator: is missing"),
        (
            "phrases: [您好]",
            "phrases: 您好",
            21,
            "conditions.hello.phrases: must be a list such as [a, b] (given: '您好')",
        ),
        ("phrases: [您好]", "phrase: [您好]", 21, "conditions.hello.phrase: unknown field"),
        (
            "phrases: [您好]",
            "phrases: [。]",
            21,
            "phrase '。' holds no letter, digit or Han character",
        ),
        (
            "role: agent",
            "role: boss",
            20,
            "conditions.hello.role: 'boss' is not allowed; known: agent or customer",
        ),
        (
            "require: hello",
            "require: hello and (",
            22,
            "require: cannot read 'hello and (' at character 12",
        ),
        (
            "require: hello",
            "require: hello & bye",
            22,
            "at character 7: expected condition names joined by",
        ),
        ("require: hello", "require: helo", 22, "require: unknown condition 'helo'; known: hello"),
        (
            "require: hello",
            "require: hello\n    forbid: hello",
            7,
            "give either require: (must hold) or forbid:",
        ),
        ("    require: hello\n", "", 7, "give either require: (must hold) or forbid:"),
        (
            "severity: minor",
            "severity: bad",
            14,
            "severity: 'bad' is not allowed; known: critical, major or minor",
        ),
        (
            "points: -1",
            "points: 5",
            15,
            "points: must be at most 0 (given: 5)",
        ),
        (
            'control_point: "1"',
            'control_point: "7"',
            13,
            "control_point: '7' is not defined; known: 1",
        ),
        ("id: says_hello", "id: 3", 7, "id: must be text (given: 3)"),
        ("id: says_hello", "id: SaysHello", 7, "id: must be made of small letters"),
        ("checks: [A3]", "checks: [Z9]", 11, "checks[0]: must be the number of a check"),
        ("内部规范：用语", "广告法", 12, "a reference with status house begins with 内部规范"),
        (
            "status: house",
            "status: U",
            12,
            "reference.status: 'U' is not allowed; known: V, S or house",
        ),
        ('        - ["客服: 嗯。"]\n', "", 25, "examples.hit: needs at least 3 entries, has 2"),
        ("      hit:", "      noted:", 24, "examples: give at least 3 of hit:"),
        (
            "    require: hello",
            "    require: hello\n    when: hello",
            25,
            "examples: give at least 3 of noted:",
        ),
        ("客服: 嗯。", "老板: 嗯。", 28, "cannot read the line '老板: 嗯。': write 客服: …"),
        (
            "title: 问好",
            "titel: 问好",
            8,
            "rule says_hello: titel: unknown field; did you mean title?",
        ),
        (
            "points: -1",
            "effective: {from: 2026-02-01, to: 2026-01-01}",
            15,
            "to: 2026-01-01 lies before",
        ),
        (
            "points: -1",
            "applies: {business_lines: [banks]}",
            15,
            "unknown business line 'banks'; known: bank",
        ),
        (
            "role: agent",
            "scope: {first: 2, last: 2}",
            20,
            "choose one of first, last, turns, seconds, share",
        ),
        (
            "role: agent",
            "scope: {anchor: {condition: hello}}",
            16,
            "refer to each other in a circle: hello → hello",
        ),
        (
            "require: hello",
            "require: hello\n    when: bye",
            23,
            "when: unknown condition 'bye'; known: hello",
        ),
        (
            "    require: hello",
            "      bye: {operator: duration, label: 长, above: 3}\n    require: hello",
            22,
            "conditions.bye: is used nowhere",
        ),
        (
            "phrases: [您好]",
            "phrases: [您好]\n      long: {operator: duration, label: 长}",
            22,
            "give above: or below:",
        ),
        (
            "points: -1",
            "points: -1\n    bonus: -1",
            16,
            "bonus: must be at least 0 (given: -1)",
        ),
        (
            "points: -1",
            "points: -1\n    counting: often",
            16,
            "counting: 'often' is not allowed; known: once or each",
        ),
        (
            "points: -1",
            "points: -1\n    counting: each",
            16,
            "counting: each needs forbid: and points: below 0",
        ),
        (
            "points: -1",
            "points: -1\n    most_points: 3",
            16,
            "most_points: needs counting: each",
        ),
        ("points: -1", "points: -.inf", 15, "points: must be a number (given: -inf)"),
        (
            "points: -1",
            "prerequisite: {rule: hello, verdict: [good]}",
            15,
            "prerequisite.verdict[0]: 'good' is not allowed; known: pass, fail, not_applicable",
        ),
        (
            "points: -1",
            "prerequisite: {rule: hello, verdict: [pass]}",
            15,
            "prerequisite.rule: 'hello' is not a rule; known: says_hello",
        ),
        (
            "points: -1",
            "prerequisite: {rule: hello, verdict: pass}",
            15,
            "prerequisite.verdict: must be a list such as",
        ),
        (
            "points: -1",
            "applies: {teams: 一组}",
            15,
            "applies.teams: must be a list such as",
        ),
        ("points: -1", "applies: {queues: [1]}", 15, "queues[0]: must be text (given: 1)"),
    ],
)
def test_message(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    told = message(tmp_path, (old, new))
    assert says in told
    assert "/mine.yaml" in told
    if line:
        assert f"/mine.yaml:{line}:" in told


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("amount >", "at character 9: expected numbers"),
        ("amount > 3 and", "at character 15"),
        ("__import__('os')", "at character 1"),
        ("amount.real > 3", "at character 7"),
        ("round(3", "at character 8"),
    ],
)
def test_a_bad_formula_names_its_place(tmp_path: Path, expression: str, says: str) -> None:
    told = message(
        tmp_path,
        ("operator: keyword", "operator: attribute"),
        ("        role: agent\n", ""),
        ("phrases: [您好]", f'expression: "{expression}"'),
    )
    assert says in told
    assert "conditions.hello" in told


def test_a_bad_regex_names_its_place(tmp_path: Path) -> None:
    told = message(
        tmp_path,
        ("operator: keyword", "operator: regex"),
        ("phrases: [您好]", "patterns: ['您(好']"),
    )
    assert "conditions.hello.patterns[0]: bad regex '您(好' at character 1" in told
    assert "mine.yaml:21:" in told


def test_a_regex_that_matches_nothing_at_all(tmp_path: Path) -> None:
    told = message(
        tmp_path,
        ("operator: keyword", "operator: regex"),
        ("phrases: [您好]", "patterns: ['(您好)?']"),
    )
    assert "regex '(您好)?' matches the empty text" in told


FORBID = (("    require: hello", "    forbid: hello"), ("points: -1", "points: -2"))


def test_a_hit_that_costs_more_than_the_most(tmp_path: Path) -> None:
    each = ("severity: minor", "severity: minor\n    counting: each\n    most_points: 1")
    told = message(tmp_path, *FORBID, each)
    assert "rule says_hello: most_points: 1 is less than one hit costs" in told


def test_places_do_not_go_with_earned_points(tmp_path: Path) -> None:
    each = ("severity: minor", "severity: minor\n    counting: each")
    told = message(tmp_path, *FORBID, each, ("规范}", "规范, weight: 1, earned: true}"))
    assert "mine.yaml:15: rule says_hello: counting: each does not go with earned: true" in told
