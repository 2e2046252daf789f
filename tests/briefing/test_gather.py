"""What is in a briefing: figures as people decided them, answers, fair suggestions, outcomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.briefing import Match, gather, suggested, weeks_there
from pipeline.domain import (
    BriefingText,
    Concerned,
    Gone,
    ProblemKind,
    ProblemText,
    TrainingAction,
    Trend,
    Whom,
)
from pipeline.errors import BadInput, TryAgain
from pipeline.problems import Weekly
from pipeline.store import Briefings, Scope, Snapshot
from pipeline.weeks import Week
from tests.agents.month import GREETING
from tests.briefing.problems import ASKED, W46, W47, a_problem, finds


def test_the_headline_counts_what_people_decided_against_the_week_before(
    snapshot: Snapshot,
) -> None:
    head = gather(snapshot, W47, find=finds()).headline
    assert [one.week for one in head.weeks] == ["2026-W46", "2026-W47"]
    assert (head.now.calls, head.now.heard, head.now.vetoed, head.now.passed) == (48, 3, 0, 48)
    assert head.now.scores.mean == pytest.approx((43 * 100 + 5 * 90) / 48), "the sixth was rejected"
    assert (head.before.calls, head.before.scores.mean) == (48, pytest.approx(4795 / 48))
    assert (head.passed, head.vetoed, head.mean) == (0, 0, 0), "within chance"
    assert head.now.complaints is None, "nobody looked for threats"


def test_a_week_without_calls_says_which_weeks_there_are(snapshot: Snapshot) -> None:
    assert weeks_there(snapshot) == [W47, W46]
    with pytest.raises(
        BadInput, match="no calls in 2026-W40; weeks with calls: 2026-W47, 2026-W46"
    ):
        gather(snapshot, Week.parse("2026-W40"))
    with pytest.raises(BadInput, match="team 九组 has no calls in 2026-W47; weeks with calls: —"):
        gather(snapshot, W47, "九组")


def test_a_broken_rule_says_point_law_and_points_lost(snapshot: Snapshot) -> None:
    (item,) = gather(snapshot, W47, find=finds(a_problem())).items
    assert item.why is not None
    assert (item.why.point, item.why.point_title) == ("2.1", "信息保护")
    assert (item.why.calls, item.why.lost, item.why.veto) == (5, 50.0, False)
    assert item.why.reference


def test_the_agreed_answer_is_of_the_same_rule_and_against_it(snapshot: Snapshot) -> None:
    (item,) = gather(snapshot, W47, find=finds(a_problem())).items
    assert item.agreed is not None
    assert (item.agreed.answer, item.agreed.by) == ("为了您的安全，只核对后四位", Match.RULE)
    (asked,) = gather(snapshot, W47, find=finds(ASKED)).items
    assert asked.agreed is None
    words = replace(ASKED, words=("核对", "后四位", "登录"))
    (known,) = gather(snapshot, W47, find=finds(words)).items
    assert known.agreed is not None
    assert known.agreed.by is Match.WORDS


def test_good_examples_are_good_cases_and_calls_that_people_confirmed(snapshot: Snapshot) -> None:
    case, call = gather(snapshot, W47, find=finds(a_problem())).good
    assert (case.title, case.call_id) == ("先核实再报后四位", "c-B1-2026-W47-3")
    assert call.score == 100
    assert call.call_id in {"c-A1-2026-W47-0", "c-B1-2026-W47-3", "c-B2-2026-W47-0"}
    assert call.reviewer == "李质检"


# ── suggestions ──────────────────────────────────────────────────────────────────────────────────


def test_a_single_agent_is_suggested_only_beyond_chance_and_on_enough_calls() -> None:
    (alone,) = suggested(a_problem(6), None)
    assert (alone.whom, [one.key for one in alone.who]) == (Whom.AGENT, ["A1"])
    assert (alone.calls, alone.of, alone.rest, alone.rest_of) == (6, 12, 0, 36)
    for few in (
        Concerned("A1", "坐席A1", 6, 9, excess=True),  # of nine calls
        Concerned("A1", "坐席A1", 2, 12, excess=True),  # two
        Concerned("A1", "坐席A1", 6, 12, excess=False),  # as chance has it
    ):
        found = suggested(a_problem(6, agents=(few,), teams=()), None)
        assert [one.whom for one in found] == [Whom.ALL], few


def test_few_calls_suggest_nobody() -> None:
    (watch,) = suggested(a_problem(4), None)
    assert (watch.whom, watch.who) == (None, ())


def test_everybody_where_it_is_spread_and_both_where_it_is_both() -> None:
    spread = a_problem(20, agents=(Concerned("A1", "A1", 6, 12, excess=True),), teams=())
    assert [one.whom for one in suggested(spread, None)] == [Whom.AGENT, Whom.ALL]


def test_a_team_where_only_one_has_it_but_not_in_its_own_briefing() -> None:
    team = a_problem(8, agents=(), teams=(Concerned("一组", "一组", 8, 24, excess=True),))
    assert [(one.whom, one.who[0].key) for one in suggested(team, None)] == [(Whom.TEAM, "一组")]
    assert [one.whom for one in suggested(team, "一组")] == [Whom.ALL]


def test_what_customers_ask_is_everybodys_and_nobodys_fault() -> None:
    asked = a_problem(9, kind=ProblemKind.ASKED)
    assert [one.whom for one in suggested(asked, None)] == [Whom.ALL]


# ── what people wrote ────────────────────────────────────────────────────────────────────────────


def test_what_people_wrote_counts_and_hides_and_orders(snapshot: Snapshot) -> None:
    text = BriefingText("稳住", (ProblemText("p-card", hidden=True),), ("p-date", "p-card"))
    Briefings(snapshot.people).save("张培训", ("2026-W47", ""), text, None)
    found = gather(snapshot, W47, find=finds(a_problem(), ASKED))
    assert [item.problem.id for item in found.items] == ["p-date", "p-card"]
    assert [item.problem.id for item in found.shown] == ["p-date"]
    assert found.text.comment == "稳住"
    own = gather(snapshot, W47, "一组", find=finds(a_problem(), ASKED))
    assert own.edited is None, "each team has its own text"


def test_an_edit_of_an_outdated_version_is_refused(snapshot: Snapshot) -> None:
    kept, subject = Briefings(snapshot.people), ("2026-W47", "")
    first = kept.save("张培训", subject, BriefingText("一"), None)
    with pytest.raises(TryAgain, match="张培训 changed this briefing"):
        kept.save("李培训", subject, BriefingText("二"), None)
    second = kept.save("李培训", subject, BriefingText("二"), first.id)
    assert [one.who for one in kept.versions(*subject)] == ["张培训", "李培训"]
    assert kept.latest(*subject) == second


def test_what_was_saved_comes_back_whole(snapshot: Snapshot) -> None:
    action = TrainingAction("p-card", "复述卡号", Whom.AGENT, ("A1",), "一对一")
    text = BriefingText(
        "评", (ProblemText("p", "w", "a", "t", "n", hidden=True),), ("p",), (action,)
    )
    assert Briefings(snapshot.people).save("张", ("2026-W47", "一组"), text, None).text == text


# ── what became of the week before ───────────────────────────────────────────────────────────────


def act(snapshot: Snapshot, *actions: TrainingAction) -> None:
    Briefings(snapshot.people).save("张培训", (str(W46), ""), BriefingText(actions=actions), None)


def test_last_weeks_actions_are_answered_with_figures_and_a_test(snapshot: Snapshot) -> None:
    act(
        snapshot,
        TrainingAction("p-card", "复述卡号", Whom.ALL, (), "早会"),
        TrainingAction("p-card", "复述卡号", Whom.AGENT, ("A1",), "一对一"),
        TrainingAction("p-card", "复述卡号", Whom.AGENT, ("B1",), "一对一"),
    )
    both = finds(a_problem(4, 20))
    everybody, one, unknown = gather(snapshot, W47, find=both).outcomes
    assert (everybody.before, everybody.now, everybody.change) == ((20, 48), (4, 48), -1)
    assert (one.before, one.now, one.change) == ((12, 12), (4, 12), -1)
    assert (unknown.before, unknown.now, unknown.change) == (None, None, 0)


def test_a_rule_that_is_too_rare_to_be_a_problem_is_still_counted(snapshot: Snapshot) -> None:
    act(snapshot, TrainingAction("p-hello", "问候", Whom.ALL, (), "早会"))
    before = a_problem(9, 9, id="p-hello", rule=GREETING)

    def find(_snapshot: Snapshot, week: Week, _team: str | None) -> Weekly:
        found = () if week == W47 else (replace(before, weeks=before.weeks[:1]),)
        return Weekly(found, {}, {})

    (outcome,) = gather(snapshot, W47, find=find).outcomes
    assert (outcome.before, outcome.now, outcome.change) == ((9, 48), (0, 48), -1)


def test_a_small_change_is_no_effect(snapshot: Snapshot) -> None:
    act(snapshot, TrainingAction("p-card", "复述卡号", Whom.ALL, (), "早会"))
    (outcome,) = gather(snapshot, W47, find=finds(a_problem(5, 8))).outcomes
    assert outcome.change == 0


def test_the_basis_names_packs_models_and_versions(snapshot: Snapshot) -> None:
    basis = gather(snapshot, W47, find=finds()).basis
    assert sum(calls for _, calls in basis.packs) == 48
    assert "bank" in basis.packs[0][0]
    assert basis.versions[0][1] == 48


def test_a_leaders_briefing_holds_nothing_of_another_team(snapshot: Snapshot) -> None:
    own = snapshot.within(Scope(team="二组"))
    found = gather(own, W47, "二组", find=finds())
    assert found.headline.now.calls == 24
    with pytest.raises(BadInput):
        gather(own, W47, "一组", find=finds())


def test_the_real_finder_is_asked(snapshot: Snapshot) -> None:
    """The card numbers of A1 come out of the calls themselves."""
    found = gather(snapshot, W47)
    assert "card_number" in [item.problem.rule for item in found.items]


def test_an_action_against_what_is_gone_has_a_figure(snapshot: Snapshot) -> None:
    act(snapshot, TrainingAction(ASKED.id, "还款日", Whom.ALL, (), "早会"))
    weeks = (replace(ASKED.weeks[0], calls=9), replace(ASKED.weeks[1], calls=0))
    gone = Gone(ASKED.id, ASKED.kind, ASKED.name, weeks, Trend.DOWN, 0.002)
    before = finds(ASKED)

    def find(asked: Snapshot, week: Week, team: str | None) -> Weekly:
        return Weekly((), {}, {}, (gone,)) if week == W47 else before(asked, week, team)

    (outcome,) = gather(snapshot, W47, find=find).outcomes
    assert (outcome.before, outcome.now, outcome.change) == ((9, 48), (0, 48), -1)
