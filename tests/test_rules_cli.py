"""The commands `callqa rules …` as people who write rules use them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline.rules import OPERATORS, Library, handbook, manual
from pipeline.rules.catalogue import whole_packs
from pipeline.rules.shelf import BUILT_IN
from tests.conftest import ROOT
from tests.rules import broken_packs
from tests.rules.test_bad_packs import GOOD
from tests.test_cli import callqa

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of one's own in a folder that the settings name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLQA_PACKS_DIR", str(tmp_path))
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


# ── list, show ───────────────────────────────────────────────────────────────


def test_list_names_packs_with_their_versions_and_own_ones(mine: Path, capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "list")
    assert (code, err) == (0, "")
    assert "银行客服质检规则" in out
    assert "mine.yaml" in out
    code, out, _ = callqa(capsys, "rules", "list", "--json")
    packs = {pack["name"]: pack for pack in map(json.loads, out.splitlines())}
    assert packs["bank"]["extends"] == "general"
    assert packs["mine"]["rules"][0]["rule"] == "says_hello"


def test_list_of_all_goes_on_behind_a_broken_pack(mine: Path, capsys: Capture) -> None:
    change(mine, ("points: -1", "points: 1"))
    code, out, err = callqa(capsys, "rules", "list")
    assert code == 3
    assert "bank" in out
    assert "mine.yaml:15: rule says_hello: points: must be at most 0" in err


def test_list_of_one_pack_names_its_rules(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "list", "bank")
    assert code == 0
    assert "no_principal_guarantee" in out
    assert "已见原文" in out


def test_show_tells_everything_a_lead_wants_to_know(capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "show", "callback_has_time", "--examples")
    assert (code, err) == (0, "")
    for part in (
        "承诺回电须说明时间",
        "A promised call-back has a time",
        "没有时限的承诺无法跟踪",
        "5 投诉与风险预警 › 5.3 承诺跟进",
        "一般",
        "扣 2 分",
        "E4",
        "〔内部规范〕",
        "仅当      promise“承诺回电或回复”",
        "必须      time“回电时间”",
        "客服在其前后 2 轮内",
        "每一次命中",
        "否定或劝阻、提问、转述或提醒",
        "匹配范围",
        "general.yaml:",
        "bank collection general insurance investment securities telesales wealth",
        "不应命中  客户: 年费多少？ / 客服: 一百元。",
    ):
        assert part in out, part


def test_show_in_english(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLQA_LANGUAGE", "en")
    _, out, _ = callqa(capsys, "rules", "show", "permitted_hours")
    assert "in force       always" in out
    assert "late“禁止外呼时段” and （not agreed" in out


def test_show_json_has_every_field_and_the_place(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "show", "risk_level_named", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert [rule["packs"] for rule in found] == [["investment", "securities", "wealth"]]
    assert found[0]["reference"]["status"] == "S"
    assert found[0]["file"].endswith("investment.yaml")
    assert "examples" not in found[0]
    assert found[0]["words"]["conditions"]["pitch"]["where"] == "客服全程"


def test_show_of_one_pack_only(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "show", "risk_level_named", "--pack", "wealth", "--json")
    assert len(out.splitlines()) == 1


def test_show_of_a_human_item(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "show", "service_attitude")
    assert code == 0
    assert "服务态度" in out


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("no_principle_guarantee", "no_principal_guarantee"), ("保本", "no_principal_guarantee")],
)
def test_show_of_an_unknown_rule_offers_close_ones(
    capsys: Capture, asked: str, offered: str
) -> None:
    code, out, err = callqa(capsys, "rules", "show", asked)
    assert (code, out) == (2, "")
    assert f"no rule '{asked}'; did you mean: {offered}" in err


# ── check ────────────────────────────────────────────────────────────────────


def test_check_of_all_packs_finds_no_error(capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "check")
    assert (code, err) == (0, "")
    assert "0 个错误" in out.splitlines()[-1]


@pytest.mark.parametrize("file", broken_packs.files(), ids=lambda file: file.stem)
def test_check_of_a_broken_pack_names_file_line_field_and_choices(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    path = broken_packs.placed(file, tmp_path)
    code, out, err = callqa(capsys, "rules", "check", path.name)
    assert (code, err) == (3, "")
    *errors, summary = out.splitlines()
    expected = broken_packs.expected(file)
    assert f"{len(expected)} 个错误" in summary
    assert len(errors) == len(expected)
    for line, says in expected:
        begin = f"{path.name}:{line}: " if line else f"{path.name}: "
        assert any(e.startswith(begin) and says in e for e in errors), out


def test_there_are_enough_broken_packs_and_their_messages_are_written_down() -> None:
    assert len(broken_packs.files()) >= 25
    written = broken_packs.MESSAGES.read_text(encoding="utf-8")
    assert written == broken_packs.messages(), f"messages changed: run `{broken_packs.WRITE}`"


def test_check_tells_errors_of_a_pack_that_is_extended(mine: Path, capsys: Capture) -> None:
    change(mine, ("points: -1", "points: 1"))
    other = mine.with_name("other.yaml")
    other.write_text('pack: other\ntitle: 二\nversion: "1"\nextends: mine\n', encoding="utf-8")
    code, out, _ = callqa(capsys, "rules", "check", "other")
    assert code == 3
    assert out.startswith("mine.yaml:15: rule says_hello: points: must be at most 0")
    code, out, _ = callqa(capsys, "rules", "check")
    assert (code, out.count("must be at most 0")) == (3, 1)


def test_check_warns_without_failing_and_gives_json(mine: Path, capsys: Capture) -> None:
    change(mine, ("phrases: [您好]", "phrases: [您好, 您好！]"))
    code, out, _ = callqa(capsys, "rules", "check", "mine")
    assert code == 0
    where = "mine.yaml:21: 提醒 [duplicate_phrase]: rule says_hello: conditions.hello.phrases"
    assert out.startswith(f"{where}: “您好！”重复：前面已有“您好”")
    code, out, _ = callqa(capsys, "rules", "check", "mine", "--json")
    checked = json.loads(out)
    assert checked["errors"] == []
    assert [(w["lint"], w["line"]) for w in checked["warnings"]] == [("duplicate_phrase", 21)]


def test_check_of_an_unknown_pack_is_wrong_use(capsys: Capture) -> None:
    code, _, err = callqa(capsys, "rules", "check", "bnak")
    assert code == 2
    assert "no rule pack 'bnak'; known: bank" in err


# ── schema ───────────────────────────────────────────────────────────────────


@pytest.fixture
def schema(tmp_path: Path, capsys: Capture) -> Any:
    path = tmp_path / "pack.schema.json"
    assert callqa(capsys, "rules", "schema", "-o", str(path))[0] == 0
    return json.loads(path.read_text(encoding="utf-8"))


def plain(path: Path) -> Any:
    """A pack as an editor sees it: dates are text."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(data, default=str))


