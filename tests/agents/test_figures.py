"""Figures of agents against a month that was worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.agents import (
    AgentFigures,
    Grain,
    Peers,
    agents_of_month,
    list_counted,
    point_records,
    trend,
)
from pipeline.effective import human_result
from pipeline.means import Moments, beyond_chance
from pipeline.store import Decision, Filters, People, ReviewDraft, Scope, Snapshot
from tests.agents.conftest import NOVEMBER
from tests.agents.month import CARD, GREETING, HASH, calls_of, make


@pytest.fixture
def of(snapshot: Snapshot) -> dict[str, AgentFigures]:
    return {one.agent_id: one for one in agents_of_month(snapshot, NOVEMBER)}


def test_what_people_decided_counts(of: dict[str, AgentFigures]) -> None:
    one = of["A1"]  # 95 (added), 95, 100 (rejected), 85, 100 (appeal upheld)
    assert (one.calls, one.scores.total, one.vetoed) == (5, 475.0, 0)
    assert one.heard == 3, "two finished, and one whose only finding was decided on appeal"
    assert one.lost is not None
    assert (one.lost.number, one.lost.title, one.lost.calls) == ("1", "开场", 3)
    assert (one.before.count, one.before.mean) == (1, 100.0)


def test_it_is_the_same_result_as_on_the_page_of_the_call(db: Path) -> None:
    people = People.open(db)
    with Snapshot.open(db) as snapshot:
        pack = HASH, snapshot.pack_content(HASH) or {}
        for rule, decision in ((CARD, Decision.NOT_APPLICABLE), (GREETING, Decision.CONFIRM)):
            content = snapshot.contents()["c-A1-10"]
            draft = ReviewDraft("张敏", "c-A1-10", content, decision, rule=rule)
            people.add_review(draft)
            row = list_counted(snapshot, replace(NOVEMBER, agent="A1"), "all", None, 50)[1]
            call = snapshot.call("c-A1-10")
            _, card = human_result(call.findings, pack, call.reviews, ())
            assert (row["call_id"], row["score"], row["grade"]) == (
                "c-A1-10", card.score, card.grade,
            ), "at once, also after the first was remembered"  # fmt: skip


def test_few_calls_are_neither_ranked_nor_compared(of: dict[str, AgentFigures]) -> None:
    assert list(of) == ["A2", "A3", "A1"], "the best first, those that cannot be ranked last"
    assert [one.rank for one in of.values()] == [1, 2, None]
    assert (of["A1"].stands, of["A1"].change) == (0, 0)


def test_expected_is_the_mean_of_the_same_lines(of: dict[str, AgentFigures]) -> None:
    everybody = (475.0 + 24 * 100 + 12 * 95 + 12 * 100) / 53
    assert of["A2"].expected == pytest.approx(everybody)
    assert of["A2"].ahead == pytest.approx(100 - everybody)


def test_a_change_is_marked_only_beyond_chance(of: dict[str, AgentFigures]) -> None:
    assert (of["A2"].before.mean, of["A2"].change) == (95.0, 1)
    assert of["A3"].before.count == 0
    assert of["A3"].change == 0


def test_lines_of_other_difficulty_are_compared_with_their_own(tmp_path: Path) -> None:
    hard = {day: (CARD,) * (day % 2) for day in range(1, 25)}
    easy: dict[int, tuple[str, ...]] = {day: () for day in range(1, 25)}
    db = make(
        tmp_path / "calls.duckdb",
        [
            *calls_of("H1", hard, business_line="collection"),
            *calls_of("H2", {d: (CARD,) for d in hard}, business_line="collection"),
            *calls_of("E1", easy),
            *calls_of("E2", {**easy, 3: (GREETING,)}),
        ],
    )
    found = agents_of_month(Snapshot.open(db), NOVEMBER)
    assert [(one.agent_id, one.rank) for one in found] == [
        ("H1", 1),  # 95 in a line whose mean is 92.5
        ("E1", 2),
        ("E2", 3),
        ("H2", 4),
    ]


def test_nobody_sees_more_than_their_scope(snapshot: Snapshot) -> None:
    own = snapshot.within(Scope(agent="A1"))
    assert [one.agent_id for one in agents_of_month(own, NOVEMBER)] == ["A1"]
    assert agents_of_month(own, replace(NOVEMBER, agent="A2")) == []
    assert list_counted(own, replace(NOVEMBER, agent="A2"), "all", None, 10) == []


@pytest.mark.parametrize(
    ("show", "point", "calls"),
    [
        ("all", None, ["c-A1-20", "c-A1-10", "c-A1-9", "c-A1-2", "c-A1-1"]),
        ("heard", None, ["c-A1-20", "c-A1-9", "c-A1-1"]),
        ("vetoed", None, []),
        ("lost", None, ["c-A1-10", "c-A1-2", "c-A1-1"]),
        ("all", ("bank", "2"), ["c-A1-10"]),
    ],
)
def test_every_figure_leads_to_its_calls(
    snapshot: Snapshot, show: str, point: tuple[str, str] | None, calls: list[str]
) -> None:
    rows = list_counted(snapshot, replace(NOVEMBER, agent="A1"), show, point, 50)
    assert [row["call_id"] for row in rows] == calls


# ── trend and control points ─────────────────────────────────────────────────────────────────────


def test_the_middle_of_the_team_needs_five_agents(snapshot: Snapshot) -> None:
    own = snapshot.within(Scope(agent="A1"))
    last = date(2026, 11, 30)
    steps = trend(own, Peers(snapshot, "一组"), "A1", last, Grain.MONTH)
    assert [(str(s.begins), s.own.mean, s.middle) for s in steps] == [
        ("2026-10-01", 100.0, None),
        ("2026-11-01", 95.0, None),
    ]
    weeks = trend(own, Peers(snapshot, None), "A1", last, Grain.WEEK)
    assert [s.own.count for s in weeks] == [2, 1, 2, 1], "weeks go over the end of a month"


def test_of_the_team_only_a_middle_is_given_out(tmp_path: Path) -> None:
    bad = {day: (CARD,) for day in range(1, 21)}
    fine: dict[int, tuple[str, ...]] = {day: () for day in range(1, 21)}
    db = make(
        tmp_path / "calls.duckdb",
        [
            *calls_of("A1", fine),
            *(call for n in range(2, 5) for call in calls_of(f"A{n}", bad)),
            *(call for n in range(5, 7) for call in calls_of(f"A{n}", fine)),
        ],
    )
    whole = Snapshot.open(db)
    own, month = whole.within(Scope(agent="A1")), replace(NOVEMBER, agent="A1")
    peers = Peers(whole, "一组")
    (step,) = trend(own, peers, "A1", date(2026, 11, 30), Grain.MONTH)
    assert (step.own.mean, step.middle) == (100.0, 95.0), "of 90, 90, 90, 100, 100, 100"
    card = next(one for one in point_records(own, peers, month) if one.number == "2.1")
    assert (card.fails, card.calls, card.others, card.stands) == (0, 20, 0.6, -1)
    few = Peers(whole.within(Scope(agent="A1")), "一组")
    assert {one.others for one in point_records(own, few, month)} == {None}


def test_a_point_that_was_rejected_is_not_lost(snapshot: Snapshot) -> None:
    found = point_records(snapshot, Peers(snapshot, None), replace(NOVEMBER, agent="A1"))
    assert [(one.number, one.fails, one.points) for one in found] == [
        ("1", 3, -15.0),
        ("2.1", 1, -10.0),
        ("2.2", 0, 0.0),
    ]


# ── means ────────────────────────────────────────────────────────────────────────────────────────


def moments(*values: float) -> Moments:
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def test_the_interval_is_students() -> None:
    low, high = moments(80, 85, 90, 95, 100).interval or (0, 0)
    half = 2.776 * 7.9057 / 5**0.5  # t of 4 degrees, standard deviation
    assert (low, high) == pytest.approx((90 - half, 90 + half), abs=0.06)
    assert moments(80, 90, 100).interval is None
    assert moments(*[100.0] * 9).interval == (100.0, 100.0)
    assert (moments(90) + moments(100)).mean == 95
    assert Moments().mean is None


def test_chance_is_no_difference() -> None:
    assert beyond_chance(5.0, 1.0, 1.0) == 1
    assert beyond_chance(-5.0, 1.0, 1.0) == -1
    assert beyond_chance(3.0, 1.0, 1.0) == 0
    assert beyond_chance(5.0, 1.0, None) == 0
    assert beyond_chance(5.0, 0.0, 0.0) == 1
    assert beyond_chance(0.0, 0.0, 0.0) == 0


def test_a_month_without_calls_is_empty(snapshot: Snapshot) -> None:
    empty = Filters(since=date(2026, 8, 1), until=date(2026, 8, 31))
    assert agents_of_month(snapshot, empty) == []
