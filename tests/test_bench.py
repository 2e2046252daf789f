"""The measurements of bench/ run: a change of the rules must not break them unseen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench import privacy_false_alarms, privacy_presidio, rule_accuracy, rules_speed
from tests.conftest import ROOT


def test_the_speed_of_the_rules_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--calls", "10", "--turns", "8", "--lines", "insurance"]
    monkeypatch.setattr(sys, "argv", ["rules_speed", *small])
    rules_speed.main()
    printed = capsys.readouterr().out
    assert "10 calls of 8 turns, rules: {'insurance': " in printed
    for row in ("full packs", "twice the rules", "plain loop of `re`"):
        assert f"| {row}" in printed


def test_the_accuracy_of_the_rules_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    development = ROOT / "bench" / "cases" / "development" / "ae.yaml"
    packs = ROOT / "docs" / "examples" / "packs"
    monkeypatch.setattr(sys, "argv", ["rule_accuracy", str(development), "--packs", str(packs)])
    rule_accuracy.main()
    assert "| **all** |" in capsys.readouterr().out


def test_false_alarms_are_counted_and_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    talk = tmp_path / "talk"
    talk.mkdir()
    (talk / "SOURCE.md").write_text("我叫张建国。\n", encoding="utf-8")
    (talk / "lines.md").write_text(
        "## intent:a\n- 没钱。还不了\n- 手机幺三八幺二三四五六七八 => 手机13812345678\n",
        encoding="utf-8",
    )
    (talk / "rules.csv").write_text('A1,退保,"收取5,000元"\n', encoding="utf-8")
    arguments = ["privacy_false_alarms", str(talk), "--details"]
    monkeypatch.setattr(sys, "argv", arguments)
    privacy_false_alarms.main()
    printed = capsys.readouterr().out
    assert "phone: 13812345678 | 手机13812345678" in printed
    assert "| talk | 6 | 2 | not judged | – | phone 2 |" in printed
    monkeypatch.setattr(sys, "argv", [*arguments, "--real", "talk=1"])
    privacy_false_alarms.main()
    assert "| talk | 6 | 2 | 1 | 166.7 [" in capsys.readouterr().out


def test_without_presidio_the_benchmark_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)  # cannot be imported
    monkeypatch.setattr(sys, "argv", ["privacy_presidio", "--calls", "1"])
    with pytest.raises(SystemExit, match=r"pip install presidio-analyzer==\d"):
        privacy_presidio.main()
