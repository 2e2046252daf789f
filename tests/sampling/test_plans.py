"""Sampling plans over a real store: drawn, kept, verified, heard."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.audit import Trail
from pipeline.domain import DrawnAs, SampleWish, Verdict
from pipeline.errors import BadInput, CallqaError
from pipeline.sampling import board, days_left, make_plan, month_of, repeat
from pipeline.store import Decision, ReviewDraft, Samples, Snapshot, Store, forget
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report
from tests.test_cli import callqa

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
WISH = SampleWish(FIRST, LAST, "seed", 2, 6, ("张敏", "李强"))
FINE = (a_finding("greeting", verdict=Verdict.PASS, points=0.0, evidence=()),)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 calls of three agents over October, every fourth flagged; A3 has one call only."""
    reports = [
        a_report(
            f"call {n}",
            agent="A3" if n == 0 else f"A{1 + n % 2}",
            started_at=datetime(2026, 10, 1 + n % 30, 9 + n % 9, tzinfo=SHANGHAI),
            **({} if n % 4 == 0 else {"findings": FINE}),
        )
        for n in range(40)
    ]
    path = fresh(tmp_path_factory.mktemp("made") / "calls.duckdb")
    with Store.open(path) as store:
        store.save(reports)
        store.publish()
    return path.parent


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy of that database for one test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "calls.duckdb"


@pytest.fixture
def snapshot(db: Path) -> Iterator[Snapshot]:
    with Snapshot.open(db) as opened:
        yield opened


@pytest.fixture
def trail(db: Path) -> Trail:
    return Trail.beside(db)


def review(snapshot: Snapshot, content: str, decision: Decision, rule: str | None = None) -> None:
    snapshot.people.add_review(ReviewDraft("张敏", "c", content, decision, rule, comment="听过"))


def test_a_plan_is_kept_and_comes_out_the_same_again(snapshot: Snapshot, trail: Trail) -> None:
    plan = make_plan(snapshot, "lin", WISH, trail)
    assert (plan.calls, plan.calls_unflagged, plan.who, plan.wish) == (40, 30, "lin", WISH)
    drawn = Samples(snapshot.people).calls(plan.id)
    assert sum(call.drawn_as is DrawnAs.UNFLAGGED for call in drawn) == 6
    assert {call.agent_id for call in drawn} == {"A1", "A2", "A3"}
    done = repeat(snapshot, plan.id)
    assert (done.same_calls, done.same_population) == (True, True)
    entry = trail.read().entries()[-1]
    assert (entry.action, entry.details["seed"]) == ("sample_draw", "seed")
    assert entry.details["digest"] == plan.digest


def test_a_call_that_came_later_is_told_and_so_is_a_plan_that_was_altered(
    db: Path, snapshot: Snapshot, trail: Trail
) -> None:
    plan = make_plan(snapshot, "lin", WISH, trail)
    with closing(sqlite3.connect(snapshot.people.path)) as connection, connection:
        connection.execute("DROP TRIGGER sample_calls_no_update")
        connection.execute("UPDATE sample_calls SET content_sha256 = 'x' WHERE place = 0")
    done = repeat(snapshot, plan.id)
    assert (done.same_calls, done.same_population) == (False, True)
    with Store.open(db) as store:
        late = datetime(2026, 10, 9, 9, tzinfo=SHANGHAI)
        store.save([a_report("late", agent="A1", started_at=late, findings=FINE)])
        store.publish()
    snapshot.refresh()
    assert not repeat(snapshot, plan.id).same_population


def test_plans_cannot_be_changed(snapshot: Snapshot, trail: Trail) -> None:
    make_plan(snapshot, "lin", WISH, trail)
    with closing(sqlite3.connect(snapshot.people.path)) as connection:
        for change in (
            "UPDATE sample_plans SET seed = 'mine'", "DELETE FROM sample_plans",
            "UPDATE sample_calls SET inspector = 'x'", "DELETE FROM sample_calls",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)


def test_a_second_plan_goes_on_where_the_first_one_ended(snapshot: Snapshot, trail: Trail) -> None:
    half = replace(WISH, until=date(2026, 10, 12))
    make_plan(snapshot, "lin", half, trail)
    samples = Samples(snapshot.people)
    left = days_left(samples, FIRST, LAST, date(2026, 11, 5))
    assert left == (date(2026, 10, 13), LAST)
    make_plan(snapshot, "lin", replace(WISH, since=left[0], unflagged=0), trail)
    shown = board(snapshot, FIRST, LAST)
    assert len(shown.plans) == 2
    # the first plan drew six unflagged ones of A1 and A2: their quota is full
    assert {h.call.agent_id for h in shown.calls if h.plan == shown.plans[1].id} <= {"A3"}
    with pytest.raises(BadInput, match=r"no whole day of 2026-10 left .* reaches to 2026-10-31"):
        days_left(samples, FIRST, LAST, date(2026, 11, 5))


