"""From conditions to findings: verdicts, reasons, evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from pipeline.domain import Evidence, Role, Segment, Verdict, Word
from pipeline.rules import (
    CallContext,
    Rule,
    evaluate,
    evaluate_rule,
    load_pack,
    parse_dialogue,
    run_examples,
)
from tests.rules.calls import a_call, prepared

COMMON = """
id: a_rule
title: 规则
title_en: A rule
why: 重要。
checks: []
reference: {text: 内部规范：测试, status: house}
control_point: "1"
severity: minor
points: -3
suggestion: 好。
examples:
  hit: [["客服: a"], ["客服: b"], ["客服: c"]]
  no_hit: [["客服: d"], ["客服: e"], ["客服: f"]]
"""


def a_rule(text: str, **given: Any) -> Rule:
    return Rule.model_validate(yaml.safe_load(COMMON) | yaml.safe_load(text) | given)


FORBID = a_rule("""
conditions:
  promise: {operator: keyword, label: 承诺, role: agent, phrases: [保本]}
forbid: promise
""")
REQUIRE = a_rule("""
conditions:
  notice: {operator: keyword, label: 录音告知, role: agent, phrases: [录音]}
require: notice
""")
WHEN = a_rule("""
conditions:
  leak: {operator: keyword, label: 客户说密码, role: customer, phrases: [密码是]}
  warning:
    operator: keyword
    label: 提醒
    role: agent
    phrases: [不要告诉]
    scope: {anchor: {condition: leak}}
