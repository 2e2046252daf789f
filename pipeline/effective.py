"""The result that counts: the machine's findings as people decided them, beside the machine's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.domain import Decision, Decisions, Evidence, Finding, Scorecard, Severity, Verdict
from pipeline.rules.kept import kept_pack
from pipeline.scoring import with_decisions
from pipeline.store import LevelChoice, Review

Row = Mapping[str, Any]


def human_result(
    findings: Sequence[Row],
    pack: tuple[str, Mapping[str, Any]],
    reviews: Iterable[Review],
    levels: Iterable[LevelChoice],
) -> tuple[tuple[Finding, ...], Scorecard]:
    """What a call's stored findings come to with all decisions, under the pack that scored it.

    `pack`: its hash and content. BadPack when that was kept without its scorecard.
    """
    kept = kept_pack(pack[1], pack[0])
    known = {item.item for item in kept.plan.human_items}
    decisions = Decisions(
        rules=latest_decisions(reviews),
        levels={one.item: one.level for one in levels if one.item in known},
    )
    return with_decisions(kept.plan, kept, [finding_of(row) for row in findings], decisions)


def latest_decisions(reviews: Iterable[Review]) -> dict[str, Decision]:
    """The decision that counts per rule; `reviews` oldest first, comments decide nothing."""
    return {
        review.rule: review.decision
        for review in reviews
        if review.rule is not None and review.decision is not Decision.COMMENT
    }


def finding_of(row: Row) -> Finding:
    """A stored finding as the noun it was."""
    values = {name: row[name] for name in Finding.__dataclass_fields__}
    return Finding(
        **{
            **values,
            "checks": tuple(row["checks"]),
            "verdict": Verdict(row["verdict"]),
            "severity": Severity(row["severity"]),
            "evidence": tuple(Evidence(**item) for item in row["evidence"]),
        }
    )
