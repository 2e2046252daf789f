"""Where something is missing, a finding shows where it was looked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain import Finding, Verdict
from pipeline.rules import CallContext, evaluate, evaluate_rule, load_pack
from pipeline.scoring.facts import once_per_fact
from tests.rules.calls import a_call
from tests.rules.test_evaluation import REQUIRE, a_rule
from tests.scoring.findings import PLAN, a_finding, at

OPENING = a_rule("""
conditions:
  notice:
    operator: keyword
    label: 录音告知
    role: agent
    phrases: [录音]
    scope: {first: 2}
require: notice
""")
LISTENED = a_rule("""
conditions:
  protest: {operator: keyword, label: 客户不满, role: customer, phrases: [欺负人]}
  heard: {operator: attribute, label: 人工听取, name: rude, value: true}
forbid: protest and heard
""")
CHAT = (
    "客服: 喂，哪位？",
    "客户: 查余额。",
    "客服: 我这就查。",
    "客户: 好。",
    "客服: 查好了。",
    "客户: 再见。",
)


def places(finding: Finding) -> list[tuple[int, str]]:
    return [(item.segment, item.quote) for item in finding.evidence]


def test_the_turns_that_were_looked_at() -> None:
    found = evaluate_rule(OPENING, a_call(*CHAT))
    assert (found.verdict, found.why) == (Verdict.FAIL, "客服前 2 轮未发现录音告知。")
    assert places(found) == [(0, "喂，哪位？"), (2, "我这就查。")]
    assert all(item.sought and item.start is not None for item in found.evidence)
    assert found.found == ()


def test_many_turns_are_one_piece() -> None:
    call = a_call(*CHAT, *CHAT)
    found = evaluate_rule(REQUIRE, call)
    (piece,) = found.evidence
    last = call.transcript.segments[-1].end
    assert (piece.segment, piece.start, piece.end) == (0, 0.5, pytest.approx(last))


def test_in_writing_there_are_no_times() -> None:
    found = evaluate_rule(OPENING, a_call(*CHAT, info={"channel": "chat"}))
    assert [(item.segment, item.start, item.end) for item in found.evidence] == [
        (0, None, None), (2, None, None),
    ]  # fmt: skip


def test_private_data_stays_masked() -> None:
    call = a_call("客服: 您的身份证号是11010519491231002X，对吗？", "客户: 对。")
    (item,) = evaluate_rule(OPENING, call).evidence
    assert "19491231" not in item.quote
    assert item.quote.startswith("您的身份证号是")


def test_a_call_without_speech_has_no_place() -> None:
    assert evaluate_rule(OPENING, a_call()).evidence == ()


def test_a_pass_points_at_nothing_that_is_missing() -> None:
    forbid = a_rule("""
    conditions:
      promise: {operator: keyword, label: 承诺, role: agent, phrases: [保本]}
    forbid: promise
    """)
    assert evaluate_rule(forbid, a_call(*CHAT)).evidence == ()


def test_what_is_there_is_shown_where_the_rest_is_open() -> None:
    found = evaluate_rule(LISTENED, a_call("客服: 您好。", "客户: 你们欺负人。"))
    assert found.verdict is Verdict.UNSURE
    assert places(found) == [(1, "你们欺负人")]
    assert not found.evidence[0].sought
    assert found.why == "客户不满：00:01 客户“你们欺负人”；元数据没有注明人工听取（rude）。"


@pytest.mark.parametrize("confidence", [None, 0.8, 0.3])
def test_findings_that_are_kept_show_their_own_call(confidence: float | None) -> None:
    """The second call of a pack gives the finding of the first one again, not its places."""
    pack = load_pack("bank")

    def found(call: CallContext) -> dict[str, Finding]:
        return {finding.rule: finding for finding in evaluate(pack, call)}

    for opening in ("喂，哪位？", "哎，说吧。", "请讲，什么事？"):
        call = a_call(f"客服: {opening}", *CHAT[1:], confidence=confidence)
        fresh = evaluate_rule(next(r for r in pack.rules if r.id == "names_institution"), call)
        own = found(call)["names_institution"]
        assert own == fresh
        assert places(own)[0] == (0, opening)
        assert own.verdict is (Verdict.UNSURE if confidence == 0.3 else Verdict.FAIL)


@pytest.mark.parametrize(
    "line", ["general", "bank", "wealth", "securities", "insurance", "collection"]
)
@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_nothing_is_flagged_without_a_place(line: str, direction: str) -> None:
    info = {"direction": direction, "customer_id": "U1", "started_at": "2026-11-18T23:20:00+08:00"}
    for earlier in (None, []):
        call = a_call(*CHAT, info=info, earlier=earlier)
        for finding in evaluate(load_pack(line), call):
            if finding.verdict in (Verdict.FAIL, Verdict.UNSURE):
                assert finding.evidence, finding.rule


def test_one_fact_missing_at_two_places_counts_once() -> None:
    """As for any two rules that miss the same thing, wherever each of them looked."""

    gone = replace(at(0, 0.5, 1.0), sought=True), replace(at(5, 9.0, 9.5), sought=True)
    findings = [a_finding("a", points=-3, evidence=gone[:1]), a_finding("b", evidence=gone[1:])]
    light, heavy = once_per_fact(findings, {"a": "notice", "b": "notice"}, PLAN)
    assert (light.points, heavy.points) == (0, -5)
