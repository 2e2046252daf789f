"""Calls for the tests of rules: a dialogue, changed where a test wants it changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline import acoustics, privacy
from pipeline.domain import Transcript
from pipeline.rules import CallContext, parse_dialogue

CASES = Path(__file__).parents[1] / "cases" / "rules"


def prepared(transcript: Transcript) -> CallContext:
    """What the line does before the rules."""
    spans = privacy.find_private(transcript)
    masked = privacy.mask(transcript, spans)
    return CallContext(transcript, acoustics.measure(transcript), spans, masked)


def a_call(*lines: str, **given: Any) -> CallContext:
    """A call from lines; `roles`, `overlap`, `times`, `loudness` False take one away."""
    confidence = given.pop("confidence", None)
    missing = {n for n in ("roles", "overlap", "times", "loudness") if not given.pop(n, True)}
    shape = {n: given.pop(n) for n in ("info", "tail", "pace", "lead") if n in given}
    call = parse_dialogue(lines, **shape)
    assert not given, f"unknown: {sorted(given)}"
    segments = tuple(replace(s, confidence=confidence) for s in call.segments)
    if "times" in missing:
        segments = tuple(replace(s, start=None, end=None) for s in segments)
        call = replace(call, duration=None)
    call = replace(call, segments=segments, capabilities=call.capabilities - missing)
    return prepared(call)
