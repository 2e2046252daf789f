"""What a person decides about a machine's findings, and the score that follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.domain import (
    CardKind,
    Decision,
    Decisions,
    Finding,
    HumanItem,
    Price,
    Scorecard,
    Verdict,
)
from pipeline.errors import BadInput
from pipeline.scoring import score, with_decisions
from tests.scoring.findings import PLAN, Ref, a_finding, priced

ATTITUDE = HumanItem(
    "attitude", "态度", "Attitude", "1.2", (("优", 0), ("良", -2), ("差", -5)), "…"
)
PRICES = {"a": Price(-10, bonus=3), "b": Price(-4), "c": Price(-6)}
JUDGED = replace(PLAN, prices=PRICES, human_items=(ATTITUDE,))
FOUND = (
    priced("a", Verdict.FAIL, PRICES["a"]),
    priced("b", Verdict.UNSURE, PRICES["b"]),
    priced("c", Verdict.PASS, PRICES["c"]),
)


def human(**given: Any) -> tuple[tuple[Finding, ...], Scorecard]:
    machine, _ = score(JUDGED, Ref(facts=given.pop("facts", {})), given.pop("found", FOUND))
    return with_decisions(JUDGED, Ref(), machine, Decisions(**given))


def test_the_machine_leaves_human_items_open() -> None:
    _, card = score(JUDGED, Ref(), FOUND)
    assert (card.kind, card.score, card.human_items) == (CardKind.MACHINE, 90, (ATTITUDE,))
    assert card.items[2].why == "待人工评定：态度"


def test_nothing_decided_is_the_machines_score() -> None:
    findings, card = human()
    assert (card.kind, card.score, card.human_items[0].level) == (CardKind.HUMAN, 90, None)
    assert findings == FOUND


@pytest.mark.parametrize(
    ("rule", "decision", "points"),
    [
        ("a", Decision.CONFIRM, 90),
        ("a", Decision.REJECT, 100),
        ("a", Decision.NOT_APPLICABLE, 100),
        ("a", Decision.COMMENT, 90),
        ("b", Decision.CONFIRM, 86),
        ("b", Decision.REJECT, 90),
        ("c", Decision.ADD, 84),
        ("gone", Decision.CONFIRM, 90),
    ],
)
def test_a_decision_counts(rule: str, decision: Decision, points: float) -> None:
    assert human(rules={rule: decision})[1].score == points


def test_a_changed_verdict_says_that_a_person_changed_it() -> None:
    findings, card = human(rules={"a": Decision.REJECT, "b": Decision.CONFIRM})
    assert [f.verdict for f in findings] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert [f.points for f in findings] == [3, -4, 0]
    assert findings[0].why == "a。（人工复核：通过）"
    assert card.score == 99
    assert [f.verdict for f in FOUND] == [Verdict.FAIL, Verdict.UNSURE, Verdict.PASS]


def test_a_level_costs_its_points() -> None:
    _, card = human(levels={"attitude": "差"})
    assert (card.score, card.human_items[0].level, card.human_items[0].points) == (85, "差", -5)
    assert card.items[2].why == "态度：差"
    assert card.items[0].points == -5


def test_a_level_counts_against_the_cap() -> None:
    found = (*FOUND, a_finding("d", "1.2", -9))
    _, card = human(found=found, levels={"attitude": "差"})
    assert (card.score, card.items[0].points) == (80, -10)
    assert "最多扣 10 分，原为 14 分" in card.items[0].why


def test_an_added_finding_counts() -> None:
    extra = a_finding("free_text", "1.1", -3)
    findings, card = human(added=(extra,))
    assert (card.score, findings[-1]) == (87, extra)


def test_where_the_heavier_rule_was_wrong_the_lighter_one_counts() -> None:
    facts = {"a": "x", "c": "x"}
    found = (FOUND[0], priced("c", Verdict.FAIL, PRICES["c"]))
    machine, card = score(JUDGED, Ref(facts=facts), found)
    assert (card.score, machine[1].points) == (90, 0)
    decisions = Decisions({"a": Decision.REJECT})
    findings, card = with_decisions(
        replace(JUDGED, most=None), Ref(facts=facts), machine, decisions
    )
    assert [f.points for f in findings] == [3, -6]
    assert findings[1].why == "c。"
    assert card.score == 97


def test_unknown_items_and_levels_are_named() -> None:
    with pytest.raises(BadInput, match="no human item 'mood'; known: attitude"):
        human(levels={"mood": "优"})
    with pytest.raises(BadInput, match="'attitude' has no level '中'; known: 优, 良, 差"):
        human(levels={"attitude": "中"})
