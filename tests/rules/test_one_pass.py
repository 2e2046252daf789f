"""The one pass over a call and kept findings save time and change nothing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bench import generated_calls
from pipeline.domain import Role, Transcript, Verdict
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import prepare
from pipeline.rules import RulePack, evaluate, evaluate_rule, load_pack
from pipeline.rules.literals import looks_around
from pipeline.rules.patterns import alternatives, compiled
from tests.rules.calls import a_call
from tests.rules.packs import says, write_pack

LINES = ("bank", "wealth", "securities", "insurance", "collection")
Change = Callable[[Transcript, random.Random], Transcript]


def generated(count: int) -> Iterator[Transcript]:
    """Calls of all business lines, some of them short, with words that break and keep rules."""
    for turns in (4, 60):
        for call in generated_calls.generate(count, turns, seed=7):
            yield parse_transcript(json.dumps(call), "x", ZoneInfo("Asia/Shanghai")).transcript


def as_it_is(call: Transcript, rng: random.Random) -> Transcript:
    return call


def badly_heard(call: Transcript, rng: random.Random) -> Transcript:
    segments = tuple(replace(s, confidence=rng.uniform(0.2, 1)) for s in call.segments)
    return replace(call, segments=segments)


def well_heard(call: Transcript, rng: random.Random) -> Transcript:
    segments = tuple(replace(s, confidence=rng.uniform(0.5, 1)) for s in call.segments)
    return replace(call, segments=segments)


def some_speakers_unknown(call: Transcript, rng: random.Random) -> Transcript:
    segments = tuple(
        replace(s, role=Role.UNKNOWN) if rng.random() < 0.2 else s for s in call.segments
    )
    return replace(call, segments=segments)


def without_metadata(call: Transcript, rng: random.Random) -> Transcript:
    return replace(call, info=replace(call.info, attributes={}, direction=None, started_at=None))


@pytest.fixture(scope="module")
def packs() -> dict[str, RulePack]:
    """Packs of their own: findings that they keep come from these calls only."""
    return {line: replace(load_pack(line)) for line in LINES}


@pytest.mark.parametrize(
    "change", [well_heard, as_it_is, badly_heard, some_speakers_unknown, without_metadata]
)
def test_every_finding_is_what_the_rule_alone_says(
    change: Change, packs: dict[str, RulePack]
) -> None:
    rng, kept = random.Random(7), 0
    for call in generated(20):
        pack, changed = packs[call.info.business_line], change(call, rng)
        findings = {f.rule: f for f in evaluate(pack, prepare(changed))}
        alone = prepare(changed)
        for planned in pack.ready.rules:
            kept += len(planned.kept)
            if planned.rule.prerequisite is None and planned.rule.id in findings:
                assert findings[planned.rule.id] == evaluate_rule(planned.rule, alone)
    assert kept, "nothing was kept: this shows nothing"


@pytest.mark.parametrize(
    ("pattern", "around"),
    [
        ("保本", False),
        ("(保|包)本.{0,3}[息吗]", False),
        ("^保本", True),
        ("保本$", True),
        (r"\b保本", True),
        ("(?<!不)保本", True),
        ("(a|保本(?!吗))", True),
        ("(?:x|y(?:保本$)?)+", True),
    ],
)
def test_what_looks_around(pattern: str, around: Any) -> None:
    compiled(pattern)
    assert looks_around(pattern) is around


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("保本|保息", ("保本", "保息")),
        ("保(本|息)|a[|]b|c", ("保(本|息)", "a[|]b", "c")),
        ("[^]a|b]|c", ("[^]a|b]", "c")),
        ("[]a|b]|c", ("[]a|b]", "c")),
        (r"(a)b|\1", (r"(a)b|\1",)),
        ("(?i)保本|app", ("(?i)保本|app",)),
        ("(?i:app)|保本", ("(?i:app)", "保本")),
        ("(?P<x>a)|b", ("(?P<x>a)|b",)),
    ],
)
def test_alternatives_are_taken_apart_where_each_stands_alone(
    pattern: str, parts: tuple[str, ...]
) -> None:
    assert alternatives(pattern) == parts


@pytest.mark.parametrize("pattern", ["a|(b", "(?P<x>a)|(?P<x>b)", "a(?i)b|c", "a|(?<=b*)c"])
def test_what_is_no_pattern_has_no_alternatives(pattern: str) -> None:
    with pytest.raises(re.error):
        alternatives(pattern)


def test_an_edge_of_a_clause_is_found_inside_a_turn(tmp_path: Path) -> None:
    ends = {
        "operator": "regex", "label": "结束", "role": "agent", "within": "clause",
        "patterns": ["^好的$", "再见(?!了)"],
    }  # fmt: skip
    pack = load_pack(write_pack(tmp_path, "mine", says("ends", "好", conditions={"said": ends})))
    for line in ("客服: 稍等，好的，马上。", "客服: 那么再见，了解。"):
        (finding,) = evaluate(pack, a_call(line))
        assert finding.verdict is Verdict.PASS
