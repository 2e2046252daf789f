"""Lints: each finds what it is for at its place, and finds nothing in a good pack."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from pipeline.process import prepare
from pipeline.rules import Library, shelf
from pipeline.rules.check import Checked, check
from pipeline.rules.lints import LINTS
from pipeline.rules.lints.patterns import dead_parts, risk
from tests.conftest import ROOT
from tests.rules.packs import GOOD

SECOND = GOOD[GOOD.index("  - id:") :].replace("id: says_hello", "id: says_it_again")
AS_REGEX = ("operator: keyword", "operator: regex")
POINT = '  - {number: "1", title: 规范}'
WAIT = "      wait: {operator: silence, label: 静音, above: 9, unless_said: [。]}"
NEVER = """\
  - id: never_says_hello
    title: 不说您好
    title_en: Never says hello
    why: 测试。
    checks: [A3]
    reference: {text: 内部规范：用语, status: house}
    control_point: "1"
    severity: minor
    conditions:
      hello: {operator: keyword, label: 您好, role: agent, phrases: [您好]}
    forbid: hello
    suggestion: 早上好。
    examples:
      hit: [["客服: 您好。"], ["客服: 您好啊。"], ["客服: 喂，您好。"]]
      no_hit: [["客服: 早。"], ["客服: 早上好。"], ["客户: 您好。"]]
