"""Words that people accepted stay whole in problems, and topics are known again after that."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.problems import look, note
from pipeline.problems.known import cut_now
from pipeline.store import Snapshot, Store, Words
from pipeline.weeks import Week
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_report

W46, W47 = Week.parse("2026-W46"), Week.parse("2026-W47")
WORD = "稳盈宝"  # beside ever other characters, so it is in no phrase
BEFORE = tuple("买存转退查卖投换领赎补提")
OTHERS = ("积分怎么清零？", "挂失要多少钱？", "限额怎么改？")


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    """Two weeks: every second customer asks about the product, the others about other things."""
    db = fresh(tmp_path / "calls.duckdb")
    calls = []
    for number in range(48):
        asked = (
            f"{BEFORE[number // 2 % 12]}{WORD}亏本怎么办？" if number % 2 else OTHERS[number % 3]
        )
        at = datetime(2026, 11, 9, 9, tzinfo=SHANGHAI) + timedelta(hours=7 * number)
        turns = ("您好，请问有什么可以帮您？", asked, "请稍等。")
        calls.append(a_report(f"call {number}", started_at=at, turns=turns))
    with Store.open(db) as store:
        store.save(calls)
        store.publish()
    return Snapshot.open(db)


def test_a_name_keeps_an_accepted_word_whole(snapshot: Snapshot) -> None:
    names = [one.name for one in look(snapshot, W47).problems]
    assert any("亏本" in name for name in names)
    assert not any(WORD in name for name in names), names
    Words(snapshot.people).decide("张培训", [WORD], accepted=True)
    (problem,) = [one for one in look(snapshot, W47).problems if WORD in one.name]
    assert WORD in problem.words
    assert not {"稳盈", "盈宝"} & set(problem.words)
    Words(snapshot.people).decide("张培训", [WORD], accepted=False)
    assert [one.name for one in look(snapshot, W47).problems] == names


def test_a_topic_is_known_again_when_one_of_its_words_was_accepted_meanwhile(
    snapshot: Snapshot,
) -> None:
    assert note(snapshot, W46, least=0)
    before = next(one for one in look(snapshot, W46).problems if "亏本" in one.name)
    Words(snapshot.people).decide("张培训", [WORD], accepted=True)
    (now,) = [one for one in look(snapshot, W47).problems if WORD in one.words]
    assert (now.id, now.name) == (before.id, before.name)


def test_a_centre_in_words_as_they_are_cut_now() -> None:
    terms = {"稳盈": 0.3, "盈宝": 0.4, "亏本": 0.6}
    assert cut_now(terms, frozenset()) == terms
    assert cut_now(terms, frozenset({"稳盈宝", "安心年金"})) == {"亏本": 0.6, "稳盈宝": 0.5}
