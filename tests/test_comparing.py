"""Rules about several calls of a customer: answered when all calls of a night are stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.nightly import Line, look, make_plan, process_batch, settle
from pipeline.oneoff import score
from pipeline.settings import Settings
from pipeline.store import Snapshot, Store

PACK = """\
pack: collection
title: 催收
version: "1"
control_points: [{number: "1", title: 频次}]
rules:
  - id: not_too_often
    title: 当天有效外呼超过三次
    title_en: Not more than three calls a day
    why: 频繁催收构成骚扰。
    checks: [D2]
    reference: {text: GB/T 45251-2025, status: S}
    control_point: "1"
    severity: major
    points: -10
    conditions:
      before: {operator: earlier_calls, label: 当天已有有效外呼, same_day: true, direction: outbound, min_customer_turns: 1, above: 2}
    forbid: before
    suggestion: 当天不再拨打。
    examples:
      hit: &calls [["客服: 您好。", "客户: 嗯。"], ["客服: 您好。", "客户: 哦。"], ["客服: 您好。", "客户: 好。"]]
      no_hit: *calls
"""  # noqa: E501 - one condition a line reads best


def chats(folder: Path, hours: list[int], customer: str = "U1", name: str = "c") -> None:
    folder.mkdir(exist_ok=True)
    for hour in hours:
        chat = {
            "call_id": f"{name}{hour}",
            "channel": "chat",
            "business_line": "collection",
            "direction": "outbound",
            "started_at": f"2026-11-18T{hour:02}:00:00+08:00",
            "customer": {"id": customer},
            "segments": [
                {"role": "agent", "text": f"您好，现在{hour}点"},
                {"role": "customer", "text": "知道了"},
            ],
        }
        (folder / f"{name}{hour}.json").write_text(json.dumps(chat), encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    packs = tmp_path / "packs"
    packs.mkdir()
    (packs / "collection.yaml").write_text(PACK, encoding="utf-8")
    return Settings(packs_dir=packs, intake={"settle_seconds": 0})  # type: ignore[arg-type]


def night(folder: Path, db: Path, settings: Settings) -> dict[str, str]:
    """One night without Prefect: verdict of the rule by call."""
    with Store.open(db) as store:
        line = Line(settings, store.layout.spool)
        plan = make_plan(look([folder], settings, store), line, store)
        for batch in plan.batches:
            assert process_batch(batch, line, lambda _: None) == []
        store.load_spool()
        settle(store, line)
        assert settle(store, line) == 0
        store.publish()
    with Snapshot.open(db) as snapshot, snapshot.cursor() as cursor:
        return dict(cursor.execute("SELECT call_id, verdict FROM findings").fetchall())


def test_the_fourth_call_of_a_day_fails(tmp_path: Path, settings: Settings) -> None:
    chats(tmp_path / "in", [9, 10, 11, 14])
    chats(tmp_path / "in", [9, 10, 11], customer="U2", name="d")
    found = night(tmp_path / "in", tmp_path / "calls.duckdb", settings)
    assert {call for call, verdict in found.items() if verdict == "fail"} == {"c14"}
    assert len(found) == 7
    assert set(found.values()) == {"pass", "fail"}


def test_a_call_that_arrives_late_counts_for_later_ones(tmp_path: Path, settings: Settings) -> None:
    """Its own verdict and that of the calls after it change; the provisional ones are not kept."""
    db = tmp_path / "calls.duckdb"
    chats(tmp_path / "in", [9, 10, 14])
    assert set(night(tmp_path / "in", db, settings).values()) == {"pass"}
    chats(tmp_path / "in", [11])
    found = night(tmp_path / "in", db, settings)
    assert {call for call, verdict in found.items() if verdict == "fail"} == {"c14"}
    with Snapshot.open(db) as snapshot, snapshot.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM old_scores").fetchone() == (0,)
        assert cursor.execute("SELECT fails FROM calls WHERE call_id = 'c14'").fetchone() == (1,)


def test_score_compares_what_is_given_together(tmp_path: Path, settings: Settings) -> None:
    chats(tmp_path / "in", [9, 10, 11, 14])
    files = sorted((tmp_path / "in").glob("*.json"))
    reports = list(score(files, settings, None))
    found = {r.info.call_id: str(r.findings[0].verdict) for r in reports}  # type: ignore[union-attr]
    assert found == {"c9": "pass", "c10": "pass", "c11": "pass", "c14": "fail"}
    (alone,) = score(files[:1], settings, None)
    assert str(alone.findings[0].verdict) == "not_applicable"  # type: ignore[union-attr]
