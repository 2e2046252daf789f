"""The person's card beside the machine's, on a call that a real pack scored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline.domain import Agent, CallInfo, Medium, Role, Segment, Transcript
from pipeline.errors import BadPack, TryAgain
from pipeline.process import inspect, provenance_of
from pipeline.rules import Library
from pipeline.rules.kept import kept_pack
from pipeline.store import LevelDraft, Levels, People, Snapshot, Store
from tests.dashboards.conftest import Open, component, seen
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_hash

CALL = "c-judged"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat in which an agent promises the principal, scored by the built-in pack."""
    pack = Library().load("wealth")
    info = CallInfo(
        CALL, Medium.CHAT, "wealth", "inbound", datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI),
        Agent("A1", "陈晨", "一组"),
    )  # fmt: skip
    turns = (
        (Role.AGENT, "您好，很高兴为您服务，请问有什么可以帮您？"),
        (Role.CUSTOMER, "这个理财安全吗？"),
        (Role.AGENT, "您放心，这款理财保本保息，绝对没有风险。"),
        (Role.CUSTOMER, "好的，谢谢，再见。"),
    )
    text = Transcript(info, tuple(Segment(role, words) for role, words in turns))
    report = inspect(text, pack, provenance_of(a_hash("judged"), pack, "s"))
    db = fresh(tmp_path_factory.mktemp("judging") / "calls.duckdb")
    with Store.open(db) as store:
        store.remember_packs([pack])
        store.save([report])
        store.publish()
    return db


@pytest.fixture
def db(made: Path) -> Path:
    People.open(made).path.unlink(missing_ok=True)
    return made


@pytest.fixture
def page(open_page: Open, db: Path) -> AppTest:
    at = open_page(db, "call", id=CALL)
    return at.text_input(key="reviewer").set_value("李质检").run()


def score_of(at: AppTest, which: str = "counts") -> str:
    text: str = component(at, "card")["rows"][-1]["cells"][which]["text"]
    return text


def test_without_decisions_both_cards_are_the_same(page: AppTest) -> None:
    assert score_of(page) == score_of(page, "points")
    assert TEXTS["result_human"][0] in seen(page)


def test_a_decision_counts_at_once_and_can_be_taken_back(page: AppTest) -> None:
    rule = "no_principal_guarantee"  # unsure here: it costs nothing until somebody confirms it
    before = float(score_of(page))
    page.button(key=f"confirm_{CALL}_{rule}").click().run()
    assert score_of(page) == "0"  # a veto
    assert float(score_of(page, "points")) == before
    page.text_input(key=f"comment_{CALL}_{rule}").set_value("引用客户的话")
    page.button(key=f"reject_{CALL}_{rule}").click().run()
    assert float(score_of(page)) == before


def test_a_level_counts_at_once_and_keeps_who_chose_it(page: AppTest, db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        content = snapshot.pack_content(str(snapshot.call(CALL).call["pack_hash"])) or {}
    item = content["human"][0]
    worst = min(item["levels"], key=lambda level: level[1])[0]
    key = f"level_{CALL}_{item['id']}"
    page.segmented_control(key=key).set_value(worst).run()
    (choice,) = Levels(People.open(db)).of(a_hash("judged"))
    assert (choice.item, choice.level, choice.reviewer) == (item["id"], worst, "李质检")
    assert page.segmented_control(key=key).value == worst
    assert "李质检" in page.segmented_control(key=key).label


def test_of_two_who_choose_the_second_is_told(db: Path) -> None:
    levels = Levels(People.open(db))
    draft = LevelDraft("李质检", CALL, a_hash("judged"), "attitude", "优")
    first = levels.choose(draft)
    with pytest.raises(TryAgain, match="李质检 chose '优' for attitude"):
        levels.choose(LevelDraft("王质检", CALL, a_hash("judged"), "attitude", "差"))
    again = levels.choose(
        LevelDraft("李质检", CALL, a_hash("judged"), "attitude", "良", previous=first.id)
    )
    assert levels.of(a_hash("judged")) == [again]


def test_a_kept_pack_scores_as_the_pack_itself() -> None:
    for name in ("bank", "telesales", "insurance", "collection", "investment"):
        pack = Library().load(name)
        kept = kept_pack(pack.content(), pack.sha256)
        assert kept.plan == replace(pack.plan, most=pack.plan.highest)
        assert kept.facts == pack.facts


def test_a_pack_that_was_kept_with_less_is_refused() -> None:
    with pytest.raises(BadPack, match="without its scorecard"):
        kept_pack({"pack": "bank", "version": "1", "rules": [{"id": "greeting"}]}, "p" * 64)
