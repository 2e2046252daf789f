"""A month worked out by hand, with decisions of every kind."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain import AppealStep
from pipeline.monthly import MonthPeriod, MonthReport, Wish, report_of
from pipeline.reward_rules import RewardRule
from pipeline.store import Appeals, Assignments, Decision, People, ReviewDraft, Snapshot
from tests.agents.month import CARD, GREETING, PROMISE, calls_of, make

MADE = date(2026, 11, 29)
NOVEMBER = MonthPeriod.of("2026-11")
RULES = [
    RewardRule.model_validate(
        {
            "name": "服务之星", "kind": "reward", "amount": 200, "text": "均分高、无否决",
            "when": {
                "calls": {"at_least": 20}, "mean": {"at_least": 95},
                "confirmed_vetoes": {"at_most": 0},
            },
        }
    ),
    RewardRule.model_validate(
        {
            "name": "一票否决", "kind": "penalty", "amount": 100, "per": "confirmed_vetoes",
            "when": {"confirmed_vetoes": {"at_least": 1}},
        }
    ),
    RewardRule.model_validate(
        {
            "name": "多次扣分", "kind": "penalty", "amount": 2, "unit": "分",
            "when": {"confirmed": {"at_least": 2}},
        }
    ),
]  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Team 一组: A1 to A4; @二组: B1. What is decided stands in the lines below."""
    db = make(
        tmp_path_factory.mktemp("monthly") / "calls.duckdb",
        [
            *calls_of("A1", {day: () for day in range(1, 25)}),
            *calls_of("A1", {-day: (GREETING,) for day in range(24)}),
            *calls_of("A2", {day: (PROMISE,) * (day in (3, 4, 5)) for day in range(1, 23)}),
            *calls_of("A3", {1: (PROMISE,), 2: (CARD,), 3: (CARD,), 4: ()}),
            *calls_of("A4", {day: (PROMISE,) * (day == 9) for day in range(1, 25)}),
            *calls_of("B1", {day: (GREETING,) * (day % 2) for day in range(1, 25)}, team="@二组"),
        ],
    )  # fmt: skip
    people = People.open(db)
    with Snapshot.open(db) as snapshot:
        contents = snapshot.contents()

    def say(call: str, decision: Decision, rule: str | None = None) -> None:
        people.add_review(ReviewDraft("李质检", call, contents[call], decision, rule=rule))

    say("c-A2-3", Decision.CONFIRM, PROMISE)  # fined for
    say("c-A2-4", Decision.CONFIRM, PROMISE)  # confirmed, but appealed against below
    # c-A2-5: nobody looked
    say("c-A3-1", Decision.CONFIRM, PROMISE)  # appealed against: suspends
    say("c-A3-2", Decision.CONFIRM, CARD)
    say("c-A3-3", Decision.REJECT, CARD)
    say("c-B1-1", Decision.CONFIRM, GREETING)
    say("c-B1-1", Decision.CONFIRM)
    # c-A4-9: a veto of the machine that nobody looked at
    appeals = Appeals(people)
    for agent, call in (("赵坐席", "c-A2-4"), ("钱坐席", "c-A3-1")):
        appeals.file(agent, (contents[call], call, PROMISE), "不是我说的", "1")
    appeals.step(2, "班长", AppealStep.SUPPORT, "是客户说的")
    work = Assignments(people)
    work.assign("主管", "王质检", [(contents["c-B1-3"], "c-B1-3"), (contents["c-B1-5"], "c-B1-5")])
    return db


@pytest.fixture
def snapshot(made: Path) -> Snapshot:
    return Snapshot.open(made)


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.name


@pytest.fixture(scope="session")
def report(made: Path) -> MonthReport:
    with Snapshot.open(made) as snapshot:
        return report_of(snapshot, Wish(NOVEMBER, MADE, RULES))