"""


def looked_at(folder: Path, *changes: tuple[str, str]) -> Checked:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    checked = check(Library(), str(path), prepare)
    assert [str(problem) for problem in checked.problems] == []
    return checked


def test_a_good_pack_gets_no_remark(tmp_path: Path) -> None:
    assert looked_at(tmp_path).remarks == []


CASES = [
    ("authority", 11, "没有检查项，依据也不是内部规范",
     [("[A3]", "[]"), ("{text: 内部规范：用语, status: house}", "{text: 消法, status: V}")]),
    ("unknown_check", 11, "合规清单里没有 A12；有：A1–A11", [("[A3]", "[A12]")]),
    ("long_title", 8, "有 21 个字符", [("title: 问好", f"title: {'问' * 21}")]),
    ("long_title", 9, "有 73 个字符", [("title_en: Says hello", f"title_en: {'a' * 73}")]),
    ("lonely_fact", 15, "没有别的规则写同一事实 greeting",
     [("points: -1", "fact: greeting")]),
    ("overlapping_dates", 34, "与 says_hello（", [(GOOD[-40:], GOOD[-40:] + SECOND)]),
    ("never_in_force", 16, "永远不会生效",
     [('version: "1"', 'version: "1"\neffective: {from: 2027-01-01}'),
      ("points: -1", "effective: {to: 2026-12-31}")]),
    ("unused_point", 6, "控制点 2 态度 没有规则使用",
     [(POINT, POINT + '\n  - {number: "2", title: 态度}')]),
    ("numbering", 6, "编号不连续：有 3，没有 2",
     [(POINT, POINT + '\n  - {number: "3", title: 态度}'),
      ('control_point: "1"', 'control_point: "3"')]),
    ("numbering", 5, "没有上一级 1",
     [(POINT, '  - {number: "1.1", title: 规范}'), ('control_point: "1"', 'control_point: "1.1"')]),
    ("never_matches", 21, "永远匹配不到：",
     [AS_REGEX, ("phrases: [您好]", "patterns: [您好, '您好，请讲']")]),
    ("never_matches", 21, "有一部分永远匹配不到：",
     [AS_REGEX, ("phrases: [您好]", "patterns: ['您好|(VIP|客户)您好']")]),
    ("slow_pattern", 21, "重复里面又套着重复",
     [AS_REGEX, ("phrases: [您好]", "patterns: ['(您*好?)+！?您好']")]),
    ("duplicate_phrase", 21, "“您 好”重复：前面已有“您好”",
     [("phrases: [您好]", "phrases: [您好|早, 您 好]")]),
    ("empty_phrase", 22, "“。”去掉标点后是空的",
     [("        phrases: [您好]", f"        phrases: [您好]\n{WAIT}"),
      ("require: hello", "require: hello or not wait")]),
    ("example", 32, "示例“客服: 喂，早。”应为 no_hit，实为 fail：客服全程未发现问好",
     [("客服: 喂，您好。", "客服: 喂，早。")]),
    ("collision", 23, "要求说的“您好。”会被规则 never_says_hello（不说您好）判为不通过",
     [(GOOD[-40:], GOOD[-40:] + NEVER)]),
    ("collision", 21, "要求说的“您好”会被规则 never_says_hello",
     [(GOOD[-40:], GOOD[-40:] + NEVER)]),
]  # fmt: skip


@pytest.mark.parametrize(("lint", "line", "says", "changes"), CASES)
def test_lint(
    tmp_path: Path, lint: str, line: int, says: str, changes: list[tuple[str, str]]
) -> None:
    remarks = [r for r in looked_at(tmp_path, *changes).remarks if r.lint == lint]
    assert [(r.line, says in r.zh) for r in remarks if r.line == line] == [(line, True)], remarks
    assert all(r.en.isprintable() and r.en != r.zh for r in remarks)


def test_dates_of_versions_overlap_or_leave_a_gap(tmp_path: Path) -> None:
    first = GOOD.replace('version: "1"', 'version: "1"\neffective: {to: 2026-12-31}')
    (tmp_path / "mine.yaml").write_text(first, encoding="utf-8")
    for day, says in (
        ("2026-12-01", "重叠的日子按本版计"),
        ("2027-02-01", "中间的日子没有有效的版本"),
    ):
        second = GOOD.replace('version: "1"', f'version: "2"\neffective: {{from: {day}}}')
        (tmp_path / "mine@2.yaml").write_text(second, encoding="utf-8")
        found = check(Library([tmp_path]), "mine", prepare).remarks
        assert [(r.lint, says in r.zh) for r in found] == [("version_dates", True)]
        assert found[0].file.endswith("mine@2.yaml")


def test_every_lint_has_a_case() -> None:
    assert {lint.__name__ for lint in LINTS} == {case[0] for case in CASES} | {"version_dates"}
    assert all(lint.__doc__ for lint in LINTS)
    page = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    assert all(f"| `{lint.__name__}` |" in page for lint in LINTS)


def test_what_a_pack_extends_is_not_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "BUILT_IN", tmp_path / "none")
    looked_at(tmp_path, ("[A3]", "[A12]"))
    (tmp_path / "more.yaml").write_text(
        'pack: more\ntitle: 更多\nversion: "1"\nextends: mine\n', encoding="utf-8"
    )
    assert check(Library([tmp_path]), "more", prepare).remarks == []
    everything = check(Library([tmp_path]), None, prepare)
    assert [r.lint for r in everything.remarks if r.file.startswith(str(tmp_path))] == [
        "unknown_check"
    ]


@pytest.mark.parametrize(
    ("pattern", "whole", "dead"),
    [
        ("您好", False, ()),
        ("您好，请讲", True, ("，",)),
        ("您好，?请讲", False, ("，",)),
        ("[，。]好", True, ("，。",)),
        ("[，好]", False, ()),
        ("[^，]", False, ()),
        ("(?!，)好", False, ()),
        ("(?=，)好", True, ("，",)),
        ("APP", True, ("A", "P")),
        ("(?i)APP", False, ()),
        ("(?i:APP)下载", False, ()),
        ("[A-Za-z]+", False, ()),
        ("[A-Z]+", True, ("A-Z",)),
        (r"您\s好", True, ("\\s",)),
        (r"\d+(\.\d+)?%", False, ()),
        ("１００", True, ("１", "０")),
        ("(您，|好)", False, ("，",)),
        ("(您，|。)", True, ("，", "。")),
        ("(，){0,2}好", False, ("，",)),
    ],
)
def test_dead_parts(pattern: str, whole: bool, dead: tuple[str, ...]) -> None:
    assert dead_parts(pattern) == (whole, dead)


@pytest.mark.parametrize(
    "pattern",
    ["(好+)+吗", r"(\w*)*吗", "((好|行)+)+吗", "(好*行?)*吗", "(.|好)+吗", "(?:(?:好)+)+吗"],
)
def test_a_risky_pattern_is_really_slow(pattern: str) -> None:
    """Each character more takes about twice as long; stopped as soon as that shows."""
    assert risk(pattern) is not None
    taken = 0.0
    for size in range(8, 40):
        began = time.perf_counter()
        re.search(pattern, "好" * size)
        taken = time.perf_counter() - began
        if taken > 0.02:
            break
    assert taken > 0.02
    assert size < 36


@pytest.mark.parametrize(
    "pattern",
    [
        "好+吗",
        "(好.)+吗",
        "(好|行)+吗",
        ".{0,8}(好.{0,4}){0,3}",
        "(好+行)+吗",
        ".*好.*吗",
        "(您|我们|我)*好",
        "(?>好+)+吗",
    ],
)
def test_a_plain_pattern_is_no_risk(pattern: str) -> None:
    assert risk(pattern) is None


def test_many_wildcards_are_a_risk() -> None:
    assert risk(".*保证.*收益.*") == (
        "有三个以上不限长度的 .*，改成 .{0,10} 这样的",
        "three or more endless .*; write .{0,10}",
    )
