"""A misheard turn, corrected: masked before it is kept, and what the rules then say of the call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.corrected import keep_all, load, masked
from pipeline.domain import Agent, AppealStep, CallReport, Verdict
from pipeline.effective import decided_results, human_result
from pipeline.errors import BadInput
from pipeline.process import Packs, inspect, provenance_of
from pipeline.redaction import hidden_of
from pipeline.rescore import Job, write_results
from pipeline.store import (
    Appeals,
    CorrectionDraft,
    Corrections,
    Decision,
    Filters,
    People,
    ReviewDraft,
    Snapshot,
    Store,
    StoredCall,
    ask_decided,
)
from tests.builders import a_dialogue
from tests.store.fresh import fresh

PACKS = Packs()  # read once
CONTENT = "c" * 64
ZONE = "Asia/Shanghai"
TURNS = (
    "客服: 您好，这里是某某银行，请问有什么可以帮您？",
    "客户: 这款理财保本吗？",
    "客服: 您放心，肯定包本的，稳赚不赔。",  # 保本 was misheard
    "客户: 我的手机号是13812345678。",
    "客服: 好的，感谢来电，再见。",
)


def report() -> CallReport:
    call = a_dialogue(
        *TURNS, call_id="c-1", business_line="wealth", customer_id="U1", agent=Agent("A1", "陈坐席")
    )
    pack = PACKS.of("wealth")
    return inspect(call, pack, provenance_of(CONTENT, pack, "s"))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = fresh(tmp_path / "calls.duckdb")
    with Store.open(path) as store:
        store.save([report()])
        store.remember_packs([PACKS.of("wealth")])
        store.publish()
    return path


def correct(db: Path, segment: int, typed: str | None) -> None:
    with Snapshot.open(db) as snapshot:
        call = snapshot.call("c-1")
        (stored,) = snapshot.texts(["c-1"])
        text, spans = (None, ()) if typed is None else masked(stored, segment, typed)
        latest = {one.segment: one.id for one in call.corrections}
        heard = call.segments[segment]["text"]
        Corrections(snapshot.people).add(
            CorrectionDraft(
                "张敏", "c-1", CONTENT, segment, heard, text, spans, latest.get(segment)
            )
        )


def loaded(db: Path) -> StoredCall:
    with Snapshot.open(db) as snapshot:
        return load(snapshot, snapshot, "c-1", PACKS)


def verdicts(call: StoredCall) -> dict[str, Verdict]:
    return {row["rule"]: Verdict(row["verdict"]) for row in call.findings}


def failed(call: StoredCall) -> set[str]:
    return {rule for rule, verdict in verdicts(call).items() if verdict is Verdict.FAIL}


PROMISE = "no_principal_guarantee"
# These tell which signs of a sale are in what was really said.
SALE = {"risk_disclosed", "suitability_before_recommendation"}
CLEAN = "不保证本金，理财有风险，请看说明书。"


def test_what_the_agent_really_said_changes_the_result_and_taking_it_back_too(db: Path) -> None:
    before = loaded(db)
    assert PROMISE in failed(before)
    correct(db, 2, CLEAN)
    after = loaded(db)
    assert after.segments[2]["text"] == CLEAN
    assert after.heard[2]["text"] == before.segments[2]["text"]
    assert failed(before) - failed(after) == {PROMISE, "no_yield_promise"}
    assert (before.call["score"], after.call["score"]) == (0.0, 95.0)
    assert after.machine == before.call
    quiet = {rule for rule in verdicts(before) if verdicts(before)[rule] == verdicts(after)[rule]}
    same = {row["rule"]: row for row in before.findings}
    for row in after.findings:
        if row["rule"] in SALE:
            assert "已说明：产品" in row["why"]
        elif row["rule"] in quiet and not row["evidence"]:
            assert row["why"] == same[row["rule"]]["why"]
    with Snapshot.open(db) as snapshot:
        content = snapshot.pack_content(before.call["pack_hash"])
        assert content is not None
        _, card = human_result(after.findings, (before.call["pack_hash"], content), [], [])
    assert card.score == after.call["score"], "it is what counts"
    correct(db, 2, None)
    assert replace(loaded(db), corrections=[]) == before


def test_it_is_not_lost_when_the_call_is_scored_again(db: Path) -> None:
    correct(db, 2, CLEAN)
    first = loaded(db)
    with Store.open(db) as store:
        write_results(Job(db, "Asia/Shanghai", None, None), store, ["c-1"])
        store.publish()
    again = loaded(db)
    assert failed(again) == failed(first)
    assert again.call["score"] == first.call["score"]


def test_a_transcript_that_reads_otherwise_by_now_is_not_corrected(db: Path) -> None:
    correct(db, 2, CLEAN)
    turns = (*TURNS[:2], "客服: 我们有风险揭示。", *TURNS[3:])
    call = a_dialogue(*turns, call_id="c-1", business_line="wealth", customer_id="U1")
    pack = PACKS.of("wealth")
    with Store.open(db) as store:
        newer = replace(provenance_of(CONTENT, pack, "s"), revision="r2")
        store.save([inspect(call, pack, newer)])
        store.publish()
    now = loaded(db)
    assert (now.segments[2]["text"], now.heard) == ("我们有风险揭示。", ())


def test_without_its_pack_the_text_is_corrected_and_the_findings_are_as_they_were(
    db: Path, tmp_path: Path
) -> None:
    correct(db, 2, CLEAN)
    with Snapshot.open(db) as snapshot:
        call = load(snapshot, snapshot, "c-1", Packs("general"))
        assert (call.segments[2]["text"], call.machine) == (CLEAN, None)
        assert call.findings == snapshot.call("c-1").findings


def test_what_was_decided_stays_and_what_is_decided_afterwards_is_of_the_corrected_text(
    db: Path,
) -> None:
    with Snapshot.open(db) as snapshot:
        people = snapshot.people
    before = {row["rule"]: row for row in loaded(db).findings}
    draft = ReviewDraft("张敏", "c-1", CONTENT, Decision.CONFIRM, rule=PROMISE)
    people.add_review(replace(draft, decision=Decision.COMMENT, comment="听不清"))
    people.add_review(replace(draft, previous=1))
    correct(db, 2, CLEAN)
    after = loaded(db)
    assert {"no_yield_promise"} & failed(after) == set(), "nobody decided on that one"
    (kept,) = [row for row in after.findings if row["rule"] == PROMISE]
    assert (kept["verdict"], kept["evidence"]) == ("fail", before[PROMISE]["evidence"])
    correct(db, 4, "您放心，肯定包本的，稳赚不赔。")
    people.add_review(replace(draft, rule="no_yield_promise"))
    correct(db, 4, None)
    rows = {row["rule"]: row for row in loaded(db).findings}
    assert rows["no_yield_promise"]["verdict"] == "fail"
    assert rows["no_yield_promise"]["evidence"][0]["segment"] == 4
    assert rows[PROMISE]["evidence"] == before[PROMISE]["evidence"]


def counted(db: Path) -> tuple[list[tuple[float, bool]], set[str], set[str]]:
    """What figures count: changed calls by score and veto, changed rules, rules that cost."""
    with Snapshot.open(db) as snapshot:
        decided = decided_results(snapshot, Filters())
        rows = ask_decided(snapshot, Filters(), decided, "list_deductions", settled=False)
    cards = [(row["score"], row["vetoed"]) for row in decided.calls]
    return cards, {row["rule"] for row in decided.findings}, {row["rule"] for row in rows}


def test_figures_count_it_at_once_and_after_the_rules_changed(db: Path) -> None:
    assert counted(db)[0] == []
    assert counted(db)[2] >= {PROMISE}
    correct(db, 2, CLEAN)
    assert counted(db)[0] == [], "nothing was kept of it yet"
    assert keep_all(db, ZONE, PACKS) == 1
    cards, changed, costs = counted(db)
    assert cards == [(loaded(db).call["score"], False)] == [(95.0, False)]
    assert PROMISE in changed
    assert PROMISE not in costs
    assert keep_all(db, ZONE, PACKS) == 0, "nothing is new"
    with Store.open(db) as store:
        write_results(Job(db, ZONE, "general", None), store, ["c-1"])
        store.remember_packs([PACKS.of("general")])
        store.publish()
    assert counted(db)[0] == [], "it was of another pack"
    assert keep_all(db, ZONE, Packs("general")) == 1
    correct(db, 2, None)
    assert counted(db)[0] == [], "taken back"


def test_a_decision_counts_on_top_of_it(db: Path) -> None:
    correct(db, 2, CLEAN)
    correct(db, 4, "您放心，肯定保本的，再见。")
    keep_all(db, ZONE, PACKS)
    assert PROMISE in counted(db)[2]
    people = People.open(db)
    draft = ReviewDraft("张敏", "c-1", CONTENT, Decision.REJECT, rule=PROMISE)
    people.add_review(draft)
    cards, changed, costs = counted(db)
    call = loaded(db)
    with Snapshot.open(db) as snapshot:
        content = snapshot.pack_content(call.call["pack_hash"])
        assert content is not None
        pack = call.call["pack_hash"], content
        _, card = human_result(call.findings, pack, call.reviews, [])
    assert cards == [(card.score, card.vetoed)]
    assert PROMISE in changed
    assert PROMISE not in costs


def test_a_finding_under_appeal_is_the_one_that_was_appealed_against(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        appeals = Appeals(snapshot.people)
    number = appeals.file("陈坐席", (CONTENT, "c-1", PROMISE), "没有这样说", "1").id
    correct(db, 2, CLEAN)
    assert PROMISE in failed(loaded(db))
    appeals.step(number, "陈坐席", AppealStep.WITHDRAW, "已更正")
    assert PROMISE not in failed(loaded(db))


@pytest.mark.parametrize(
    ("segment", "typed", "shown"),
    [
        (3, "我的手机号是幺三八 一二三四 五六七八。", None),
        (3, "我的手机号是138****5678，对。", "我的手机号是138****5678，对。"),
        (4, "您的卡号6228480402564890018我记下了", None),
        (4, "验证码是八二七七三一", None),
        (2, "  肯定 保本的 ", "肯定 保本的"),
    ],
)
def test_private_data_is_masked_before_it_is_kept(
    db: Path, segment: int, typed: str, shown: str | None
) -> None:
    correct(db, segment, typed)
    with Snapshot.open(db) as snapshot:
        (one,) = Corrections(snapshot.people).of(CONTENT)
    assert one.text is not None
    if shown is None:
        assert "*" in one.text
        assert len(one.text) == len(typed)
        assert one.spans
    else:
        assert one.text == shown
    raw = b"".join(path.read_bytes() for path in db.parent.rglob("*") if path.is_file())
    for secret in ("12345678", "一二三四 五六", "6228480402564890018", "八二七七三一"):
        assert secret.encode() not in raw


def test_a_number_that_only_a_person_heard_is_not_heard_any_more(db: Path) -> None:
    before = hidden_of(loaded(db))
    correct(db, 4, "验证码是八二七七三一")
    call = loaded(db)
    hidden = hidden_of(call)
    assert before is not None
    assert hidden is not None
    turn = call.segments[4]
    assert any(start <= turn["start"] and end >= turn["end"] for start, end in hidden)
    assert not any(start <= turn["start"] and end >= turn["end"] for start, end in before)


def test_nothing_or_a_turn_that_is_not_there_is_no_correction(db: Path) -> None:
    with pytest.raises(BadInput, match="write what was said"):
        correct(db, 2, "  ")
    with Snapshot.open(db) as snapshot, pytest.raises(BadInput, match="no turn 10"):
        masked(snapshot.texts(["c-1"])[0], 9, "好")
