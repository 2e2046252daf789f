"""Phrases found by their sound: what is tolerated, what is not, and what it does to a rule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.domain import Verdict
from pipeline.rules import evaluate_rule
from pipeline.rules.marked_yaml import plain
from pipeline.rules.operators.keyword import Keyword
from pipeline.rules.sound import denials, listen, speak, syllables
from pipeline.rules.turns import fold
from tests.rules.calls import CASES, a_call
from tests.rules.test_evaluation import a_rule

DOCUMENT = plain((CASES / "sound.yaml").read_text(encoding="utf-8"))


def heard(phrase: str, text: str, *, strict: bool = False) -> list[tuple[str, float]]:
    """What is found of a phrase in a text, and how well it fits."""
    spoken = speak(fold(text))
    found = listen(speak(fold(phrase)), spoken, 0, len(spoken.text), strict=strict)
    return [(spoken.text[h.start : h.end], round(h.score, 2)) for h in found]


@pytest.mark.parametrize(("phrase", "text", "written"), DOCUMENT["hit"])
def test_hit(phrase: str, text: str, written: str) -> None:
    assert [w for w, _ in heard(phrase, text)] == [written]


@pytest.mark.parametrize(("phrase", "text"), DOCUMENT["no_hit"])
def test_no_hit(phrase: str, text: str) -> None:
    assert heard(phrase, text) == []


def test_there_are_enough_cases() -> None:
    assert len(DOCUMENT["hit"]) >= 20
    assert len(DOCUMENT["no_hit"]) >= 20


def test_tiers() -> None:
    """Tones count in short phrases only; only long ones may hold a wrong syllable."""
    assert heard("挂失", "挂师") == [("挂师", 0.97)]
    assert heard("挂失", "挂市") == []
    assert heard("挂失手续", "挂市手续") == [("挂市手续", 0.96)]
    assert heard("发短信验证", "发短信验重") == []
    assert heard("发短信验证码给您", "发短信验重码给您") == [("发短信验重码给您", 0.88)]
    assert heard("发短信验证码给您", "发短信密码给您") == []


def test_scores_fall_with_the_difference() -> None:
    scores = [
        heard("通话将被录音", text)[0][1]
        for text in ("通话将被录音", "通话将被录因", "通话将被录影", "通话将被路影")
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_strict_wants_the_tones() -> None:
    assert heard("通话将被录音", "通话将被录因", strict=True)
    assert not heard("通话将被录音", "通话将被录影", strict=True)


def test_one_symbol_per_character() -> None:
    text = fold("您好，ＡＰＰ里的12.5%和嗯，呣，𠮷，銀行，α一二三。")
    spoken = speak(text)
    assert len(spoken.toned) == len(spoken.loose) == len(text)
    assert speak("").loose == ""
    assert heard("嗯嗯嗯嗯", "nnnn") == []


def test_words_tell_how_a_character_is_read() -> None:
    assert speak("银行").toned == speak("银航").toned
    assert speak("行动").toned != speak("航动").toned
    assert speak("不是").toned[0] == speak("不来").toned[0]


def test_a_whole_call_sounds_like_its_turns() -> None:
    turns = ("银行卡还款逾期了", "这个行业的行长", "", "行动一百二十三", "𠮷\0ＡＢ意思")
    call = speak("\n".join(turns))
    assert call.toned == "\n".join(speak(turn).toned for turn in turns)
    assert call.loose == "\n".join(speak(turn).loose for turn in turns)
    assert syllables(speak("银行行动")) == ["yin0", "han0", "xin0", "dong0"]


def test_threads_agree_on_symbols() -> None:
    text = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
    with ThreadPoolExecutor(8) as pool:
        spoken = set(pool.map(speak, [text] * 64))
    assert len(spoken) == 1


def test_denials() -> None:
    assert denials("这个部保本") == "这个不保本"
    assert denials("全部保本，找部门经理") == "全部保本，找部门经理"


REQUIRE = """
conditions:
  notice: {operator: keyword, label: 录音告知, role: agent, phrases: [通话将被录音]}
require: notice
"""
FORBID = """
conditions:
  promise: {operator: keyword, label: 承诺, role: agent, phrases: [保本保息]}
