"""A broken pack: the message names the file, the line, the field and the valid choices."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from pipeline.errors import BadPack
from pipeline.rules import load_pack
from tests.rules.packs import GOOD, message


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_pack(path).rules[0].id == "says_hello"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("pack: mine", "pack: yours", 1, "pack 'yours' must be in a file of its name, yours.yaml"),
        ('version: "1"', "version: 1.2", 3, "version: must be text (given: 1.2)"),
        (
            'version: "1"',
            'version: "1"\nextends: nothing',
            4,
            "extends: unknown pack 'nothing'; known: bank",
        ),
        (
            'version: "1"',
            'version: "1"\nwithdraw: [hi]',
            4,
            "withdraw: no inherited rule 'hi'; known: none",
        ),
        ("points: -1", "points: [", 0, "is not YAML"),
        (
            "title: 规范}",
            "title: 规范}\n  - {number: '1.1', title: 开头, weight: 3}",
            6,
            "control_points[1].weight: only a top control point (1, 2 …) has one",
        ),
        ("title: 规范}", "title: 规范, full: 3}", 5, "full: and earned: need a weight:"),
        (
            "title: 规范}",
            "title: 规范, weight: 1, full: 3, earned: true}",
            5,
            "give either full: or earned: true",
        ),
        (
            "title: 规范}",
            "title: 规范, weight: 3}\n  - {number: '2', title: 合规}",
            6,
            "control point '2' is in no section: give '2' a weight: (0 leaves it out of the score)",
        ),
        ("title: 规范}", "title: 规范, weight: 0}", 5, "weight: all of them are 0"),
        ('version: "1"', 'version: "1"\nmost: 90', 4, "most: 90 is less than base: 100"),
        (
            "rules:",
            "human: [{id: a, title: b, title_en: b, control_point: '1', guidance: c, "
            "levels: {优: 1, 差: 0}}]\nrules:",
            6,
            "human item a: levels: the best level has 0 points, all others less",
        ),
        (
            "rules:",
            "human: [{id: a, title: b, title_en: b, control_point: '1', guidance: c, "
            "levels: {优: 0}}]\nrules:",
            6,
            "human item a: levels: needs at least 2 entries, has 1",
        ),
        (
            "rules:",
            "human: [{id: a, title: b, title_en: b, control_point: '3', guidance: c, "
            "levels: {优: 0, 差: -1}}]\nrules:",
            6,
            "human item a: control_point: '3' is not defined; known: 1",
        ),
    ],
)
def test_message(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    told = message(tmp_path, (old, new))
    assert says in told
    assert "/mine.yaml" in told
    if line:
        assert f"/mine.yaml:{line}:" in told


def test_a_duplicate_rule_names_both_places(tmp_path: Path) -> None:
    rule = GOOD[GOOD.index("  - id:") :]
    told = message(tmp_path, (rule, rule + rule))
    assert (
        "mine.yaml:33: rule says_hello: id: duplicate rule id 'says_hello', first in /mine.yaml:7"
        in told
    )


def test_a_human_item_has_an_id_of_its_own(tmp_path: Path) -> None:
    item = (
        "human: [{id: says_hello, title: b, title_en: b, control_point: '1', guidance: c, "
        "levels: {优: 0, 差: -1}}]\nrules:"
    )
    told = message(tmp_path, ("rules:", item))
    assert "mine.yaml:6: human item says_hello: id: duplicate rule id 'says_hello', first" in told
    assert "first in /mine.yaml:8" in told


def test_several_errors_are_told_at_once(tmp_path: Path) -> None:
    told = message(tmp_path, ("points: -1", "points: 5"), ("severity: minor", "severity: bad"))
    assert len(told.splitlines()) == 2


def test_packs_that_extend_each_other(tmp_path: Path) -> None:
    for one, other in (("one", "two"), ("two", "one")):
        text = f'pack: {one}\ntitle: 圈\nversion: "1"\nextends: {other}\n'
        (tmp_path / f"{one}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadPack, match="extend each other in a circle"):
        load_pack("one", [tmp_path])


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"\xff\xfe", "is not UTF-8"), (b"- 1\n", "must hold fields such as")],
)
def test_no_pack_at_all(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(BadPack, match=says):
        load_pack(path)


def test_a_control_character_has_a_line(tmp_path: Path) -> None:
    told = message(tmp_path, ("title: 问好", "title: 问\x01好"))
    assert "mine.yaml:8: holds the control character '\\x01'" in told


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_pack(path).name == "mine"


def test_no_typing_error_is_a_bug_of_ours(tmp_path: Path) -> None:
    """Whatever is typed in between, there is a pack or a message."""
    chance, path = random.Random(7), tmp_path / "mine.yaml"
    for _ in range(300):
        text = GOOD
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text))
            sign = chance.choice("：，。{}[]:-#\"'&*!|>%@`\t\n 您a1,?\x01\u2028")
            text = text[:at] + sign + text[at + chance.randint(0, 3) :]
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(BadPack):
            load_pack(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="cannot be read"):
        load_pack(tmp_path / "mine.yaml")
    with pytest.raises(BadPack, match="no rule pack 'mine'; known: bank, collection, general"):
        load_pack("mine")