def test_the_schema_accepts_every_pack(schema: Any) -> None:
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for path in sorted(BUILT_IN.glob("*.yaml")):
        wrong = [
            f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(plain(path))
        ]
        assert wrong == [], path.name


# What only the program itself can see: across fields, in patterns and expressions, across files.
ONLY_CHECKED = {
    "phrase_of_punctuation", "house_rule_without_its_name", "dates_the_wrong_way_round",
    "bad_regex", "regex_of_nothing", "two_scopes", "bounds_missing",
    "expression_cut_off", "expression_in_signs", "unknown_condition", "unknown_condition_in_when",
    "idle_condition", "anchor_of_nothing", "circle_of_conditions", "unknown_control_point",
    "control_point_twice", "rule_twice", "extends_nothing", "withdraws_nothing",
    "name_of_another_file", "prerequisite_of_nothing",
}  # fmt: skip
NO_YAML = {
    "full_width_colon", "tab", "bracket_not_closed", "field_twice", "no_such_day", "empty",
}  # fmt: skip


@pytest.mark.parametrize("file", broken_packs.files(), ids=lambda file: file.stem)
def test_the_schema_refuses_what_a_schema_can_refuse(schema: Any, file: Path) -> None:
    what = file.stem.partition("_")[2]
    if what in NO_YAML:
        return
    accepted = jsonschema.Draft7Validator(schema).is_valid(plain(file))
    assert accepted is (what in ONLY_CHECKED)


def test_the_schema_explains_every_field(schema: Any) -> None:
    for name, definition in schema["$defs"].items():
        assert definition["description"], name
        for field, node in definition.get("properties", {}).items():
            assert node["description"], f"{name}.{field}"
    assert "要找的短语" in schema["$defs"]["Keyword"]["properties"]["phrases"]["description"]
    assert "Looks for phrases" in schema["$defs"]["Keyword"]["description"]


