"""Problems that fell to none: told of apart, with their last size and whether that is noise."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.domain import Gone, Trend
from pipeline.problems import hide, look, note
from pipeline.store import ProblemRegister, Snapshot, Store
from pipeline.weeks import Week
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

W45, W46, W47 = (Week.parse(f"2026-W{n}") for n in (45, 46, 47))
FINE = "提前还款的违约金怎么算？"
POINTS = "积分什么时候清零？"
RULES = {"greeting": (9, 6, 0), "seldom": (0, 4, 0), "rare": (0, 2, 0), "stays": (5, 5, 5)}


def make(db: Path, per_week: int = 60) -> Path:
    """Three weeks; so many calls of each have the rules and questions above."""
    calls = []
    for week, monday in enumerate((2, 9, 16)):
        for number in range(per_week):
            failed = [rule for rule, often in RULES.items() if number < often[week]]
            asked = POINTS if number < (12, 14, 0)[week] else FINE if number % 6 == 5 else "好的。"
            calls.append(a_report(
                f"{week}-{number}", findings=tuple(a_finding(one, title=one) for one in failed),
                started_at=datetime(2026, 11, monday, 9, tzinfo=SHANGHAI) + timedelta(hours=number),
                turns=("您好，请问有什么可以帮您？", asked, "请稍等。"),
            ))  # fmt: skip
    with Store.open(fresh(db)) as store:
        store.save(calls)
        store.publish()
    return db


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("gone") / "calls.duckdb")


@pytest.fixture
def snapshot(db: Path) -> Snapshot:
    return Snapshot.open(db)


def by_name(gone: tuple[Gone, ...]) -> dict[str, Gone]:
    return {one.name: one for one in gone}


def test_what_fell_to_none_is_told_of_with_its_last_size(snapshot: Snapshot) -> None:
    seen = look(snapshot, W47)
    gone = by_name(seen.gone)
    (points,) = (one for name, one in gone.items() if "积分" in name)
    assert (points.last.week, points.last.calls, points.last.of) == ("2026-W46", 14, 60)
    assert points.trend is Trend.DOWN, "26 of 120 before"
    assert gone["greeting"].trend is Trend.DOWN
    assert (gone["seldom"].last.calls, gone["seldom"].chance) == (4, None), "too few to tell"
    assert not {"rare", "stays"} & gone.keys(), "was never a problem; still is one"
    assert [one.trend is Trend.DOWN for one in seen.gone] == [True, True, False]


def test_it_is_never_ranked(snapshot: Snapshot) -> None:
    seen = look(snapshot, W47)
    assert all(problem.calls for problem in seen.problems)
    assert not {one.id for one in seen.gone} & {one.id for one in seen.problems}
    assert not look(snapshot, W46).gone


def test_hidden_problems_are_not_told_of_when_they_go(db: Path, tmp_path: Path) -> None:
    with Snapshot.open(make(tmp_path / "calls.duckdb")) as snapshot:
        before = look(snapshot, W46)
        rule = next(one for one in before.problems if one.rule == "greeting")
        hide(ProblemRegister(snapshot.people), "张培训", rule)
        assert "greeting" not in by_name(look(snapshot, W47).gone)


def test_a_week_without_calls_has_lost_nothing(snapshot: Snapshot) -> None:
    assert look(snapshot, W47).size == 60
    empty = look(snapshot, Week.parse("2026-W48"))
    assert (empty.gone, empty.size) == ((), 0)


def test_the_command_lists_them_apart(db: Path) -> None:
    given = ["problems", "--db", str(db), "--week", str(W47)]
    told = CliRunner().invoke(app, given).output
    first, second = told.split("2026-W47 消失的问题")
    assert "greeting" not in first
    assert "2026-W46: 6/60" in second
    assert "不是偶然" in second
    found = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    assert [one["weeks"][-1]["calls"] for one in found["gone"]] == [0, 0, 0]


def test_a_week_without_problems_was_looked_at(tmp_path: Path) -> None:
    """Else the same week is looked at again every night."""
    quiet = [
        a_report(f"q{n}", started_at=datetime(2026, 11, 16, 9, tzinfo=SHANGHAI), findings=(),
                 turns=("您好", "好的"))
        for n in range(60)
    ]  # fmt: skip
    with Store.open(fresh(tmp_path / "calls.duckdb")) as store:
        store.save(quiet)
        store.publish()
    with Snapshot.open(tmp_path / "calls.duckdb") as snapshot:
        register = ProblemRegister(snapshot.people)
        assert look(snapshot, W47).problems == ()
        assert note(snapshot, Week.parse("2026-W48"), least=0) is None, "there is no call"
        assert note(snapshot, W47) == 0
        assert register.newest_week() == W47
