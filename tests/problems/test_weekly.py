"""Planted problems of a generated history are found, with whom they concern and what was said."""

from __future__ import annotations

import pytest

from pipeline.domain import ProblemKind, Role, Trend
from pipeline.problems import weekly
from pipeline.store import ProblemRegister, Scope, Snapshot
from pipeline.weeks import Week
from tests.problems.conftest import LAST, Made


@pytest.mark.parametrize(
    ("key", "word"),
    [("app_login", "手机银行"), ("points_reset", "积分"), ("prepay_penalty", "违约金"),
     ("sms_fee", "短信"), ("limit_raise", "限额"), ("claim_progress", "理赔")],
)  # fmt: skip
def test_what_many_ask_is_found_and_named(made: Made, key: str, word: str) -> None:
    problem = made.best("asked", key)
    recall, purity = made.holds(problem, key)
    assert (recall > 0.6, purity > 0.9) == (True, True)
    assert word in problem.name


def test_the_same_question_asked_again_and_left_waiting_are_found(made: Made) -> None:
    for kind, key in (("repeated", "prepay_penalty"), ("waited", "claim_progress")):
        recall, purity = made.holds(made.best(kind, key), key)
        assert (recall > 0.5, purity > 0.8) == (True, True), kind


def test_trends_fire_where_they_were_planted(made: Made) -> None:
    expected = {
        ("asked", "points_reset"): Trend.NEW,
        ("asked", "sms_fee"): Trend.DOWN,
        ("rule", "no_misleading_loan_cost"): Trend.UP,
        ("rule", "asks_further_needs"): Trend.DOWN,
        ("asked", "prepay_penalty"): Trend.SAME,
        ("asked", "limit_raise"): Trend.SAME,
    }
    assert {which: made.best(*which).trend for which in expected} == expected


def test_counts_are_those_of_the_calls(made: Made) -> None:
    for problem in made.seen.problems:
        calls = made.seen.calls[problem.id]
        for count in problem.weeks:
            assert count.of == 120
            assert count.calls == sum(made.truth.weeks[call] == count.week for call in calls)
    weights = [problem.weight for problem in made.seen.problems]
    assert weights == sorted(weights, reverse=True)


def test_whom_a_problem_concerns(made: Made) -> None:
    teams = {one.name: one.excess for one in made.best("asked", "limit_raise").teams}
    assert teams.pop("二组")
    assert not any(teams.values())
    login = made.best("asked", "app_login")
    assert [one.name for one in login.products if one.excess] == ["手机银行"]
    assert ("product", "手机银行") in {(hint.what, hint.value) for hint in login.hints}
    for problem in made.seen.problems:
        listed = (*problem.agents, *problem.teams, *problem.products)
        assert all(one.of >= 10 for one in listed if one.excess), "never on few calls"


def test_moments_are_of_this_week_of_different_agents_and_nameless(made: Made) -> None:
    for problem in made.seen.problems:
        assert 0 < len(problem.moments) <= 5
        assert all(made.truth.weeks[one.call_id] == str(LAST) for one in problem.moments)
        assert len({one.call_id for one in problem.moments}) == len(problem.moments)
        assert all(one.agent_name not in one.quote for one in problem.moments if one.quote)
    heard = made.best("asked", "prepay_penalty").moments
    assert len({one.agent_id for one in heard}) == len(heard)
    assert all(one.role is Role.CUSTOMER and one.start is not None for one in heard)


def test_looking_gives_the_same_and_changes_nothing(made: Made) -> None:
    with Snapshot.open(made.db) as snapshot:
        assert weekly(snapshot, LAST) == made.seen.problems
        assert ProblemRegister(snapshot.people).stamp() == (0, 0)


def test_only_calls_in_scope_are_looked_at(made: Made) -> None:
    with Snapshot.open(made.db) as snapshot:
        team = weekly(snapshot.within(Scope(team="二组")), LAST)
        assert team == weekly(snapshot, LAST, "二组")
        assert weekly(snapshot.within(Scope(calls=False)), LAST) == ()
    assert {one.team for problem in team for one in problem.moments} == {"二组"}
    assert all([one.name for one in problem.teams] == ["二组"] for problem in team)
    assert all(one.of < 60 for problem in team for one in problem.weeks)


def test_a_week_without_calls_has_no_problems(made: Made) -> None:
    with Snapshot.open(made.db) as snapshot:
        assert weekly(snapshot, Week.parse("2025-W10")) == ()


def test_the_first_week_of_all_knows_no_trend(made: Made) -> None:
    with Snapshot.open(made.db) as snapshot:
        found = weekly(snapshot, LAST.back(3))
    assert {problem.trend for problem in found} == {Trend.UNKNOWN}
    assert {problem.kind for problem in found} >= {ProblemKind.ASKED, ProblemKind.RULE}