def test_check_writes_the_schema_too(mine: Path, capsys: Capture) -> None:
    assert callqa(capsys, "rules", "check", "mine", "--schema", "s.json")[0] == 0
    assert json.loads(mine.with_name("s.json").read_text(encoding="utf-8"))["$defs"]
    code, _, err = callqa(capsys, "rules", "schema", "-o", "no/such/folder.json")
    assert code == 2
    assert "no/such/folder.json: cannot be written" in err


def test_every_part_has_words_in_both_languages() -> None:
    """New ones may do without an entry in the handbook if their docstring explains them."""
    for name, model in handbook.models().items():
        assert handbook.meaning(name).en, name
        for field, info in model.model_fields.items():
            assert handbook.field(name, info.alias or field).en, f"{name}.{field}"


# ── try ──────────────────────────────────────────────────────────────────────


def test_try_of_a_bare_sentence_of_the_agent(capsys: Capture) -> None:
    code, out, err = callqa(capsys, "rules", "try", "这款产品保本")
    assert (code, err) == (0, "")
    assert out.startswith("✗ 不通过  承诺保本、无风险  no_principal_guarantee  -30")
    assert "第 1 句“这款产品保本”" in out
    assert "缺少的内容（" in out


def test_try_tells_what_hit_but_does_not_count(capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "rules", "try", "客户: 保本吗\\n客服: 我们不能保本")
    assert code == 0
    assert "不通过  承诺保本" not in out
    assert "有相应的话，但不计" in out
    assert "“我们不能保本”是否定或劝阻的说法，不计" in out


def test_try_of_one_rule_shows_each_condition(capsys: Capture) -> None:
    _, out, _ = callqa(
        capsys, "rules", "try", "我会给您回电", "--rule", "callback_has_time", "--pack", "bank"
    )
    assert "仅当  promise“承诺回电或回复”" in out
    assert "· promise“承诺回电或回复”：成立" in out
    assert "· time“回电时间”：不成立" in out


def test_try_reads_dialogues_from_arguments_and_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["坐席：您好", "customer: 我要投诉", "+8 客服: 好的"]
    _, from_arguments, _ = callqa(capsys, "rules", "try", *lines, "--json")
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    _, from_stdin, _ = callqa(capsys, "rules", "try", "-", "--json")
    assert from_arguments == from_stdin
    found = json.loads(from_stdin)
    assert found["lines"] == ["客服: 您好", "客户: 我要投诉", "+8 客服: 好的"]
    alert = next(rule for rule in found["rules"] if rule["rule"] == "complaint_alert")
    assert alert["verdict"] == "fail"
    assert alert["evidence"][0]["segment"] == 1
    assert {c["condition"]: c["outcome"] for c in alert["conditions"]}


def test_try_chooses_the_pack_and_takes_fields_of_the_call(capsys: Capture) -> None:
    late = ("--info", "started_at=2026-11-18T22:12:00+08:00", "--info", "direction=outbound")
    line = ("--info", "business_line=collection")
    _, out, _ = callqa(capsys, "rules", "try", "您的贷款逾期了", *late, *line, "--json")
    found = json.loads(out)
    assert found["pack"] == "collection"
    verdicts = {rule["rule"]: rule["verdict"] for rule in found["rules"]}
    assert verdicts["permitted_hours"] == "fail"


def test_try_all_shows_every_rule(capsys: Capture) -> None:
    _, out, _ = callqa(capsys, "rules", "try", "您好", "--all", "--pack", "general")
    rules = whole_packs(Library(), "general")[0].pack.rules
    assert all(rule.id in out for rule in rules)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("",), "there is no text to try"),
        (("您好", "--info", "channel"), "--info channel: write name=value"),
        (("您好", "--info", "channel=fax"), "channel is one of voice, chat"),
        (("您好", "--info", "started_at=soon"), "--info: Invalid isoformat string: 'soon'"),
        (("您好", "--rule", "greets"), "pack 'general' has no rule 'greets'; known: names_inst"),
        (("您好", "--pack", "mine"), "no rule pack 'mine'; known: bank"),
    ],
)
def test_try_of_nonsense_is_wrong_use(
    capsys: Capture, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = callqa(capsys, "rules", "try", *arguments)
    assert (code, out) == (2, "")
    assert says in err


# ── diff ─────────────────────────────────────────────────────────────────────


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


# ── test, docs ───────────────────────────────────────────────────────────────


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
