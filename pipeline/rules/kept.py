"""A rule pack as it is kept beside the scores: enough to score the same findings again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.domain import ControlPoint, HumanItem, Price, ScorePlan
from pipeline.errors import BadPack


@dataclass(frozen=True, slots=True)
class KeptPack:
    """Which pack it was, how findings became a score, and which rules share a fact."""

    name: str
    version: str
    sha256: str
    plan: ScorePlan
    facts: Mapping[str, str]


def kept_pack(content: Mapping[str, Any], sha256: str) -> KeptPack:
    """From `RulePack.content`; BadPack when it was kept by a callqa that kept less."""
    try:
        rules = content["rules"]
        plan = ScorePlan(
            base=content["base"],
            control_points=tuple(ControlPoint(**point) for point in content["control_points"]),
            grades=tuple((name, lowest) for name, lowest in content["grades"]),
            most=content["most"],
            prices={rule["id"]: _price(rule) for rule in rules},
            human_items=tuple(_item(item) for item in content["human"]),
        )
        facts = {rule["id"]: rule["fact"] for rule in rules if rule["fact"] is not None}
        return KeptPack(content["pack"], content["version"], sha256, plan, facts)
    except (KeyError, TypeError) as error:
        raise BadPack(f"pack {sha256[:12]} was kept without its scorecard ({error})") from error


def kept_grades(content: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Grades with their lowest scores, best first; none of a pack that was kept without them."""
    return tuple((str(name), float(lowest)) for name, lowest in content.get("grades", ()))


def _price(rule: Mapping[str, Any]) -> Price:
    each = rule["counting"] == "each"
    return Price(float(rule["points"]), float(rule["bonus"]), each, rule["most_points"])


def _item(item: Mapping[str, Any]) -> HumanItem:
    levels = tuple((name, points) for name, points in item["levels"])
    return HumanItem(
        item["id"], item["title"], item["title_en"], item["control_point"], levels, item["guidance"]
    )
