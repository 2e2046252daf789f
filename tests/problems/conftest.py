"""A small generated history with planted problems, made once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import history
from bench.history import Plan, Truth
from pipeline.domain import Problem
from pipeline.problems import Weekly, look
from pipeline.store import Snapshot
from pipeline.weeks import Week

PLAN = Plan("shown", 480, 4, 1)
LAST = history.last_week(PLAN)


@dataclass(frozen=True)
class Made:
    """The database, what was planted, and its last week as it is found."""

    db: Path
    truth: Truth
    seen: Weekly

    def best(self, kind: str, key: str) -> Problem:
        """The problem of a kind that holds most of a planted one."""
        wanted = self.truth.of(kind, key)
        among = [one for one in self.seen.problems if one.kind == kind]
        return max(among, key=lambda one: len(self.seen.calls[one.id] & wanted))

    def holds(self, problem: Problem, key: str) -> tuple[float, float]:
        """Recall and purity of a problem."""
        wanted, calls = self.truth.of(str(problem.kind), key), self.seen.calls[problem.id]
        return len(wanted & calls) / len(wanted), len(wanted & calls) / len(calls)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    db = tmp_path_factory.mktemp("history") / "calls.duckdb"
    truth = history.make(db, PLAN)
    with Snapshot.open(db) as snapshot:
        return Made(db, truth, look(snapshot, LAST))


@pytest.fixture
def db(made: Made, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made.db.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.db.name


def week(back: int) -> Week:
    return LAST.back(back)
