"""Small packs written by tests, so that a test shows only what matters to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import BadPack
from pipeline.rules import load_pack

# Says `phrase`: the agent must, or must not.
EXAMPLES = {
    "hit": [["客服: 甲。"], ["客服: 乙。"], ["客服: 丙。"]],
    "no_hit": [["客户: 甲。"], ["客户: 乙。"], ["客户: 丙。"]],
}


def says(rule: str, phrase: str, **given: Any) -> dict[str, Any]:
    """A rule that requires a phrase of the agent; `must_not=True` forbids it."""
    kind = "forbid" if given.pop("must_not", False) else "require"
    return {
        "id": rule,
        "title": f"说{phrase}",
        "title_en": "Says it",
        "why": "重要。",
        "checks": [],
        "reference": {"text": "内部规范：测试", "status": "house"},
        "control_point": "1",
        "severity": "minor",
        "points": -3,
        "conditions": {
            "said": {"operator": "keyword", "label": phrase, "role": "agent", "phrases": [phrase]}
        },
        kind: "said",
        "suggestion": phrase,
        "examples": EXAMPLES,
        **given,
    }


def write_pack(folder: Path, stem: str, *rules: dict[str, Any], **given: Any) -> Path:
    """A pack file; a version behind @ in the stem is the pack's version."""
    name, _, version = stem.partition("@")
    content = {
        "pack": name,
        "title": "测试",
        "version": version or "1",
        "control_points": [{"number": "1", "title": "规范"}],
        "rules": list(rules),
        **given,
    }
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f"{stem}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


# A pack of one rule, as a lead writes it.
GOOD = """\
pack: mine
title: 我的规则
version: "1"
control_points:
  - {number: "1", title: 规范}
rules:
  - id: says_hello
    title: 问好
    title_en: Says hello
    why: 礼貌。
    checks: [A3]
    reference: {text: 内部规范：用语, status: house}
    control_point: "1"
    severity: minor
    points: -1
    conditions:
      hello:
        operator: keyword
        label: 问好
        role: agent
        phrases: [您好]
    require: hello
    suggestion: 您好。
    examples:
      hit:
        - ["客服: 喂。"]
        - ["客服: 讲。"]
        - ["客服: 嗯。"]
      no_hit:
        - ["客服: 您好。"]
        - ["客服: 您好啊。"]
        - ["客服: 喂，您好。"]
"""


def message(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """What is said about `GOOD` with these changes."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPack) as error:
        load_pack(path)
    return str(error.value).replace(str(tmp_path), "")
