"""Figures that leave their usual range, from stored calls to the alarm and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.drift import begun
from bench.drift_days import FIRST, Centre, Planted
from pipeline.alerts import Outbox, judge_drifts
from pipeline.domain import CallReport, DriftKind, Verdict
from pipeline.drift import Known, chances, judge, judge_known, judged_day
from pipeline.drift.days import alike
from pipeline.store import Snapshot, Store
from tests.alerts.house import a_round, settings_of
from tests.alerts.receivers import Receiver
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

DAY = date(2026, 11, 18)  # a Wednesday
ROWS: dict[str, list[dict[str, Any]]] = {"rules": [], "confidence": [], "calls": [], "runs": []}


def before(days: int = 28) -> list[date]:
    return [DAY - timedelta(days=n) for n in range(days, 0, -1)]


def known(**rows: list[dict[str, Any]]) -> Known:
    return Known(**{**ROWS, **rows})


def a_rule(day: date, fails: int, calls: int = 200, rule: str = "r") -> dict[str, Any]:
    return {"day": day, "rule": rule, "title": "规则", "title_en": "", "calls": calls,
            "fails": fails, "unsure": 0}  # fmt: skip


def found(rows: Known, day: date = DAY, **going: Any) -> set[tuple[DriftKind, str]]:
    return {one.key for one in judge_known(rows, day, **going) if one.alarming}


def test_a_rule_that_hits_twice_as_much_is_told_with_both_shares_and_the_chance() -> None:
    days = [*(a_rule(day, 10) for day in before()), a_rule(DAY, 30)]
    (figure,) = judge_known(known(rules=days), DAY)
    drift = figure.drift
    assert (drift.kind, drift.now, drift.before, drift.of) == (DriftKind.RULE, 0.15, 0.05, 200)
    assert drift.chance < 0.001


@pytest.mark.parametrize(
    ("fails", "told"), [(15, False), (22, True)], ids=["half as much again", "twice as much"]
)
def test_half_as_much_again_is_not_enough(fails: int, told: bool) -> None:
    days = [*(a_rule(day, 10) for day in before()), a_rule(DAY, fails)]
    assert bool(found(known(rules=days))) is told


def test_few_hits_and_hits_by_chance_are_no_alarm() -> None:
    days = [*(a_rule(day, 1, 100) for day in before()), a_rule(DAY, 4, 100)]
    assert not found(known(rules=days)), "four hits are few"
    wild = [*(a_rule(day, n % 3 * 15) for n, day in enumerate(before())), a_rule(DAY, 32)]
    assert not found(known(rules=wild)), "its days lie far apart"
    many = [a_rule(day, 2, 200, f"r{n}") for n in range(200) for day in (*before(), DAY)]
    odd = [row | {"fails": 8} if (row["rule"], row["day"]) == ("r7", DAY) else row for row in many]
    assert found(known(rules=[row for row in odd if row["rule"] == "r7"]))
    assert not found(known(rules=odd)), "one of two hundred does so by chance"


def test_a_rare_rule_that_doubles_is_told_when_some_days_are_looked_at_together() -> None:
    def rows(days: int) -> list[dict[str, Any]]:
        since = DAY - timedelta(days=days)
        return [a_rule(day, 12 if day > since else 6, 400) for day in (*before(35), DAY)]

    assert not found(known(rules=rows(1))), "twelve hits instead of six may be chance"
    week = rows(9)
    (figure,) = judge_known(known(rules=week), DAY)
    assert figure.alarming
    assert (figure.drift.now, figure.drift.before) == (0.03, 0.015)
    assert figure.drift.began == DAY - timedelta(days=8), "and none of these days is a usual one"
    on = [*week, a_rule(DAY + timedelta(days=1), 9, 400)]
    going = {figure.key: figure.drift.began}
    (later,) = judge_known(known(rules=on), DAY + timedelta(days=1), going)
    assert later.still
    assert later.drift.before == 0.015


def test_week_ends_are_compared_with_week_ends() -> None:
    saturday = date(2026, 11, 21)
    days = [saturday - timedelta(days=n) for n in range(28, -1, -1)]
    rows = [a_rule(day, 40 if day.weekday() >= 5 else 10) for day in days]
    assert not found(known(rules=rows), saturday)


def test_what_goes_on_is_compared_with_the_days_before_it_began() -> None:
    began = DAY - timedelta(days=5)
    rows = [a_rule(day, 30 if day >= began else 10) for day in (*before(), DAY)]
    key = (DriftKind.RULE, "r")
    (figure,) = judge_known(known(rules=rows), DAY, {key: began})
    assert (figure.still, figure.drift.before) == (True, 0.05)
    back = [*rows[:-1], a_rule(DAY, 11)]
    (figure,) = judge_known(known(rules=back), DAY, {key: began})
    assert not figure.still


def test_confidence_that_falls_is_told_and_a_common_bad_day_is_not() -> None:
    def rows(now: float) -> list[dict[str, Any]]:
        means = [0.86 + (n % 5 - 2) * 0.004 for n in range(28)]
        return [
            {"day": day, "business_line": "bank", "engine": "e", "model": "m", "calls": 100,
             "mean": mean, "variance": 0.0036}
            for day, mean in zip((*before(), DAY), (*means, now), strict=True)
        ]  # fmt: skip

    assert found(known(confidence=rows(0.81))) == {(DriftKind.CONFIDENCE, "bank/e/m")}
    assert not found(known(confidence=rows(0.85)))
    other = [row | ({"model": "new"} if row["day"] == DAY else {}) for row in rows(0.8)]
    assert not found(known(confidence=other)), "a new model is not compared with the old one"


def arrivals(
    agents: int = 6, gone: Callable[[str, date], bool] = lambda *_: False
) -> list[dict[str, Any]]:
    return [
        {"day": day, "business_line": "bank" if n % 2 else "wealth", "team": f"T{n % 2}",
         "agent_id": f"A{n}", "calls": 30 + n % 3 + day.day % 3}
        for day in (*before(56), DAY) if day.weekday() < 5
        for n in range(agents) if not gone(f"A{n}", day)
    ]  # fmt: skip


def test_an_agent_is_missed_after_days_without_calls_while_the_team_has_some() -> None:
    for days, told in ((1, False), (4, True)):
        last = DAY - timedelta(days=days)
        rows = arrivals(gone=lambda who, day, last=last: who == "A3" and day > last)  # type: ignore[misc]
        keys = found(known(calls=rows))
        assert keys == ({(DriftKind.AGENT, "A3")} if told else set()), days


def test_leave_like_others_take_is_no_alarm() -> None:
    def away(who: str, day: date) -> bool:
        number = int(who[1:])
        begin = DAY - timedelta(days=7 * number)
        return begin - timedelta(days=4) < day <= begin

    assert not found(known(calls=arrivals(gone=away))), "everybody was away as long once"


def test_a_team_or_everything_that_stops_is_told_once_not_agent_by_agent() -> None:
    team = arrivals(gone=lambda who, day: int(who[1:]) % 2 == 1 and day == DAY)
    assert found(known(calls=team)) == {(DriftKind.TEAM, "T1"), (DriftKind.LINE, "bank")}
    everything = arrivals(gone=lambda _, day: day == DAY)
    assert found(known(calls=everything)) == {(DriftKind.ALL, "")}


def test_recordings_that_fail_more_often_are_told() -> None:
    runs = [{"day": day + timedelta(days=1), "processed": 990, "failed": 10} for day in before()]
    last = {"day": DAY + timedelta(days=1), "processed": 950, "failed": 50}
    assert found(known(runs=[*runs, last])) == {(DriftKind.FAILED, "")}
    assert not found(known(runs=[*runs, {**last, "failed": 14}]))


def test_chances_are_those_of_the_textbook() -> None:
    assert chances.risen((5, 10), [(0, 10)]) == pytest.approx(1 / 32), "five of five on one side"
    assert chances.risen((0, 10), [(5, 10)]) == 1.0
    assert chances.silent(1, 10, 0) == pytest.approx(1 / 12), "Laplace's rule of succession"
    assert chances.silent(2, 10, 0) == pytest.approx(1 / 12 * 2 / 13)
    assert chances.stopped(0, [3, 3, 3, 3]) == pytest.approx(0.0498, abs=0.001), "Poisson"
    assert chances.fallen(0.0, 0.0, [1.0, 1.0, 1.0]) == 0.0
    assert 0.03 < chances.fallen(-2.0, 1.0, [0.0] * 20) < 0.06


def test_where_nothing_drifts_hardly_anything_is_told_and_what_is_planted_is() -> None:
    quiet = list(begun(Centre(7, agents=20, rules=15), 20))
    assert len(quiet) <= 3
    begins = FIRST + timedelta(days=58)
    change = Planted("rule", "r3", begins, 6.0)
    told = [key for day, key in begun(Centre(7, (change,), agents=20, rules=15), 8)
            if day >= begins]  # fmt: skip
    assert (DriftKind.RULE, "r3") in told


# ── from the store to the message ────────────────────────────────────────────────────────────────


def calls_of(day: date, fails: int, of: int = 12) -> list[CallReport]:
    """Calls of a day, so many of them with a hit."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    return [
        a_report(f"{day}-{n}", started_at=noon, findings=(
            a_finding("r", title="规则甲", verdict=Verdict.FAIL if n < fails else Verdict.PASS),
        ))
        for n in range(of)
    ]  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Quiet days, a day with many hits, and the run after it."""
    today = datetime.now(SHANGHAI).date()
    with Store.open(fresh(tmp_path / "calls.duckdb")) as store:
        yesterday = today - timedelta(days=1)
        usual = [day for n in range(2, 30) if alike(day := today - timedelta(days=n), yesterday)]
        store.save(one for day in usual[:6] for one in calls_of(day, 0, 6))
        store.save(calls_of(yesterday, 9))
        store.start_run("in")
        store.finish_run({"processed": 9, "failed": 0}, 0)
        store.publish()
    return tmp_path / "calls.duckdb"


def test_an_alarm_is_told_once_and_when_it_is_over(db: Path) -> None:
    yesterday = datetime.now(SHANGHAI).date() - timedelta(days=1)
    with Receiver() as receiver:
        settings = settings_of({"name": "ops", "url": receiver.url, "events": ["drift"]})
        with Snapshot.open(db) as snapshot:
            assert judged_day(snapshot) == yesterday
            assert len(judge(snapshot, yesterday)) == 1
            assert judge_drifts(snapshot, settings.alerts, datetime.now(UTC)) == 1
            assert judge_drifts(snapshot, settings.alerts, datetime.now(UTC)) == 0
        a_round(db, settings)
        (alert,) = receiver.got[0].json["alerts"]
        assert (alert["drift"], alert["subject"], alert["state"]) == ("rule", "r", "new")
        assert (alert["now"], alert["of"]) == (0.75, 12)
        assert "规则“规则甲”命中率 75.0%" in receiver.got[0].json["text"]
        with Store.open(db) as store:
            store.save([replace(one, findings=()) for one in calls_of(yesterday, 0)])
            store.save(calls_of(yesterday, 0))
            store.publish()
        with Snapshot.open(db) as snapshot:
            judge_drifts(snapshot, settings.alerts, datetime.now(UTC))
        a_round(db, settings)
        (alert,) = receiver.got[1].json["alerts"]
        assert alert["state"] == "over"
        assert "（已恢复）" in receiver.got[1].json["text"]
        a_round(db, settings)
        assert len(receiver.got) == 2
    (kept,) = Outbox.of(db).alerts()
    assert kept.ended is not None


def test_before_the_first_run_nothing_is_judged(tmp_path: Path) -> None:
    with Store.open(fresh(tmp_path / "c.duckdb")) as store:
        store.save(calls_of(DAY, 3))
        store.publish()
    with Snapshot.open(tmp_path / "c.duckdb") as snapshot:
        assert judged_day(snapshot) is None
        assert judge_drifts(snapshot, settings_of().alerts, datetime.now(UTC)) == 0
