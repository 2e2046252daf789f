"""A month worked out by hand, with what people decided of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain import AppealStep
from pipeline.store import Appeals, Decision, Filters, People, ReviewDraft, Snapshot
from tests.agents.month import CARD, GREETING, PROMISE, calls_of, make

NOVEMBER = Filters(since=date(2026, 11, 1), until=date(2026, 11, 30))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A1 has five calls, A2 and A3 have 24 each in November; A2 had 24 in October too."""
    db = make(
        tmp_path_factory.mktemp("agents") / "calls.duckdb",
        [
            *calls_of("A1", {1: (), 2: (GREETING,), 9: (CARD,), 10: (GREETING, CARD),
                             20: (PROMISE,), -3: ()}),
            *calls_of("A2", {day: () for day in range(1, 25)}),
            *calls_of("A2", {-day: (GREETING,) for day in range(24)}),
            *calls_of("A3", {day: (GREETING,) * (day % 2) for day in range(1, 25)}, team="@二组"),
        ],
    )  # fmt: skip
    people, contents = People.open(db), Snapshot.open(db).contents()

    def say(call: str, decision: Decision, rule: str | None = None) -> None:
        people.add_review(ReviewDraft("李质检", call, contents[call], decision, rule=rule))

    say("c-A1-9", Decision.REJECT, CARD)  # 90 → 100
    say("c-A1-9", Decision.CONFIRM)
    say("c-A1-1", Decision.ADD, GREETING)  # 100 → 95
    say("c-A1-1", Decision.CONFIRM)
    appeals = Appeals(people)
    for call, rule in (("c-A1-20", PROMISE), ("c-A1-10", GREETING)):
        appeals.file("陈坐席", (contents[call], call, rule), "不是我说的", "1")
    appeals.step(1, "王主管", AppealStep.UPHOLD, "确为客户所说")  # 0 → 100, no veto any more
    return db


@pytest.fixture
def snapshot(made: Path) -> Snapshot:
    return Snapshot.open(made)


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.name
