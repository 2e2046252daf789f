"""The packs in docs/examples, which sites copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Verdict
from pipeline.rules import RulePack, evaluate_rule, load_pack, run_rule_examples
from tests.rules.calls import a_call, prepared

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "packs"


@pytest.fixture(scope="module")
def bank() -> RulePack:
    return load_pack("bank", [FOLDER])


def test_the_examples_hold(bank: RulePack) -> None:
    results = run_rule_examples(bank.rule("stated_facts_are_right"), prepared)
    wrong = [r for r in results if not r.ok]
    assert not wrong, "\n".join(f"{r.kind} {r.number}: {r.verdict} {r.why}" for r in wrong)


def test_it_adds_to_the_built_in_pack_for_every_line(bank: RulePack) -> None:
    """A pack that extends its own name hides nothing."""
    for line in ("general", "bank", "wealth", "collection"):
        with_facts = {rule.id for rule in load_pack(line, [FOLDER]).rules}
        built_in = {rule.id for rule in load_pack(line).rules}
        assert with_facts - built_in == {"stated_facts_are_right"}
        assert built_in < with_facts
    assert [Path(source).parent.name for source in bank.sources] == ["packs"] * 3


STATED = [
    ("客户: 提前还清要罚多少？", "客服: 违约金是剩余本金的百分之一。", Verdict.PASS),
    ("客户: 提前还清要罚多少？", "客服: 违约金是剩余本金的两个点。", Verdict.FAIL),
    ("客户: 提前还款收费吗？", "客服: 不收违约金的，您随时可以还。", Verdict.FAIL),
    ("客户: 消费贷几个点？", "客服: 年化3.6%。", Verdict.PASS),
    ("客户: 消费贷几个点？", "客服: 五个点左右。", Verdict.FAIL),
    ("客户: 消费贷是百分之五吗？", "客服: 以页面显示的为准。", Verdict.NOT_APPLICABLE),
    ("客户: 分六期手续费怎么算？", "客服: 每期百分之零点六，六期一共百分之三点六。", Verdict.PASS),
    ("客户: 借记卡年费收吗？", "客服: 一年十块钱。", Verdict.PASS),
    ("客户: 转到别的行要手续费吗？", "客服: 手机上转免费的。", Verdict.PASS),
    ("客户: 小额账户管理费收不收？", "客服: 现在都免收了。", Verdict.PASS),
]


@pytest.mark.parametrize(("asked", "answered", "verdict"), STATED)
def test_stated(bank: RulePack, asked: str, answered: str, verdict: Verdict) -> None:
    finding = evaluate_rule(bank.rule("stated_facts_are_right"), a_call(asked, answered))
    assert finding.verdict is verdict, finding.why
