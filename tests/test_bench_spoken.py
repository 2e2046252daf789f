"""The measurement of private data in speech runs: all of it but the voice and the recogniser."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench import privacy_spoken
from bench.spoken import read_aloud, told
from pipeline.domain import CallInfo, Role, Segment, Transcript, Word
from tests.sounds import a_tone, encode

CASES = """
- {id: t-1, about: phone, look_alike: "", traits: [], business_line: bank,
   lines: ["客服: 您的手机号是多少？", "客户: 我的手机号是〔phone:13800138000〕，对。"]}
- {id: t-2, about: phone, look_alike: "", traits: [chat], business_line: bank, lines: ["客户: 好"]}
- {id: t-3, about: email, look_alike: "", traits: [], business_line: bank,
   lines: ["客户: 〔email:a@b.com〕"]}
"""
PACE = 0.2  # seconds a character
Turn = dict[str, Any]


def spoken(turns: Sequence[Turn]) -> None:
    """Give the turns times as the voice does."""
    clock = 0.5
    for turn in turns:
        times = [(clock + PACE * n, clock + PACE * (n + 1)) for n in range(len(turn["text"]))]
        turn["times"] = [
            pair if c.isalnum() else None for c, pair in zip(turn["text"], times, strict=True)
        ]
        turn["start"], turn["end"] = times[0][0], times[-1][1]
        clock = times[-1][1] + 0.5


def recognised(turns: Sequence[Turn]) -> Transcript:
    """What a recogniser without a fault makes of them: a word a character, at its time."""
    segments = []
    for turn in turns:
        words = tuple(
            Word(character, turn["start"] + PACE * n, turn["start"] + PACE * (n + 1), 1.0)
            for n, character in enumerate(turn["text"])
        )
        role = Role(turn["role"])
        segments.append(Segment(role, turn["text"], turn["start"], turn["end"], words=words))
    return Transcript(CallInfo("t-1"), tuple(segments), 12.0)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["privacy_spoken", *map(str, arguments)])
    privacy_spoken.main()


def test_private_data_in_speech_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    run(monkeypatch, "script", tmp_path / "cases.yaml", tmp_path / "script.json")
    assert "1 items; left out: {'chat': 1, 'Latin letters': 1}" in capsys.readouterr().out
    items = json.loads((tmp_path / "script.json").read_text(encoding="utf-8"))
    turns = items[0]["turns"]
    assert turns[1]["text"] == "我的手机号是幺三八零零幺三八零零零，对。"
    spoken(turns)
    (tmp_path / "spoken.json").write_text(json.dumps(items), encoding="utf-8")
    encode_calls(tmp_path / "calls")
    heard = recognised(turns)
    (tmp_path / "strict").mkdir()
    for name in ("calls", "copies_1", "strict/copies_1"):
        (tmp_path / f"{name}.heard").write_bytes(pickle.dumps({"t-1": heard}))
    run(monkeypatch, "measure", tmp_path, "--details")
    printed = capsys.readouterr().out
    assert "| **all** | 1 | 1 | 1 | 1 | 100 % [21, 100] | 1 of 1 | 1 | 1 | 0 |" in printed
    assert "missed" not in printed
    assert "| found, one pass | 1 | 1 |" in printed, "still read in this copy"
    assert "| all, before | 1 | 1 | 100 % [21, 100] | 1 | 100 % [21, 100] | 1 |" in printed
    assert (tmp_path / "copies_1" / "t-1.wav").is_file()


def test_what_is_heard_in_the_copy_is_hidden_in_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    run(monkeypatch, "script", tmp_path / "cases.yaml", tmp_path / "script.json")
    items = json.loads((tmp_path / "script.json").read_text(encoding="utf-8"))
    turns = items[0]["turns"]
    spoken(turns)
    encode_calls(tmp_path / "calls")
    (tmp_path / "spoken.json").write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    other = turns[1]["text"].replace("零零幺三八零零零", "好好了三好好好好")
    first = recognised([turns[0], {**turns[1], "text": other}])
    last = recognised([turns[0], {**turns[1], "text": other.replace("幺三八", "嗯嗯嗯")}])
    heard = {"calls": first, "copies_1": recognised(turns), "copies_2": last}
    heard["strict/copies_1"] = last
    (tmp_path / "strict").mkdir()
    for name, transcript in heard.items():
        (tmp_path / f"{name}.heard").write_bytes(pickle.dumps({"t-1": transcript}))
    run(monkeypatch, "measure", tmp_path)
    printed = capsys.readouterr().out
    assert "| all, one pass | 1 | 1 | 100 % [21, 100] | 1 |" in printed
    assert "| all, listened to again | 1 | 0 | 0 % [0, 79] | 0 |" in printed
    assert "{2: 1}, stretches added: 1" in printed


def encode_calls(folder: Path) -> None:
    folder.mkdir()
    encode(folder / "t-1.wav", a_tone(8, 8000), "pcm_s16le")
    (folder / "calls.csv").write_text("file,call_id\nt-1.wav,t-1\n", encoding="utf-8")


def test_a_datum_is_found_by_its_time_on_its_own_channel() -> None:
    turns: list[Turn] = [{"role": "customer", "text": "幺三八，零零幺三"}]
    spoken(turns)
    given = {"kind": "phone", "parts": [[0, 0, 8]]}
    (datum,) = told({"turns": turns, "data": [given]})
    assert "".join(digit for digit, _, _ in datum.digits) == "1380013"
    (first, second) = datum.stretches
    assert (first[1], second[2]) == pytest.approx((0.5, 2.1))
    half = [("customer", 0.0, 1.1)]
    assert privacy_spoken.covered(datum.stretches, half) == pytest.approx(3 / 7)
    assert privacy_spoken.covered(datum.stretches, [*half, ("agent", 0.0, 9.0)]) < 0.5
    assert privacy_spoken.covered(datum.stretches, [*half, ("customer", 0.9, 2.0)]) > 0.9


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("5000元", "", "五千元"),
        ("工号100234", "", "工号幺零零二三四"),
        ("18号3楼401", "address", "十八号三楼四零幺"),
        ("1992年4月19", "date_of_birth", "一九九二年四月十九"),
        ("３.5%", "", "百分之三点五"),
        ("０２８", "landline", "零二八"),
    ],
)
def test_digits_are_read_as_people_do(text: str, kind: str, says: str) -> None:
    assert read_aloud(text, kind) == says


def test_what_was_misheard_is_said_as_it_was_meant() -> None:
    assert read_aloud("妖三五，零就就二，不是", "phone", heard=True) == "幺三五，零九九二，不是"
    assert read_aloud("就是要办", "", heard=True) == "就是要办"
