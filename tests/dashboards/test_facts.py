"""The measures of a call in plain words, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboards import facts
from pipeline.domain import CallMetrics, Medium
from pipeline.store import Snapshot
from tests.dashboards.databases import make
from tests.store.reports import a_report


@pytest.fixture(autouse=True)
def _outside_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def shown(folder: Path, lang: str = "zh", **changes: Any) -> dict[str, str]:
    db = make(folder / "calls.duckdb", [a_report("one", **changes)])
    st.session_state["lang"] = lang
    with Snapshot.open(db) as snapshot:
        return dict(facts.measures(snapshot.call("c-one")))


def test_what_was_measured_is_said_in_words(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["不含停顿的语速（字/分）"] == "坐席 265　客户 —"
    assert found["应答等待"] == "坐席 一般 0.8 秒，最长 2.5 秒　客户 —"
    assert found["静默时轮到谁说"] == "坐席 1.0 秒　客户 0.0 秒　说不准 0.5 秒"
    assert found["让客户等候"] == "1 次，共 6.5 秒，其中 0 次没有事先告知"
    assert found["插话与让话"] == "坐席 插话 1 次，被打断后停下 0 次　客户 —"
    assert found["句中停顿"] == "坐席 1 次，最长 0.4 秒　客户 —"
    assert found["响度"] == "坐席 -23.1 LUFS　0.2% 过载失真　客户 —"
    assert found["音高与起伏"] == "坐席 211 Hz，起伏 7.5 个半音　客户 —"


def test_a_turn_that_stands_out_has_its_reason_and_no_score(tmp_path: Path) -> None:
    said = shown(tmp_path)["与本人平时的声音相比"]
    assert said == (
        "坐席 0:00 远高于平时：响 7.1 分贝、音调高 3.2 个半音、音调起伏大 1 个半音"
        "　客户 句子太少，无法比较　（只是测量，不是判断：高兴和生气都会这样）"
    )
    english = shown(tmp_path, "en", agent="A2")["Against the speaker's usual voice"]
    assert english.startswith("Agent 0:00 far above usual: 7.1 dB louder, 3.2 semitones higher,")


def test_a_call_that_was_not_measured_says_nothing(tmp_path: Path) -> None:
    found = shown(tmp_path, medium=Medium.CHAT)
    for name in ("应答等待", "响度", "音高与起伏", "与本人平时的声音相比", "静默时轮到谁说"):
        assert found[name] == "—"


def test_usual_voices_are_said_to_be_usual(tmp_path: Path) -> None:
    metrics: CallMetrics = a_report().metrics
    assert metrics.agent is not None
    calm = replace(metrics.agent, compared=6, raised=0, agitated=0)
    found = shown(tmp_path, metrics=replace(metrics, agent=calm, tones=()))
    assert found["与本人平时的声音相比"].startswith("坐席 6 句都与平时相近")
