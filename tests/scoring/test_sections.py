"""Sections with weights; the worked example of docs/scoring.md."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from pipeline.domain import (
    ControlPoint,
    Decision,
    Decisions,
    Price,
    ScorePlan,
    Verdict,
)
from pipeline.rules.parts import JudgedItem, Point
from pipeline.scoring import score, with_decisions
from tests.conftest import ROOT
from tests.scoring.findings import PLAN, Ref, a_finding, priced

SECTIONS = replace(
    PLAN,
    control_points=(
        ControlPoint("1", "规范", weight=30),
        ControlPoint("1.1", "开头", cap=10),
        ControlPoint("2", "合规", weight=70, full=50),
        ControlPoint("3", "能力", weight=100, earned=True),
    ),
)


def test_the_score_is_the_mean_of_the_sections_by_weight() -> None:
    found = [a_finding("a", "1.1", -30), a_finding("b", "2", -10)]
    _, card = score(SECTIONS, Ref(), found)
    assert card.score == 0.3 * 90 + 0.7 * 80
    assert [item.score for item in card.items] == [90, None, 80, None]
    assert [item.weight for item in card.items] == [30, None, 70, 100]
    assert card.items[0].why == "本部分 90 分，权重 30"


def test_a_section_in_which_nothing_applies_leaves_its_weight_to_the_others() -> None:
    found = [
        a_finding("a", "1", -20),
        a_finding("b", "2", -50, verdict=Verdict.NOT_APPLICABLE),
        a_finding("c", "3", -50, verdict=Verdict.NOT_APPLICABLE),
    ]
    _, card = score(SECTIONS, Ref(), found)
    assert card.score == 80
    assert card.items[2].score is None
    assert "没有适用的项目，不计入总分" in card.items[2].why


def test_a_call_to_which_nothing_applies_has_lost_nothing() -> None:
    found = [a_finding("a", "1", verdict=Verdict.NOT_APPLICABLE)]
    assert score(SECTIONS, Ref(), found)[1].score == 100


def earned(*verdicts: Verdict) -> float:
    """The score of a call with one rule worth 10 points per verdict, where points are earned."""
    rules = {f"r{n}": verdict for n, verdict in enumerate(verdicts)}
    plan = replace(SECTIONS, prices={rule: Price(-10) for rule in rules})
    found = [priced(rule, v, Price(-10), control_point="3") for rule, v in rules.items()]
    return score(plan, Ref(), found)[1].score


def test_where_points_are_earned_what_does_not_apply_is_in_no_part_of_the_fraction() -> None:
    ok, bad, none, open_ = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNSURE
    assert earned(ok, bad) == earned(ok, bad, none, none) == 50
    assert earned(ok, ok, bad, bad, bad) == 40
    assert earned(ok, bad, open_) == pytest.approx(66.67), "unsure never costs"


def test_a_fact_that_counts_elsewhere_is_not_earned_again() -> None:
    plan = replace(SECTIONS, prices={"a": Price(-10), "b": Price(-5), "c": Price(-10)})
    found = [
        priced("a", Verdict.FAIL, Price(-10), control_point="3"),
        priced("b", Verdict.FAIL, Price(-5), control_point="3"),
        priced("c", Verdict.PASS, Price(-10), control_point="3"),
    ]
    assert score(plan, Ref(facts={"a": "x", "b": "x"}), found)[1].score == 50


def test_a_veto_counts_whatever_the_weights() -> None:
    plan = replace(
        SECTIONS,
        control_points=(ControlPoint("1", "规范", weight=1), ControlPoint("2", "合规", weight=0)),
    )
    found = [a_finding("a", "2", -1, veto=True), a_finding("b", "1", verdict=Verdict.PASS)]
    assert score(plan, Ref(), found)[1].score == 0
    assert score(plan, Ref(), [replace(found[0], veto=False), found[1]])[1].score == 100


def test_the_worked_example_of_the_docs() -> None:
    text = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    example = yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])
    rows = example["findings"]
    prices = {
        row["rule"]: Price(
            row["points"],
            row.get("bonus", 0),
            row.get("counting") == "each",
            row.get("most_points"),
        )
        for row in rows
    }
    plan = ScorePlan(
        example["base"],
        tuple(Point.model_validate(point).noun for point in example["control_points"]),
        PLAN.grades,
        example["most"],
        prices,
        tuple(JudgedItem.model_validate(item).noun for item in example["human"]),
    )
    ref = Ref(facts={row["rule"]: row["fact"] for row in rows if "fact" in row})
    found = [
        priced(
            row["rule"],
            Verdict(row["verdict"]),
            prices[row["rule"]],
            row.get("places", 1),
            control_point=row["control_point"],
        )
        for row in rows
    ]
    findings, machine = score(plan, ref, found)
    decided = Decisions(
        {rule: Decision(text) for rule, text in example["decisions"]["rules"].items()},
        levels=example["decisions"]["levels"],
    )
    _, person = with_decisions(plan, ref, findings, decided)
    for card, expected in ((machine, example["machine"]), (person, example["human_result"])):
        assert {i.number: i.score for i in card.items} == expected["sections"]
        assert (card.score, card.grade) == (expected["score"], expected["grade"])