def test_days_are_drawn_from_once_even_by_two_at_the_same_time(
    db: Path, snapshot: Snapshot, trail: Trail
) -> None:
    said: list[object] = []

    def draw() -> None:
        with Snapshot.open(db) as mine:
            try:
                said.append(make_plan(mine, "lin", WISH, trail).id)
            except CallqaError as error:
                said.append(str(error))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, said))[0] == "1"
    assert sum("draw from the day after 2026-10-31 on" in str(text) for text in said) == 3
    assert len(Samples(snapshot.people).plans(FIRST, LAST)) == 1


def test_the_board_counts_what_was_heard_and_what_was_found(
    snapshot: Snapshot, trail: Trail
) -> None:
    make_plan(snapshot, "lin", WISH, trail)
    drawn = Samples(snapshot.people).calls(1)
    first, second, third, *_ = (c for c in drawn if c.drawn_as is DrawnAs.UNFLAGGED)
    assert board(snapshot, FIRST, LAST).missed is None
    review(snapshot, first.content_sha256, Decision.CONFIRM)
    review(snapshot, second.content_sha256, Decision.ADD, "greeting")
    assert board(snapshot, FIRST, LAST).done == 1, "a problem was added, but nobody finished"
    review(snapshot, second.content_sha256, Decision.CONFIRM)
    review(snapshot, third.content_sha256, Decision.COMMENT)
    shown = board(snapshot, FIRST, LAST)
    assert shown.missed is not None
    assert (shown.done, shown.missed.heard, shown.missed.violations) == (2, 2, 1)
    assert sum(done for done, _ in shown.inspectors.values()) == 2
    assert sum(of for _, of in shown.inspectors.values()) == len(drawn)
    agents = {agent.agent_id: agent for agent in shown.agents}
    assert (agents["A3"].calls, agents["A3"].short) == (1, True)
    assert not agents["A1"].short
    assert sum(agent.done for agent in agents.values()) == 2


def test_a_flagged_call_is_heard_when_what_was_found_is_decided_not_when_more_is_added(
    snapshot: Snapshot, trail: Trail
) -> None:
    make_plan(snapshot, "lin", replace(WISH, per_agent=20, unflagged=0), trail)
    flagged = next(h for h in board(snapshot, FIRST, LAST).calls if h.row and h.row["fails"])
    content = flagged.call.content_sha256
    review(snapshot, content, Decision.ADD, "greeting")
    assert board(snapshot, FIRST, LAST).done == 0
    review(snapshot, content, Decision.REJECT, a_finding().rule)
    assert board(snapshot, FIRST, LAST).done == 1


def test_an_erased_call_leaves_the_plan(snapshot: Snapshot, trail: Trail) -> None:
    make_plan(snapshot, "lin", WISH, trail)
    samples = Samples(snapshot.people)
    content = samples.calls(1)[0].content_sha256
    forget(snapshot.people, [content])
    assert content not in {call.content_sha256 for call in samples.calls(1)}
    assert content.encode() not in snapshot.people.path.read_bytes()


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (replace(WISH, per_agent=-1), "0 to 20, not -1"),
        (replace(WISH, unflagged=10**6), "0 to 10,000, not 1000000"),
        (replace(WISH, per_agent=0, unflagged=0), "a plan of nothing"),
        (replace(WISH, until=date(2026, 11, 2)), "lies in one month"),
        (replace(WISH, since=date(2026, 9, 1), until=date(2026, 9, 30)), "no calls from 2026"),
    ],
)  # fmt: skip
def test_a_wish_that_nobody_can_fill_is_refused(
    snapshot: Snapshot, trail: Trail, wish: SampleWish, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        make_plan(snapshot, "lin", wish, trail)
    assert trail.read().entries() == []


def test_months_are_written_as_people_write_them() -> None:
    assert month_of("2026-02") == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_of("2024-12")[1] - month_of("2024-12")[0] == timedelta(days=30)
    with pytest.raises(BadInput, match="write it as 2026-11"):
        month_of("November")


def test_the_commands(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--db", str(db), "--month", "2026-10")
    assert callqa(capsys, "sample", "show", *where)[1].startswith("2026-10 还没有抽检计划")
    names = ("--inspector", "张敏", "--inspector", "李强")
    code, said, _ = callqa(capsys, "sample", "draw", *where, *names, "--unflagged", "5", "--json")
    plan = json.loads(said)
    assert (code, plan["wish"]["unflagged"], plan["wish"]["per_agent"]) == (0, 5, 3)
    assert len(plan["wish"]["seed"]) == 16
    code, said, _ = callqa(capsys, "sample", "show", *where)
    assert code == 0
    assert all(text in said for text in ("张敏", "A3", "1 名坐席通话不足", "无法估计漏检"))
    _, said, _ = callqa(capsys, "sample", "show", *where, "--json")
    assert {"plans", "calls", "agents", "inspectors", "missed"} <= json.loads(said).keys()
    code, said, _ = callqa(capsys, "sample", "verify", "1", "--db", str(db))
    assert (code, "结果完全一致" in said) == (0, True)
    code, _, err = callqa(capsys, "sample", "draw", *where)
    assert (code, "no whole day of 2026-10 left" in err) == (2, True)
    code, _, err = callqa(capsys, "sample", "verify", "9", "--db", str(db))
    assert (code, "there is no sampling plan 9" in err) == (2, True)
