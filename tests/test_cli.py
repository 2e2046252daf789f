"""The outer contract of the command line (formats that other programs rely on)."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.errors import CallqaError
from tests.clips import a_clip

CHAT = {
    "call_id": "c-9",
    "channel": "chat",
    "business_line": "bank",
    "segments": [
        {"role": "agent", "text": "您好，东方银行工号1024为您服务。", "start": None, "end": None},
        {"role": "customer", "text": "我的卡号是6222021234567890128", "start": None, "end": None},
        {"role": "agent", "text": "请把短信验证码告诉我。", "start": None, "end": None},
    ],
}


def callqa(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run in this process; gives exit code, standard output, standard error."""
    code = 0
    monkey = pytest.MonkeyPatch()
    monkey.setattr(sys, "argv", ["callqa", *arguments])
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        monkey.undo()
    out, err = capsys.readouterr()
    return code, out, err


def test_score_prints_the_outer_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "chat.json"
    file.write_text(json.dumps(CHAT), encoding="utf-8")
    code, out, err = callqa(capsys, "score", str(file), "--json")
    assert (code, err) == (0, "")
    (report,) = [json.loads(line) for line in out.splitlines()]
    assert {"call_id", "pack", "pack_version", "score", "grade", "vetoed", "findings",
            "private_spans", "masked_segments"} <= set(report)  # fmt: skip
    assert (report["call_id"], report["pack"]) == ("c-9", "bank")
    asked = next(f for f in report["findings"] if "B5" in f["checks"])
    assert asked["verdict"] == "fail"
    assert {
        "rule",
        "checks",
        "title",
        "severity",
        "points",
        "why",
        "confidence",
        "evidence",
    } <= set(asked)
    assert asked["evidence"][0]["segment"] == 2
    (span,) = report["private_spans"]
    text = CHAT["segments"][1]["text"]  # type: ignore[index]
    assert text[span["start_char"] : span["end_char"]] == "6222021234567890128"
    assert (span["kind"], span["class"], span["role"]) == ("bank_card", "C2", "customer")
    assert "1234567890" not in out
    assert report["masked_segments"][1]["text"] == "我的卡号是622202*********0128"


def test_score_reads_standard_input_and_goes_on_after_a_broken_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(CHAT) + "\n{broken\n" + json.dumps(CHAT | {"call_id": "c-10"}) + "\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out, err = callqa(capsys, "score", "-", "--json")
    assert code == 3
    assert [json.loads(line)["call_id"] for line in out.splitlines()] == ["c-9", "c-10"]
    assert err.startswith("callqa: standard input, line 2: is not JSON")


@pytest.mark.model
def test_transcribe_prints_the_outer_format(
    tmp_path: Path, model_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = a_clip(tmp_path / "call.wav", "bank_card_loss.wav", seconds=6.0)
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    code, out, err = callqa(capsys, "transcribe", str(good), str(bad), "--json")
    assert code == 3
    assert "bad.wav: is not a sound file" in err
    call: dict[str, Any] = json.loads(out)
    assert call["engine"]["model"] == "base"
    assert {"stereo", "overlap", "loudness", "words"} <= set(call["capabilities"])
    first = call["segments"][0]
    assert "东方银行" in first["text"]
    assert "".join(word["text"] for word in first["words"]) == first["text"]
    assert 0 < first["confidence"] <= 1
    assert -40 < first["level"] < -5
    assert {"text", "start", "end", "confidence"} == set(first["words"][0])


def test_an_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert callqa(capsys, "fly")[0] == 2


def test_our_own_error_is_one_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = callqa(capsys, "calls", "--db", str(tmp_path / "none.duckdb"))
    assert (code, out) == (2, "")
    assert err.startswith("callqa: ")
    assert err.count("\n") == 1


def test_a_bug_is_code_1_and_asks_for_a_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError("oops")

    monkeypatch.setattr(cli, "app", broken)
    code, _, err = callqa(capsys)
    assert code == 1
    assert "KeyError: 'oops'" in err
    assert "this is a bug in callqa" in err
    assert not issubclass(KeyError, CallqaError)


def test_every_example_inside_the_rules_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = callqa(capsys, "rules", "test")
    assert code == 0, out
    assert "bank：" in out
