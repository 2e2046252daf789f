"""Stored calls scored again: with the same result, with another pack, compared with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.generated_calls import generate
from pipeline.backtest import backtest
from pipeline.cli import main
from pipeline.domain import CallReport, Transcript, Verdict
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import Packs, inspect, inspect_again, provenance_of
from pipeline.rescore import Job, rescore, rescored, write_results
from pipeline.rules import load_pack, parse_dialogue
from pipeline.store import Snapshot, Store, StoredText
from tests.store.reports import SHANGHAI

MINE = """\
pack: general
title: 更严
version: "2"
control_points: [{number: "9", title: 新}]
rules:
  - id: says_thanks
    title: 道谢
    title_en: Says thanks
    why: 礼貌。
    checks: []
    reference: {text: 内部规范：用语, status: house}
    control_point: "9"
    severity: major
    points: -30
    conditions:
      thanks: {operator: keyword, label: 道谢, role: agent, phrases: [谢谢|感谢]}
    require: thanks
    suggestion: 谢谢您。
    examples:
      hit: [["客服: 喂。"], ["客服: 讲。"], ["客服: 嗯。"]]
      no_hit: [["客服: 谢谢。"], ["客服: 感谢您。"], ["客服: 非常感谢。"]]
"""


PACKS = Packs()  # read once
PRICE_LIST = Path(__file__).resolve().parents[1] / "docs/examples/packs/general.yaml"


def report(transcript: Transcript, content: str) -> CallReport:
    pack = PACKS.of(transcript.info.business_line)
    return inspect(transcript, pack, provenance_of(content, pack, "s"))


def calls(count: int) -> Iterator[Transcript]:
    for call in generate(count, 20):
        yield parse_transcript(json.dumps(call), "generated", SHANGHAI).transcript


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "calls.duckdb"
    with Store.open(path) as store:
        store.save(report(call, f"{k:064}") for k, call in enumerate(calls(40)))
        store.publish()
        write_results(job(path), store, ids(path))  # as at the end of a run
        store.publish()
    return path


def job(db: Path, pack: str | None = None) -> Job:
    return Job(db, "Asia/Shanghai", pack, None)


def ids(db: Path) -> list[str]:
    with Snapshot.open(db) as snapshot:
        return [row["call_id"] for row in snapshot.for_scoring()]


def silent(_done: int, _all: int) -> None:
    pass


def test_the_masked_text_gives_the_same_verdicts(db: Path) -> None:
    """Every verdict, score and piece of evidence of every call, read back from the store."""
    with Snapshot.open(db) as snapshot:
        texts = {text.call_id: text for text in snapshot.texts(ids(db))}
    for call in calls(40):
        first = report(call, "x")
        again = inspect_again(texts[call.info.call_id], PACKS.of(call.info.business_line), None)
        assert [(f.rule, f.verdict) for f in again.findings] == [
            (f.rule, f.verdict) for f in first.findings
        ]
        assert [f.evidence for f in again.findings] == [f.evidence for f in first.findings]
        assert again.scorecard == first.scorecard


def test_examples_of_rules_give_the_same_verdicts_on_masked_text() -> None:
    different = []
    pack = load_pack("bank")
    for rule in pack.rules:
        for dialogue in (*rule.examples.hit, *rule.examples.no_hit):
            call = parse_dialogue(dialogue.lines, dialogue.info, dialogue.tail, dialogue.pace)
            first = inspect(call, pack, provenance_of("x", pack, "s"))
            stored = as_stored(first)
            again = inspect_again(stored, pack, None)
            for one, other in zip(first.findings, again.findings, strict=True):
                if one.verdict is not other.verdict:
                    different.append((one.rule, one.verdict, other.verdict, dialogue.lines))
    assert different == []


@pytest.mark.parametrize(
    ("line", "agent"),
    [
        ("collection", "您好，我是东方银行信用卡中心的，您的贷款逾期了，应还{}，请尽快还款。"),
        ("bank", "您的余额是{}。"),
        ("bank", "您昨天消费了{}，是您本人吗？"),
        ("wealth", "您的持仓市值目前是{}，稳赚不赔。"),
        ("insurance", "您现在退保能拿回{}，现金价值就这么多。"),
    ],
)
@pytest.mark.parametrize(
    "amount", ["三万两千四百块", "8,326.40元", "3.2万", "两千多", "三十二万", "12000元", "五千六"]
)
def test_amounts_give_the_same_verdicts_when_their_digits_are_gone(
    line: str, agent: str, amount: str
) -> None:
    said = agent.format(amount)
    call = parse_dialogue(["客服: 您好。", "客户: 你好。", f"客服: {said}"], {})
    pack = PACKS.of(line)
    first = inspect(call, pack, provenance_of("x", pack, "s"))
    assert [span.kind for span in first.private_spans] == ["amount"]
    again = inspect_again(as_stored(first), pack, None)
    verdicts = {finding.rule: finding.verdict for finding in first.findings}
    assert {finding.rule: finding.verdict for finding in again.findings} == verdicts
    assert verdicts["identity_before_amounts"] is Verdict.FAIL


@pytest.mark.parametrize(
    ("agent", "verdict"),
    [
        ("您的余额是三千二百元。", Verdict.NOT_APPLICABLE),
        ("年费是十块钱，您的余额是三千二百元。", Verdict.PASS),
        ("年费是二十块钱，您的余额是三千二百元。", Verdict.FAIL),
    ],
)
def test_a_sum_of_the_account_is_not_compared_with_the_price_list(
    agent: str, verdict: Verdict
) -> None:
    """Its digits are gone when the call is scored again; a fee's are not."""
    pack = load_pack(str(PRICE_LIST))
    call = parse_dialogue(["客户: 储蓄卡年费多少？", f"客服: {agent}"], {})
    first = inspect(call, pack, provenance_of("x", pack, "s"))
    again = inspect_again(as_stored(first), pack, None)
    for findings in (first.findings, again.findings):
        assert {f.rule: f.verdict for f in findings}["stated_facts_are_right"] is verdict


