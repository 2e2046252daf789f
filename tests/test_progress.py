from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline import progress
from pipeline.account import Account, Done, Plan
from pipeline.domain import CallInfo, Failure, Recording
from pipeline.progress import RunProgress


def a_plan(calls: int) -> Plan:
    work = [Recording(CallInfo(str(n)), (Path(f"{n}.wav"),), str(n), 500_000) for n in range(calls)]
    return Plan(batches=[list(work)], skipped=7)


def lines_of(plan: Plan, *finished: Done) -> list[str]:
    out = io.StringIO()
    with RunProgress(Account(plan), out) as shown:
        for done in finished:
            shown.add(done)
    return [line.split(" ", 1)[1] for line in out.getvalue().splitlines()]


def test_a_log_gets_plain_lines_with_calls_hours_speed_and_remaining_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    first, middle, *_, last = lines_of(a_plan(2), Done("0.wav", 1800.0), Done("1.wav", 1800.0))
    assert first == "2 calls to do (1 MB of sound), 7 done before, 0 unusable files"
    assert middle.startswith("1/2 calls, 0.50 h of audio, ")
    assert last.startswith("2/2 calls, 1.00 h of audio, ")
    assert last.endswith("x real time, 0:00:00 left")


def test_calls_that_are_done_again_are_said_with_the_reason() -> None:
    plan = a_plan(2)
    plan.again = 2
    assert lines_of(plan)[0] == "2 calls again: the rule pack, model or settings changed"


def test_a_failure_is_said_at_once_and_counts_as_through() -> None:
    failure = Failure("0.wav", "decode", "BadRecording", "0.wav: is empty")
    lines = lines_of(a_plan(1), Done("0.wav", failure=failure))
    assert "failed [decode] 0.wav: is empty" in lines
    assert lines[-1].startswith("1/1 calls, ")
