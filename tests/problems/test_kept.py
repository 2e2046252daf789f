"""What is said is kept between two looks: a review changes what is counted, not what was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Decision, ProblemKind
from pipeline.problems import hear, look, material
from pipeline.store import ReviewDraft, Snapshot
from tests.problems.conftest import LAST, week


@pytest.fixture
def snapshot(db: Path) -> Snapshot:
    return Snapshot.open(db)


def test_the_same_is_found_with_what_was_kept(snapshot: Snapshot) -> None:
    kept = hear(snapshot, LAST)
    first, second = (look(snapshot, LAST, said=kept) for _ in range(2))
    assert first == second == look(snapshot, LAST)
    assert len(first.problems) >= 15


def test_nothing_is_cut_again_and_a_review_counts_at_once(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, before = hear(snapshot, LAST), look(snapshot, LAST)
    rule = next(one for one in before.problems if one.kind is ProblemKind.RULE)
    monkeypatch.delattr(material, "turns_of")
    call = min(before.calls[rule.id])
    with snapshot.cursor() as cursor:
        (content,) = cursor.execute(
            "SELECT content_sha256 FROM calls WHERE call_id = ?", [call]
        ).fetchone() or ("",)
    snapshot.people.add_review(
        ReviewDraft("李质检", call, content, Decision.REJECT, rule=rule.rule, comment="听错了")
    )
    after = look(snapshot, LAST, said=kept)
    assert before.calls[rule.id] - after.calls[rule.id] == {call}
    spoken = [one for one in before.problems if one.kind is not ProblemKind.RULE]
    assert [one for one in after.problems if one.kind is not ProblemKind.RULE] == spoken


def test_what_was_said_in_other_calls_is_not_used(snapshot: Snapshot) -> None:
    assert look(snapshot, LAST, said=hear(snapshot, week(1))) == look(snapshot, LAST)