def as_stored(report: CallReport) -> StoredText:
    """What the store would give back of a report."""
    return StoredText(
        report.info.call_id, "x", report.transcript, report.metrics, report.private_spans,
        report.duration, report.capabilities, "bank", "h", 0, "", False, {},
    )  # fmt: skip


def test_workers_give_what_one_process_gives(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = {b.call_id: (b, a) for pairs in rescored(job(db), ids(db)) for b, a in pairs}
    monkeypatch.setattr("pipeline.rescore.SMALL", 1)
    monkeypatch.setattr("pipeline.rescore.CHUNK", 7)
    many = {b.call_id: (b, a) for pairs in rescored(job(db), ids(db), 2) for b, a in pairs}
    assert many == alone
    assert len(many) == 40


def test_old_scores_stay(db: Path, tmp_path: Path) -> None:
    """Another pack gives new scores; the old ones and their findings are kept beside them."""
    (tmp_path / "mine").mkdir()
    mine = tmp_path / "mine" / "general.yaml"
    mine.write_text(MINE, encoding="utf-8")
    with Snapshot.open(db) as snapshot:
        before = snapshot.call(ids(db)[0])
    with Store.open(db) as store:
        counts = rescore(job(db, str(mine)), store, None, silent)
    assert counts == {"calls": 40, "changed": 40}
    with Snapshot.open(db) as snapshot:
        after = snapshot.call(ids(db)[0])
        (old,) = snapshot.old_scores(str(before.call["content_sha256"]))
        with snapshot.cursor() as cursor:
            findings = cursor.execute(
                "SELECT rule, verdict FROM old_findings WHERE content_sha256 = ?",
                [before.call["content_sha256"]],
            ).fetchall()
    assert after.call["pack_version"] == "2"
    assert {f["rule"] for f in after.findings} == {"says_thanks"}
    assert after.segments == before.segments
    assert (old["score"], old["pack_hash"]) == (before.call["score"], before.call["pack_hash"])
    assert sorted(findings) == sorted((f["rule"], f["verdict"]) for f in before.findings)
    with Store.open(db) as store:
        assert rescore(job(db, str(mine)), store, None, silent) == {"calls": 0, "changed": 0}


def test_since_chooses_the_calls(db: Path, tmp_path: Path) -> None:
    mine = tmp_path / "general.yaml"
    mine.write_text(MINE, encoding="utf-8")
    began = datetime(2026, 11, 1, 1, tzinfo=UTC) + timedelta(seconds=37 * 30)
    with Store.open(db) as store:
        assert rescore(job(db, str(mine)), store, began, silent)["calls"] == 10


def test_a_backtest_shows_what_would_change_and_writes_nothing(db: Path, tmp_path: Path) -> None:
    mine = tmp_path / "general.yaml"
    mine.write_text(MINE, encoding="utf-8")
    result = backtest(job(db, str(mine)), None, silent).report()
    assert result["calls"] == result["changed"] == 40
    rows = {row["rule"]: row for row in result["rules"]}
    thanks = rows["says_thanks"]
    assert thanks["before"] == {"absent": 40}
    assert thanks["newly_failed"] == thanks["after"].get("fail", 0)
    assert rows["polite_greeting"]["after"] == {"absent": 40}
    assert len(result["biggest"]) == 20
    assert any(example["rule"] == "says_thanks" for example in result["examples"])
    with Snapshot.open(db) as snapshot:
        assert snapshot.call(ids(db)[0]).call["pack_version"] != "2"


def test_a_backtest_of_the_same_pack_changes_nothing(db: Path) -> None:
    result = backtest(job(db, "bank"), None, silent).report()
    assert result["calls"] == 8
    assert result["changed"] == 0
    assert result["mean_score_before"] == result["mean_score_after"]


def callqa(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["callqa", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


def test_the_commands(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "general.yaml"
    mine.write_text(MINE, encoding="utf-8")
    code, out, err = callqa(capsys, "rules", "backtest", str(mine), "--db", str(db))
    assert (code, "general 2：40 通通话，40 通会有变化" in out) == (0, True)
    assert "says_thanks" in out
    assert "道谢" in out
    assert "40 / 40 通" in err
    code, out, _ = callqa(capsys, "rules", "backtest", "bank", "--db", str(db), "--json")
    assert json.loads(out)["changed"] == 0
    code, out, _ = callqa(capsys, "rescore", "--db", str(db))
    assert "没有需要重新评分的通话" in out
    code, out, _ = callqa(capsys, "rescore", "--db", str(db), "--pack", str(mine), "--json")
    assert json.loads(out) == {"calls": 40, "changed": 40}
    code, _, err = callqa(capsys, "rescore", "--db", str(tmp_path / "none.duckdb"))
    assert (code, "there is no such file" in err) == (2, True)
