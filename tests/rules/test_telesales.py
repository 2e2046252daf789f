"""The pack telesales and the table of codes in docs/telesales.md."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Severity, Verdict
from pipeline.rules import Rule, evaluate, load_pack, run_rule_examples
from pipeline.rules.literals import needed
from pipeline.rules.operators.regex import Regex
from tests.rules.calls import a_call, prepared
from tests.rules.test_packs import CHECK
from tests.shared_data import shared

PACK = load_pack("telesales")
INHERITED = {rule.id for rule in load_pack("insurance").rules}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "telesales.md"
OWN = [rule for rule in PACK.rules if rule.id not in INHERITED]
# Level of a code → severity and points of a rule of its own.
LEVELS = {
    "A+": (Severity.CRITICAL, -30),
    "A": (Severity.CRITICAL, -15),
    "B": (Severity.MAJOR, -8),
    "C": (Severity.MINOR, -3),
}
MILDER = {"illness_handled": -20}  # A+6 without the veto of its inherited twin


@dataclass(frozen=True)
class Row:
    """One line of the table: a code and who decides it."""

    code: str
    name: str
    level: str
    rules: frozenset[str]
    human: frozenset[str]
    inherited: frozenset[str]
    remarks: str


def table() -> list[Row]:
    rows = []
    for line in PAGE.read_text(encoding="utf-8").partition("## Every code")[2].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.fullmatch(r"A\+\d+|[ABC]\d+", cells[0]):
            continue
        named: dict[str, set[str]] = {"": set(), "inherited": set(), "human": set()}
        for part in cells[3].split(";"):
            kind = part.split()[0] if part.split()[0] in named else ""
            named[kind] |= set(re.findall(r"`(\w+)`", part))
        groups = (frozenset(named[kind]) for kind in ("", "human", "inherited"))
        rows.append(Row(*cells[:3], *groups, cells[4]))
    return rows


ROWS = table()


def test_every_code_is_in_the_table_once() -> None:
    path = shared("lex_insurance_qc_rules") / "rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = [(row["code"], row["name"], row["level"]) for row in csv.DictReader(file)]
    assert len(expected) == 53
    assert [(row.code, row.name, row.level) for row in ROWS] == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_who_decides_a_code_exists(row: Row) -> None:
    assert row.rules | row.human | row.inherited
    assert row.rules <= {rule.id for rule in OWN}
    assert row.inherited <= INHERITED & {rule.id for rule in PACK.rules}
    assert row.human <= {item.item for item in PACK.plan.human_items}
    if not row.rules | row.inherited:
        assert row.remarks.startswith("Not decidable by machine because")


def test_every_rule_of_its_own_decides_a_code() -> None:
    assert {rule.id for rule in OWN} == {name for row in ROWS for name in row.rules}


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.id)
def test_rule(rule: Rule) -> None:
    """The reference names the rule's codes; their level says what it costs."""
    assert all(CHECK.fullmatch(check) for check in rule.checks)
    assert rule.reference.status == "house"
    codes = re.findall(r"A\+\d+|[ABC]\d+", rule.reference.text)
    rows = [row for row in ROWS if row.code in codes]
    assert {row.code for row in ROWS if rule.id in row.rules} == set(codes)
    severity, points = LEVELS[rows[0].level]
    assert (rule.severity, rule.points) == (severity, MILDER.get(rule.id, points))
    assert rule.veto is (rows[0].level == "A+" and rule.id not in MILDER)
    assert rule.control_point.startswith("13.")
    assert rule.title_en.isascii()
    assert rule.why.endswith("。")


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.id)
def test_the_examples_hold(rule: Rule) -> None:
    wrong = [r for r in run_rule_examples(rule, prepared, PACK) if not r.ok]
    assert not wrong, "\n".join(f"{r.kind} {r.number}: {r.verdict} {r.why}" for r in wrong)


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.id)
def test_patterns_can_be_looked_for_by_their_literals(rule: Rule) -> None:
    regexes = [c for c in rule.conditions.values() if isinstance(c, Regex)]
    slow = [p for c in regexes for p in c.patterns if not needed(p)]
    assert not slow


def test_the_pack_holds_all_of_insurance_but_one() -> None:
    assert INHERITED - {rule.id for rule in PACK.rules} == {"no_private_contact"}
    assert len(PACK.sources) == 3


def failed(*lines: str, **info: Any) -> set[str]:
    call = a_call(*lines, info={"business_line": "insurance", "direction": "outbound", **info})
    own = {rule.id for rule in OWN}
    return {f.rule for f in evaluate(PACK, call) if f.rule in own and f.verdict is Verdict.FAIL}


def test_a_sale_as_it_should_be() -> None:
    assert (
        failed(
            "客服: 您好，我是安信保险的小李，您上个月在我们平台领取过一份交通意外赠险。",
            "客户: 嗯，有印象。",
            "客服: 今天给您介绍一款百万医疗险，保额四百万，每月保费三十二元，保一年。",
            "客户: 那以后能退吗？",
            "客服: 可以的，十五天犹豫期内全额退，过了之后退保会有损失，只退未满期的部分。",
            "客户: 保单能贷款吗？",
            "客服: 不支持保单贷款。有三十天等待期，一万免赔，社保报销后剩下的合理费用都报。",
            "客户: 我有点高血压。",
            "客服: 您血压最高多少？健康告知要求一级以下，请您如实告知。",
            "客户: 一百三十五，没吃药。",
            "客服: 符合要求。保费每月从您微信自动扣取，以上您都清楚并且同意投保吗？",
            "客户: 同意。",
            "客服: 好的，那我给您提交了。稍后有回访，请您按真实情况回答，电子保单会发到您手机上。",
            "客户: 好。",
            lead_type="赠险",
        )
        == set()
    )


def test_a_sale_that_breaks_many_rules() -> None:
    assert failed(
        "客服: 您好，我是社保局的，给您原来的保障做个升级，免费送您的医疗保险。",
        "客户: 不需要。",
        "客服: 您听我说，国家规定人人都要买，什么病都能赔，肯定给您赔，理赔当天到账。",
        "客户: 我不要。",
        "客服: 先别挂，别家的都是骗人的，您加我微信，我截图发您看，钱随时都能取出来。",
        "客户: 我有糖尿病，能退吗？",
        "客服: 没事，随时退，回访您都说是就行。我已经给您提交了。",
        "客户: 你怎么这样。",
    ) == {
        "no_false_identity", "upgrade_is_a_new_policy", "no_free_cover_claim",
        "no_false_policy_claims", "no_exaggerated_cover", "no_absolute_claim_promise",
        "claims_process_stated_correctly", "no_pestering", "no_running_down_competitors",
        "no_personal_contact", "no_system_screenshots", "no_misleading_policy_loan",
        "surrender_loss_answered", "no_coached_follow_up_call", "consent_before_submission",
        "closing_question_asked", "illness_handled",
    }  # fmt: skip


def test_a_claim_call_is_no_sale() -> None:
    assert (
        failed(
            "客服: 您好，这里是安信保险报案中心，请讲。",
            "客户: 我要理赔，住院花了一万多。",
            "客服: 请您准备病历、发票和身份证，资料齐全的一般三个工作日有结果。",
            "客户: 发票要寄过去吗？",
            "客服: 不用寄，拍照上传就可以，理赔申请我已经帮您提交了。",
            "客户: 好的谢谢。",
            direction="inbound",
        )
        == set()
    )
