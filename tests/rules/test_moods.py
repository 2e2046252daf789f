"""Moods that the trained model reads, through rules: who is accused, who is asked, which model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Finding, Verdict
from pipeline.learning.files import CURRENT, SHIPPED, load, save
from pipeline.learning.model import FLAGS
from pipeline.learning.moods import Moods
from pipeline.process import inspect, inspect_again, make_advisers, provenance_of
from pipeline.rules import NOBODY, Advisers, RulePack, load_pack
from pipeline.settings import Settings
from pipeline.store import Snapshot, Store
from tests.builders import a_dialogue
from tests.rules.packs import says, write_pack
from tests.store.fresh import fresh

CHILLED = ("客服: 您好。", "客户: 你们这服务真是让人寒心。", "客服: 请稍等。")  # no list has it
THREAT = ("客服: 您好。", "客户: 你们再不解决我就去银保监投诉了。", "客服: 请稍等。")
CALM = ("客服: 您好。", "客户: 好的，谢谢您。", "客服: 请稍等。")


def the_pack(folder: Path, by: str) -> RulePack:
    """Who is discontent must be told that he is heard."""
    mood = {"operator": "sentiment", "label": "客户不满", "role": "customer", "by": by,
            "kinds": ["complaint", "dissatisfaction"]}  # fmt: skip
    heard = {"operator": "keyword", "label": "安抚", "role": "agent", "phrases": ["非常抱歉"]}
    rule = says("calms", "抱歉", when="mood", require="heard",
                conditions={"mood": mood, "heard": heard})  # fmt: skip
    return load_pack(write_pack(folder, "mine", rule))


def scored(pack: RulePack, lines: tuple[str, ...], advisers: Advisers) -> Finding:
    report = inspect(
        a_dialogue(*lines), pack, provenance_of("k" * 64, pack, "h"), advisers=advisers
    )
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("by", "lines", "verdict"),
    [
        ("words", CHILLED, Verdict.NOT_APPLICABLE),
        ("words", THREAT, Verdict.FAIL),
        ("model", CHILLED, Verdict.UNSURE),
        ("model", THREAT, Verdict.UNSURE),
        ("model", CALM, Verdict.NOT_APPLICABLE),
        ("either", CHILLED, Verdict.UNSURE),
        ("either", THREAT, Verdict.FAIL),
        ("either", CALM, Verdict.NOT_APPLICABLE),
    ],
)
def test_what_the_model_alone_reads_accuses_nobody(
    tmp_path: Path, by: str, lines: tuple[str, ...], verdict: Verdict
) -> None:
    finding = scored(the_pack(tmp_path, by), lines, Advisers(moods=Moods()))
    assert finding.verdict is verdict
    assert (finding.points != 0) is (verdict is Verdict.FAIL)


def test_the_reason_names_the_model_and_the_evidence_is_the_sentence(tmp_path: Path) -> None:
    finding = scored(the_pack(tmp_path, "model"), CHILLED, Advisers(moods=Moods()))
    assert finding.verdict is Verdict.UNSURE
    pack = the_pack(tmp_path, "model")
    forbidden = says("mood", "不满", must_not=True, forbid="mood",
                     conditions={"mood": pack.rules[0].model_dump(
                         mode="json", exclude_defaults=True)["conditions"]["mood"]})  # fmt: skip
    other = load_pack(write_pack(tmp_path / "other", "other", forbidden))
    shown = scored(other, CHILLED, Advisers(moods=Moods()))
    (evidence,) = shown.evidence
    assert (evidence.segment, evidence.quote) == (1, "你们这服务真是让人寒心。")
    assert evidence.start is not None
    assert shown.verdict is Verdict.UNSURE
    assert "仅由情绪模型（flags@shipped-1，概率 88%）判断，需听录音确认" in shown.why


def test_what_is_missing_after_a_doubtful_occasion_is_shown_there(tmp_path: Path) -> None:
    pack = the_pack(tmp_path, "model")
    rule = pack.rules[0].model_dump(mode="json", exclude_defaults=True)
    rule["conditions"]["heard"]["scope"] = {"anchor": {"condition": "mood", "where": "after"}}
    other = load_pack(write_pack(tmp_path / "other", "other", rule))
    (evidence,) = scored(other, CHILLED, Advisers(moods=Moods())).evidence
    assert (evidence.segment, evidence.quote) == (1, "你们这服务真是让人寒心。")


def test_without_a_model_it_does_not_apply_and_a_damaged_one_is_unsure(tmp_path: Path) -> None:
    pack = the_pack(tmp_path, "model")
    assert scored(pack, CHILLED, NOBODY).verdict is Verdict.NOT_APPLICABLE
    folder = tmp_path / "models" / FLAGS
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "model.skops").write_bytes(b"no model")
    (folder / CURRENT).write_text("mine")
    finding = scored(pack, CHILLED, Advisers(moods=Moods(tmp_path / "models")))
    assert finding.verdict is Verdict.UNSURE
    assert "情绪模型无法读取，需人工判断" in finding.why


def test_the_model_in_force_reads_and_another_one_at_once(tmp_path: Path) -> None:
    pack, folder = the_pack(tmp_path, "model"), tmp_path / "models"
    moods = Moods(folder)
    assert "flags@shipped-1" in scored(pack, CHILLED, Advisers(moods=moods)).why
    strict = replace(load(SHIPPED / FLAGS), version="mine")
    save(folder / FLAGS / "mine", replace(strict, thresholds=strict.thresholds * 0 + 0.95), "", {})
    (folder / FLAGS / CURRENT).write_text("mine")
    assert scored(pack, CHILLED, Advisers(moods=moods)).verdict is Verdict.NOT_APPLICABLE
    louder = CHILLED[0], "客户: 给我一个说法，不然我去网上曝光。", CHILLED[2]
    assert "flags@mine" in scored(pack, louder, Advisers(moods=moods)).why


def test_a_stored_call_scored_again_reads_the_same(tmp_path: Path) -> None:
    pack, advisers = the_pack(tmp_path, "model"), make_advisers(Settings())
    said = (
        "客服: 您好。",
        "客户: 我姓王，电话13812345678，你们这服务真是让人寒心。",
        "客服: 请稍等。",
    )
    provenance = provenance_of("k" * 64, pack, "h")
    report = inspect(a_dialogue(*said), pack, provenance, advisers=advisers)
    with Store.open(fresh(tmp_path / "calls.duckdb")) as store:
        store.save([report])
        store.publish()
    with Snapshot.open(tmp_path / "calls.duckdb") as snapshot:
        (stored,) = snapshot.texts([report.transcript.info.call_id])
    again = inspect_again(stored, pack, None, advisers)
    assert again.findings == report.findings
    assert again.findings[0].verdict is Verdict.UNSURE
    assert "1381234" not in str(again.findings)


def test_the_agent_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read: list[Any] = []
    moods = Moods()
    monkeypatch.setattr(
        Moods, "read", lambda self, texts, real=Moods.read: read.extend(texts) or real(self, texts)
    )
    scored(the_pack(tmp_path, "words"), THREAT, Advisers(moods=moods))
    assert read == [], "word lists need no model"
    scored(the_pack(tmp_path, "model"), CHILLED, Advisers(moods=moods))
    assert read == ["", "你们这服务真是让人寒心。", ""]
