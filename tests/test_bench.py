"""The measurements of bench/ run: a change of the rules must not break them unseen."""

from __future__ import annotations

import sys

import pytest

from bench import rule_accuracy, rules_speed
from tests.conftest import ROOT


def test_the_speed_of_the_rules_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["rules_speed", "--calls", "10", "--turns", "8"])
    rules_speed.main()
    printed = capsys.readouterr().out
    for row in ("full packs", "twice the rules", "plain loop of `re`"):
        assert f"| {row}" in printed


def test_the_accuracy_of_the_rules_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    development = ROOT / "bench" / "cases" / "development"
    packs = ROOT / "docs" / "examples" / "packs"
    monkeypatch.setattr(sys, "argv", ["rule_accuracy", str(development), "--packs", str(packs)])
    rule_accuracy.main()
    assert "| **all** |" in capsys.readouterr().out
