"""What the loudness and answer_lag operators say, and the hint that general.yaml makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.domain import Role, Verdict
from pipeline.rules import CallContext, evaluate_rule, load_pack, parse_dialogue
from pipeline.rules.model import Condition
from pipeline.rules.operators import Operator
from pipeline.rules.result import Outcome, Result
from tests.rules.calls import a_call, prepared

ANY: TypeAdapter[Operator] = TypeAdapter(Condition)
GENERAL = load_pack("general")
HINT = GENERAL.rule("no_raised_voice")
SHOUTED = (
    "客服: 您好，请讲。",
    "客户: 我的卡丢了。",
    "客服 +1dB: 好的，我帮您挂失。",
    "客户: 快一点。",
    "客服 +10dB: 你到底想怎么样。",
)


def result(call: CallContext, **condition: Any) -> Result:
    given = {"operator": "loudness", "label": "客服音量突然升高", "role": "agent"} | condition
    return ANY.validate_python(given).check(call, pytest.fail)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"measure": "jump", "above": 8}, "客服音量突然升高：00:07 比前一句高 9.0 分贝"),
        ({"measure": "jump", "above": 9}, "没有客服音量突然升高（00:07 比前一句高 9.0 分贝）"),
        ({"measure": "jump", "below": -2}, "没有客服音量突然升高（00:03 比前一句高 1.0 分贝）"),
        ({"above": 8}, "客服音量突然升高：00:07 比本人平时高 9.0 分贝"),
        ({"below": -0.5}, "客服音量突然升高：00:00 比本人平时低 1.0 分贝"),
        ({"relative": False, "above": -20}, "客服音量突然升高：00:07 音量 -15.0 dBFS"),
        (
            {"measure": "range", "above": 9.5},
            "客服音量突然升高：客服全程音量相差 10.0 分贝（最轻 00:00，最响 00:07）",
        ),
        ({"measure": "range", "above": 12}, "客服全程音量相差 10.0 分贝（最轻 00:00，最响 00:07）"),
    ],
)
def test_the_reason_says_how_loud_and_compared_with_what(
    condition: dict[str, Any], reason: str
) -> None:
    assert result(a_call(*SHOUTED), **condition).reason == reason


def test_the_evidence_is_the_segment_with_its_seconds() -> None:
    call = a_call(*SHOUTED)
    (hit,) = result(call, measure="jump", above=8).hits
    evidence = call.evidence(hit)
    segment = call.segment(4)
    assert (evidence.segment, evidence.start, evidence.end) == (4, segment.start, segment.end)
    assert evidence.quote == "你到底想怎么样。"
    both = result(call, measure="range", above=8).hits
    assert [one.segment for one in both] == [0, 4]


def test_many_places_are_counted_and_not_all_named() -> None:
    lines = [f"客服 +{9 * (n % 2)}dB: 这是第几句话呢。" for n in range(10)]
    found = result(a_call(*lines), measure="jump", above=8)
    assert len(found.hits) == 5
    assert found.reason.count("比前一句高") == 3
    assert found.reason.endswith("等 5 处")


def test_levels_without_times_are_compared_too() -> None:
    assert result(a_call(*SHOUTED, times=False), measure="jump", above=8).outcome is Outcome.HIT


def test_exactly_the_bound_is_not_beyond_it() -> None:
    """-26.7 - -34.7 is 8.000000000000004 to a computer."""
    call = a_call("客服 -9.7dB: 您好，请讲。", "客服 -1.7dB: 我帮您查一下。")
    assert call.segment(1).level == -26.7
    assert result(call, measure="jump", above=8).outcome is Outcome.NO
    assert result(call, measure="range", above=8).outcome is Outcome.NO


def test_a_segment_without_a_word_is_no_answer() -> None:
    given = {"operator": "answer_lag", "label": "无人应答", "above": 5}
    call = a_call("客服: ……", "+9 客服: 您好。")
    operator = ANY.validate_python(given)
    assert operator.check(call, pytest.fail).outcome is Outcome.HIT
    assert operator.check(a_call("客服: ……"), pytest.fail).outcome is Outcome.UNSURE


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({}, "give above: or below:"),
        ({"above": 8, "of": "x", "measure": "range"}, "of: needs measure: level or jump"),
        ({"above": 8, "relative": False, "measure": "jump"}, "relative: false needs measure"),
    ],
)
def test_what_does_not_go_together_is_said(condition: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        result(a_call(*SHOUTED), **condition)


def test_a_dialogue_has_levels_only_where_a_line_says_so() -> None:
    plain = parse_dialogue(["客服: 您好"])
    assert (plain.segments[0].level, "loudness" in plain.capabilities) == (None, False)
    loud = parse_dialogue(["客服: 您好", "+3 客户 -6.5dB: 你好"], lead=2)
    assert [s.level for s in loud.segments] == [-25.0, -31.5]
    assert "loudness" in loud.capabilities
    assert loud.segments[0].start == 2


def test_the_wait_for_the_first_word_is_what_there_is_to_hear() -> None:
    given = {"operator": "answer_lag", "label": "迟迟不应答", "first_role": "agent", "above": 5}
    call = a_call("客户: 喂，有人吗？", "+6 客服: 您好，请讲。")
    found = ANY.validate_python(given).check(call, pytest.fail)
    assert found.reason == "迟迟不应答：客服在录音开始 7.7 秒后开口（客户先在 0.5 秒开口）"
    evidence = call.evidence(found.hits[0])
    assert (evidence.segment, evidence.start, evidence.end) == (1, 0.0, 7.7)


def test_the_hint_says_both_and_costs_nothing() -> None:
    call = parse_dialogue(HINT.examples.hit[0].lines)
    finding = evaluate_rule(HINT, prepared(call))
    assert finding.verdict is Verdict.FAIL
    assert "比前一句高 9.0 分贝" in finding.why
    assert "比本人平时高 9.0 分贝" in finding.why
    assert [e.segment for e in finding.evidence] == [4]
    assert (finding.points, finding.key_point, finding.veto) == (0, False, False)


def test_the_hint_never_asks_a_person_where_the_recording_cannot_carry_it() -> None:
    """Calls without levels, without known sides or on one channel: every example there is."""
    for rule in GENERAL.rules:
        kinds = rule.examples.hit, rule.examples.no_hit, rule.examples.unsure
        for example in (example for kind in kinds for example in kind):
            shape = (example.info, example.tail, example.pace, example.lead)
            call = parse_dialogue(example.lines, *shape)
            unknown = tuple(replace(s, role=Role.UNKNOWN) for s in call.segments)
            mono = call.capabilities - {"roles", "stereo", "overlap"}
            for poorer in (
                call,
                replace(call, capabilities=call.capabilities - {"loudness"}),
                replace(call, segments=unknown, capabilities=mono),
            ):
                assert evaluate_rule(HINT, prepared(poorer)).verdict is not Verdict.UNSURE
