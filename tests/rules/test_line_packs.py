"""The packs of the business lines: wealth, securities, insurance and collection."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.domain import Verdict
from pipeline.rules import Rule, evaluate, evaluate_rule, load_pack, pack_for, run_rule_examples
from pipeline.rules.days import local, local_day_of
from pipeline.rules.operators import clock, earlier_calls
from tests.rules.calls import a_call, prepared
from tests.rules.test_packs import CHECK, HOUSE, UNVERIFIED

LINES = ("wealth", "securities", "insurance", "collection")
INVESTMENT = ("wealth", "securities")
GENERAL = load_pack("general")
PACKS = {line: load_pack(line) for line in LINES}
# Rules of the general pack that the calls below are also about.
IDENTITY = {"identity_before_account_data", "identity_before_amounts", "two_identity_factors"}
LAW = ("法", "办法", "GB/T", "JR/T", "DB1310/T")


def own_rules() -> list[Any]:
    inherited = {rule.id for rule in GENERAL.rules}
    return [
        pytest.param(line, rule, id=f"{line}-{rule.id}")
        for line in LINES
        for rule in load_pack(line).rules
        if rule.id not in inherited
    ]


@pytest.mark.parametrize(("line", "rule"), own_rules())
def test_the_examples_hold(line: str, rule: Rule) -> None:
    wrong = [r for r in run_rule_examples(rule, prepared, PACKS[line]) if not r.ok]
    assert not wrong, "\n".join(f"{r.kind} {r.number}: {r.verdict} {r.why}" for r in wrong)


@pytest.mark.parametrize(("line", "rule"), own_rules())
def test_rule(line: str, rule: Rule) -> None:
    """Checks exist; only what somebody has seen is cited as law; points stay in the pack's own."""
    assert all(CHECK.fullmatch(check) for check in rule.checks)
    if not rule.checks or set(rule.checks) & (UNVERIFIED | HOUSE):
        assert rule.reference.status == "house"
    if rule.reference.status != "house":
        assert any(word in rule.reference.text for word in LAW)
    own = {point.number for point in load_pack(line).plan.control_points} - {
        point.number for point in GENERAL.plan.control_points
    }
    assert rule.control_point in own
    assert rule.points < 0 or rule.only_notes
    assert rule.title_en.isascii()
    assert rule.why.endswith("。")
    assert rule.suggestion


@pytest.mark.parametrize("line", LINES)
def test_a_line_holds_all_of_general(line: str) -> None:
    pack = load_pack(line)
    assert pack_for(line) == line
    assert pack.rules[: len(GENERAL.rules)] == GENERAL.rules
    assert len(pack.rules) >= len(GENERAL.rules) + 7
    assert len(pack.sources) == (3 if line in INVESTMENT else 2)


def test_wealth_and_securities_share_the_rules_of_investment() -> None:
    shared = load_pack("investment").rules
    assert len(shared) >= len(GENERAL.rules) + 6
    for line in INVESTMENT:
        assert load_pack(line).rules[: len(shared)] == shared


def test_control_points_of_two_lines_are_never_the_same() -> None:
    common = {point.number for point in load_pack("investment").plan.control_points}
    seen: set[str] = set()
    for line in (*LINES, "bank"):
        own = {point.number for point in load_pack(line).plan.control_points} - common
        assert not own & seen
        seen |= own


