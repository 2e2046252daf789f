"""Appeals: nobody decides on what they had a part in, and the store is what refuses it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.domain import AppealState, AppealStep
from pipeline.errors import BadInput, TryAgain
from pipeline.store import Appeals, Decision, People, ReviewDraft, forget
from tests.store.reports import a_hash

SUBJECT = (a_hash("one"), "c-one", "no_promise")
SUPPORT, UPHOLD, DISMISS = AppealStep.SUPPORT, AppealStep.UPHOLD, AppealStep.DISMISS


@pytest.fixture
def people(tmp_path: Path) -> People:
    """An inspector has confirmed the finding."""
    people = People.open(tmp_path / "calls.duckdb")
    people.add_review(
        ReviewDraft("李质检", SUBJECT[1], SUBJECT[0], Decision.CONFIRM, rule=SUBJECT[2])
    )
    return people


@pytest.fixture
def appeals(people: People) -> Appeals:
    return Appeals(people)


def filed(appeals: Appeals) -> int:
    return appeals.file("陈坐席", SUBJECT, "引用的是客户的话", "1").id


def decisions(people: People) -> list[tuple[str, str]]:
    return [(r.reviewer, str(r.decision)) for r in people.reviews_of(SUBJECT[0])]


def test_from_the_agent_over_the_leader_to_the_supervisor(appeals: Appeals, people: People) -> None:
    number = filed(appeals)
    assert appeals.get(number).state is AppealState.FILED
    assert appeals.step(number, "赵班长", SUPPORT, "听过，同意").state is AppealState.OPINION
    done = appeals.step(number, "王主管", UPHOLD, "确为客户原话")
    assert done.state is AppealState.UPHELD
    assert [step.who for step in done.steps] == ["赵班长", "王主管"]
    assert decisions(people) == [("李质检", "confirm"), ("王主管", "reject")]
    (state,) = people.latest_states().to_pylist()
    assert state["decision"] == "reject"  # what counts: for the score and the rule's precision
    assert people.reviews_of(SUBJECT[0])[-1].comment == f"申诉 {number}：确为客户原话"


def test_dismissed_the_finding_is_confirmed_and_it_is_final(
    appeals: Appeals, people: People
) -> None:
    number = filed(appeals)
    appeals.step(number, "王主管", DISMISS, "录音里是坐席所说")
    assert decisions(people)[-1] == ("王主管", "confirm")
    latest = people.reviews_of(SUBJECT[0])[-1].id
    again = ReviewDraft(
        "李质检", SUBJECT[1], SUBJECT[0], Decision.REJECT, rule=SUBJECT[2], previous=latest
    )
    with pytest.raises(BadInput, match="final"):
        people.add_review(again)
    with pytest.raises(BadInput, match="ended: dismiss by 王主管"):
        appeals.step(number, "孙主管", UPHOLD, "再看一次")
    with pytest.raises(TryAgain, match="an appeal against no_promise of c-one already"):
        filed(appeals)


@pytest.mark.parametrize("who", ["李质检", "陈坐席", "赵班长"])
def test_who_had_a_part_in_it_does_not_decide(appeals: Appeals, people: People, who: str) -> None:
    number = filed(appeals)
    appeals.step(number, "赵班长", SUPPORT, "同意")
    before = decisions(people)
    for step in (UPHOLD, DISMISS):
        with pytest.raises(BadInput, match="does not decide it"):
            appeals.step(number, who, step, "我来定")
    assert appeals.get(number).state is AppealState.OPINION
    assert decisions(people) == before


def test_not_even_past_the_code(appeals: Appeals, people: People) -> None:
    number = filed(appeals)
    connection = sqlite3.connect(people.path)
    step = "INSERT INTO appeal_steps (appeal, at, who, step, comment) VALUES (?, 't', ?, ?, 'x')"
    with pytest.raises(sqlite3.IntegrityError, match="does not decide it"):
        connection.execute(step, (number, "李质检", "uphold"))
    with pytest.raises(sqlite3.IntegrityError, match="their own appeal"):
        connection.execute(step, (number, "陈坐席", "support"))
    for statement in ("UPDATE appeals SET reason = 'x'", "DELETE FROM appeals"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_the_leader_is_awaited_for_some_days(appeals: Appeals) -> None:
    number = filed(appeals)
    with pytest.raises(BadInput, match="the leader's opinion on appeal 1 is awaited until"):
        appeals.step(number, "王主管", UPHOLD, "成立", leader_days=2)
    appeals.step(number, "赵班长", AppealStep.OPPOSE, "不成立")
    done = appeals.step(number, "王主管", UPHOLD, "成立", leader_days=2)
    assert done.end is not None
    assert done.end.at <= datetime.now(UTC)


def test_only_who_filed_it_withdraws_it(appeals: Appeals, people: People) -> None:
    number = filed(appeals)
    with pytest.raises(BadInput, match="only who filed"):
        appeals.step(number, "赵班长", AppealStep.WITHDRAW, "算了")
    assert appeals.step(number, "陈坐席", AppealStep.WITHDRAW, "算了").state == "withdrawn"
    assert len(decisions(people)) == 1


@pytest.mark.parametrize(("who", "reason"), [(" ", "理由"), ("陈坐席", " ")])
def test_without_a_name_or_a_reason_nothing_is_filed(
    appeals: Appeals, who: str, reason: str
) -> None:
    with pytest.raises(BadInput, match="a name and a reason"):
        appeals.file(who, SUBJECT, reason, "1")
    assert appeals.all() == []


def test_of_eight_supervisors_at_once_one_decides(appeals: Appeals, people: People) -> None:
    number, outcomes = filed(appeals), list[str]()

    def decide(name: str) -> None:
        try:
            appeals.step(number, name, UPHOLD if name < "主管4" else DISMISS, "听过")
            outcomes.append("decided")
        except (TryAgain, BadInput):
            outcomes.append("told")

    threads = [threading.Thread(target=decide, args=(f"主管{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] + ["told"] * 7
    assert len(decisions(people)) == 2


def test_a_removed_call_leaves_no_appeal_behind(appeals: Appeals, people: People) -> None:
    number = filed(appeals)
    appeals.step(number, "赵班长", SUPPORT, "同意")
    forget(people, [SUBJECT[0]])
    assert appeals.all() == []
