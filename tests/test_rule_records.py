"""What people's decisions say of a rule: no more than the figures carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.domain import Severity, Verdict
from pipeline.rule_records import Advice, RuleRecord, rule_records
from pipeline.shares import differ, wilson
from pipeline.store import Decision, Filters, People, ReviewDraft, Snapshot, Store
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_hash, a_report

LAST = date(2026, 11, 30)


def record(**changes: object) -> RuleRecord:
    plain = RuleRecord("r", "规则", "", Severity.MAJOR, 100, 40, 0, 0, 0, 0, None, None, 0)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, None),
        ({"confirmed": 4, "rejected": 15}, None),  # not enough were decided
        ({"confirmed": 4, "rejected": 16}, Advice.RETIRE),
        ({"confirmed": 12, "rejected": 18}, Advice.TIGHTEN),
        ({"confirmed": 30, "rejected": 10}, None),  # 75 %, but 80 % may be true
        ({"confirmed": 3, "added": 5}, Advice.WIDEN),
        ({"confirmed": 9, "added": 5}, None),
        ({"hits": 10, "unsure": 20}, Advice.REWORD),
        ({"hits": 0, "calls": 1_000}, Advice.SILENT),
        ({"hits": 0, "calls": 999}, None),
    ],
)
def test_a_suggestion_needs_figures_that_carry_it(
    changes: dict[str, object], advice: Advice | None
) -> None:
    assert record(**changes).advice is advice


def test_wilson_and_differences_are_those_of_the_books() -> None:
    assert wilson(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)  # Agresti and Coull 1998
    assert wilson(0.9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert differ(30, 100, 10, 100) == 1
    assert differ(10, 100, 30, 100) == -1
    assert differ(12, 100, 10, 100) == 0
    assert differ(0, 0, 10, 100) == 0
    assert differ(0, 50, 0, 50) == 0


def test_records_are_counted_from_calls_and_decisions(tmp_path: Path) -> None:
    begin = datetime(2026, 10, 10, 10, 0, tzinfo=SHANGHAI)
    reports = []
    for number in range(40):  # 20 days before the last 30, 20 of the last 30
        verdict = Verdict.FAIL if number % 10 == 0 or number >= 20 else Verdict.PASS
        day = begin + timedelta(days=number if number < 20 else number + 10)
        findings = (a_finding("risk", verdict=verdict), a_finding("other", verdict=Verdict.UNSURE))
        reports.append(
            a_report(f"n{number}", call_id=f"c-{number}", started_at=day, findings=findings)
        )
    db = fresh(tmp_path / "calls.duckdb")
    with Store.open(db) as store:
        store.save(reports)
        store.publish()
    people = People.open(db)
    for number, decision in ((20, Decision.CONFIRM), (21, Decision.REJECT), (1, Decision.ADD)):
        people.add_review(
            ReviewDraft("李质检", f"c-{number}", a_hash(f"n{number}"), decision, rule="risk")
        )
    with Snapshot.open(db) as snapshot:
        first, second = rule_records(snapshot, Filters(), LAST)
    assert (first.rule, first.calls, first.hits, first.unsure) == ("risk", 40, 22, 0)
    assert (first.confirmed, first.rejected, first.added) == (1, 1, 1)
    assert first.precision == 0.5
    assert (first.rate_before, first.rate_now, first.trend) == (0.1, 1.0, 1)
    assert (second.rule, second.hits, second.unsure, second.interval) == ("other", 0, 40, None)
    assert second.advice is Advice.REWORD