require: warning
when: leak
""")


def test_a_forbidden_phrase_fails_with_evidence() -> None:
    found = evaluate_rule(FORBID, a_call("客户: 有风险吗？", "客服: 您放心，这个保本，收益高。"))
    assert (found.verdict, found.points) == (Verdict.FAIL, -3)
    assert found.evidence[0].segment == 1
    assert found.evidence[0].quote == "这个保本"
    assert found.evidence[0].start == pytest.approx(2.7)
    assert found.why == "承诺：00:02 客服“这个保本”。"


def test_forbidden_conditions_are_guarded_unless_told_otherwise() -> None:
    call = a_call("客服: 这个不保本。")
    found = evaluate_rule(FORBID, call)
    assert found.verdict is Verdict.PASS
    assert "“这个不保本”是否定或劝阻的说法，不计" in found.why
    bare = a_rule("""
    conditions:
      promise: {operator: keyword, label: 承诺, phrases: [保本], guard: none}
    forbid: promise
    """)
    assert evaluate_rule(bare, call).verdict is Verdict.FAIL


def test_a_required_phrase_passes_with_evidence() -> None:
    found = evaluate_rule(REQUIRE, a_call("客服: 您好，本次通话会录音。"))
    assert (found.verdict, found.points) == (Verdict.PASS, 0)
    assert found.evidence[0].quote == "本次通话会录音"


def test_a_required_phrase_missing_says_where_it_was_looked_for() -> None:
    found = evaluate_rule(REQUIRE, a_call("客服: 您好。"))
    assert found.verdict is Verdict.FAIL
    assert found.why == "客服全程未发现录音告知。"
    assert found.evidence == (Evidence(0, 0.5, 1.1, "您好。", sought=True),)
    assert found.found == ()


def test_without_occasion_it_does_not_apply() -> None:
    found = evaluate_rule(WHEN, a_call("客户: 你好。", "客服: 您好。"))
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.why == "不适用：客户全程未发现客户说密码。"


def test_what_is_missing_points_at_its_occasion() -> None:
    found = evaluate_rule(WHEN, a_call("客户: 密码是一二三。", "客服: 好的。"))
    assert found.verdict is Verdict.FAIL
    assert found.evidence[0].segment == 0
    assert "客服在其后未发现提醒" in found.why


def test_unknown_speakers_are_never_a_fail() -> None:
    """A phrase that nobody said is missing all the same, whoever speaks."""
    assert evaluate_rule(FORBID, a_call("未知: 这个保本。")).verdict is Verdict.UNSURE
    assert evaluate_rule(FORBID, a_call("客服: 这个保本。", roles=False)).verdict is Verdict.UNSURE
    assert evaluate_rule(REQUIRE, a_call("未知: 会录音。")).verdict is Verdict.UNSURE
    assert evaluate_rule(FORBID, a_call("未知: 您好。")).verdict is Verdict.PASS
    unsure = evaluate_rule(FORBID, a_call("未知: 这个保本。"))
    assert (unsure.points, unsure.evidence[0].quote) == (0, "这个保本")
    assert "说话人未能区分" in unsure.why


def test_low_confidence_is_unsure_only_where_it_would_cost() -> None:
    """A phrase may be missing because it was not understood; a forbidden one is not invented."""
    call = a_call("客服: 本次同话降被鲁英。", confidence=0.4)
    missing = evaluate_rule(REQUIRE, call)
    assert missing.verdict is Verdict.UNSURE
    assert "识别把握只有 40%" in missing.why
    assert evaluate_rule(FORBID, call).verdict is Verdict.PASS
    heard = evaluate_rule(FORBID, a_call("客服: 这个保本。", confidence=0.2))
    assert heard.verdict is Verdict.UNSURE
    assert evaluate_rule(FORBID, a_call("客服: 这个保本。", confidence=0.6)).confidence == 0.6


def test_confidence_is_of_the_words_that_were_hit() -> None:
    words = (Word("您好，", 0, 1, 0.9), Word("保本", 1, 2, 0.7), Word("。", 2, 2, 0.1))
    call = parse_dialogue(["客服: 您好，保本。"])
    segment = replace(call.segments[0], words=words)
    found = evaluate_rule(FORBID, prepared(replace(call, segments=(segment,))))
    assert found.confidence == 0.7
    assert (found.evidence[0].start, found.evidence[0].end) == (1, 2)


def test_a_recogniser_that_does_not_say_how_sure_it_is_leaves_no_doubt_of_its_own() -> None:
    call = parse_dialogue(["客服: 您好，保本。"])
    words = tuple(Word(c, n, n + 1, None) for n, c in enumerate(call.segments[0].text))
    untold = replace(call, segments=(replace(call.segments[0], words=words),))
    assert evaluate_rule(FORBID, prepared(untold)).verdict is Verdict.FAIL
    assert prepared(untold).lowest_confidence is None


@pytest.mark.parametrize(
    ("applies", "info", "verdict"),
    [
        ({"directions": ["outbound"]}, {"direction": "inbound"}, Verdict.NOT_APPLICABLE),
        ({"directions": ["outbound"]}, {"direction": "outbound"}, Verdict.FAIL),
        ({"directions": ["outbound"]}, {}, Verdict.UNSURE),
        ({"channels": ["voice"]}, {"channel": "chat"}, Verdict.NOT_APPLICABLE),
        ({"business_lines": ["bank"]}, {"business_line": "wealth"}, Verdict.NOT_APPLICABLE),
        ({"products": ["信用卡"]}, {"product": "信用卡"}, Verdict.FAIL),
        ({"products": ["信用卡"]}, {"product": "贷款"}, Verdict.NOT_APPLICABLE),
        ({"products": ["信用卡"]}, {}, Verdict.UNSURE),
        ({"products": ["信用卡"]}, {"product": " "}, Verdict.UNSURE),
        ({"queues": ["1001", "1002"]}, {"queue": 1002}, Verdict.FAIL),
        ({"queues": ["1001"]}, {"queue": "1003"}, Verdict.NOT_APPLICABLE),
        ({"products": ["信用卡"], "queues": ["9"]}, {"queue": "1"}, Verdict.NOT_APPLICABLE),
        ({"teams": ["一组"]}, {}, Verdict.UNSURE),
    ],
)
def test_whom_a_rule_is_for(applies: Any, info: Any, verdict: Verdict) -> None:
    rule = REQUIRE.model_copy(update={"applies": type(REQUIRE.applies).model_validate(applies)})
    assert evaluate_rule(rule, a_call("客服: 您好。", info=info)).verdict is verdict


def of_team(team: str | None, line: str) -> CallContext:
    return a_call(line, info={} if team is None else {"team": team})


def test_a_rule_may_be_for_some_teams_only() -> None:
    applies = type(REQUIRE.applies).model_validate({"teams": ["一组", "二组"]})
    rule = REQUIRE.model_copy(update={"applies": applies})
    assert evaluate_rule(rule, of_team("二组", "客服: 您好。")).verdict is Verdict.FAIL
    other = evaluate_rule(rule, of_team("三组", "客服: 您好。"))
    assert (other.verdict, other.why) == (
        Verdict.NOT_APPLICABLE,
        "本规则只适用于班组：一组、二组。",
    )
    nobody = evaluate_rule(rule, of_team(None, "客服: 您好。"))
    assert nobody.verdict is Verdict.UNSURE
    assert nobody.why.startswith("本规则只适用于班组：一组、二组，元数据没有班组；")
    said = evaluate_rule(rule, of_team(None, "客服: 通话会录音。"))
    assert said.verdict is Verdict.PASS, "unsure only where it would cost"


def test_quotes_are_masked() -> None:
    rule = a_rule("""
    conditions: {number: {operator: private_data, label: 手机号, kinds: [phone], role: agent}}
    forbid: number
    """)
    found = evaluate_rule(rule, a_call("客服: 您的手机号是13857194026，对吗？"))
    assert found.verdict is Verdict.FAIL
    assert "13857194026" not in found.why + found.evidence[0].quote


def test_a_chat_has_places_but_no_seconds() -> None:
    found = evaluate_rule(FORBID, a_call("客户: 嗯？", "客服: 保本的。", info={"channel": "chat"}))
    assert (found.evidence[0].start, found.evidence[0].end) == (None, None)
    assert "第 2 句" in found.why


def test_rules_count_on_the_local_day_of_the_call() -> None:
    """17:00 UTC is already the next day in Shanghai."""
    pack = load_pack("general")
    period = {"from": "2026-11-21", "to": "2026-11-21"}
    rule = REQUIRE.model_copy(update={"effective": type(REQUIRE.effective).model_validate(period)})
    pack = replace(pack, rules=(rule,))
    call = a_call("客服: 您好。")

    def on(day: datetime | None) -> CallContext:
        transcript = call.transcript
        return prepared(replace(transcript, info=replace(transcript.info, started_at=day)))

    assert len(evaluate(pack, on(datetime(2026, 11, 20, 17, tzinfo=UTC)))) == 1
    assert len(evaluate(pack, on(datetime(2026, 11, 21, 17, tzinfo=UTC)))) == 0
    assert len(evaluate(pack, on(datetime(2026, 11, 21, 9)))) == 1
    assert len(evaluate(pack, on(None))) == 0


def test_one_finding_per_rule_even_of_an_empty_call() -> None:
    pack = load_pack("bank")
    call = parse_dialogue(["客服: 。"])
    for transcript in (call, replace(call, segments=())):
        findings = evaluate(pack, prepared(transcript))
        assert [f.rule for f in findings] == [r.id for r in pack.rules]


def test_no_fail_of_a_forbid_rule_on_mono() -> None:
    """Where nobody knows who speaks, no agent is accused."""
    pack = load_pack("bank")
    forbid = [r.id for r in pack.rules if r.forbid]
    for rule in pack.rules:
        for example in rule.examples.hit:
            shape = (example.info, example.tail, example.pace, example.lead)
            call = parse_dialogue(example.lines, *shape)
            mono = replace(
                call,
                segments=tuple(replace(s, role=Role.UNKNOWN) for s in call.segments),
                capabilities=frozenset({"times"}),
            )
            failed = {f.rule for f in evaluate(pack, prepared(mono)) if f.verdict is Verdict.FAIL}
            assert failed.isdisjoint(set(forbid) - {"hangs_up_in_time"})


def test_example_results_tell_what_went_wrong() -> None:
    pack = replace(load_pack("general"), rules=(REQUIRE,))
    results = run_examples(pack, prepared)
    assert [(r.kind, r.number, r.ok) for r in results[:4]] == [
        ("hit", 1, True), ("hit", 2, True), ("hit", 3, True), ("no_hit", 1, False)
    ]  # fmt: skip
    assert results[3].verdict is Verdict.FAIL
    assert results[3].lines == ("客服: d",)


def test_a_turn_goes_on_over_segments() -> None:
    """The recogniser cut one turn into three: it is still the first one, and one phrase."""
    call = parse_dialogue(
        ["客服: 您好", "客服: 这里是东方", "客服: 银行，本次通话会录", "客服: 音"]
    )
    context = prepared(call)
    assert len(context.turns) == 1
    first = a_rule("""
    conditions:
      n: {operator: keyword, label: 录音, role: agent, phrases: [录音], scope: {first: 1}}
    require: n
    """)
    found = evaluate_rule(first, context)
    assert found.verdict is Verdict.PASS
    assert found.evidence[0].segment == 2
    assert found.evidence[0].quote == "本次通话会录"


def test_segments_without_text_do_no_harm() -> None:
    call = parse_dialogue(["客服: 您好"])
    empty = Segment(Role.AGENT, "", 3, 4)
    context = prepared(replace(call, segments=(empty, *call.segments, empty)))
    assert evaluate_rule(FORBID, context).verdict is Verdict.PASS
