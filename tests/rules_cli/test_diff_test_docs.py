"""`callqa rules diff`, `test` and `docs`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.rules import OPERATORS, Library, manual
from pipeline.rules.catalogue import whole_packs
from tests.conftest import ROOT
from tests.rules_cli.packs import Capture, change
from tests.test_cli import callqa


def test_diff_shows_what_changed_and_that_verdicts_may(mine: Path, capsys: Capture) -> None:
    old = mine.with_name("old")
    old.mkdir()
    shutil.copy(mine, old)
    change(
        mine,
        ("points: -1", "points: -2"),
        ("phrases: [您好]", "phrases: [您好|早上好, 欢迎]"),
        ('version: "1"', 'version: "2"'),
        ("why: 礼貌。", "why: 礼貌待人。"),
    )
    code, out, err = callqa(capsys, "rules", "diff", "old/mine.yaml", "mine")
    assert (code, err) == (0, "")
    assert out.startswith("mine 1 → mine 2：结论可能改变")
    assert "扣分 points〔得分〕: -1 → -2" in out
    assert "conditions.hello.phrases〔结论〕: “您好|…”: + 早上好" in out
    assert "conditions.hello.phrases〔结论〕: + 欢迎" in out
    assert "为什么 why〔文字〕: 礼貌。 → 礼貌待人。" in out
    _, out, _ = callqa(capsys, "rules", "diff", "old/mine.yaml", "mine", "--json")
    assert json.loads(out)["effect"] == "verdict"


def test_diff_says_when_only_texts_changed(mine: Path, capsys: Capture) -> None:
    new = mine.with_name("mine@2.yaml")
    text = mine.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"')
    text = text.replace("control_points:", "effective: {from: 2027-01-01}\ncontrol_points:")
    new.write_text(text.replace("label: 问好", "label: 开头问好"), encoding="utf-8")
    _, out, _ = callqa(capsys, "rules", "diff", "mine@1", "mine@2", "--json")
    found = json.loads(out)
    (rules,) = [part for part in found["parts"] if part["kind"] == "rules"]
    assert [c["effect"] for one in rules["changed"] for c in one["changes"]] == ["texts"]
    code, _, err = callqa(capsys, "rules", "diff", "mine@1", "mine@3")
    assert code == 2
    assert "pack 'mine' has no version '3'; known: 1, 2" in err


def test_diff_of_a_pack_with_itself(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "diff", "bank", "bank")
    assert code == 0
    assert "完全相同" in out


def test_test_shows_a_wrong_example_readably(mine: Path, capsys: Capture) -> None:
    change(mine, ("客服: 您好啊。", "客服: 喂喂喂。"))
    code, out, _ = callqa(capsys, "rules", "test", "mine")
    assert code == 3
    assert "mine：6 个示例中 5 个正确" in out
    assert "✗ says_hello  examples.no_hit[2]  应为 不应命中，实为 不通过" in out
    assert "      客服: 喂喂喂。\n      → 客服全程未发现问好" in out
    code, out, _ = callqa(capsys, "rules", "test", "mine", "--json")
    (found,) = [json.loads(line) for line in out.splitlines()]
    assert (found["examples"], [w["number"] for w in found["wrong"]]) == (6, [2])


def test_test_of_one_rule(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "test", "--rule", "permitted_hours")
    assert code == 0
    assert len(out.splitlines()) == 1
    assert out.startswith("collection：")
    code, _, err = callqa(capsys, "rules", "test", "--rule", "permited_hours")
    assert code == 2
    assert "did you mean: permitted_hours" in err


def test_the_generated_pages_are_up_to_date(tmp_path: Path, capsys: Capture) -> None:
    assert callqa(capsys, "rules", "docs", "-o", str(tmp_path / "rules.md"))[0] == 0
    for name in ("rules.md", "operators.md"):
        made = (tmp_path / name).read_text(encoding="utf-8")
        kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert made == kept, "run `callqa rules docs -o docs/rules.md` and commit what it writes"


def test_the_pages_name_every_operator_and_rule() -> None:
    operators = manual.operators_page()
    assert all(f"\n## {name}\n" in operators for name in OPERATORS)
    packs = whole_packs(Library(), None)
    page = manual.rules_page(packs)
    assert all(f"`{rule.id}`" in page for named in packs for rule in named.pack.rules)


@pytest.mark.parametrize("command", ["list", "show", "check", "test", "try", "diff", "docs"])
def test_every_command_has_help(capsys: Capture, command: str) -> None:
    code, out, _ = callqa(capsys, "rules", command, "--help")
    assert code == 0
    assert "--config" in out
