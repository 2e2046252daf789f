"""Calls whose findings people decided on, by how they were found."""

from __future__ import annotations

import random
from pathlib import Path

from pipeline.domain import Verdict
from pipeline.store import Decision, People, ReviewDraft, Snapshot, Store
from tests.store.fresh import fresh
from tests.store.reports import a_finding, a_report


def make(folder: Path, decided: int = 400) -> Path:
    """Rule `good` is confirmed where it is sure, `odd` where it is unsure; so many decided."""
    found = []
    for number in range(420):
        rule = ("good", "odd")[number % 2]
        unsure = number % 3 == 0
        found.append(
            a_report(
                f"n{number}", call_id=f"c-{number}", team=("一组", "二组")[number % 5 == 0],
                findings=(
                    a_finding(
                        rule, confidence=0.5 if unsure else 0.97,
                        verdict=Verdict.UNSURE if unsure else Verdict.FAIL,
                    ),
                ),
            )
        )  # fmt: skip
    path = fresh(folder / "calls.duckdb")
    with Store.open(path) as store:
        store.save(found)
        store.publish()
    with Snapshot.open(path) as snapshot:
        contents = snapshot.contents()
    people, rng = People.open(path), random.Random(5)
    for number in range(decided):
        sure = number % 3 != 0
        likely = 0.9 if sure == (number % 2 == 0) else 0.1
        decision = Decision.CONFIRM if rng.random() < likely else Decision.REJECT
        rule, call = ("good", "odd")[number % 2], f"c-{number}"
        people.add_review(ReviewDraft("李质检", call, contents[call], decision, rule=rule))
    return path
