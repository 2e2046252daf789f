"""Findings and a plan to price them by, made up for tests of the score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.domain import (
    ControlPoint,
    Evidence,
    Finding,
    Price,
    ScorePlan,
    Severity,
    Verdict,
)

PLAN = ScorePlan(
    100,
    (
        ControlPoint("1", "规范", cap=10),
        ControlPoint("1.1", "开头", cap=4),
        ControlPoint("1.2", "结尾"),
        ControlPoint("2", "合规", key_point=True),
    ),
    (("优", 90), ("良", 80), ("中", 60), ("差", 0)),
)


@dataclass(frozen=True)
class Ref:
    name: str = "bank"
    version: str = "1"
    sha256: str = "abc"
    facts: dict[str, str] = field(default_factory=dict)


def a_finding(rule: str, point: str = "2", points: float = -5, **given: Any) -> Finding:
    point = given.pop("control_point", point)
    given.setdefault("verdict", Verdict.FAIL)
    given.setdefault("severity", Severity.MAJOR)
    return Finding(
        rule, rule.upper(), (), point, points=points, why=f"{rule}。", confidence=1.0, **given
    )


def at(segment: int, start: float | None, end: float | None, quote: str = "保本") -> Evidence:
    return Evidence(segment, start, end, quote)


def priced(rule: str, verdict: Verdict, price: Price, places: int = 1, **given: Any) -> Finding:
    """A finding as the rules make it: with the points of its price."""
    return a_finding(
        rule, points=price.of(verdict, places), verdict=verdict, places=places, **given
    )