def test_checks_of_the_lines() -> None:
    expected = {
        "wealth": {"B1", "B2", "B10", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"},
        "securities": {"B1", "B2", "B10", "C2", "C3", "C4", "C5", "C6", "C7", "C8"},
        "insurance": {"C9", "C10", "C11", "C12", "C13", "C14", "C15", "B1", "B10"},
        "collection": {f"D{n}" for n in range(1, 15)} | {"B1", "B10"},
    }
    for line, checks in expected.items():
        assert checks <= {check for rule in load_pack(line).rules for check in rule.checks}, line


def test_the_centre_has_one_clock() -> None:
    late = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
    assert local_day_of(late) == date(2026, 1, 2)
    assert clock.local is earlier_calls.local is local
    assert f"{local(late):%H:%M}" == "00:30"


def failed(line: str, *lines: str, **info: Any) -> set[str]:
    """The rules of the line's own pack, and those about identity, that a whole call fails."""
    started = info.pop("started_at", None)
    call = a_call(*lines, info={"business_line": line, **info})
    if started:
        known = replace(call.transcript.info, started_at=datetime.fromisoformat(started))
        call = prepared(replace(call.transcript, info=known))
    own = {rule.id for rule in load_pack(line).rules} - {rule.id for rule in GENERAL.rules}
    own |= IDENTITY
    findings = evaluate(load_pack(line), call)
    return {f.rule for f in findings if f.rule in own and f.verdict is Verdict.FAIL}


CALLS: dict[str, tuple[set[str], list[str], dict[str, Any]]] = {
    "wealth: sold as it should be": (set(), [
        "客服: 您好，我是东方银行的理财经理小陈，请问您做过风险测评吗？",
        "客户: 做过，是稳健型。",
        "客服: 好的。这款产品的风险等级是R2，业绩比较基准是百分之三点二，不代表实际收益。",
        "客户: 会亏吗？",
        "客服: 有可能亏损，投资有风险。您清楚这个风险吗？",
        "客户: 清楚。",
    ], {"customer_risk_level": "R3", "product_risk_level": "R2"}),
    "wealth: above the customer's level": ({
        "risk_level_named", "product_within_risk_level", "over_risk_warned",
        "benchmark_not_promised", "no_concealment",
    }, [
        "客服: 阿姨，给您推荐一款新的理财产品，预期年化收益百分之六。",
        "客户: 我是保守型的呀。",
        "客服: 没事的，业绩比较基准就是您能拿到的收益，您别跟家里人说。",
        "客户: 那好吧。",
    ], {"customer_risk_level": "R1", "product_risk_level": "R4"}),
    "wealth: a service call": (set(), [
        "客服: 您好，请问有什么可以帮您？",
        "客户: 我的理财什么时候到期？",
        "客服: 您可以登录手机银行，在我的持仓里查看，您清楚了吗？",
        "客户: 嗯。",
        "客服: 感谢来电，再见。",
    ], {}),
    "securities: a tip": ({"no_insider_hints", "risk_level_named"}, [
        "客服: 王先生，我这里有内幕消息，您现在满仓买进。",
        "客户: 哪一只？",
        "客服: 下周就知道了。",
    ], {}),
    "securities: tips are refused": (set(), [
        "客户: 你们有没有内部消息，推荐一只股票？",
        "客服: 不好意思，我们没有内部消息，也不能推荐股票。",
        "客户: 那融资融券怎么开？",
        "客服: 需要开户满半年，风险较高，请您先了解风险揭示书。",
    ], {}),
    "securities: a permission without a word of risk": ({"permission_risk_disclosed"}, [
        "客户: 你好，我想开通科创板。",
        "客服: 好的，您可以在手机软件里直接开通。",
        "客户: 谢谢。",
    ], {}),
    "insurance: sold as it should be": (set(), [
        "客服: 您好，我是平和人寿的小刘，给您介绍一款重疾险，保额三十万。",
        "客户: 多少钱？",
        "客服: 每年保费五千元，交二十年，保障终身。",
        "客户: 有高血压可以买吗？",
        "客服: 需要您如实告知，等待期内患病不承担责任，酒驾等属于免责。",
        "客户: 能退吗？",
        "客服: 签收后有十五天犹豫期，之后退保会有损失。您同意投保吗？",
        "客户: 同意，那就买一份。",
    ], {"customer_age": 45}),
    "insurance: sold as a deposit": ({
        "insurance_called_insurance", "policy_elements_stated", "exclusions_explained",
        "cooling_off_and_loss_told", "no_rebate", "no_inducing_nondisclosure",
        "health_disclosure_asked",
    }, [
        "客服: 您好，给您推荐一款储蓄计划，其实就是存款，随时能取。",
        "客户: 我去年做过手术，要紧吗？",
        "客服: 做手术的事不用跟公司说，今天办我送您一张五百元的购物卡。",
        "客户: 那就办一份吧。",
    ], {}),
    "insurance: a claim": (set(), [
        "客服: 您好，这里是平和保险报案中心，请讲。",
        "客户: 我的车被追尾了，要报案。",
        "客服: 请报一下保单号，我帮您办理登记。",
        "客户: 二零二四零八一七。",
        "客服: 查勘员三十分钟内联系您，需要什么材料您都清楚了吗？",
        "客户: 嗯，知道了。",
    ], {}),
    "collection: as it should be": (set(), [
        "客服: 您好，我是东方银行信用卡中心的小刘，请问是郑红女士本人吗？",
        "客户: 我是。",
        "客服: 请说一下身份证后四位。",
        "客户: 四二二六。",
        "客服: 您的信用卡本期应还三千二百六十元，已经逾期十二天。",
        "客户: 最近手头有点紧。",
        "客服: 理解您的困难，您可以申请分期。",
    ], {"direction": "outbound", "started_at": "2026-11-18T10:30:00+08:00"}),
    "collection: at night and without mercy": ({
        "permitted_hours", "hardship_negotiation", "collection_statement",
        "identity_before_account_data", "identity_before_amounts", "two_identity_factors",
        "no_impersonation",
    }, [
        "客服: 喂，你欠的八千块钱逾期两个月了。",
        "客户: 我失业了，实在还不上。",
        "客服: 我是派出所的，今天必须还清。",
        "客户: 别这样。",
    ], {"direction": "outbound", "started_at": "2026-11-18T22:30:00+08:00"}),
    "collection: the mother answers": ({"no_debt_to_third_party", "no_pressing_third_party"}, [
        "客服: 您好，东方银行，请问是沈丽吗？提醒您还款。",
        "客户: 我是她妈妈，她不在家。",
        "客服: 她欠我们八千六百块钱，您先帮她还了吧。",
    ], {"identity_verified": True}),
    "collection: the mother is told nothing": (set(), [
        "客服: 您好，请问是沈丽女士吗？",
        "客户: 我是她妈妈，什么事？",
        "客服: 麻烦您转告她回个电话，打扰您了，再见。",
    ], {"direction": "outbound", "started_at": "2026-11-18T10:30:00+08:00"}),
    "collection: a disputed debt is recorded": (set(), [
        "客服: 您好，这里是安信消费金融，您是王强先生本人吗？请说一下身份证后四位。",
        "客户: 四零一三。",
        "客服: 您有一笔欠款八千元未还。",
        "客户: 这笔钱不是我借的。",
        "客服: 好的，我帮您登记核实，三个工作日内给您答复。",
    ], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_call(name: str) -> None:
    rules, lines, info = CALLS[name]
    assert failed(name.partition(":")[0], *lines, **info) == rules


def test_an_hour_that_is_not_known_is_left_to_a_person() -> None:
    rule = load_pack("collection").rule("permitted_hours")
    call = a_call("客服: 您的贷款逾期了。", info={"direction": "outbound"})
    assert evaluate_rule(rule, call).verdict is Verdict.UNSURE
