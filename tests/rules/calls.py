"""Calls for the tests of rules: a dialogue, changed where a test wants it changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import acoustics, privacy
from pipeline.domain import PastCall, Transcript
from pipeline.learning.moods import Moods
from pipeline.rules import Advisers, CallContext, Judge, JudgeReply, JudgeRequest, parse_dialogue

CASES = Path(__file__).parents[1] / "cases" / "rules"


@dataclass(frozen=True)
class SaysAlways:
    """A judge that gives one answer to every question."""

    reply: JudgeReply

    def ask(self, request: JudgeRequest) -> JudgeReply:
        assert request.lines, "nothing to judge was sent"
        return self.reply


def prepared(
    transcript: Transcript,
    history: tuple[PastCall, ...] | None = None,
    judge: Judge | None = None,
) -> CallContext:
    """What the line does before the rules."""
    spans = privacy.find_private(transcript)
    masked = privacy.mask(transcript, spans)
    metrics = acoustics.measure(transcript)
    return CallContext(
        transcript, metrics, spans, masked, history, advisers=Advisers(judge, Moods())
    )


def past(number: int, **given: Any) -> PastCall:
    """An earlier call; lists become sets, texts become times."""
    sets = {name: frozenset(given.pop(name, ())) for name in ("passed", "failed")}
    began = datetime.fromisoformat(given.pop("started_at"))
    return PastCall(**{"call_id": f"p-{number}", "started_at": began, **sets, **given})


def a_call(*lines: str, **given: Any) -> CallContext:
    """A call from lines; `roles`, `overlap`, `times`, `loudness` False take one away.

    `earlier`: earlier calls of the customer, none looked for when it is left out. `judge`: the
    fields of the answer that a language model gives; left out: there is none.
    """
    confidence, earlier = given.pop("confidence", None), given.pop("earlier", None)
    answer = given.pop("judge", None)
    judge = None if answer is None else SaysAlways(JudgeReply(**answer))
    missing = {n for n in ("roles", "overlap", "times", "loudness") if not given.pop(n, True)}
    shape = {n: given.pop(n) for n in ("info", "tail", "pace", "lead") if n in given}
    call = parse_dialogue(lines, **shape)
    assert not given, f"unknown: {sorted(given)}"
    segments = tuple(replace(s, confidence=confidence) for s in call.segments)
    if "times" in missing:
        segments = tuple(replace(s, start=None, end=None) for s in segments)
        call = replace(call, duration=None)
    call = replace(call, segments=segments, capabilities=call.capabilities - missing)
    history = None if earlier is None else tuple(past(k, **row) for k, row in enumerate(earlier))
    return prepared(call, history, judge)
