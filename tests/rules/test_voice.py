"""What the operators say of a voice, and that its sound alone accuses nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.domain import Voice
from pipeline.rules import CallContext, parse_dialogue
from pipeline.rules.model import Condition, Rule
from pipeline.rules.operators import Operator
from pipeline.rules.result import Outcome, Result
from tests.rules.calls import a_call, prepared

ANY: TypeAdapter[Operator] = TypeAdapter(Condition)
CALM = ("客服 +0st: 您好，请讲。", "客服: 请问您的卡号。", "客服: 我帮您查。", "客服: 年费一百元。")
RAISED = (*CALM, "客服 +8dB +4st: 你到底想怎么样。")
TONE = {"operator": "tone", "label": "客服语气比平时高", "role": "agent"}
RUDE = {"operator": "keyword", "label": "顶撞", "role": "agent", "phrases": ["到底想怎么样"]}
SAID = {"operator": "keyword", "label": "问候", "role": "agent", "phrases": ["您好"]}


def result(call: CallContext, **condition: Any) -> Result:
    return ANY.validate_python(condition).check(call, pytest.fail)


def test_the_reason_says_by_how_much_and_names_no_feeling() -> None:
    found = result(a_call(*RAISED), **TONE)
    assert found.reason == "客服语气比平时高：00:06 比本人平时响 8 分贝、音调高 4 个半音"
    (hit,) = found.hits
    assert hit.segment == 4


def a_rule(conditions: dict[str, Any], **changes: Any) -> Rule:
    lines = [[*RAISED]] * 3
    given = {
        "id": "voice",
        "title": "语气",
        "title_en": "Voice",
        "why": "测试",
        "checks": [],
        "reference": {"status": "house", "text": "内部规范：测试"},
        "control_point": "1",
        "severity": "minor",
        "points": -2,
        "conditions": conditions,
        "suggestion": "请保持平稳",
        "examples": {"hit": lines, "no_hit": [[*CALM]] * 3},
    }
    return Rule.model_validate(given | changes)


@pytest.mark.parametrize(
    ("formula", "conditions"),
    [
        ({"forbid": "tone"}, {"tone": TONE}),
        ({"forbid": "tone or rude"}, {"tone": TONE, "rude": RUDE}),
        ({"forbid": "tone and not greets"}, {"tone": TONE, "greets": SAID}),
        ({"require": "greets and not tone"}, {"tone": TONE, "greets": SAID}),
    ],
)
def test_a_rule_that_fails_for_the_sound_alone_costs_nothing(
    formula: dict[str, str], conditions: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="tone only measures how somebody sounds"):
        a_rule(conditions, **formula)
    with pytest.raises(ValidationError, match="tone only measures"):
        a_rule(conditions, **formula, points=0, veto=True)
    assert a_rule(conditions, **formula, points=0).points == 0


@pytest.mark.parametrize(
    ("formula", "conditions"),
    [
        ({"forbid": "tone and rude"}, {"tone": TONE, "rude": RUDE}),
        ({"forbid": "tone"}, {"tone": TONE | {"of": "rude"}, "rude": RUDE}),
        ({"forbid": "rude", "when": "tone"}, {"tone": TONE, "rude": RUDE}),
    ],
)
def test_together_with_what_was_said_it_may_cost_points(
    formula: dict[str, str], conditions: dict[str, Any]
) -> None:
    assert a_rule(conditions, **formula).points == -2


def faster(call: CallContext, segment: int, times: float) -> CallContext:
    """One turn said in less time."""
    turns = list(call.transcript.segments)
    own = turns[segment]
    assert own.start is not None
    assert own.end is not None
    seconds = (own.end - own.start) / times
    voice = replace(own.voice or Voice(), speech=seconds)
    turns[segment] = replace(own, end=own.start + seconds, voice=voice)
    return prepared(replace(call.transcript, segments=tuple(turns)))


@pytest.mark.parametrize("pauses", ["in", "out"])
def test_who_suddenly_speaks_faster_than_usual_is_found(pauses: str) -> None:
    call = faster(prepared(parse_dialogue(RAISED)), 4, 1.5)
    given = {
        "operator": "speech_rate",
        "label": "突然说快",
        "role": "agent",
        "measure": "segment",
        "relative": True,
        "min_characters": 4,
        "pauses": pauses,
    }
    found = result(call, **given, above=30)
    assert found.outcome is Outcome.HIT
    name = "（不含停顿）" if pauses == "out" else ""
    assert f"00:06 {name}比本人平时快" in found.reason
    assert result(call, **given, above=80).outcome is Outcome.NO


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        (
            {"operator": "speech_rate", "role": "agent", "above": 30, "relative": True},
            "relative: true: needs measure: segment",
        ),
        ({"operator": "interruption", "gives_way": True}, "needs above: at most 1"),
    ],
)
def test_what_does_not_go_together_is_said(condition: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ANY.validate_python({"label": "语音", **condition})


def test_a_dialogue_has_pitch_only_where_a_line_says_so() -> None:
    louder = parse_dialogue(["客服 +3dB: 您好", "客户: 你好"])
    assert [s.voice for s in louder.segments] == [None, None]
    higher = parse_dialogue(["客服 +12st: 您好", "客户: 你好"])
    assert [s.voice.pitch for s in higher.segments if s.voice] == [400, 200]
    assert [s.level for s in higher.segments] == [-25, -25]
