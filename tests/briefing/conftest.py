"""Two weeks of calls of four agents that can be counted by hand, with what people decided."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.casebook import Subject, passage_of
from pipeline.domain import CaseKind, CaseText
from pipeline.store import Cases, Decision, People, ReviewDraft, Snapshot
from tests.agents.month import CARD, GREETING, PROMISE, a_call, make

MONDAY = {"2026-W46": 9, "2026-W47": 16}
AGENTS = {"A1": "一组", "A2": "一组", "B1": "二组", "B2": "二组"}


def calls() -> list[object]:
    """Twelve calls of each agent and week; A1 reads out card numbers in half of W47's."""
    found = []
    for week, monday in MONDAY.items():
        for agent, team in AGENTS.items():
            for number in range(12):
                failed: tuple[str, ...] = ()
                if agent == "A1" and week == "2026-W47" and number < 6:
                    failed = (CARD,)
                if agent == "B2" and number == 0:
                    failed = (GREETING,) if week == "2026-W46" else (PROMISE,)
                day = monday + number % 7
                name = f"{agent}-{week}-{number}"
                found.append(a_call(name, day, failed, agent=agent, team=team))
    return found


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = make(tmp_path_factory.mktemp("briefing") / "calls.duckdb", calls())  # type: ignore[arg-type]
    people, snapshot = People.open(db), Snapshot.open(db)
    contents = snapshot.contents()

    def say(call: str, decision: Decision, rule: str | None = None) -> None:
        people.add_review(ReviewDraft("李质检", call, contents[call], decision, rule=rule))

    say("c-A1-2026-W47-0", Decision.REJECT, CARD)  # the machine was wrong
    say("c-B2-2026-W47-0", Decision.REJECT, PROMISE)
    say("c-B1-2026-W47-3", Decision.CONFIRM)  # listened to, and all was well
    good = CaseText(CaseKind.GOOD, "先核实再报后四位", "不念全号", "请您核对后四位", ("卡号",))
    bad = CaseText(CaseKind.BAD, "念出卡号", "泄露客户信息", "为了您的安全，只核对后四位", ())
    for text, call in ((good, "c-B1-2026-W47-3"), (bad, "c-A1-2026-W47-1")):
        Cases(people).add("张培训", passage_of(snapshot.call(call), 1, 1, Subject(rule=CARD)), text)
    return db


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made.parent, tmp_path / "site")
    return tmp_path / "site" / made.name


@pytest.fixture
def snapshot(db: Path) -> Snapshot:
    return Snapshot.open(db)
