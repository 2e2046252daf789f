"""The figures of a month are those worked out by hand; only what people confirmed fines anybody."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.agents import AgentFigures
from pipeline.calibration import unresolved
from pipeline.documents import Table, write_markdown
from pipeline.domain import AnswerDraft, AppealStep, AskedCall, RoundWish
from pipeline.errors import BadInput, BadSettings
from pipeline.learning.reading import read_new
from pipeline.means import Moments
from pipeline.monthly import LineState, MonthPeriod, MonthReport, Wish, report_of
from pipeline.monthly.document import document
from pipeline.monthly.ranking import ranked
from pipeline.reward_rules import RewardRule
from pipeline.settings import load_settings
from pipeline.store import (
    Appeals,
    Calibrations,
    Decision,
    People,
    ReviewDraft,
    Scope,
    Snapshot,
    Store,
)
from tests.agents.month import PROMISE
from tests.monthly.conftest import MADE, NOVEMBER, RULES


@pytest.mark.parametrize(
    ("month", "begins", "first", "last", "due"),
    [
        ("2026-11", 1, "2026-11-01", "2026-11-30", "2026-12-22"),
        ("2026-11", 21, "2026-10-21", "2026-11-20", "2026-11-22"),
        ("2026-01", 21, "2025-12-21", "2026-01-20", "2026-01-22"),
        ("2026-03", 28, "2026-02-28", "2026-03-27", "2026-04-22"),
    ],
)
def test_the_days_of_a_month(month: str, begins: int, first: str, last: str, due: str) -> None:
    period = MonthPeriod.of(month, begins)
    assert (str(period.first), str(period.last), str(period.due)) == (first, last, due)
    assert MonthPeriod.around(period.first, begins) == MonthPeriod.around(period.last, begins)
    assert MonthPeriod.around(period.first, begins) == period
    assert period.before(begins).last.toordinal() + 1 == period.first.toordinal()
    with pytest.raises(BadInput, match="no month"):
        MonthPeriod.of("2026-13", begins)


def test_results_against_the_month_before(report: MonthReport) -> None:
    whole = report.whole
    assert (whole.now.calls, whole.now.vetoed, whole.now.heard) == (98, 5, 6)
    # 24·100 + (19·100) + (0 + 90 + 100 + 100) + 23·100 + (12·95 + 12·100)
    assert whole.now.scores.total == 2400 + 1900 + 290 + 2300 + 2340
    assert (whole.now.passed, whole.before.calls, whole.before.mean) == (93, 24, 95.0)
    assert [(one.key, one.now.calls, one.now.vetoed) for one in report.teams] == [
        ("@二组", 24, 0), ("一组", 74, 5),
    ]  # fmt: skip
    assert [(one.key, one.now.calls) for one in report.lines] == [("bank", 98)]
    assert (whole.mean_change, whole.pass_change) == (0, 0)  # 5 of 98 may be chance
    weeks = [(str(one.first), str(one.last), one.counts.calls) for one in report.weeks]
    assert weeks[0] == ("2026-11-01", "2026-11-01", 5)
    assert weeks[-1] == ("2026-11-23", "2026-11-29", 6)
    assert len(report.days) == 24
    assert sum(day.counts.calls for day in report.days) == 98


def test_what_failed_most_and_whether_that_is_more_than_before(report: MonthReport) -> None:
    points = [(one.number, one.fails, one.calls, one.change) for one in report.points]
    assert points == [("1", 12, 98, -1), ("2.2", 5, 98, 0), ("2.1", 1, 98, 0)]
    assert [(one.title, one.fails, one.fails_before) for one in report.rules] == [
        ("问候", 12, 24), ("不得承诺保本", 5, 0), ("不得复述卡号", 1, 0),
    ]  # fmt: skip


def test_vetoes_with_where_each_stands(report: MonthReport) -> None:
    found = [(one.call_id, str(one.state)) for one in report.vetoes]
    assert found == [
        ("c-A3-1", "appealed"), ("c-A2-3", "confirmed"), ("c-A2-4", "appealed"),
        ("c-A2-5", "open"), ("c-A4-9", "open"),
    ]  # fmt: skip


def test_what_is_open_with_deadlines(report: MonthReport) -> None:
    assert [(one.holder, one.calls, one.vetoed) for one in report.open.reviews] == [
        (None, 11, 2), ("王质检", 2, 0),
    ]  # fmt: skip
    assert report.open.urgent[:2] == ("c-A2-5", "c-A4-9")
    appeals = [(one.number, one.call_id, str(one.state)) for one in report.open.appeals]
    assert appeals == [(1, "c-A2-4", "filed"), (2, "c-A3-1", "opinion")]
    for one in report.open.appeals:
        assert (one.leader_until - one.filed_at).days == 2


def test_a_dispute_is_open_until_somebody_writes_down_what_was_agreed(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        content, rounds = snapshot.contents()["c-A1-1"], Calibrations(snapshot.people)
        asked = AskedCall(content, "c-A1-1", "p" * 64, {"1": {"greeting": "pass"}}, 100.0)
        wish = RoundWish("十一月", ("甲", "乙"), date(2026, 11, 20), "s")
        number = rounds.make("主管", wish, [asked]).id
        for who, answer in (("甲", "pass"), ("乙", "fail")):
            rules = ("greeting",) if answer == "fail" else ()
            rounds.answer(number, content, who, [AnswerDraft("1", answer, rules)])
            rounds.submit(number, content, who)
        assert len(unresolved(snapshot, number)) == 1
        found = report_of(snapshot, Wish(NOVEMBER, MADE)).open.disputes
        assert [(one.title, one.call_id, one.subject) for one in found] == [
            ("十一月", "c-A1-1", "1 开场")
        ]
        rounds.note(number, (content, "1"), "主管", "算通过", None)
        assert report_of(snapshot, Wish(NOVEMBER, MADE)).open.disputes == ()


def test_it_says_what_stood_behind_it(report: MonthReport) -> None:
    (basis,) = report.basis
    assert (basis.pack, basis.pack_hash, basis.model, basis.calls) == ("bank", "p" * 64, "base", 98)


def test_it_says_which_models_read_the_calls(
    report: MonthReport, made: Path, tmp_path: Path
) -> None:
    assert report.readers == ()
    assert "没有模型读过这些通话" in write_markdown(document(report, "zh"))
    copy = tmp_path / made.name
    copy.write_bytes(made.read_bytes())
    with Store.open(copy) as store:
        read_new(store)
        store.publish()
    with Snapshot.open(copy) as snapshot:
        read = report_of(snapshot, Wish(NOVEMBER, MADE))
    assert [(one.kind, one.calls) for one in read.readers] == [("reasons", 98), ("flags", 98)]
    (grid,) = [block for block in document(read, "zh").blocks
               if isinstance(block, Table) and "模型和版本" in block.head]  # fmt: skip
    assert [row[0] for row in grid.rows] == ["来电原因", "投诉等情绪标记"]
    assert str(grid.rows[0][1]).startswith("reasons@")


def test_a_reader_of_a_team_reports_that_team(snapshot: Snapshot) -> None:
    own = snapshot.within(Scope(team="一组"))
    report = report_of(own, Wish(NOVEMBER, MADE, RULES, team="一组"))
    assert report.whole.now.calls == 74
    assert {one.agent_id for one in report.rewards} == {"A1", "A2", "A3", "A4"}
    assert "c-B1-3" not in report.open.urgent
    with pytest.raises(BadInput, match="no calls"):
        report_of(own.within(Scope(team="三组")), Wish(NOVEMBER, MADE, team="三组"))


# ── rewards and penalties ────────────────────────────────────────────────────────────────────────


def lines(report: MonthReport) -> list[tuple[str, str, str, float]]:
    return [(one.rule.name, one.agent_id, str(one.state), one.amount) for one in report.rewards]


def test_only_what_people_confirmed_fines_and_an_open_appeal_suspends(report: MonthReport) -> None:
    assert lines(report) == [
        ("服务之星", "B1", "due", 200),
        ("服务之星", "A1", "due", 200),
        ("服务之星", "A4", "pending", 200),  # its veto waits for a person
        ("一票否决", "A2", "due", 100),  # one confirmed; one under appeal; one nobody looked at
        ("一票否决", "A3", "suspended", 100),
        ("多次扣分", "A2", "suspended", 2),
        ("多次扣分", "A3", "suspended", 2),
    ]
    fined = next(one for one in report.rewards if one.agent_id == "A2")
    assert [(one.call_id, one.appealed) for one in fined.findings] == [
        ("c-A2-3", False), ("c-A2-4", True),
    ]  # fmt: skip
    assert [(str(r.figure), r.value) for r in fined.reasons] == [("confirmed_vetoes", 1)]
    star = next(one for one in report.rewards if one.agent_id == "B1")
    assert star.checked == ("c-B1-1",)


def test_the_end_of_an_appeal_decides(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        appeals = Appeals(snapshot.people)
        appeals.step(1, "王主管", AppealStep.UPHOLD, "确为客户所说")
        appeals.step(2, "王主管", AppealStep.DISMISS, "是坐席说的")
        found = lines(report_of(snapshot, Wish(NOVEMBER, MADE, RULES)))
    assert ("一票否决", "A3", "due", 100) in found
    assert ("多次扣分", "A3", "due", 2) in found
    assert ("一票否决", "A2", "due", 100) in found
    assert not any(name == "多次扣分" and agent == "A2" for name, agent, *_ in found)


def test_a_finding_that_is_confirmed_counts_from_then_on(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()["c-A4-9"]
        People.open(db).add_review(
            ReviewDraft("李质检", "c-A4-9", content, Decision.CONFIRM, rule=PROMISE)
        )
        found = lines(report_of(snapshot, Wish(NOVEMBER, MADE, RULES)))
    assert ("一票否决", "A4", "due", 100) in found
    assert not any(name == "服务之星" and agent == "A4" for name, agent, *_ in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"when": {"mean": {"at_most": 60}}}, "would fine somebody by mean"),
        ({"when": {"checked_mean": {"at_most": 60}}}, "would fine somebody by checked_mean"),
        ({"when": {"calls": {"at_least": 1}}}, "nothing that was confirmed"),
        ({"when": {"confirmed": {"at_least": 0}}}, "nothing that was confirmed"),
        ({"when": {"confirmed": {}}}, "at_least or at_most"),
        ({"when": {"confirmed": {"at_least": 3, "at_most": 1}}}, "nothing is at least"),
        ({"when": {"vetoed": {"at_least": 1}}}, "confirmed_vetoes"),
        ({"amount": 0}, "greater than 0"),
        ({"kind": "reward", "when": {"mean": {"at_least": 95}}}, "of how many calls"),
        ({"per": "mean"}, "per counts something"),
    ],
)
def test_a_rule_that_would_be_unfair_is_refused(change: dict[str, object], said: str) -> None:
    good = {
        "name": "n", "kind": "penalty", "amount": 1, "when": {"confirmed": {"at_least": 1}}
    }  # fmt: skip
    assert RewardRule.model_validate(good).per is None
    with pytest.raises(ValidationError, match=said):
        RewardRule.model_validate({**good, **change})


def test_settings_name_the_rule_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "callqa.yaml"
    file.write_text(
        "reports: {monthly: {begins: 21}}\nrewards:\n"
        "  - {name: 低分, kind: penalty, amount: 5, when: {pass_rate: {at_most: 0.5}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadSettings, match=r"rewards.*'低分' would fine somebody by pass_rate"):
        load_settings(file)


# ── ranking ──────────────────────────────────────────────────────────────────────────────────────


def test_agents_that_only_chance_tells_apart_share_a_place(report: MonthReport) -> None:
    found = [(one.place, one.last, one.figures.agent_id) for one in report.ranking]
    assert found == [
        (1, 1, "A1"), (2, 4, "B1"), (2, 4, "A4"), (2, 4, "A2"), (None, None, "A3"),
    ]  # fmt: skip


def test_equal_agents_are_one_group_and_far_ones_are_not() -> None:
    rng = random.Random(11)

    def agent(number: int, mean: float) -> AgentFigures:
        values = [min(100.0, rng.gauss(mean, 8)) for _ in range(200)]
        total = sum(values)
        scores = Moments(200, total, sum(value**2 for value in values))
        return AgentFigures(
            f"A{number:02}", None, None, 200, 0, 0, scores, Moments(), expected=85.0
        )  # fmt: skip

    alike = sorted((agent(n, 85) for n in range(10)), key=lambda one: -(one.ahead or 0))
    assert {one.place for one in ranked(alike)} == {1}
    two = [agent(1, 92), agent(2, 91.9), agent(3, 80)]
    assert [one.place for one in ranked(sorted(two, key=lambda o: -(o.ahead or 0)))] == [1, 1, 3]


def test_suspended_and_pending_are_states_of_lines() -> None:
    assert [str(one) for one in LineState] == ["due", "suspended", "pending"]
