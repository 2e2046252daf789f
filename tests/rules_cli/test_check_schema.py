"""`callqa rules check` and `schema`: every message, and what an editor refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipeline.rules import handbook, marked_yaml, shelf
from pipeline.rules.shelf import BUILT_IN
from tests.rules import broken_packs
from tests.rules_cli.packs import Capture, change
from tests.test_cli import callqa


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


def test_check_tells_errors_of_a_pack_that_is_extended(
    mine: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "BUILT_IN", mine.parent / "none")
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


@pytest.fixture
def schema(tmp_path: Path, capsys: Capture) -> Any:
    path = tmp_path / "pack.schema.json"
    assert callqa(capsys, "rules", "schema", "-o", str(path))[0] == 0
    return json.loads(path.read_text(encoding="utf-8"))


def plain(path: Path) -> Any:
    """A pack as an editor sees it: dates are text."""
    data = marked_yaml.plain(path.read_text(encoding="utf-8"))
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
    "name_of_another_file", "prerequisite_of_nothing", "model_of_agents", "model_of_anger",
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
