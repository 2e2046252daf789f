"""Six calls scored by a small pack; two inspectors and two supervisors who calibrate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.access import Accounts, JobRole, Post
from pipeline.calibration import Readers, make_round
from pipeline.domain import AnswerDraft, Evidence, Round, RoundWish, Severity, Verdict
from pipeline.store import Calibrations, People, Snapshot, Store
from tests.access.site import PASSWORD, door_of
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_hash, a_report

LI, ZHANG, WANG, BOSS = "李质检", "张质检", "王主管", "陈主管"
RATERS = (LI, ZHANG, WANG)
ROLES = {LI: JobRole.INSPECTOR, ZHANG: JobRole.INSPECTOR, WANG: JobRole.SUPERVISOR,
         BOSS: JobRole.SUPERVISOR}  # fmt: skip
CALLS = tuple(f"c-{n}" for n in range(6))
DUE = date(2027, 1, 31)
OPENING, CARD, ATTITUDE = "1.1", "2.1", "service_attitude"


def _point(number: str, title: str, key: bool = False) -> dict[str, Any]:
    empty = dict.fromkeys(("cap", "bonus_cap", "weight", "full"))
    return {"number": number, "title": title, "key_point": key, "earned": False, **empty}


def _rule(name: str, title: str, point: str, points: float, veto: bool = False) -> dict[str, Any]:
    return {
        "id": name, "title": title, "title_en": f"Rule {name}", "checks": ["B6"],
        "control_point": point, "severity": "major", "points": points, "bonus": 0.0,
        "counting": "once", "most_points": None, "key_point": False, "veto": veto, "fact": None,
    }  # fmt: skip


PACK: dict[str, Any] = {
    "pack": "bank", "title": "银行", "version": "1", "effective": {"from": None, "to": None},
    "base": 100.0, "most": 100.0,
    "grades": [["优", 90.0], ["良", 80.0], ["中", 60.0], ["差", 0.0]],
    "control_points": [
        _point("1", "服务规范"), _point("1.1", "开头语"), _point("1.2", "态度"),
        _point("2", "信息保护"), _point("2.1", "号码播报", key=True),
    ],
    "rules": [
        _rule("greeting", "问候", "1.1", -2.0),
        _rule("no_full_card", "不得完整报卡号", "2.1", -10.0),
        _rule("no_password", "不得索要密码", "2.1", -30.0, veto=True),
    ],
    "human": [{
        "id": ATTITUDE, "title": "服务态度", "title_en": "Attitude", "control_point": "1.2",
        "levels": [["优", 0.0], ["良", -2.0], ["差", -8.0]], "guidance": "听整通电话",
    }],
}  # fmt: skip


@dataclass(frozen=True)
class Pack:
    version: str = "1"
    sha256: str = "p" * 64

    def content(self) -> dict[str, Any]:
        return PACK


def make(folder: Path) -> Path:
    """The database: in every call the card number is read out, of the last one no pack is kept."""
    db = fresh(folder / "calls.duckdb")
    with Store.open(db) as store:
        store.remember_packs([Pack()])
        store.save([_report(n) for n in range(len(CALLS))])
        store.publish()
    return db


def _report(number: int) -> Any:
    evidence = (Evidence(1, 4.0, 6.5, "卡号是6222****1234"),)
    card = a_finding("no_full_card", title="不得完整报卡号", evidence=evidence)
    passes = [
        a_finding(name, title=title, control_point=point, verdict=verdict, points=0.0, evidence=())
        for name, title, point, verdict in (
            ("greeting", "问候", OPENING, Verdict.PASS),
            ("no_password", "不得索要密码", CARD, Verdict.NOT_APPLICABLE),
        )
    ]
    day = datetime(2026, 11, 20, 10, number, tzinfo=SHANGHAI) + timedelta(days=number)
    report = a_report(
        f"n{number}", call_id=CALLS[number], started_at=day, score=90.0,
        findings=(replace(card, severity=Severity.MAJOR), *passes),
    )  # fmt: skip
    if number < len(CALLS) - 1:
        return report
    other = "q" * 64
    return replace(
        report,
        scorecard=replace(report.scorecard, pack_hash=other),
        provenance=replace(report.provenance, pack_hash=other),
    )


def people(db: Path) -> dict[str, str]:
    """Tokens of the sessions of everybody, by name."""
    accounts, sessions = Accounts.of(db), door_of(db).sessions
    for name, role in ROLES.items():
        accounts.add(name, Post(role))
        accounts.set_password(name, PASSWORD)
    return {name: sessions.begin(name, "password") for name in ROLES}


def wish(title: str = "11 月校准", raters: tuple[str, ...] = RATERS) -> RoundWish:
    return RoundWish(title, raters, DUE, "seed")


def a_round(db: Path, *calls: str, raters: tuple[str, ...] = RATERS) -> Round:
    """A round of these calls, of the first two when none are named."""
    with Snapshot.open(db) as whole:
        readers = Readers(whole, dict.fromkeys(raters, whole))
        return make_round(readers, WANG, wish(raters=raters), calls or CALLS[:2], None)


def content_of(call_id: str) -> str:
    return a_hash(f"n{CALLS.index(call_id)}")


def drafts(
    card: str = "fail", opening: str = "pass", attitude: str = "优", comment: str = ""
) -> list[AnswerDraft]:
    """A whole sheet."""
    rules = ("no_full_card",) if card == "fail" else ()
    return [
        AnswerDraft(OPENING, opening, ("greeting",) if opening == "fail" else ()),
        AnswerDraft(CARD, card, rules, comment),
        AnswerDraft(ATTITUDE, attitude),
    ]


def score_all(db: Path, made: Round, sheets: Mapping[str, Mapping[str, list[AnswerDraft]]]) -> None:
    """Answer and submit, by rater and call."""
    rounds = Calibrations(People.open(db))
    for rater, of in sheets.items():
        for call_id, sheet in of.items():
            rounds.answer(made.id, content_of(call_id), rater, sheet)
            rounds.submit(made.id, content_of(call_id), rater)
