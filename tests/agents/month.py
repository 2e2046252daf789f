"""A month of calls whose figures can be worked out by hand, under a pack of three rules.

A call has 100 points; no greeting costs 5, a card number read out 10, a promise is a veto.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.domain import CallReport, ControlPointScore, Evidence, Finding, Severity, Verdict
from pipeline.store import Store
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

HASH = "p" * 64  # of the pack that `a_report` was scored with
GREETING, CARD, PROMISE = "greeting", "card_number", "promise"
RULES: dict[str, tuple[str, float, Severity, bool, str]] = {
    GREETING: ("1", -5.0, Severity.MINOR, False, "问候"),
    CARD: ("2.1", -10.0, Severity.MAJOR, False, "不得复述卡号"),
    PROMISE: ("2.2", -100.0, Severity.CRITICAL, True, "不得承诺保本"),
}
POINTS = {"1": "开场", "2": "合规", "2.1": "信息保护", "2.2": "承诺"}
QUOTE = '=HYPERLINK("http://x.example","卡号6222****1234")'


@dataclass(frozen=True)
class HandPack:
    """What the store keeps of the pack."""

    sha256: str = HASH

    def content(self) -> dict[str, Any]:
        return {
            "pack": "bank",
            "version": "1",
            "effective": {"from": "2026-01-01", "to": None},
            "base": 100.0,
            "most": None,
            "control_points": [
                {"number": n, "title": title, "key_point": False} for n, title in POINTS.items()
            ],
            "grades": [["优", 90], ["良", 80], ["中", 60], ["差", 0]],
            "human": [
                {"id": "attitude", "title": "服务态度", "title_en": "Attitude",
                 "control_point": "1", "levels": [["优", 0], ["差", -4]], "guidance": ""}
            ],
            "rules": [
                {"id": rule, "title": title, "control_point": number,
                 "points": points, "bonus": 0, "counting": "once",
                 "most_points": None, "fact": None, "title_en": "", "veto": veto, "key_point": veto}
                for rule, (number, points, _, veto, title) in RULES.items()
            ],
        }  # fmt: skip


def a_call(name: str, day: int, failed: tuple[str, ...] = (), **changes: Any) -> CallReport:
    """A call on a day of November 2026 (below 1: of October) that fails these rules."""
    month, day = (11, day) if day > 0 else (10, 31 + day)
    at = datetime(2026, month, day, 10, 0, tzinfo=SHANGHAI)
    vetoed = PROMISE in failed
    score = 0.0 if vetoed else 100.0 + sum(RULES[rule][1] for rule in failed)
    grade = next(g for g, low in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if score >= low)
    values = {
        "call_id": f"c-{name}", "started_at": at, "score": score, "grade": grade, "vetoed": vetoed,
        "findings": tuple(_finding(rule, failed=rule in failed) for rule in RULES),
    }  # fmt: skip
    report = a_report(name, **{**values, **changes})
    items = tuple(_line(number, failed) for number in POINTS)
    return replace(report, scorecard=replace(report.scorecard, items=items))


def _finding(rule: str, *, failed: bool) -> Finding:
    number, points, severity, veto, title = RULES[rule]
    return a_finding(
        rule, title=title, title_en=rule.title(), control_point=number, severity=severity,
        veto=veto,
        verdict=Verdict.FAIL if failed else Verdict.PASS, points=points if failed else 0.0,
        evidence=(Evidence(1, 4.0, 6.5, QUOTE),) if failed else (),
    )  # fmt: skip


def _line(number: str, failed: tuple[str, ...]) -> ControlPointScore:
    below = [rule for rule in RULES if f"{RULES[rule][0]}.".startswith(f"{number}.")]
    lost = [rule for rule in below if rule in failed]
    return ControlPointScore(
        number, POINTS[number], sum(RULES[rule][1] for rule in lost),
        Verdict.FAIL if lost else Verdict.PASS, number == "2.2",
        tuple(rule for rule in below if RULES[rule][0] == number),
    )  # fmt: skip


def make(db: Path, reports: list[CallReport]) -> Path:
    """A published database."""
    with Store.open(fresh(db)) as store:
        store.remember_packs([HandPack()])
        store.save(reports)
        store.publish()
    return db


def calls_of(agent: str, days: dict[int, tuple[str, ...]], **changes: Any) -> list[CallReport]:
    """One call per day."""
    return [
        a_call(f"{agent}-{day}", day, failed, agent=agent, **changes)
        for day, failed in days.items()
    ]
