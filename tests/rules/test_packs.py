"""The packs that come with the product."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import BUSINESS_LINES, Verdict
from pipeline.errors import BadPack
from pipeline.rules import (
    RulePack,
    evaluate_rule,
    list_packs,
    load_pack,
    pack_for,
    run_examples,
)
from pipeline.rules.marked_yaml import plain
from pipeline.rules.model import Rule
from tests.rules.calls import CASES, a_call, prepared

# Checks whose only legal source is from memory: no rule may cite a law for them.
UNVERIFIED = {"B14", "D8", "D11", "D13", "E2", "E3"}
# Checks that rest on nothing but a standard of the house.
HOUSE = {"A3", "A4", "A6", "A10", "B2", "E1", "E4", "E6"}
CHECK = re.compile(
    r"A([1-9]|1[01])|B([1-9]|1[0-6])|C([1-9]|1\d|2[01])|D([1-9]|1[0-5])|E[1-6]|F[1-4]"
)


@pytest.fixture(scope="module")
def bank() -> RulePack:
    return load_pack("bank")


def every_rule() -> list[Rule]:
    return list(load_pack("bank").rules)


def test_all_examples_hold(bank: RulePack) -> None:
    wrong = [r for r in run_examples(bank, prepared) if not r.ok]
    assert not wrong, "\n".join(f"{r.rule} {r.kind} {r.number}: {r.verdict} {r.why}" for r in wrong)


def test_there_are_enough_rules(bank: RulePack) -> None:
    assert len(bank.rules) >= 25
    assert len({check for rule in bank.rules for check in rule.checks}) >= 30


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_rule(rule: Rule) -> None:
    """Checks exist; what nobody verified, or is our own, is called a house rule."""
    assert all(CHECK.fullmatch(check) for check in rule.checks)
    if not rule.checks or set(rule.checks) & (UNVERIFIED | HOUSE):
        assert rule.reference.status == "house"
    else:
        assert rule.reference.status in ("V", "S")
    assert rule.title_en.isascii()
    assert rule.suggestion
    assert rule.why.endswith("。")


def test_alerts_cost_nothing(bank: RulePack) -> None:
    alerts = [rule for rule in bank.rules if rule.control_point == "5.1" and rule.points == 0]
    assert {check for rule in alerts for check in rule.checks} == {"B16", "E1"}
    assert all(rule.severity == "critical" for rule in alerts)


def test_bank_holds_all_of_general(bank: RulePack) -> None:
    general = load_pack("general")
    assert bank.rules[: len(general.rules)] == general.rules
    assert len(bank.sources) == 2
    assert bank.sha256 != general.sha256
    assert bank.plan.control_points[0].number == "1"


def test_the_pack_follows_the_business_line() -> None:
    assert pack_for("bank") == "bank"
    for line in set(BUSINESS_LINES) - set(list_packs()):
        assert pack_for(line) == "general"
    assert pack_for("nonsense") == "general"
    assert pack_for("../etc/passwd") == "general"


def test_a_rule_is_found_by_its_id(bank: RulePack) -> None:
    assert bank.rule("polite_ending").checks == ("A6",)
    with pytest.raises(BadPack, match="pack 'bank' has no rule 'polite'; known: names_institution"):
        bank.rule("polite")


MINE = """
pack: {name}
title: 我的规则
version: "1"
extends: bank
withdraw: [invites_rating]
"""


def test_an_own_folder_is_searched_first(tmp_path: Path) -> None:
    (tmp_path / "wealth.yaml").write_text(MINE.format(name="wealth"), encoding="utf-8")
    assert list_packs([tmp_path]) == tuple(sorted({*list_packs(), "wealth"}))
    assert pack_for("wealth", [tmp_path]) == "wealth"
    mine = load_pack("wealth", [tmp_path])
    assert len(mine.rules) == len(load_pack("bank").rules) - 1
    assert load_pack(tmp_path / "wealth.yaml").sha256 == mine.sha256


def test_the_hash_is_of_what_matters(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = MINE.format(name="mine")
    path.write_text(text, encoding="utf-8")
    before = load_pack(path).sha256
    path.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert load_pack(path).sha256 == before
    path.write_text(text.replace("[invites_rating]", "[polite_ending]"), encoding="utf-8")
    assert load_pack(path).sha256 != before


def test_a_pack_is_put_together_once_while_its_files_stay(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE.format(name="mine"), encoding="utf-8")
    first = load_pack(path)
    assert load_pack(path) is first
    path.write_text(MINE.format(name="mine").replace("我的", "她的"), encoding="utf-8")
    assert (load_pack(path).title, first.title) == ("她的规则", "我的规则")


def test_facts_name_rules_that_see_the_same(bank: RulePack) -> None:
    assert bank.facts["no_password_request"] == bank.facts["no_otp_request"]


def sentences() -> list[Any]:
    document = plain((CASES / "sentences.yaml").read_text(encoding="utf-8"))
    return [
        pytest.param(rule, sentence, kind == "fails", id=f"{kind}-{rule}-{sentence}")
        for kind, rules in document.items()
        for rule, own in rules.items()
        for sentence in own
    ]


@pytest.mark.parametrize(("rule", "sentence", "fails"), sentences())
def test_sentence(bank: RulePack, rule: str, sentence: str, fails: bool) -> None:
    call = a_call("客户: 你好，我想问一下。", f"客服: {sentence}。")
    assert (evaluate_rule(bank.rule(rule), call).verdict is Verdict.FAIL) is fails