forbid: promise
"""


def test_required_and_sounding_so_is_said() -> None:
    found = evaluate_rule(a_rule(REQUIRE), a_call("客服: 您好，本次通话将，被录影。"))
    assert (found.verdict, found.points) == (Verdict.PASS, 0)
    assert found.why == ("录音告知：00:01 客服“本次通话将，被录影”（按读音匹配“通话将被录音”）。")
    assert found.evidence[0].quote == "本次通话将，被录影"
    assert 0.9 < found.confidence < 1


def test_what_is_written_needs_no_sound() -> None:
    found = evaluate_rule(a_rule(REQUIRE), a_call("客服: 通话将被录影。", "客服: 通话将被录音。"))
    assert found.verdict is Verdict.PASS
    assert "读音" not in found.why
    assert found.confidence == 1


def test_forbidden_and_sounding_so_is_unsure() -> None:
    found = evaluate_rule(a_rule(FORBID), a_call("客服: 这个保本保夕的。"))
    assert (found.verdict, found.points) == (Verdict.UNSURE, 0)
    assert found.evidence[0].quote == "这个保本保夕的"
    assert "疑似，按读音匹配“保本保息”，请人工听取" in found.why
    assert evaluate_rule(a_rule(FORBID), a_call("客服: 保本保息。")).verdict is Verdict.FAIL


@pytest.mark.parametrize("line", ["这个不保本保夕", "这个部保本保夕", "能保本保夕吗？"])
def test_guards_hold_for_sounds_too(line: str) -> None:
    found = evaluate_rule(a_rule(FORBID), a_call(f"客服: {line}"))
    assert found.verdict is Verdict.PASS
    assert "不计" in found.why


@pytest.mark.parametrize(
    ("field", "line", "verdict"),
    [
        ("off", "通话将被录影", Verdict.FAIL),
        ("strict", "通话将被录影", Verdict.FAIL),
        ("strict", "通话将被录因", Verdict.PASS),
        ("auto", "通话将被录影", Verdict.PASS),
    ],
)
def test_by_sound_is_a_choice(field: str, line: str, verdict: Verdict) -> None:
    rule = a_rule(REQUIRE.replace("录音]", f"录音], by_sound: {field}"))
    assert evaluate_rule(rule, a_call(f"客服: {line}。")).verdict is verdict


def test_a_chat_is_read_as_it_is_written() -> None:
    call = a_call("客服: 通话将被录影。", info={"channel": "chat"})
    assert evaluate_rule(a_rule(REQUIRE), call).verdict is Verdict.FAIL


def test_not_over_the_end_of_a_sentence() -> None:
    call = a_call("客服: 本次通话将。被录影。")
    assert evaluate_rule(a_rule(REQUIRE), call).verdict is Verdict.FAIL


NONE = """
conditions:
  quiet: {operator: keyword, label: 不说保本, role: agent, phrases: [保本保息], need: none}
require: quiet
"""


def test_none_of_them_is_unsure_when_one_sounds_so() -> None:
    found = evaluate_rule(a_rule(NONE), a_call("客服: 这个保本保夕的。"))
    assert found.verdict is Verdict.UNSURE
    assert found.evidence[0].quote == "这个保本保夕的"
    assert evaluate_rule(a_rule(NONE), a_call("客服: 您好。")).verdict is Verdict.PASS


WHEN = """
conditions:
  leak: {operator: keyword, label: 客户说验证码, role: customer, phrases: [短信验证码是]}
  warning:
    operator: keyword
    label: 提醒
    role: agent
    phrases: [不要告诉]
    scope: {anchor: {condition: leak}}
"""


@pytest.mark.parametrize("end", ["require: warning\nwhen: leak", "require: warning"])
def test_an_occasion_that_only_sounds_so_accuses_nobody(end: str) -> None:
    """Neither as the occasion of a rule nor as the place near which something is missing."""
    rule = a_rule(WHEN + end)
    silent = a_call("客户: 短信宴证码事一二三。", "客服: 好的。")
    assert evaluate_rule(rule, silent).verdict is Verdict.UNSURE
    told = a_call("客户: 短信宴证码事一二三。", "客服: 请不要告诉别人。")
    assert evaluate_rule(rule, told).verdict is Verdict.PASS
    plain = a_call("客户: 短信验证码是一二三。", "客服: 好的。")
    assert evaluate_rule(rule, plain).verdict is Verdict.FAIL


def test_two_different_ones_may_be_one_written_and_one_heard() -> None:
    rule = a_rule("""
    conditions:
      factors:
        operator: keyword
        label: 核身
        role: agent
        phrases: [姓名, 合同号, 手机号]
        need: 2
    require: factors
    """)
    found = evaluate_rule(rule, a_call("客服: 请报姓名和河铜号。"))
    assert found.verdict is Verdict.PASS
    assert "（按读音匹配“合同号”）" in found.why
    assert evaluate_rule(rule, a_call("客服: 请报河铜号。")).verdict is Verdict.FAIL


def test_unknown_speakers_stay_unsure() -> None:
    call = a_call("未知: 通话将被录影。")
    assert evaluate_rule(a_rule(REQUIRE), call).verdict is Verdict.UNSURE


@pytest.mark.parametrize("value", ["on", 1, None, "loose"])
def test_the_schema_names_the_choices(value: Any) -> None:
    with pytest.raises(ValueError, match="'auto', 'off' or 'strict'"):
        Keyword(operator="keyword", label="x", phrases=("好",), by_sound=value)


ORDER = """
conditions:
  verified: {operator: keyword, label: 核身, role: agent, phrases: [核实您的身份]}
  told: {operator: regex, label: 余额, role: agent, patterns: [余额是]}
  in_order: {operator: order, label: 先核身, first: verified, then: told}
"""


def test_an_order_by_sound() -> None:
    """Heard first is first; heard too late is too late; a forbidden order is for a person."""
    first = a_call("客服: 何时您的身份。", "客户: 好。", "客服: 余额是三元。")
    late = a_call("客服: 余额是三元。", "客户: 好。", "客服: 何时您的身份。")
    require, forbid = (a_rule(f"{ORDER}{kind}: in_order") for kind in ("require", "forbid"))
    assert evaluate_rule(require, first).verdict is Verdict.PASS
    assert evaluate_rule(require, late).verdict is Verdict.FAIL
    assert evaluate_rule(forbid, first).verdict is Verdict.UNSURE
