"""Small packs written by tests, so that a test shows only what matters to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

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
